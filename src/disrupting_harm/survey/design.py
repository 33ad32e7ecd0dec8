"""The sample design: who stands for how many, and which answers belong together.

A design holds weights, primary sampling units (PSUs) and strata as arrays, checked once. Estimators
take it as given.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from disrupting_harm.errors import StudyError

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]
LonelyPsu: TypeAlias = Literal["fail", "centre", "certainty"]

ROWS_NAMED = 5


@dataclass(frozen=True, eq=False)
class SurveyDesign:
    """A stratified, clustered sample with unequal weights (first-stage, ultimate-cluster form).

    Build it with :meth:`from_frame`, which checks everything.

    Attributes:
        weight: (n,) weight of each row; a row of weight zero is outside the sample.
        psu: (n,) index of each row's PSU. PSUs are numbered stratum by stratum.
        psu_stratum: (P,) index of each PSU's stratum, ascending.
        psu_labels: the P PSU identifiers, as in the data (they may repeat across strata).
        stratum_labels: the H stratum identifiers, as in the data.
        psu_population: (H,) number of PSUs in the population of each stratum, or None when the
            finite population correction is not wanted.
        lonely_psu: what a stratum with a single PSU adds to the variance: ``"centre"``, the squared
            deviation from the mean over all PSUs (R ``survey.lonely.psu = "adjust"``);
            ``"certainty"``, nothing; ``"fail"``, such a stratum is an error.
    """

    weight: Floats
    psu: Integers
    psu_stratum: Integers
    psu_labels: tuple[Any, ...]
    stratum_labels: tuple[Any, ...]
    psu_population: Floats | None = None
    lonely_psu: LonelyPsu = "fail"

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        weight: str = "weight",
        stratum: str | None = "stratum",
        psu: str | None = "psu",
        fpc: str | None = None,
        psu_unique: bool = False,
        lonely_psu: LonelyPsu = "fail",
    ) -> "SurveyDesign":
        """Check the design columns of ``frame`` and return the design of its rows.

        Args:
            frame: one row per respondent.
            weight: column of weights.
            stratum: column of strata; None for an unstratified sample.
            psu: column of PSUs; None when each row was drawn by itself.
            fpc: column with the number of PSUs in the population of the row's stratum, for
                sampling without replacement at the first stage; None for no correction.
            psu_unique: the PSU identifiers are unique in the whole file, so one that stands in two
                strata is a fault. By default PSUs are nested in strata, as in most survey files.
            lonely_psu: see the class.

        Raises:
            StudyError: there are no rows; a column is missing or holds missing values; weights
                are text, missing, negative, infinite or all zero; a PSU stands in two strata
                although ``psu_unique``; ``fpc`` varies in a stratum or is below the number of
                PSUs sampled; a stratum has one PSU and ``lonely_psu`` is ``"fail"``.
        """
        if lonely_psu not in get_args(LonelyPsu):
            options = ", ".join(get_args(LonelyPsu))
            raise StudyError("lonely_psu", f"the value {lonely_psu!r}", f"Choose one of {options}")
        if frame.empty:
            raise StudyError("survey data", "no rows", "Give one row per respondent")
        for column in (weight, stratum, psu, fpc):
            _require_column(frame, column)
        stratum_code, stratum_labels = _codes(frame, stratum, single="all")
        if psu is None:
            psu_code, psu_ids = np.arange(len(frame)), np.arange(1, len(frame) + 1).tolist()
        else:
            psu_code, psu_ids = _codes(frame, psu, single="")
        pairs, row_psu = np.unique(stratum_code * len(psu_ids) + psu_code, return_inverse=True)
        psu_stratum, psu_id = np.divmod(pairs, len(psu_ids))
        psu_labels = tuple(psu_ids[index] for index in psu_id)
        if psu_unique:
            _refuse_shared_psus(psu, psu_labels, psu_stratum, stratum_labels)
        sizes = np.bincount(psu_stratum)
        population = _psu_population(frame, fpc, stratum_code, stratum_labels, sizes)
        design = cls(
            weight=_weights(frame, weight),
            psu=row_psu,
            psu_stratum=psu_stratum,
            psu_labels=psu_labels,
            stratum_labels=tuple(stratum_labels),
            psu_population=population,
            lonely_psu=lonely_psu,
        )
        if lonely_psu == "fail" and design.lonely.any():
            _refuse_lonely_psus(stratum, design)
        return design

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

    @cached_property
    def stratum_start(self) -> Integers:
        """(H,) index of the first PSU of each stratum."""
        return np.searchsorted(self.psu_stratum, np.arange(self.n_strata))

    @cached_property
    def stratum_psus(self) -> Integers:
        """(H,) number of sampled PSUs of each stratum."""
        return np.bincount(self.psu_stratum, minlength=self.n_strata)

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
        present = np.unique(self.psu[self.weight > 0])
        return len(present) - len(np.unique(self.psu_stratum[present]))


def _require_column(frame: pd.DataFrame, column: str | None) -> None:
    if column is None:
        return
    if column not in frame.columns:
        held = ", ".join(map(str, frame.columns))
        raise StudyError(f"column '{column}'", f"not in the data, which hold {held}", "Name it")
    missing = frame[column].isna().to_numpy()
    if missing.any():
        found = f"{missing.sum()} missing values, {_rows(missing)}"
        raise StudyError(f"column '{column}'", found, "Every row needs a value: fill or drop it")


def _rows(mask: NDArray[np.bool_]) -> str:
    """Name the first rows of ``mask``, counted from 1."""
    rows = np.flatnonzero(mask) + 1
    named = ", ".join(map(str, rows[:ROWS_NAMED]))
    more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    return f"data row{'s' if len(rows) > 1 else ''} {named}{more}"


def _codes(frame: pd.DataFrame, column: str | None, single: str) -> tuple[Integers, list[Any]]:
    """Return the (n,) index of each row's value among the sorted values, and the values."""
    if column is None:
        return np.zeros(len(frame), dtype=np.intp), [single]
    codes, values = pd.factorize(frame[column], sort=True)
    return codes, list(values)


