"""The record of a release: who stood behind its numbers, as tokens that tell nothing by themselves.

One row per interviewed child, whatever it answered, all text, sorted by ``child``:

    child            HMAC(key, child, country, id), 16 digits
    w                HMAC(key, weight, country, id, base weight), 8 digits
    d:<domain>       HMAC(key, level, country, domain, level), 8 digits; empty if unknown
    i:<indicator>    HMAC(key, answer, country, id, indicator, answer), 8 digits; empty without a
                     valid answer, and outside the universe

with HMAC-SHA256 (RFC 2104) in hexadecimal. Two tokens of one child are alike where the answers are;
tokens of different children tell nothing of each other. Calibrated weights have no token: they move
with every child. An indicator in the sense of the table of estimates: where the open answers of a
composite are imputed, the answer is what was answered to each part, as others' shares rest on it.

A child whose consent is withdrawn becomes a tombstone: ``child``, ``w`` and the answer to every
indicator are random, so that nobody can tie it to the child, and it counts as one who left. Which
questions a child has an answer to would tell it from most others, so a tombstone has one to each.
"""

import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_parquet
from disrupting_harm.provenance.addresses import part
from disrupting_harm.releases.history import Key
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.indicators import OUTSIDE_PART, PART_OF
from disrupting_harm.study.configuration.publication_config import Rename
from disrupting_harm.tables.io import checked

# What earlier releases called by another name: indicators and groups that were renamed.
#
# The configuration says where a name went (``publication.release.moved``). For the gate what moved
# is the same cell, so all that releases hold is read under the names of today. Tokens of records
# stay as they are: they were made with the names of then, and the children of today are told under
# these.


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


CHILD, WEIGHT, DOMAIN, INDICATOR = "child", "w", "d:", "i:"
CHILD_DIGITS, DIGITS = 16, 8
SEPARATOR = "\x1f"
_TOKENS = pa.Column(str, required=False, regex=True)
RECORDS = pa.DataFrameSchema(
    {
        CHILD: pa.Column(str, pa.Check.str_length(CHILD_DIGITS, CHILD_DIGITS), unique=True),
        WEIGHT: pa.Column(str),
        rf"^{DOMAIN}.+$": _TOKENS,
        rf"^{INDICATOR}.+$": _TOKENS,
    },
    strict=True,
    name="records of a release",
)


@dataclass(frozen=True, eq=False)
class Children:
    """The children behind one country's estimates.

    Attributes:
        country: its code.
        id: (n,) identifiers, texts.
        weight: (n,) base weights.
        levels: (n, D) level in each domain; empty where it is not known.
        answers: (n, K) valid answer to each indicator as text; empty where there is none.
        yes: (n, K) whether it counts as yes; false throughout for means and totals.
    """

    country: str
    id: "pd.Series[str]"
    weight: "pd.Series[float]"
    levels: pd.DataFrame
    answers: pd.DataFrame
    yes: pd.DataFrame


def children_of(
    country: str,
    sample: pd.DataFrame,
    indicators: pd.DataFrame,
    parts: pd.DataFrame,
    weights: pd.DataFrame,
    codebook: Codebook,
) -> Children:
    """Return the children of one country from the tables that estimation reads.

    Args:
        country: its code.
        sample, indicators, parts, weights: as the stages *prepare* and *weight* write them.
        codebook: the definitions.

    Raises:
        StudyError: the tables are of different respondents.
    """
    numbers = indicators.set_index("child_id")
    pieces = parts.set_index("child_id")
    base = weights.set_index("child_id")["base_weight"]
    if not numbers.index.equals(pieces.index) or len(numbers.index.difference(base.index)):
        raise StudyError(
            f"restricted results of {country}",
            "the prepared tables and the weights are of different respondents",
            "Run the study again",
        )
    drawn = sample.set_index("child_id").loc[numbers.index]
    domains = [entry.id for entry in codebook.domains]
    answers, yes = {}, {}
    for entry in codebook.indicators:
        own = [name for name in map(str, pieces) if name.partition(PART_OF)[0] == entry.id]
        value = numbers[entry.id]
        proportion = entry.statistic == "proportion"
        answers[entry.id] = _parts_text(pieces[sorted(own)]) if own else _text(value)
        yes[entry.id] = (value == 1) if proportion else pd.Series(False, index=value.index)
    return Children(
        country,
        pd.Series(numbers.index, index=numbers.index).astype("str"),
        base.loc[numbers.index],
        drawn[domains].astype("str").fillna(""),
        pd.DataFrame(answers, index=numbers.index),
        pd.DataFrame(yes, index=numbers.index),
    )


