"""A Frictionless description of the public tables: what each column means.

Workbooks and pages stand in it beside the tables, so that it is no package of tables alone, which
readers of the standard would refuse.

https://specs.frictionlessdata.io/data-package/
"""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.errors import StudyError
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.provenance.change_columns import CHANGE_TABLES, EARLIER_WAVE
from disrupting_harm.provenance.comparison_columns import COMPARISON_COLUMNS, TABLE_COLUMNS
from disrupting_harm.provenance.keys import key_of
from disrupting_harm.spreadsheets import CONVENTION
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.countries import OF_WAVE
from disrupting_harm.study.study import NO_SURVEY

COLUMNS: dict[str, tuple[str, str]] = {
    "country": ("string", "ISO 3166-1 alpha-3 code, or the code of a region."),
    "country_a": ("string", "First country of a pair."),
    "country_b": ("string", "Second country of a pair."),
    "indicator": (
        "string",
        "Indicator, as defined in the codebook; 'indicators' of this file has its title and codes.",
    ),
    "domain": ("string", "How the population is split."),
    "label": ("string", "The row's label in the figure, in the figure's language."),
    "address": (
        "string",
        "Address of the row in the public table that it comes from; with '/' and a column it is "
        "that of a number. Rows without a number have one, too.",
    ),
    "level": ("string", "Group within the domain."),
    "n": (
        "integer",
        "Interviewed persons with a valid answer, unweighted; of sensitive indicators the most of "
        "all that were put to the same persons.",
    ),
    "n_a": ("integer", "Valid answers in the first country, unweighted."),
    "n_b": ("integer", "Valid answers in the second country, unweighted."),
    "population": (
        "number",
        "Sum of the weights of the valid answers, rounded: the persons for whom those who answered "
        "stand. It is no census figure, and smaller than the population of the survey wherever "
        "somebody gave no answer or was not asked. Of sensitive indicators it is the most of all "
        "that were put to the same persons.",
    ),
    "estimate": ("number", "Weighted estimate; a proportion from 0 to 1, rounded as printed."),
    "ci_low": ("number", "Lower confidence limit, rounded as printed."),
    "ci_high": ("number", "Upper confidence limit, rounded as printed."),
    "interval": ("string", "Method of the confidence interval."),
    "shown": (
        "string",
        "The estimate as printed, in per cent for proportions; where there is none, what stands in "
        "its place.",
    ),
    "bound_low": (
        "number",
        "Where a bound is printed in place of the estimate: the share that the estimate is not "
        "below, 0 to 1. The bound follows from how many children answered, not from what "
        "they said.",
    ),
    "bound_high": ("number", "The share that it is not above."),
    "status": (
        "string",
        "present, caution or review: shown. suppress_reliability: too uncertain. "
        "suppress_disclosure: hidden, or a bound in its place, to protect respondents. not_asked: "
        "the survey did not ask, nothing is hidden. A level in which nobody was interviewed has no "
        "row.",
    ),
    "reason": ("string", "Codes of the reasons for the status."),
    "question": ("string", "A choice item, or the name that the items of one question share."),
    "option": (
        "string",
        "Indicator that counts one answer of a question; other_answers are those that none counts.",
    ),
    "may_be_first": (
        "boolean",
        "Whether no other answer is known to be given more often: by the tests of shown numbers, "
        "and of hidden ones by what is printed of them. One option alone is the most often named.",
    ),
    "child": ("string", "Indicator of what the child said."),
    "caregiver": ("string", "Indicator of what the caregiver of the child said."),
    "measure": (
        "string",
        "caregiver_if_child: share of caregivers who say yes among children who do. agree: share "
        "of pairs in which both said the same. kappa: agreement beyond chance.",
    ),
    "warning": (
        "string",
        "few_pairs: kappa rests on fewer than 20 pairs in which both say yes. too_few_pairs: on "
        "fewer than 10, and has no interval. undefined: nothing to divide by.",
    ),
    "old": ("string", "Address of a row that an accepted release had, and this one has not."),
    "new": ("string", "Address of the row that took its place; empty: none did."),
    "why": ("string", "The reason, as the study's configuration gives it."),
    "release": (
        "string",
        "Earlier release in which the numbers of the row stand as they are, because later changes "
        "concern too few children to be shown; empty where they are of this release.",
    ),
    "difference": ("number", "Estimate of country_a minus estimate of country_b, rounded."),
    "p_value": (
        "number",
        "P value of no difference, unadjusted, rounded to thousandths: 0.0 is below 0.0005.",
    ),
    "p_holm": (
        "number",
        "P value adjusted by Holm's method over the family, rounded to thousandths: 0.0 is below "
        "0.0005.",
    ),
    "p_text": ("string", "P value adjusted by Holm's method as printed: the smallest is <0.001."),
    "differs": ("boolean", "Whether the adjusted P value is below the family-wise error rate."),
    "data_kind": ("string", "simulated, observed or published."),
    "series": ("string", "Series of composite indicators; different series never mix."),
    "region": ("string", "Region of the country."),
    "children": ("integer", "Children aged 12-17."),
    "internet_use_rate": ("number", "Share of children aged 12-17 who use the internet."),
}
# What each column of each table of evidence means; and a name, wherever it stands.
EVIDENCE_TABLES = {
    f"evidence/{name}.csv": {field.name: (field.kind, field.meaning) for field in public.fields}
    for name, public in PUBLIC.items()
}
EVIDENCE_COLUMNS: dict[str, tuple[str, str]] = {}
for _table in reversed(EVIDENCE_TABLES.values()):
    EVIDENCE_COLUMNS |= _table
