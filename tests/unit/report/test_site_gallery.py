"""Figures of the site: their files in all languages, their size, how to cite them."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from evidence_results import public_rows

from disrupting_harm.report.language.translator import Translator, build_english, load_translator
from disrupting_harm.report.reading.comparison_results import RegionalResults
from disrupting_harm.report.web.site.comparison_page import read_gallery
from disrupting_harm.report.web.site.home_page import read_cards
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NOT_ASKED, UNASKED_REASON

FOLDER = "figures/KHM"
ROOT = Path(__file__).parents[3]
ENGLISH = build_english("countries")


def khmer() -> Translator[str]:
    return load_translator("km", ROOT / "workflow" / "templates" / "locale")


def study(simulated: bool) -> StudyInfo:
    return StudyInfo(
        id="a",
        title="A study",
        date=datetime.date(2026, 11, 24),
        simulated=simulated,
        organisations=("Somebody", "Nobody"),
    )


def figure(name: str, alt: str, **other: Any) -> dict[str, Any]:
    texts = {"title": name.capitalize(), "caption": "C.", "alt_short": "S.", "source": "Source: X."}
    texts |= {"subtitle": "Children of a country", "simulated": ""}
    files = {"files": [f"{name}.svg"], "phone": f"{name}-phone.svg", "csv": f"{name}.csv"}
    kind = {"id": name, "kind": "module", "indicator": "", "cut": "text", "alt": alt}
    return {**texts, **files, **kind, **other}


@pytest.fixture
def public(tmp_path: Path) -> Path:
    """Return figures of one country in English and Khmer; one of them was not drawn."""
    listed = [
        figure("survey", "Bars. Simulated data.", simulated="Simulated data."),
        figure("counts", "Columns.", cut="wide", kind="evidence"),
        figure("hidden", "", files=[], csv=""),
    ]
    for language in ("en", "km"):
        folder = tmp_path / FOLDER / language
        folder.mkdir(parents=True)
        (folder / "figures.json").write_text(json.dumps(listed))
        for name in ("survey", "counts"):
            head = '<svg width="360pt" viewBox="0 0 360 90.2">'
            (folder / f"{name}.svg").write_text(f"{head}</svg>")
            (folder / f"{name}-phone.svg").write_text('<svg width="270pt" viewBox="0 0 270 135">')
    return tmp_path


def test_a_figure_has_its_size_and_its_files_in_every_language(public: Path) -> None:
    survey, counts = read_gallery(public, FOLDER, study(True), "Cambodia", ENGLISH, ("km", "en"))
    assert survey.image == "figures/KHM/en/survey.svg"
    assert (survey.width, survey.height) == (480, 120)
    assert survey.phone == "figures/KHM/en/survey-phone.svg"
    assert (survey.phone_width, survey.phone_height) == (360, 180)
    assert [file.label for file in survey.files] == ["SVG", "data (CSV)"]
    (khmer,) = survey.elsewhere
    assert khmer.language == "km"
    assert khmer.files[0].href == "figures/KHM/km/survey.svg"
    assert [survey.wide, counts.wide] == [False, True]


def test_a_reader_sees_figures_of_the_own_language_first(public: Path) -> None:
    def shown(translator: Translator[str], *languages: str) -> set[str]:
        found = read_gallery(public, FOLDER, study(True), "Cambodia", translator, languages)
        assert {picture.image.split("/")[2] for picture in found} == {found[0].language}
        return {picture.language for picture in found}

    assert shown(khmer(), "en", "km") == {"km"}
    assert shown(khmer(), "en") == {"en"}
    assert shown(ENGLISH, "km", "en") == {"en"}
    assert shown(ENGLISH, "km") == {"km"}


def test_only_what_was_counted_or_observed_is_to_be_cited(public: Path) -> None:
    for language in ("en", "km"):
        found = read_gallery(public, FOLDER, study(True), "Cambodia", ENGLISH, (language,))
        survey, counts = found
        assert survey.citation == "Not to be cited: the data are simulated."
        # Who counted it is named first, and drew no figure.
        assert [picture.cites_source for picture in found] == [False, True]
        assert counts.citation == "Figure: Somebody, Nobody (2026), A study: Counts, Cambodia."


def test_a_figure_of_a_real_survey_is_cited_by_who_made_it(public: Path) -> None:
    path = public / FOLDER / "en" / "figures.json"
    path.write_text(path.read_text().replace('"simulated": "Simulated data."', '"simulated": ""'))
    survey, _ = read_gallery(public, FOLDER, study(False), "Cambodia", ENGLISH, ("en",))
    assert survey.citation == "Somebody, Nobody (2026). A study: Survey, Cambodia."
    assert not survey.cites_source


def test_a_picture_without_a_size_is_a_fault(public: Path) -> None:
    (public / FOLDER / "en" / "counts.svg").write_text("<svg></svg>")
    with pytest.raises(ValueError, match=r"counts\.svg has no viewBox"):
        read_gallery(public, FOLDER, study(True), "Cambodia", ENGLISH, ("en",))


def test_a_card_lists_documents_by_language_with_what_is_not_settled(tmp_path: Path) -> None:
    for language, kinds in {"en": ("html", "pdf"), "km": ("pdf",)}.items():
        folder = tmp_path / "reports" / "KHM" / language
        folder.mkdir(parents=True)
        for kind in kinds:
            (folder / f"report.{kind}").write_text("x")
    (folder / "status.json").write_text(json.dumps({"draft_translation": True}))
    row = Country(country="KHM", languages=("en", "km", "th"))
    (card,) = read_cards(tmp_path, [row], {"KHM": "Cambodia"}, None, RegionalResults({}), ENGLISH)
    first, second = card.languages
    assert first.documents == (("report", "reports/KHM/en/report.html"),)
    assert first.mark == ""
    assert second.documents == (("report", "reports/KHM/km/report.pdf"),)
    assert second.mark == "draft translation"


@pytest.mark.parametrize(
    ("reason", "apart", "note"),
    [
        (UNASKED_REASON, False, "not asked"),
        ("another survey", True, "set apart: not to be compared (another survey)"),
    ],
)
def test_a_country_that_did_not_ask_is_not_set_apart(
    reason: str, apart: bool, note: str, tmp_path: Path
) -> None:
    own = {"indicator": "any", "country": "KHM"}
    numbers = ("estimate", "ci_low", "ci_high", "whole", "bound_low", "bound_high")
    empty = dict.fromkeys(numbers, "")
    tables = {
        "prevalence": [own | empty | {"status": NOT_ASKED}],
        "comparability": [own | {"comparable": "no", "reason": reason}],
    }
    row = Country(country="KHM", languages=("en",))
    (card,) = read_cards(
        tmp_path, [row], {"KHM": "Cambodia"}, "any", RegionalResults(public_rows(tables)), ENGLISH
    )
    assert (card.number, card.note, card.set_apart) == ("–", note, apart)


@pytest.mark.parametrize(
    ("coded", "note"), [(False, "a range alone, to protect respondents"), (True, "by the estimate")]
)
def test_a_card_says_what_its_bound_is_a_bound_of(coded: bool, note: str, tmp_path: Path) -> None:
    bound = {"estimate": "", "ci_high": "", "whole": "", "bound_low": "0.0", "bound_high": "0.05"}
    own = {"indicator": "any", "country": "KHM", "status": "suppress_disclosure"}
    results = RegionalResults(public_rows({"prevalence": [own | bound]}), coded)
    row = Country(country="KHM", languages=("en",))
    (card,) = read_cards(tmp_path, [row], {"KHM": "Cambodia"}, "any", results, ENGLISH)
    assert (card.number, card.note) == ("under 5%", note)


def test_the_documents_in_the_reader_s_language_come_first(tmp_path: Path) -> None:
    for language in ("en", "km"):
        folder = tmp_path / "reports" / "KHM" / language
        folder.mkdir(parents=True)
        (folder / "report.html").write_text("x")
    row = Country(country="KHM", languages=("en", "km"))
    (card,) = read_cards(tmp_path, [row], {"KHM": "កម្ពុជា"}, None, RegionalResults({}), khmer())
    assert [(each.language, each.called) for each in card.languages] == [
        ("km", "ខ្មែរ"),
        ("en", "អង់គ្លេស"),
    ]