def records_of(children: Children, key: Key, then: Then = SAME) -> pd.DataFrame:
    """Return the record (contract :data:`RECORDS`) of the children.

    The rows are on the index of ``children``, so that what is known of a child can be found.

    Args:
        children: of one country.
        key: of the study's releases.
        then: under which names a release had what has another one now. Columns have the names of
            today, tokens those of then.
    """
    country, ids = children.country, children.id.tolist()
    columns = {
        CHILD: [child_token(key, country, name) for name in ids],
        WEIGHT: [
            _token(key, DIGITS, "weight", country, name, f"{weight:.9g}")
            for name, weight in zip(ids, children.weight.tolist(), strict=True)
        ],
    }
    for domain in map(str, children.levels):
        names = children.levels[domain]
        tokens = {
            name: level_token(key, country, *then.groups.get((domain, name), (domain, name)))
            for name in names.unique()
        }
        columns[DOMAIN + domain] = names.map(tokens).tolist()
    for indicator in map(str, children.answers):
        called = then.indicators.get(indicator, indicator)
        columns[INDICATOR + indicator] = [
            _token(key, DIGITS, "answer", country, name, called, answer) if answer else ""
            for name, answer in zip(ids, children.answers[indicator].tolist(), strict=True)
        ]
    table = pd.DataFrame(columns, index=children.id.index, dtype="str")
    return table.sort_values(CHILD)


def child_token(key: Key, country: str, name: str) -> str:
    """Return the token of a child with the identifier ``name``."""
    return _token(key, CHILD_DIGITS, "child", country, name)


def level_token(key: Key, country: str, domain: str, level: str) -> str:
    """Return the token of a level of a domain; empty for one that is not known."""
    return _token(key, DIGITS, "level", country, domain, level) if level else ""


def with_tombstones(records: pd.DataFrame, withdrawn: Collection[str]) -> pd.DataFrame:
    """Return a record in which children, named by their tokens, can no longer be found.

    Which levels they were in stays: the release still counts them.
    """
    table = records.copy()
    rows = table[CHILD].isin(list(withdrawn))
    for name in table.columns[[not str(name).startswith(DOMAIN) for name in table]]:
        digits = CHILD_DIGITS if name == CHILD else DIGITS
        table.loc[rows, name] = [secrets.token_hex(digits // 2) for _ in range(rows.sum())]
    return table.sort_values(CHILD, ignore_index=True)


def write_records(target: Path, records: pd.DataFrame) -> None:
    """Write a record, its rows in the order of ``child``.

    Raises:
        StudyError: it breaks its contract.
    """
    write_parquet(target, checked(records, RECORDS, str(target)))


def read_records(source: Path) -> pd.DataFrame:
    """Read a record that :func:`write_records` wrote.

    Raises:
        StudyError: it is missing or breaks its contract.
    """
    if not source.is_file():
        raise StudyError(
            str(source),
            "there is no such file, and without it nobody can tell which respondents changed",
            "Restore the folder of releases from its backup",
        )
    return checked(pd.read_parquet(source), RECORDS, str(source))


def _token(key: Key, digits: int, *words: str) -> str:
    text = SEPARATOR.join(words).encode("utf-8")
    return hmac.digest(key.secret, text, "sha256").hex()[:digits]


def _text(values: "pd.Series[float]") -> "pd.Series[str]":
    return values.map("{:.12g}".format).where(values.notna(), "").astype("str")


def _parts_text(parts: pd.DataFrame) -> "pd.Series[str]":
    """Return the answers to all parts as one text; empty where none of them is valid."""
    joined = (parts + ";").sum(axis=1).astype("str")
    valid = ~parts.isin([OUTSIDE_PART, "open"]).all(axis=1)
    return joined.where(valid, "")