def _numbers(frame: pd.DataFrame, column: str) -> Floats:
    values = frame[column]
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        text = pd.to_numeric(values, errors="coerce").isna().to_numpy()
        found = f"{values[text].iloc[0]!r} in {_rows(text)}" if text.any() else "numbers as text"
        raise StudyError(f"column '{column}'", found, "Give plain numbers")
    numbers = values.to_numpy(dtype=np.float64)
    infinite = ~np.isfinite(numbers)
    if infinite.any():
        found = f"{infinite.sum()} infinite values, {_rows(infinite)}"
        raise StudyError(f"column '{column}'", found, "Give finite numbers")
    return numbers


def _weights(frame: pd.DataFrame, column: str) -> Floats:
    weights = _numbers(frame, column)
    negative = weights < 0
    if negative.any():
        found = f"{negative.sum()} negative weights, {_rows(negative)}"
        raise StudyError(
            f"column '{column}'", found, "A weight says how many people a row stands for"
        )
    if not weights.sum() > 0:
        raise StudyError(f"column '{column}'", "no positive weight", "Give the design weights")
    return weights


def _refuse_shared_psus(
    column: str | None, psus: tuple[Any, ...], psu_stratum: Integers, strata: list[Any]
) -> None:
    homes: dict[Any, list[Any]] = {}
    for psu, stratum in zip(psus, psu_stratum, strict=True):
        homes.setdefault(psu, []).append(strata[stratum])
    shared = {psu: found for psu, found in homes.items() if len(found) > 1}
    if shared:
        listed = "; ".join(
            f"PSU {psu} in strata {', '.join(map(str, found))}"
            for psu, found in list(shared.items())[:ROWS_NAMED]
        )
        raise StudyError(
            f"column '{column}'",
            f"{len(shared)} PSUs stand in more than one stratum: {listed}",
            "Correct the strata, or set psu_unique to false if identifiers repeat across strata",
        )


def _refuse_lonely_psus(column: str | None, design: SurveyDesign) -> None:
    strata = ", ".join(str(design.stratum_labels[h]) for h in np.flatnonzero(design.lonely))
    raise StudyError(
        f"column '{column}'",
        f"strata with a single PSU: {strata}",
        "One PSU gives no variance within its stratum: join it with a similar stratum, or set "
        "lonely_psu to 'centre' (deviation from the mean of all PSUs) or 'certainty' (no "
        "contribution, for a PSU that was drawn with certainty)",
    )


def _psu_population(
    frame: pd.DataFrame,
    column: str | None,
    stratum_code: Integers,
    stratum_labels: list[Any],
    sizes: Integers,
) -> Floats | None:
    if column is None:
        return None
    values = _numbers(frame, column)
    population = np.zeros(len(sizes))
    population[stratum_code] = values
    varying = population[stratum_code] != values
    if varying.any():
        names = sorted({str(stratum_labels[h]) for h in stratum_code[varying]})
        found = f"more than one value in strata {', '.join(names)}"
        raise StudyError(f"column '{column}'", found, "Give one population count per stratum")
    small = population < sizes
    if small.any():
        first = np.flatnonzero(small)[0]
        found = f"{population[first]:g} in stratum {stratum_labels[first]} with {sizes[first]} PSUs"
        remedy = "Give the number of PSUs in the population, not a fraction"
        raise StudyError(f"column '{column}'", found, remedy)
    return population
