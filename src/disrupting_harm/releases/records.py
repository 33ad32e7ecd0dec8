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
from disrupting_harm.provenance.addresses import address_part
from disrupting_harm.releases.history import Key
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.indicators import OUTSIDE_PART, PART_OF
from disrupting_harm.study.configuration.publication_config import Rename
from disrupting_harm.tables.io import check_table

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
class FormerNames:
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
NO_FORMER_NAMES = FormerNames()


class CurrentNames:
    """Read what releases hold under the names of today.

    Args:
        moved: ``publication.release.moved``, by the indicator or ``domain:level`` of then.
    """

    def __init__(self, moved: Mapping[str, Rename], codebook: Codebook) -> None:
        self._moved = moved
        self._cross = {definition.id: definition.cross for definition in codebook.domains}
        self._known = {
            (domain.id, level)
            for domain in codebook.domains
            for level in codebook.levels(domain.id)
        }
        self._groups = {_format_address(*group): group for group in self._known}

    def indicator(self, name: str) -> str:
        """Return the name that an indicator has now; its own where it has no other."""
        return self._follow_renames(name)

    def group(self, domain: str, level: str) -> Group:
        """Return the domain and the level that a group is now; a crossed one by its two parts."""
        current_address = self._follow_renames(_format_address(domain, level))
        if current_address in self._groups:
            return self._groups[current_address]
        level_parts, parents = level.split("|"), self._cross.get(domain, ())
        if len(level_parts) == len(parents) > 1:
            current_levels = [
                self.group(*parent_and_level)[1]
                for parent_and_level in zip(parents, level_parts, strict=True)
            ]
            return domain, "|".join(current_levels)
        return domain, level

    def to_current_names(self, table: pd.DataFrame, source: str) -> pd.DataFrame:
        """Return a table of a release under the names of today.

        Args:
            table: with ``indicator``, and with groups or without.

        Raises:
            StudyError: two of its rows have the same name now.
        """
        if not self._moved or table.empty:
            return table
        renamed = table.copy()
        for name in table.columns.intersection(["indicator", "characteristic"]):
            renamed[name] = table[name].map(self.indicator).astype("str")
        for domain, level in _GROUPS:
            if domain in table and level in table:
                groups = [
                    self.group(*domain_and_level)
                    for domain_and_level in zip(table[domain], table[level], strict=True)
                ]
                renamed[level] = pd.array([group[1] for group in groups], dtype="str")
                renamed[domain] = pd.array([group[0] for group in groups], dtype="str")
        _check_names_distinct(table, renamed, source)
        return renamed

    def find_former_names(self, cells: pd.DataFrame, source: str) -> FormerNames:
        """Return the names that a release had.

        Args:
            cells: ``indicator, domain, level`` as it has them.

        Raises:
            StudyError: what was one domain is two now.
        """
        indicators = {self.indicator(name): name for name in cells["indicator"].unique()}
        pairs = cells[["domain", "level"]].drop_duplicates().itertuples(index=False, name=None)
        groups = {self.group(*pair): pair for pair in pairs}
        # A level that the study has no longer stays where it was, and parts no domain.
        _check_domain_not_split(
            {current: former for current, former in groups.items() if current in self._known},
            source,
        )
        return FormerNames(
            {
                current: former_name
                for current, former_name in indicators.items()
                if current != former_name
            },
            {
                current: former_name
                for current, former_name in groups.items()
                if current != former_name
            },
        )

    def _follow_renames(self, name: str) -> str:
        visited = {name}
        while (rename := self._moved.get(name)) is not None:
            if rename.to is None or rename.to in visited:
                break
            visited.add(rename.to)
            name = rename.to
        return name


def _format_address(domain: str, level: str) -> str:
    """Return a group as addresses and the configuration name it."""
    return f"{address_part(domain)}:{address_part(level)}"


def _check_domain_not_split(groups: Mapping[Group, Group], source: str) -> None:
    """Refuse a domain in two: a child of the one part is told by the total less the other."""
    first_by_domain: dict[str, Group] = {}
    for now, was in sorted(groups.items()):
        first_current = first_by_domain.setdefault(was[0], now)
        if first_current[0] != now[0]:
            raise StudyError(
                KEY_OF_NAMES,
                f"'{_format_address(*groups[first_current])}' and '{_format_address(*was)}' of "
                f"{source} are of one domain, and would be of two now, '{first_current[0]}' and "
                f"'{now[0]}'",
                "Let 'to' name one domain for all levels of a domain",
            )


def rename_indicators(content: Any, moved: Mapping[str, Rename]) -> Any:
    """Return facts of a release, such as ``quality.json``, with the indicators' names of today."""
    if isinstance(content, dict):
        return {name: rename_indicators(value, moved) for name, value in content.items()}
    if isinstance(content, list):
        return [rename_indicators(value, moved) for value in content]
    name = moved[content].to if isinstance(content, str) and content in moved else None
    return name or content


def _check_names_distinct(former: pd.DataFrame, current: pd.DataFrame, source: str) -> None:
    key = [name for name in ("indicator", *_group_columns()) if name in current]
    is_merged = current.duplicated(key, keep=False) & ~former.duplicated(key, keep=False)
    if is_merged.any():
        rows = former.loc[is_merged, key].drop_duplicates().head(2).to_numpy().tolist()
        two_names = " and ".join("/".join(map(str, row)) for row in rows)
        raise StudyError(
            KEY_OF_NAMES,
            f"{two_names} of {source} have the same name now",
            "Let 'to' name what took the place of one of them; of the other say 'why' alone",
        )


