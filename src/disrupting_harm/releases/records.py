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
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from disrupting_harm.errors import StudyError
from disrupting_harm.files import write_parquet
from disrupting_harm.releases.key import Key
from disrupting_harm.releases.names import SAME, Then
from disrupting_harm.study.checked_tables import checked
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.indicators import OUTSIDE_PART, PART_OF

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
