"""What earlier releases called by another name: indicators and groups that were renamed.

The configuration says where a name went (``publication.release.moved``). For the gate what moved
is the same cell, so all that releases hold is read under the names of today. Tokens of records stay
as they are: they were made with the names of then, and the children of today are told under these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.provenance.addresses import part
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.release_config import Rename

# A domain and one of its levels.
Group: TypeAlias = tuple[str, str]
# Columns that together name a group, in tables of cells and of comparisons inside a country.
_GROUPS = (
    ("domain", "level"), ("domain", "level_a"), ("domain", "level_b"),
    ("term", "level"), ("term", "reference"),
)  # fmt: skip
# Where they are said, for errors.
KEY_OF_NAMES = "configuration, key 'publication.release.moved'"


@dataclass(frozen=True)
class Then:
    """The names that a release had for what has another one now.

    Attributes:
        indicators: name then, by name now.
        groups: domain and level then, by those now.
    """

    indicators: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[Group, Group] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.indicators or self.groups)


# Nothing had another name.
SAME = Then()


class Names:
    """Read what releases hold under the names of today.

    Args:
        moved: ``publication.release.moved``, by the indicator or ``domain:level`` of then.
        codebook: the names of today.
    """

    def __init__(self, moved: Mapping[str, Rename], codebook: Codebook) -> None:
        self._moved = moved
        self._cross = {entry.id: entry.cross for entry in codebook.domains}
        self._known = {(d.id, level) for d in codebook.domains for level in codebook.levels(d.id)}
        self._groups = {_address(*group): group for group in self._known}

    def indicator(self, name: str) -> str:
        """Return the name that an indicator has now; its own where it has no other."""
        return self._followed(name)

    def group(self, domain: str, level: str) -> Group:
        """Return the domain and the level that a group is now; a crossed one by its two parts."""
        now = self._followed(_address(domain, level))
        if now in self._groups:
            return self._groups[now]
        parts, cross = level.split("|"), self._cross.get(domain, ())
        if len(parts) == len(cross) > 1:
            own = [self.group(*each)[1] for each in zip(cross, parts, strict=True)]
            return domain, "|".join(own)
        return domain, level

    def now(self, table: pd.DataFrame, where: str) -> pd.DataFrame:
        """Return a table of a release under the names of today.

        Args:
            table: with ``indicator``, and with groups or without.
            where: what it is, for an error.

        Raises:
            StudyError: two of its rows have the same name now.
        """
        if not self._moved or table.empty:
            return table
        named = table.assign(indicator=table["indicator"].map(self.indicator).astype("str"))
        for domain, level in _GROUPS:
            if domain in table and level in table:
                found = [
                    self.group(*each) for each in zip(table[domain], table[level], strict=True)
                ]
                named[level] = pd.array([one[1] for one in found], dtype="str")
                named[domain] = pd.array([one[0] for one in found], dtype="str")
        _refuse_two_in_one(table, named, where)
        return named

    def then(self, cells: pd.DataFrame, where: str) -> Then:
        """Return the names that a release had.

        Args:
            cells: ``indicator, domain, level`` as it has them.
            where: what they are, for an error.

        Raises:
            StudyError: what was one domain is two now.
        """
        indicators = {self.indicator(name): name for name in cells["indicator"].unique()}
        pairs = cells[["domain", "level"]].drop_duplicates().itertuples(index=False, name=None)
        groups = {self.group(*pair): pair for pair in pairs}
        # A level that the study has no longer stays where it was, and parts no domain.
        _refuse_parted({now: was for now, was in groups.items() if now in self._known}, where)
        return Then(
            {now: then for now, then in indicators.items() if now != then},
            {now: then for now, then in groups.items() if now != then},
        )

    def _followed(self, name: str) -> str:
        seen = {name}
        while (rename := self._moved.get(name)) is not None:
            if rename.to is None or rename.to in seen:
                break
            seen.add(rename.to)
            name = rename.to
        return name


def _address(domain: str, level: str) -> str:
    """Return a group as addresses and the configuration name it."""
    return f"{part(domain)}:{part(level)}"


def _refuse_parted(groups: Mapping[Group, Group], where: str) -> None:
    """Refuse a domain in two: a child of the one part is told by the total less the other."""
    first: dict[str, Group] = {}
    for now, was in sorted(groups.items()):
        other = first.setdefault(was[0], now)
        if other[0] != now[0]:
            raise StudyError(
                KEY_OF_NAMES,
                f"'{_address(*groups[other])}' and '{_address(*was)}' of {where} are of one "
                f"domain, and would be of two now, '{other[0]}' and '{now[0]}'",
                "Let 'to' name one domain for all levels of a domain",
            )


def names_now(facts: Any, moved: Mapping[str, Rename]) -> Any:
    """Return facts of a release, such as ``quality.json``, with the indicators' names of today."""
    if isinstance(facts, dict):
        return {name: names_now(value, moved) for name, value in facts.items()}
    if isinstance(facts, list):
        return [names_now(value, moved) for value in facts]
    name = moved[facts].to if isinstance(facts, str) and facts in moved else None
    return name or facts


def _refuse_two_in_one(was: pd.DataFrame, now: pd.DataFrame, where: str) -> None:
    key = [name for name in ("indicator", *_columns()) if name in now]
    twice = now.duplicated(key, keep=False) & ~was.duplicated(key, keep=False)
    if twice.any():
        rows = was.loc[twice, key].drop_duplicates().head(2).to_numpy().tolist()
        both = " and ".join("/".join(map(str, row)) for row in rows)
        raise StudyError(
            KEY_OF_NAMES,
            f"{both} of {where} have the same name now",
            "Let 'to' name what took the place of one of them; of the other say 'why' alone",
        )


def _columns() -> Iterable[str]:
    return dict.fromkeys(name for pair in _GROUPS for name in pair)