def _group_columns() -> Iterable[str]:
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


def select_children(
    country: str,
    sample: pd.DataFrame,
    indicators: pd.DataFrame,
    parts: pd.DataFrame,
    weights: pd.DataFrame,
    codebook: Codebook,
) -> Children:
    """Return the children of one country from the tables that estimation reads.

    Args:
        sample, indicators, parts, weights: as the stages *prepare* and *weight* write them.

    Raises:
        StudyError: the tables are of different respondents.
    """
    values_by_indicator = indicators.set_index("child_id")
    part_answers = parts.set_index("child_id")
    base_weights = weights.set_index("child_id")["base_weight"]
    if not values_by_indicator.index.equals(part_answers.index) or len(
        values_by_indicator.index.difference(base_weights.index)
    ):
        raise StudyError(
            f"restricted results of {country}",
            "the prepared tables and the weights are of different respondents",
            "Run the study again",
        )
    sample_rows = sample.set_index("child_id").loc[values_by_indicator.index]
    domains = [indicator.id for indicator in codebook.domains]
    answers, yes = {}, {}
    for indicator in codebook.indicators:
        part_columns = [
            name for name in map(str, part_answers) if name.partition(PART_OF)[0] == indicator.id
        ]
        value = values_by_indicator[indicator.id]
        proportion = indicator.statistic == "proportion"
        answers[indicator.id] = (
            _join_part_answers(part_answers[sorted(part_columns)])
            if part_columns
            else _format_answers(value)
        )
        yes[indicator.id] = (value == 1) if proportion else pd.Series(False, index=value.index)
    return Children(
        country,
        pd.Series(values_by_indicator.index, index=values_by_indicator.index).astype("str"),
        base_weights.loc[values_by_indicator.index],
        sample_rows[domains].astype("str").fillna(""),
        pd.DataFrame(answers, index=values_by_indicator.index),
        pd.DataFrame(yes, index=values_by_indicator.index),
    )


def make_records(
    children: Children, key: Key, former_names: FormerNames = NO_FORMER_NAMES
) -> pd.DataFrame:
    """Return the record (contract :data:`RECORDS`) of the children.

    The rows are on the index of ``children``, so that what is known of a child can be found.

    Args:
        former_names: under which names a release had what has another one now. Columns have the
            names of today, tokens those of then.
    """
    country, ids = children.country, children.id.tolist()
    columns = {
        CHILD: [child_token(key, country, child_id) for child_id in ids],
        WEIGHT: [
            _make_token(key, DIGITS, "weight", country, child_id, f"{weight:.9g}")
            for child_id, weight in zip(ids, children.weight.tolist(), strict=True)
        ],
    }
    for domain in map(str, children.levels):
        levels = children.levels[domain]
        tokens = {
            child_id: level_token(
                key, country, *former_names.groups.get((domain, child_id), (domain, child_id))
            )
            for child_id in levels.unique()
        }
        columns[DOMAIN + domain] = levels.map(tokens).tolist()
    for indicator in map(str, children.answers):
        former_name = former_names.indicators.get(indicator, indicator)
        columns[INDICATOR + indicator] = [
            _make_token(key, DIGITS, "answer", country, child_id, former_name, answer)
            if answer
            else ""
            for child_id, answer in zip(ids, children.answers[indicator].tolist(), strict=True)
        ]
    table = pd.DataFrame(columns, index=children.id.index, dtype="str")
    return table.sort_values(CHILD)


def child_token(key: Key, country: str, child_id: str) -> str:
    """Return the token of a child with the identifier ``child_id``."""
    return _make_token(key, CHILD_DIGITS, "child", country, child_id)


def level_token(key: Key, country: str, domain: str, level: str) -> str:
    """Return the token of a level of a domain; empty for one that is not known."""
    return _make_token(key, DIGITS, "level", country, domain, level) if level else ""


def add_tombstones(records: pd.DataFrame, withdrawn: Collection[str]) -> pd.DataFrame:
    """Return a record in which children, named by their tokens, can no longer be found.

    Which levels they were in stays: the release still counts them.
    """
    table = records.copy()
    is_withdrawn = table[CHILD].isin(list(withdrawn))
    for name in table.columns[[not str(name).startswith(DOMAIN) for name in table]]:
        digits = CHILD_DIGITS if name == CHILD else DIGITS
        table.loc[is_withdrawn, name] = [
            secrets.token_hex(digits // 2) for _ in range(is_withdrawn.sum())
        ]
    return table.sort_values(CHILD, ignore_index=True)


def write_records(target: Path, records: pd.DataFrame) -> None:
    """Write a record, its rows in the order of ``child``.

    Raises:
        StudyError: it breaks its contract.
    """
    write_parquet(target, check_table(records, RECORDS, str(target)))


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
    return check_table(pd.read_parquet(source), RECORDS, str(source))


def _make_token(key: Key, digits: int, *fields: str) -> str:
    message = SEPARATOR.join(fields).encode("utf-8")
    return hmac.digest(key.secret, message, "sha256").hex()[:digits]


def _format_answers(values: "pd.Series[float]") -> "pd.Series[str]":
    return values.map("{:.12g}".format).where(values.notna(), "").astype("str")


def _join_part_answers(parts: pd.DataFrame) -> "pd.Series[str]":
    """Return the answers to all parts as one text; empty where none of them is valid."""
    joined_answers = (parts + ";").sum(axis=1).astype("str")
    has_answer = ~parts.isin([OUTSIDE_PART, "open"]).all(axis=1)
    return joined_answers.where(has_answer, "")
