"""Whatever a run publishes, ``explain`` says what it is: every kind of address of the small study.

A kind is a column of a public table, a number of a file of facts, of the configuration or of the
countries file, and a rule that makes a number of several. Of each the first number is asked for,
and three of those that documents print, in English and in Khmer.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import Checkout

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.provenance.addresses import (
    COMPARE,
    EVERYWHERE,
    STUDY,
    add_addresses,
    address_of,
    cell_with_address,
)
from disrupting_harm.provenance.compared_row_addresses import COMPARISON_KEYS
from disrupting_harm.provenance.derived_numbers import find_rule
from disrupting_harm.provenance.explain.explain_number import explain_number
from disrupting_harm.provenance.explain.lookup import PublishedFiles, addressed_leaves, table_file
from disrupting_harm.provenance.primary_keys import COUNTRY_KEYS, EVIDENCE_KEYS
from disrupting_harm.provenance.row_addresses import FACTS
from disrupting_harm.report.checks.documents import list_documents
from disrupting_harm.report.language.markdown import CITED
from disrupting_harm.study.study import Study, load_study

AREA = "KHM"
TABLES = (
    *((AREA, table) for table in (*COUNTRY_KEYS, *EVIDENCE_KEYS)),
    *((EVERYWHERE, table) for table in EVIDENCE_KEYS if "country" not in EVIDENCE_KEYS[table]),
    *((COMPARE, table) for table in COMPARISON_KEYS),
)


@pytest.fixture(scope="module")
def study(small: Checkout) -> Study:
    return load_study(small.folder / "config" / "config.yaml")


@pytest.fixture(scope="module")
def published(small: Checkout, study: Study) -> PublishedFiles:
    countries = [row.model_dump(mode="json") for row in study.countries.values()]
    return PublishedFiles(small.folder / "results" / "public", countries)


def told(address: str, published: PublishedFiles, study: Study) -> dict[str, str]:
    """Return an explanation, of which no line may be empty."""
    lines = explain_number(address, published, study)
    assert all(text for _, text in lines), address
    return dict(lines)


def columns(area: str, table: str, published: PublishedFiles) -> Iterator[str]:
    """Yield an address of each column of a table that has a number."""
    seen = set()
    for where, row in published.addressed_rows(area, table).items():
        for column, cell in row.items():
            if where.startswith(f"{area}/") and address_of(cell_with_address(cell, where)):
                if column not in seen:
                    yield f"{where}/{column}"
                seen.add(column)


def test_every_column_of_every_table_has_a_meaning_a_unit_and_a_file(
    published: PublishedFiles, study: Study
) -> None:
    found = set()
    for area, table in TABLES:
        if not (published.public / table_file(area, table)).is_file():
            continue  # the study has no such evidence, or no second wave
        for address in columns(area, table, published):
            lines = told(address, published, study)
            of_survey = table == "estimates"
            for name in (
                "value",
                "what it is",
                "file",
                "SHA-256",
                "column" if of_survey else "unit",
            ):
                assert name in lines, address
            assert not of_survey or {"who was asked", "rows left out"} <= {*lines}, address
            assert {"of", "indicator", "table", "df"} & {*lines}, address
            assert f"column {address.rpartition('/')[2]}" in lines["file"]
            assert area in (COMPARE, EVERYWHERE) or table in EVIDENCE_KEYS or "made from" in lines
            if area == COMPARE or table in COUNTRY_KEYS:
                assert "in R" in lines or not lines["value"][0].isdigit(), address
            found.add((area, table))
    assert len({table for area, table in found if area == COMPARE}) >= 12
    assert len(found) >= 30


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_has_a_meaning_a_unit_and_a_base(
    name: str, published: PublishedFiles, study: Study
) -> None:
    content = read_json(published.public / "countries" / AREA / f"{name}.json")
    facts = [one for one, _ in addressed_leaves(add_addresses(content, f"{AREA}/{name}"))]
    assert len(facts) >= 7
    for address in facts:
        lines = told(address, published, study)
        assert {"what it is", "unit", "of", "file", "SHA-256", "made from"} <= {*lines}, address


def test_numbers_of_the_configuration_and_of_the_countries_file_have_a_meaning(
    published: PublishedFiles, study: Study
) -> None:
    settings = addressed_leaves(add_addresses(published.manifest["configuration"], STUDY))
    row = study.countries[AREA].model_dump(mode="json")
    numbers = [
        f"{AREA}/country/{name}"
        for name, value in row.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    assert len(numbers) >= 3
    assert len(settings) >= 10
    for address in [*numbers, *(one for one, _ in settings)]:
        assert {"what it is", "file"} <= {*told(address, published, study)}, address


@pytest.mark.parametrize("language", ["en", "km"])
def test_what_documents_print_has_a_meaning(
    language: str, published: PublishedFiles, study: Study
) -> None:
    """Three numbers of each kind that documents of a language print, made ones among them."""
    kinds: dict[str, list[str]] = {}
    for document in list_documents(published.public):
        if language in document.relative_to(published.public).parts:
            for address in printed_in(document):
                kinds.setdefault(kind_of(address), []).append(address)
    rules = {found[0] for addresses in kinds.values() if (found := find_rule(addresses[0]))}
    assert {"number", "remainder", "count"} <= rules
    assert len(kinds) > 30
    for address in (one for addresses in kinds.values() for one in [*dict.fromkeys(addresses)][:3]):
        assert "what it is" in told(address, published, study), address


def printed_in(document: Path) -> list[str]:
    return [found[2] for found in CITED.finditer(document.read_text(encoding="utf-8"))]


def kind_of(address: str) -> str:
    """Return a rule, or table and column of an address."""
    if found := find_rule(address):
        return found[0]
    area, table, *_, column = address.split("/")
    known = {*COUNTRY_KEYS, *EVIDENCE_KEYS, *FACTS, "country"}
    if area in (COMPARE, STUDY):
        return f"{area}/{table}/{column}"
    return f"{table if table in known else 'estimates'}/{column}"


def test_an_address_without_a_number_is_refused_and_not_explained(
    published: PublishedFiles, study: Study
) -> None:
    for address in (f"{AREA}/quality/no_such", f"{STUDY}/no_such", f"{AREA}/country/no_such"):
        with pytest.raises(StudyError, match="nothing published stands there"):
            explain_number(address, published, study)


def test_rules_name_each_kind_of_what_they_are_made_of(
    published: PublishedFiles, study: Study
) -> None:
    lines = explain_number(
        f"product({AREA}/country/children,{AREA}/clear_examples/estimate)", published, study
    )
    meanings = [text for name, text in lines if name == "what it is"]
    assert [re.sub(r":.*", "", text) for text in meanings] == [
        f"of {AREA}/clear_examples/estimate",
        f"of {AREA}/country/children",
    ]