# Where a name alone would say something else.
TITLES = {"population": "Weight of the valid answers"}
# A name with another meaning in one table.
DENOMINATORS = "denominators"
QUESTION_COLUMNS = {
    "ci_low": ("number", "Lower limit; all limits of one question hold together."),
    "ci_high": ("number", "Upper limit; all limits of one question hold together."),
}
DYAD_COLUMNS = {
    "n": ("integer", "Pairs with both answers, unweighted, rounded down to tens."),
    "estimate": ("number", "Weighted estimate of the measure, rounded to hundredths."),
}

_ESTIMATES = "estimates.csv"


def describe(
    public: Path,
    tables: list[Path],
    study: dict[str, Any],
    books: Sequence[Path] = (),
    pages: Sequence[Path] = (),
    codebook: Codebook = NO_SURVEY,
    terms: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the data package of tables, of workbooks and of pages that explain their numbers.

    The indicators of the codebook stand in it with their codes, and ``terms`` of use beside them.

    Raises:
        StudyError: if a table has a column that no list of columns describes.
    """
    return {
        "profile": "data-package",
        "name": study["id"],
        "title": study["title"],
        "description": CONVENTION,
        "simulated": study["simulated"],
        **(terms or {}),
        "indicators": [
            {"name": entry.id, "title": entry.label, "codes": entry.codes.printed()}
            for entry in codebook.indicators
        ],
        "resources": [
            *_tables(public, sorted(tables), study["simulated"]),
            *(_book(public, book, study["simulated"]) for book in sorted(books)),
            *(_page(public, page, study["simulated"]) for page in sorted(pages)),
        ],
    }


def _book(public: Path, book: Path, simulated: bool) -> dict[str, Any]:
    return {
        **_named(public, book),
        "description": "Data book: the numbers of the tables, with words in place of codes.",
        "format": "xlsx",
        "mediatype": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "simulated": simulated,
    }


def _page(public: Path, page: Path, simulated: bool) -> dict[str, Any]:
    return {
        **_named(public, page),
        "description": "How the numbers of the tables were made; each row is found by its address.",
        "format": "html",
        "mediatype": "text/html",
        "encoding": "utf-8",
        "simulated": simulated,
    }


def _named(public: Path, file: Path) -> dict[str, str]:
    path = file.relative_to(public)
    return {
        "name": path.with_suffix("").as_posix().replace("/", "-").lower(),
        "path": path.as_posix(),
    }


def _tables(public: Path, tables: Sequence[Path], simulated: bool) -> list[dict[str, Any]]:
    """Describe tables; what hundreds of figures share with the estimates is said there alone."""
    resources = [_resource(public, table, simulated) for table in tables]
    known = [
        field
        for resource in resources
        if resource["path"] == _ESTIMATES
        for field in resource["schema"]["fields"]
    ]
    for resource in resources:
        if resource["path"].startswith("figures/"):
            schema = resource["schema"]
            schema["fields"] = [
                {**field, "description": f"As in {_ESTIMATES}."} if field in known else field
                for field in schema["fields"]
            ]
    return resources


def _resource(public: Path, table: Path, simulated: bool) -> dict[str, Any]:
    path = table.relative_to(public).as_posix()
    with table.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header = list(reader.fieldnames or ())
        kinds = {row["data_kind"] for row in reader} if "data_kind" in header else set()
    return {
        "profile": "tabular-data-resource",
        "name": path.removesuffix(".csv").replace("/", "-").lower(),
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        # A table that says row by row what is simulated knows better than the study.
        "simulated": simulated and (not kinds or "simulated" in kinds),
        "schema": {
            "fields": [_field(path, column) for column in header],
            "missingValues": [""],
            **({"primaryKey": list(key)} if (key := key_of(path)) else {}),
        },
    }


def meaning_of(path: str, column: str) -> str:
    """Return what a column of a public table means.

    Args:
        path: of the table below the public folder.
        column: its name.

    Raises:
        StudyError: if no list of columns describes it.
    """
    return _field(path, column)["description"]


def kind_of(path: str, column: str) -> str:
    """Return the kind of a column's values, as in the data package.

    Args:
        path: of the table below the public folder.
        column: its name.

    Raises:
        StudyError: if no list of columns describes it.
    """
    return _field(path, column)["type"]


def _field(path: str, column: str) -> dict[str, str]:
    # Tables of evidence and of the comparison may use a name in a meaning of their own.
    meanings = COMPARISON_COLUMNS | EVIDENCE_COLUMNS | COLUMNS | EVIDENCE_TABLES.get(path, {})
    folder, _, name = path.rpartition("/")
    if "comparison/" in path:
        meanings |= COMPARISON_COLUMNS | TABLE_COLUMNS.get(name.removesuffix(".csv"), {})
    meanings |= CHANGE_TABLES.get(name, {})
    if OF_WAVE in folder.rpartition("/")[2] and folder.startswith("countries/"):
        meanings |= EARLIER_WAVE
    titles = TITLES
    if DENOMINATORS in path:  # a figure of it, too
        meanings, titles = meanings | TABLE_COLUMNS[DENOMINATORS], {}
    if path.endswith("questions.csv"):
        meanings |= QUESTION_COLUMNS
    if path.endswith("dyads.csv"):
        meanings |= DYAD_COLUMNS
    if column not in meanings:
        raise StudyError(
            f"{path}, column '{column}'", "it is not described", "Describe it in datapackage.py"
        )
    kind, description = meanings[column]
    title = {"title": titles[column]} if column in titles else {}
    return {"name": column, "type": kind, **title, "description": description}
