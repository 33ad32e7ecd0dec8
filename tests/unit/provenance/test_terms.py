"""The description of the data says how they may be used, and invents no licence."""

from disrupting_harm.evidence.sources import Source
from disrupting_harm.provenance.checklists import describe_terms_of_use

STUDY = {"date": "2026-11-24", "organisations": ["An institute", "A ministry"]}


def source(kind: str = "ncmec", restriction: str = "open", licence: str = "CC BY 4.0") -> Source:
    return Source(
        "one",
        "NCMEC",
        kind,
        "Reports",
        2024,
        "https://example.org",
        "2026-11",
        licence,
        restriction,
    )


def test_a_study_without_a_licence_gets_none_and_says_whom_to_ask() -> None:
    terms = describe_terms_of_use(STUDY, [])
    assert "licenses" not in terms
    assert terms["terms"].startswith("No licence is given for the study's own tables")
    assert "ask An institute or A ministry before" in terms["terms"]
    assert (terms["version"], terms["created"]) == ("2026-11-24", "2026-11-24T00:00:00Z")
    assert [one["title"] for one in terms["contributors"]] == ["An institute", "A ministry"]


def test_whom_to_ask_is_a_contributor() -> None:
    terms = describe_terms_of_use(STUDY | {"contact": "ask@example.org"}, [])
    assert terms["contributors"][-1] == {"title": "ask@example.org", "role": "contact"}


def test_a_licence_is_a_name_or_an_address() -> None:
    assert describe_terms_of_use(STUDY | {"licence": "CC-BY-4.0"}, [])["licenses"] == [
        {"name": "CC-BY-4.0"}
    ]
    address = "https://creativecommons.org/licenses/by/4.0/"
    assert describe_terms_of_use(STUDY | {"licence": address}, [])["licenses"] == [
        {"path": address}
    ]


def test_every_open_source_has_its_own_terms() -> None:
    closed, simulated = source(restriction="partner"), source(kind="simulation")
    told = describe_terms_of_use(STUDY, [source(), source(licence=""), closed, simulated])[
        "sources"
    ]
    assert [one["licence"] for one in told] == [
        "CC BY 4.0",
        "no licence is named: ask the organisation",
    ]
    assert told[0]["title"] == "NCMEC, Reports, 2024"
    assert told[0]["path"] == "https://example.org"
