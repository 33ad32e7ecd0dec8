"""The gate: which tables of a country may be published anew after earlier releases.

A table is one indicator in one domain; the national estimate is the domain ``total``.

    new       it was never published
    equal     in no cell does a child differ from the last release that published it
    reissue   in every cell none or at least m children differ, from every release that did
    frozen    otherwise; and every table of an indicator whose national one is

Children of unknown level are a cell, too. All earlier releases count, not only the last: of two
steps of ten children each, the second may take back nine of the first. For sensitive indicators a
cell also fails where the answers of those who differ are all alike, and yes: whoever is known to
have changed would be known to have said so.

A crossed domain that is new is frozen with its parents, which are sums of its levels.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.publication.union import NOTHING, Earlier
from disrupting_harm.releases.differ import CELL, TABLE, Flags, Present, Version, differing
from disrupting_harm.releases.records import CHILD
from disrupting_harm.releases.renamed import refuse_unsaid
from disrupting_harm.releases.words import EQUAL, FEW, FROZEN, MANY, MANY_FROM, NEW, NONE, REISSUE
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.definitions import Indicator
from disrupting_harm.study.release_config import ReleaseRules

NATION = "total"
# ``batch`` waits for so many of a country's tables, follow-up questions aside.
BATCH_SHARE = 0.9
# With fewer of the last release's children the identifiers must have been changed.
FOUND_AGAIN = 0.5

# Indicator and domain; what is found of each, see _judged.
Table: TypeAlias = tuple[str, str]
Judged: TypeAlias = Mapping[Any, Mapping[Any, Any]]


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the gate says of one country.

    Attributes:
        tables: ``indicator, domain, decision, differ``, the last one of ``0``, ``1-9``, ``10+``.
        before: what each earlier release published anew: its cells, ``release``, and ``same``,
            whether no child differs in a cell.
    """

    tables: pd.DataFrame
    before: pd.DataFrame

    @property
    def earlier(self) -> Earlier:
        """What disclosure control knows of earlier releases."""
        frozen = self.tables.loc[self.tables["decision"] == FROZEN, TABLE]
        return Earlier(self.before, set(frozen.itertuples(index=False, name=None)))


def verdict(
    present: Present, versions: Sequence[Version], codebook: Codebook, rules: ReleaseRules
) -> Verdict:
    """Decide on every table of a run.

    Args:
        present: what the run would publish.
        versions: what earlier releases published, the first release first.
        codebook: which indicators are sensitive, composites or follow-ups; crossed domains.
        rules: the smallest numbers of children, and what becomes of a country that lacks them.

    Raises:
        StudyError: most children of the last release are not found again, or a name is new while
            most of its children are those of one that is gone.
    """
    if versions:
        _refuse_new_identifiers(versions[-1], present)
    # A release in which all tables of the country stayed published nothing to compare with.
    anew = [version for version in versions if len(version.cells)]
    refuse_unsaid(anew, present, codebook)
    compared = [differing(version, present) for version in anew]
    judged = [_judged(cells, codebook, rules) for cells in compared]
    own = [(str(row.indicator), str(row.domain)) for row in present.tables.itertuples()]
    decision = {table: _decision(table, judged) for table in own}
    _freeze_with_nation(decision)
    _freeze_with_parents(decision, codebook)
    if rules.on_change == "batch":
        _freeze_small_batches(decision, codebook)
    tables = pd.DataFrame(
        [(*table, word, _told(table, judged)) for table, word in decision.items()],
        columns=[*TABLE, "decision", "differ"],
    ).astype("str")
    return Verdict(tables, _before(anew, compared))


def _refuse_new_identifiers(last: Version, present: Present) -> None:
    again = last.records[CHILD].isin(present.records[CHILD]).mean()
    if again < FOUND_AGAIN:
        raise StudyError(
            "children's identifiers",
            f"most children of release {last.name} are not found again",
            "Give each child the identifier that it had; a new survey is a study of its own, with "
            "its own folder of results",
        )


