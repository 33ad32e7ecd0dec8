"""The sample design: weights, strata and sampling units.

A design holds weights, primary sampling units (PSUs) and strata as arrays, checked once. Estimators
take it as given.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.arrays import Floats, Integers, Mask
from designbased.design.degrees_of_freedom import DfRule, check_df_rule, domain_df
from designbased.design.design_columns import (
    ROWS_LISTED,
    code_identifiers,
    read_booleans,
    read_populations,
    read_weights,
    require_column,
)
from designbased.design.deviations import (
    Deviations,
    has_nothing_to_average,
    scaled_deviations,
)
from designbased.design.frames import read_frame
from designbased.design.lonely_psus import LonelyPsu, certainty_strata, collapse_strata
from designbased.design.protocol import CellTable, Estimator
from designbased.design.rows import Rows
from designbased.errors import InputError

# Refuse options and identifiers that do not make a design.

# What to do where there is no column of weights, of strata, of PSUs.
NO_COLUMN = (
    "Name the column of weights, or say weight=None where every unit had the same chance",
    "Name the column of strata, or say stratum=None where the sample has none",
    "Name the column of PSUs, or say psu=None where each row was drawn by itself",
)


def check_options(
    lonely_psu: str,
    fpc: str | int | None,
    stratum: str | None,
    later_stages: Sequence[tuple[str | None, str]],
    certainty: str | None,
) -> None:
    """Refuse options that do not exist or do not go together."""
    if fpc is not None and not isinstance(fpc, str) and stratum is not None:
        raise InputError(
            "fpc",
            f"one number beside the column of strata '{stratum}'",
            "Name a column with the number of PSUs in the population of each row's stratum",
        )
    if lonely_psu not in get_args(LonelyPsu):
        options = ", ".join(get_args(LonelyPsu))
        raise InputError("lonely_psu", f"the value {lonely_psu!r}", f"Choose one of {options}")
    if later_stages and fpc is None:
        raise InputError(
            "later_stages",
            "no fpc for the first stage",
            "Give fpc, or leave the later stages out: with replacement the PSUs carry them",
        )
    if certainty is not None and fpc is not None:
        raise InputError(
            "certainty",
            "an fpc beside it",
            "Give such a PSU a stratum of its own, with 1 as fpc, and name the later stages",
        )


def refuse_shared_psus(
    column: str | None, psus: tuple[Any, ...], psu_stratum: Integers, strata: list[Any]
) -> None:
    """Refuse PSUs that stand in several strata."""
    strata_by_psu: dict[Any, list[Any]] = {}
    for psu, stratum in zip(psus, psu_stratum, strict=True):
        strata_by_psu.setdefault(psu, []).append(strata[stratum])
    shared = {
        psu: strata_of_psu for psu, strata_of_psu in strata_by_psu.items() if len(strata_of_psu) > 1
    }
    if shared:
        listed = "; ".join(
            f"PSU {psu} in strata {', '.join(map(str, strata_of_psu))}"
            for psu, strata_of_psu in list(shared.items())[:ROWS_LISTED]
        )
        raise InputError(
            f"column '{column}'",
            f"{len(shared)} PSUs stand in more than one stratum: {listed}",
            "Correct the strata, or set psu_unique to false if identifiers repeat across strata",
        )


# Stages of selection after the first: the units drawn inside each PSU, and inside those.


@dataclass(frozen=True, eq=False)
class Stage:
    """Units drawn without replacement inside the units of the stage above.

    Attributes:
        unit: (n,) index of each row's unit. Units are numbered parent by parent.
        parent: (U,) index of each unit's unit at the stage above, ascending.
        population: (A,) number of units in the population of each unit of the stage above.
    """

    unit: Integers
    parent: Integers
    population: Floats

    @cached_property
    def sampled(self) -> Integers:
        """(A,) number of sampled units of each unit of the stage above."""
        return np.bincount(self.parent, minlength=len(self.population))

    @cached_property
    def start(self) -> Integers:
        """(A + 1,) index of the first unit of each unit of the stage above, and their number."""
        return np.searchsorted(self.parent, np.arange(len(self.population) + 1))

    @cached_property
    def sampled_fraction(self) -> Floats:
        """(A,) the sampling fraction ``n / N`` in each unit of the stage above."""
        fraction: Floats = self.sampled / self.population
        return fraction


def build_stages(
    frame: pd.DataFrame,
    psu: Integers,
    psu_names: Sequence[Any],
    columns: Sequence[tuple[str | None, str]],
    lonely_psu: str,
) -> tuple[Stage, ...]:
    """Return the stages after the first.

    Args:
        psu: (n,) index of each row's PSU.
        columns: for each stage the column of its units, nested in those of the stage above (None
            where each row was drawn by itself), and the column with their number in the population
            of the unit above.
        lonely_psu: rule for units that are alone in the unit above; see ``SurveyDesign``.

    Raises:
        InputError: a column is missing or at fault, or a unit is alone in the unit above and the
            rule does not say what it adds to the variance.
    """
    stages: list[Stage] = []
    unit_above, names_above = psu, list(psu_names)
    for unit_column, population_column in columns:
        require_column(frame, unit_column)
        require_column(frame, population_column)
        if unit_column is None:
            code, labels = np.arange(len(frame)), list(range(1, len(frame) + 1))
        else:
            code, labels = code_identifiers(frame, unit_column)
        pairs, unit = np.unique(unit_above * len(labels) + code, return_inverse=True)
        parent, label = np.divmod(pairs, len(labels))
        sampled = np.bincount(parent)
        level = ("unit", "units", "units inside")
        population = read_populations(
            frame, population_column, unit_above, sampled, names_above, level
        )
        stage = Stage(unit, parent, population)
        _refuse_lonely_units(stage, names_above, population_column, lonely_psu)
        stages.append(stage)
        names_above = [
            f"{names_above[p]} / {labels[u]}" for p, u in zip(parent, label, strict=True)
        ]
        unit_above = unit
    return tuple(stages)


def expand_by_stages(weight: Floats, stages: Sequence[Stage]) -> Floats:
    """(n,) weights times the number of units over those sampled at each of some stages."""
    for stage in stages:
        weight = weight / stage.sampled_fraction[stage.parent[stage.unit]]
    return weight


def _refuse_lonely_units(stage: Stage, names_above: list[Any], column: str, rule: str) -> None:
    """Refuse units alone in the unit above, except where they are known to add nothing."""
    alone = (stage.sampled == 1) & (stage.sampled_fraction < 1)
    if rule in ("remove", "centre", "certainty") or not alone.any():
        return
    listed = ", ".join(names_above[index] for index in np.flatnonzero(alone))
    raise InputError(
        f"column '{column}'",
        f"one unit was drawn out of several in {listed}, and lonely_psu is '{rule}'",
        "One unit gives no variance at its stage: set lonely_psu to 'certainty', or leave the "
        "later stages and fpc out, which includes their variance in that of the PSUs",
    )


@dataclass(frozen=True, eq=False, repr=False)
class SurveyDesign:
    """A stratified, clustered sample with unequal weights, in one stage or several.

    Build it with :meth:`from_frame`, which checks everything.

    Attributes:
        weight: (n,) weight of each row; a row of weight zero is outside the sample.
        psu: (n,) index of each row's PSU. PSUs are numbered stratum by stratum.
        psu_stratum: (P,) index of each PSU's stratum, ascending.
        psu_labels: the P PSU identifiers, as in the data (they may repeat across strata).
        stratum_labels: the H stratum identifiers, as in the data; joined strata are "a + b".
        psu_population: (H,) number of PSUs in the population of each stratum, or None when the
            finite population correction is not wanted.
        lonely_psu: what a stratum with a single PSU adds to the variance (R's name in brackets):

            - ``"fail"``: such a stratum is an error ("fail");
            - ``"certainty"`` or ``"remove"``: nothing ("certainty", "remove");
            - ``"centre"``: the squared deviation from the mean over all PSUs ("adjust");
            - ``"average"``: the mean of what the other strata add ("average");
            - ``"collapse"``: it was joined with another stratum, see
              :func:`designbased.design.lonely_psus.collapse_strata`.
        later_stages: the stages inside PSUs, for sampling without replacement at each.
        index: (n,) labels of the rows, those of the frame; estimators refuse a frame with others.
    """

    weight: Floats
    psu: Integers
    psu_stratum: Integers
    psu_labels: tuple[Any, ...]
    stratum_labels: tuple[Any, ...]
    psu_population: Floats | None = None
    lonely_psu: LonelyPsu = "fail"
    later_stages: tuple[Stage, ...] = ()
    index: pd.Index | None = None

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        weight: str | None = "weight",
        stratum: str | None = "stratum",
        psu: str | None = "psu",
        fpc: str | int | None = None,
        psu_unique: bool = False,
        lonely_psu: LonelyPsu = "fail",
        later_stages: Sequence[tuple[str | None, str]] = (),
        certainty: str | None = None,
    ) -> "SurveyDesign":
        """Check the design columns of ``frame`` and return the design of its rows.

        Args:
            frame: one row per respondent; also of polars, Arrow and others.
            weight: column of weights; None where every unit had the same chance: weights of one, or
                with ``fpc`` the number of units over those sampled, at each stage.
            stratum: column of strata: text or whole numbers, also as floats (12.0 is 12); None
                for an unstratified sample.
            psu: column of PSUs; None when each row was drawn by itself.
            fpc: column with the number of PSUs in the population of the row's stratum, for
                sampling without replacement at the first stage, or that number itself where there
                are no strata; None for no correction.
            psu_unique: the PSU identifiers are unique in the whole file, so one that stands in two
                strata is a fault. By default PSUs are nested in strata, as in most survey files.
            lonely_psu: see the class.
            later_stages: for each stage inside PSUs the column of its units (nested in the units
                above; None where each row was drawn by itself) and the column with their number in
                the population of the unit above. They count only beside ``fpc``: with replacement
                the PSUs carry the variance of all stages. R: ``svydesign(id = ~psu + ssu,
                fpc = ~N1 + N2)`` is ``fpc="N1", later_stages=[("ssu", "N2")]``.
            certainty: column that is true for rows of PSUs drawn with certainty. Each of these
                becomes a stratum and its rows become PSUs, as drawn with replacement. Where units
                were drawn inside it, give ``fpc`` (a stratum of one PSU out of one) and
                ``later_stages`` instead.

        Raises:
            InputError: there are no rows; a column is missing or holds missing values; strata or
                PSUs are neither text nor whole numbers; weights are text, missing, negative,
                infinite or all zero; a PSU stands in two strata although ``psu_unique``; a
                population count varies where it must not or is below the number of units
                sampled; a stratum has one PSU and ``lonely_psu`` is ``"fail"``, or has no answer
                for it; arguments exclude each other.
        """
        check_options(lonely_psu, fpc, stratum, later_stages, certainty)
        frame = read_frame(frame)
        if frame.empty:
            raise InputError("survey data", "no rows", "Give one row per respondent")
        for column, without in zip((weight, stratum, psu), NO_COLUMN, strict=True):
            require_column(frame, column, without)
        require_column(frame, fpc if isinstance(fpc, str) else None)
        require_column(frame, certainty)
        stratum_code, strata = _code_column(frame, stratum, ["all"])
        psu_code, psus = _code_column(frame, psu, None)
        if certainty is not None:
            sure = read_booleans(frame, certainty)
            stratum_code, strata = certainty_strata(sure, stratum_code, strata, psu_code, psus)
            psu_code = np.where(sure, len(psus) + np.arange(len(frame)), psu_code)
            psus = psus + list(range(1, len(frame) + 1))
        pairs, row_psu = np.unique(stratum_code * len(psus) + psu_code, return_inverse=True)
        psu_stratum, psu_index = np.divmod(pairs, len(psus))
        psu_labels = tuple(psus[index] for index in psu_index)
        if psu_unique:
            refuse_shared_psus(psu, psu_labels, psu_stratum, strata)
        design = cls(
            weight=np.ones(len(frame)) if weight is None else read_weights(frame, weight),
            psu=row_psu,
            psu_stratum=psu_stratum,
            psu_labels=psu_labels,
            stratum_labels=tuple(strata),
            lonely_psu=lonely_psu,
            index=frame.index,
        )
        if fpc is not None:
            level = ("stratum", "strata", "PSUs")
            sizes = design.stratum_psus
            counts, column = (frame, fpc) if isinstance(fpc, str) else _count_column(frame, fpc)
            population = read_populations(counts, column, stratum_code, sizes, strata, level)
            design = replace(design, psu_population=population)
            if weight is None:
                design = replace(design, weight=(population / sizes)[stratum_code])
        if lonely_psu == "collapse" and design.lonely.any():
            design = _collapse_lonely_strata(design)
        _refuse_lonely_psus(stratum, design)
        if later_stages:
            names = describe_psus(design)
            stages = build_stages(frame, design.psu, names, later_stages, lonely_psu)
            design = replace(design, later_stages=stages)
            if weight is None:
                design = replace(design, weight=expand_by_stages(design.weight, stages))
        return design

    def __repr__(self) -> str:
        by_rows = self.n_psus == self.n_rows
        descriptions = [
            f"{self.n_rows:,} rows",
            "no strata" if self.n_strata == 1 else f"{self.n_strata:,} strata",
            "each row its own PSU" if by_rows else f"{self.n_psus:,} PSUs",
            f"df {self.df:,}",
        ]
        if (self.weight == 1).all():
            descriptions.append("weights of one")
        if self.psu_population is not None:
            descriptions.append("finite populations")
        if self.later_stages:
            descriptions.append(f"{1 + len(self.later_stages)} stages")
        if self.lonely.any():
            descriptions.append(f"{self.lonely.sum():,} with a lonely PSU: {self.lonely_psu}")
        return f"<SurveyDesign: {', '.join(descriptions)}>"

    @property
    def rows(self) -> Rows:
        """The rows, to which everything else that is given has to fit."""
        return Rows(self.n_rows, self.index)

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.weight)

    @property
    def n_psus(self) -> int:
        """Number of PSUs in the sample."""
        return len(self.psu_stratum)

    @property
    def n_strata(self) -> int:
        """Number of strata in the sample."""
        return len(self.stratum_labels)

    @property
    def unit(self) -> Integers:
        """(n,) index of each row's unit of the last stage: its PSU in a one-stage design."""
        return self.later_stages[-1].unit if self.later_stages else self.psu

    @property
    def n_units(self) -> int:
        """Number of units of the last stage."""
        return len(self.later_stages[-1].parent) if self.later_stages else self.n_psus

    @cached_property
    def psu_start(self) -> Integers:
        """(P + 1,) index of the first unit of the last stage of each PSU, and their number."""
        start = np.arange(self.n_psus + 1)
        for stage in self.later_stages:
            start = stage.start[start]
        return start

    @cached_property
    def stratum_start(self) -> Integers:
        """(H,) index of the first PSU of each stratum."""
        return np.searchsorted(self.psu_stratum, np.arange(self.n_strata))

    @cached_property
    def stratum_psus(self) -> Integers:
        """(H,) number of sampled PSUs of each stratum."""
        return np.bincount(self.psu_stratum, minlength=self.n_strata)

    @cached_property
    def stratum_psus_weighted(self) -> Integers:
        """(H,) number of PSUs of each stratum with a row of positive weight."""
        present = np.unique(self.psu[self.weight > 0])
        return np.bincount(self.psu_stratum[present], minlength=self.n_strata)

    @cached_property
    def unsampled_fraction(self) -> Floats:
        """(H,) the finite population correction ``1 - n_h / N_h``, one without ``fpc``."""
        if self.psu_population is None:
            return np.ones(self.n_strata)
        return 1 - self.stratum_psus / self.psu_population

    @cached_property
    def lonely(self) -> NDArray[np.bool_]:
        """(H,) strata with one PSU, unless that one is their whole population."""
        lonely: NDArray[np.bool_] = np.logical_and(
            self.stratum_psus == 1, self.unsampled_fraction > 0
        )
        return lonely

    @cached_property
    def df(self) -> int:
        """Degrees of freedom: PSUs less strata, counting those with a row of positive weight."""
        psus = self.stratum_psus_weighted
        return int(psus.sum() - (psus > 0).sum())

    @property
    def clustered(self) -> "SurveyDesign":
        """The strata and PSUs that the sample was drawn by: this design."""
        return self

    @property
    def n_deviations(self) -> int:
        """Number of deviations of an estimate: one per unit of every stage."""
        return self.n_psus + sum(len(stage.parent) for stage in self.later_stages)

    def df_rule(self, rule: DfRule | None, default: DfRule = "domain_only") -> DfRule:
        """Return the rule for degrees of freedom; see :class:`~.protocol.Design`."""
        check_df_rule(rule or default)
        return rule or default

    def domain_df(self, present: Mask, rule: DfRule) -> Integers:
        """(...) degrees of freedom of estimates with cases in (P, ...) PSUs, by PSUs and strata."""
        return domain_df(self, present, rule)

    def psus_of_units(self, units: Mask) -> Mask:
        """(P, ...) PSUs with one of (U, ...) units of the last stage."""
        if not self.later_stages:
            return units
        return np.asarray(np.logical_or.reduceat(units, self.psu_start[:-1], axis=0))

    def deviations(self, estimator: Estimator) -> Deviations:
        """(V, ...) deviations of estimates by linearisation.

        NaN where a lonely PSU follows the average of strata none of which has cases.
        """
        values = scaled_deviations(self, estimator.unit_totals())
        nothing = has_nothing_to_average(self, estimator.present())
        if nothing.any():
            values[:, np.broadcast_to(nothing, values.shape[1:])] = np.nan
        return Deviations(values)

    def cells(self, table: CellTable) -> dict[str, Floats]:
        """Return the cells of a table, whose sums come a few PSUs at a time."""
        return table.by_groups_of_psus()


def _code_column(
    frame: pd.DataFrame, column: str | None, single: list[Any] | None
) -> tuple[Integers, list[Any]]:
    """Code a column; without one every row has the single value, or else one of its own."""
    if column is not None:
        return code_identifiers(frame, column)
    if single is not None:
        return np.zeros(len(frame), dtype=np.intp), single
    return np.arange(len(frame)), list(range(1, len(frame) + 1))


def _count_column(frame: pd.DataFrame, population: int) -> tuple[pd.DataFrame, str]:
    """Return the one number of sampling units in the population as a column."""
    return pd.DataFrame({"fpc": np.full(len(frame), population)}), "fpc"


def describe_psus(design: SurveyDesign) -> list[str]:
    """Name each PSU in messages."""
    strata = [design.stratum_labels[h] for h in design.psu_stratum]
    return [f"PSU {psu} of stratum {h}" for psu, h in zip(design.psu_labels, strata, strict=True)]


def _collapse_lonely_strata(design: SurveyDesign) -> SurveyDesign:
    collapsed = collapse_strata(design.lonely, design.unsampled_fraction == 0)
    psu_stratum = collapsed[design.psu_stratum]
    order = np.argsort(psu_stratum, kind="stable")
    members: list[list[Any]] = [[] for _ in range(int(np.max(collapsed)) + 1)]
    for label, h in zip(design.stratum_labels, collapsed, strict=True):
        members[h].append(label)
    population = design.psu_population
    return replace(
        design,
        psu=np.argsort(order, kind="stable")[design.psu],
        psu_stratum=psu_stratum[order],
        psu_labels=tuple(design.psu_labels[index] for index in order),
        stratum_labels=tuple(m[0] if len(m) == 1 else " + ".join(map(str, m)) for m in members),
        psu_population=None if population is None else np.bincount(collapsed, population),
    )


def _refuse_lonely_psus(column: str | None, design: SurveyDesign) -> None:
    everywhere = design.lonely_psu == "average" and design.lonely.all()
    if not design.lonely.any() or not (design.lonely_psu == "fail" or everywhere):
        return
    strata = ", ".join(str(design.stratum_labels[h]) for h in np.flatnonzero(design.lonely))
    finding = f"strata with a single PSU: {strata}"
    raise InputError(
        "stratum=None" if column is None else f"column '{column}'",
        "a sample without strata that has a single PSU" if column is None else finding,
        "One PSU gives no variance within its stratum: set lonely_psu to 'collapse' (join it with "
        "a neighbouring stratum), 'centre' (deviation from the mean of all PSUs), 'average' (the "
        "mean of the other strata) or 'certainty' (no contribution, for a PSU that was drawn with "
        "certainty)",
    )
