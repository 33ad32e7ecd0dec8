"""Messages in other languages: catalogues, numbers, and the words of the codebook."""

import re
import shutil
from pathlib import Path

import pytest
from public_results import AREA, write_public
from ranked_needs import write_needs_of
from review_ledgers import write_ledger
from test_documents import FINDINGS, ROOT, TEMPLATES, tables

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json, write_json
from disrupting_harm.releases.accept import check_translations_reviewed
from disrupting_harm.report.documents.country_report import write_source
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.reading.country_results import read_results
from disrupting_harm.report.translations.catalogue import (
    check_catalogues,
    find_faults,
    merge_catalogue,
    update_catalogues,
)
from disrupting_harm.report.translations.extraction import extract_messages
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.configuration.config import load_configuration
from disrupting_harm.study.countries import Country

LIBRARY = ROOT / "src" / "disrupting_harm" / "report"
CONFIG = ROOT / "config" / "config.yaml"
RECOMMENDATIONS = ROOT / "config" / "recommendations.yaml"
MESSAGES = {"{share} of {population}.": ["a.j2"], "Boys": ["codebook"]}


@pytest.fixture(scope="module")
def messages() -> dict[str, list[str]]:
    return extract_messages(TEMPLATES, LIBRARY, CONFIG)


def catalogue(**translations: str) -> bytes:
    lines = ['msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n']
    lines += [
        f'msgid "{text}"\nmsgstr "{translation}"\n' for text, translation in translations.items()
    ]
    return "\n".join(lines).encode()


def test_templates_library_codebook_and_configuration_are_extracted(
    messages: dict[str, list[str]],
) -> None:
    assert messages["{country} in numbers"] == ["country/numbers.qmd.j2"]
    assert messages["Most children know where to get help"] == ["findings.yaml"]
    assert "findings/country_sentences.py" in messages["fewer than {limit} per cent"]
    assert messages["Told nobody"] == ["codebook"]
    assert messages["internet-using children aged 12-17"] == ["config.yaml"]


def test_no_message_is_taken_for_a_printf_format(messages: dict[str, list[str]]) -> None:
    # "95% interval" would be read as the format "% i"; translators' tools then refuse it.
    assert [text for text in messages if "%" in text] == []


def test_no_message_is_a_fragment_with_loose_ends(messages: dict[str, list[str]]) -> None:
    assert [text for text in messages if text != text.strip()] == []


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        ("", "no translation"),
        ("{share}", "other placeholders"),
        ("{share} {population} {more}", "other placeholders"),
    ],
)
def test_faulty_translations_are_found(translation: str, fault: str) -> None:
    content = catalogue(**{"{share} of {population}.": translation, "Boys": "ក"})
    (found,) = find_faults(content, MESSAGES, "km")
    assert found.startswith(fault)


def test_behind_a_number_a_language_may_have_the_singular() -> None:
    text = "{count} {areas}"
    content = catalogue(**{text: "{count} {area}"})
    assert find_faults(content, {text: ["x.py"]}, "vi") == []


def test_a_fuzzy_or_superfluous_translation_is_found() -> None:
    content = catalogue(**{"{share} of {population}.": "{population}: {share}"})
    content += '\n#, fuzzy\nmsgid "Boys"\nmsgstr "ក"\n\nmsgid "Gone"\nmsgstr "ខ"\n'.encode()
    assert find_faults(content, MESSAGES, "km") == ["marked fuzzy: Boys", "no longer used: Gone"]


def test_the_check_names_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "km" / "LC_MESSAGES" / "report.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    update_catalogues(MESSAGES, tmp_path)
    with pytest.raises(StudyError, match="2 faults, first no translation"):
        check_catalogues(MESSAGES, tmp_path)


def test_the_committed_catalogues_hold_the_current_messages(
    messages: dict[str, list[str]],
) -> None:
    template = TEMPLATES / "locale" / "report.pot"
    assert merge_catalogue(messages, None, None) == template.read_bytes()
    for path in (TEMPLATES / "locale").glob("*/LC_MESSAGES/report.po"):
        language = path.parts[-3]
        assert merge_catalogue(messages, path.read_bytes(), language) == path.read_bytes(), language


def test_another_language_prints_its_own_words_and_numbers(
    tmp_path: Path, messages: dict[str, list[str]]
) -> None:
    # Vietnamese groups by points and writes a decimal comma; every message is marked.
    text = _vietnamese(tmp_path, messages).read_text(encoding="utf-8")
    assert "lang: vi" in text
    assert 'date-shown: "ngày 24 tháng 11 năm 2026"' in text
    assert "172.906" in text
    survey = _vietnamese(tmp_path / "survey", messages, template="survey").read_text("utf-8")
    told = tables(remove_addresses(survey))["tbl-followups"]
    assert "| «Told nobody» | 992 | 52,0 |" in told
    assert "Campuchia" in text
    headings = re.findall(r"^#+ (.*?) \{#", text, re.MULTILINE)
    assert [heading for heading in headings if not heading.startswith("«")] == []


def test_a_translation_that_claims_an_order_is_refused(
    tmp_path: Path, messages: dict[str, list[str]]
) -> None:
    with pytest.raises(StudyError, match="more than one country may be it"):
        _vietnamese(tmp_path, messages, ("«What this report cannot say»", "cao nhất"))