def _judged(cells: pd.DataFrame, codebook: Codebook, rules: ReleaseRules) -> Judged:
    """Return by table whether it is ``equal``, whether it ``passes``, has ``few`` or ``many``."""
    strict = _is_one_of(cells, [entry for entry in codebook.indicators if entry.sensitive])
    shares = _is_one_of(cells, [e for e in codebook.indicators if e.statistic == "proportion"])
    differ, least = cells["differ"], np.where(strict, rules.min_change_sensitive, rules.min_change)
    enough = (differ >= least) & ~(strict & shares & _all_said_yes(cells))
    flags = cells[TABLE].assign(
        equal=differ == 0,
        passes=(differ == 0) | enough,
        few=differ.between(1, MANY_FROM - 1),
        many=differ >= MANY_FROM,
    )
    by_table = flags.groupby(TABLE, sort=False)
    every, some = by_table[["equal", "passes"]].all(), by_table[["few", "many"]].any()
    return every.join(some).to_dict("index")


def _is_one_of(cells: pd.DataFrame, indicators: Collection[Indicator]) -> Flags:
    return cells["indicator"].isin([entry.id for entry in indicators]).to_numpy(dtype=bool)


def _all_said_yes(cells: pd.DataFrame) -> Flags:
    """Return where a reader who knows who differs would know that they said yes.

    That is where the answers that left are all alike, those that entered are, too, and one of the
    two is all yes. What is not known may be so.
    """
    left, entered = cells["left"], cells["entered"]
    left_yes, entered_yes = cells["left_yes"].fillna(left), cells["entered_yes"]
    alike = left_yes.isin([0]) | (left_yes == left)
    alike &= entered_yes.isin([0]) | (entered_yes == entered)
    some = ((left > 0) & (left_yes == left)) | ((entered > 0) & (entered_yes == entered))
    return (alike & some).to_numpy(dtype=bool)


def _decision(table: Table, judged: Sequence[Judged]) -> str:
    known = [rows[table] for rows in judged if table in rows]
    if not known:
        return NEW
    if known[-1]["equal"]:
        return EQUAL
    return REISSUE if all(row["passes"] for row in known) else FROZEN


def _freeze_with_nation(decision: dict[Table, str]) -> None:
    for table in decision:
        if decision.get((table[0], NATION)) == FROZEN:
            decision[table] = FROZEN


def _freeze_with_parents(decision: dict[Table, str], codebook: Codebook) -> None:
    for domain in codebook.domains:
        for indicator in {name for name, of in decision if of == domain.id}:
            parents = [decision.get((indicator, parent)) for parent in domain.cross]
            if decision[indicator, domain.id] == NEW and FROZEN in parents:
                decision[indicator, domain.id] = FROZEN


def _freeze_small_batches(decision: dict[Table, str], codebook: Codebook) -> None:
    """Keep all that was published before where too few tables have changed by enough."""
    follow_ups = {entry.id for entry in codebook.indicators if is_follow_up(entry, codebook)}
    words = [word for (name, _), word in decision.items() if name not in follow_ups]
    frozen = sum(word == FROZEN for word in words)
    if frozen > (1 - BATCH_SHARE) * len(words):
        for table, word in decision.items():
            if word != NEW:
                decision[table] = FROZEN


def is_follow_up(indicator: Indicator, codebook: Codebook) -> bool:
    """Return whether only some children were asked, as another answer of theirs decided."""
    asked = {item.id for item in codebook.items if item.respondent != "sample"}
    parts = [is_follow_up(codebook.indicator(part), codebook) for part in indicator.any_of]
    own = any(condition.item in asked for condition in indicator.universe)
    return own or (bool(parts) and all(parts))


def _told(table: Table, judged: Sequence[Judged]) -> str:
    known = [rows[table] for rows in judged if table in rows]
    if any(row["few"] for row in known):
        return FEW
    return MANY if any(row["many"] for row in known) else NONE


def _before(versions: Sequence[Version], compared: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return what each release published anew, and in which cells nobody differs."""
    found = [NOTHING.cells]
    for version, cells in zip(versions, compared, strict=True):
        unchanged = pd.MultiIndex.from_frame(cells.loc[cells["differ"] == 0, CELL])
        own = version.cells.assign(release=version.name)
        found.append(own.assign(same=pd.MultiIndex.from_frame(own[CELL]).isin(unchanged)))
    return pd.concat(found[1:] or found, ignore_index=True)