def test_the_english_original_of_a_report_in_another_language_is_guarded(
    tmp_path: Path, messages: dict[str, list[str]]
) -> None:
    """The translation hides a claim that its English original makes."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    claim = "CyberTips show how many children are affected."
    summary = templates / "country" / "numbers.qmd.j2"
    summary.write_text(f'{summary.read_text("utf-8")}\n\n<< _("{claim}") >>\n', "utf-8")
    told = {**messages, claim: ["country/numbers.qmd.j2"]}
    with pytest.raises(StudyError, match="told as prevalence: 'CyberTips show how many"):
        _vietnamese(tmp_path, told, (f"«{claim}»", "..."), templates)


def test_a_reviewed_document_has_the_mark_again_after_any_change(
    tmp_path: Path, messages: dict[str, list[str]]
) -> None:
    """A sentence is turned round, then a term is fixed anew; a release refuses both."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    folder = templates / "locale" / "vi"

    def fill(change: tuple[str, str] = ("", "")) -> tuple[str, dict[str, int]]:
        run = tmp_path / f"run {len(list(tmp_path.iterdir()))}"
        source = _vietnamese(run, messages, change, templates)
        status = read_json(source.with_name("status.json"))
        made = tmp_path / "results" / "public" / "reports" / "KHM" / "vi" / "status.json"
        write_json(made, status)
        return source.read_text("utf-8").partition("\n---")[0], status["translation"]["texts"]

    front, texts = fill()
    total = texts["draft"]
    assert _read_mark(front) == f"{total} of {total}"
    assert (total > 200, texts["reviewed"], texts["none"]) == (True, 0, 0)
    write_ledger(folder, office="Ministry A")
    front, texts = fill()
    assert 'status: "«Translation reviewed by Ministry A, ' in front
    assert texts == {"none": 0, "draft": 0, "reviewed": total, "approved": 0}
    _check_release(tmp_path, "reviewed")
    with pytest.raises(StudyError, match=f"reports/KHM/vi.*'vi': {total} of its .* 'approved'"):
        _check_release(tmp_path, "approved")

    with (folder / "language.yml").open("a", encoding="utf-8") as file:
        file.write("approved_by: [Ministry A]\n")
    front, texts = fill()
    assert 'status: "«Translation approved by Ministry A, ' in front
    _check_release(tmp_path, "approved")

    glossary = (folder / "glossary.yml").read_text("utf-8")
    (folder / "glossary.yml").write_text(glossary.replace("  helpline: [", "  helpline: ['x', "))
    front, texts = fill()
    with_term = texts["draft"]
    assert 0 < with_term < 30
    assert _read_mark(front) == f"{with_term} of {total}"
    with pytest.raises(StudyError, match=f"{with_term} of its {total} texts are not 'reviewed'"):
        _check_release(tmp_path, "reviewed")
    _check_release(tmp_path, "draft")
    (folder / "glossary.yml").write_text(glossary)

    turned_round = ("«What this report cannot say»", "«What this report can say»")
    front, texts = fill(turned_round)
    assert (_read_mark(front), texts["draft"]) == (f"1 of {total}", 1)
    with pytest.raises(StudyError, match=f"1 of its {total} texts are not 'reviewed'"):
        _check_release(tmp_path, "reviewed")


def _read_mark(text: str) -> str:
    (mark,) = re.findall(r'^status: "«Draft translation\W+(\d+ of \d+) texts', text, re.MULTILINE)
    return mark


def _check_release(folder: Path, level: str) -> None:
    check_translations_reviewed(folder / "results", {"report": {"translations_at_least": level}})


def test_a_text_without_translation_is_listed_and_marks_the_document(
    tmp_path: Path, messages: dict[str, list[str]]
) -> None:
    missing = ('msgstr "«What this report cannot say»"', 'msgstr ""')
    text = _vietnamese(tmp_path, messages, missing).read_text("utf-8")
    assert "«Texts not translated yet: 1.»" in text.partition("\n---")[0]
    assert read_json(tmp_path / "report" / "status.json")["untranslated"] == [
        "What this report cannot say"
    ]


def test_a_catalogue_without_translations_makes_no_report(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"language 'vi'.*have no translation, for instance"):
        _vietnamese(tmp_path, {"Contents": ["a.j2"]})


def _vietnamese(
    folder: Path,
    messages: dict[str, list[str]],
    change: tuple[str, str] = ("", ""),
    templates: Path | None = None,
    template: str = "country",
) -> Path:
    """Write a report whose catalogue is :func:`_marked`, with one translation changed."""
    if templates is None:
        templates = folder / "templates"
        shutil.copytree(TEMPLATES, templates)
    content = _marked(merge_catalogue(messages, None, "vi").decode())
    path = templates / "locale" / "vi" / "LC_MESSAGES" / "report.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content.replace(*change) if change[0] else content, encoding="utf-8")
    codebook = load_codebook(ROOT / "config" / "indicators.yaml")
    write_public(folder / "public", codebook, [], "vi")
    actions = load_recommendations(RECOMMENDATIONS, codebook)
    write_needs_of(read_results("KHM", folder / "public"), actions, folder / "public")
    config = load_configuration(CONFIG)
    study = config.study.model_copy(update={"template": template})
    return write_source(
        Country.model_validate(AREA),
        config.model_copy(update={"study": study}),
        codebook,
        read_results("KHM", folder / "public"),
        "vi",
        figures=folder / "public" / "figures" / "KHM" / "vi",
        templates=templates,
        folder=folder / "report",
        recommendations=actions,
        findings=load_findings(FINDINGS, codebook),
    )


def _marked(content: str) -> str:
    """Return a catalogue in which every message is translated as itself in guillemets."""

    def translated(found: re.Match[str]) -> str:
        text = "".join(re.findall(r'^(?:msgid )?"(.*)"$', found[1], re.MULTILINE))
        return f'{found[1]}msgstr "«{text}»"\n' if text else found[0]

    return re.sub(r'(msgid (?:".*"\n)+)msgstr ""\n', translated, content)
