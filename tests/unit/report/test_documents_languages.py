"""Messages in other languages: catalogues, numbers, and the words of the codebook."""

import re
import shutil
from pathlib import Path

import polib
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
    main,
    merge_catalogue,
    update_catalogues,
)
from disrupting_harm.report.translations.extraction import Message, extract_messages
from disrupting_harm.study.codebook.codebook import load_codebook
from disrupting_harm.study.configuration.config import load_configuration
from disrupting_harm.study.countries import Country

LIBRARY = ROOT / "src" / "disrupting_harm" / "report"
CONFIG = ROOT / "config" / "config.yaml"
RECOMMENDATIONS = ROOT / "config" / "recommendations.yaml"
MESSAGES = {Message("{share} of {population}."): ["a.j2"], Message("Boys"): ["codebook"]}


@pytest.fixture(scope="module")
def messages() -> dict[Message, list[str]]:
    return extract_messages(TEMPLATES, LIBRARY, CONFIG)


def catalogue(**translations: str) -> bytes:
    lines = ['msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n']
    lines += [
        f'msgid "{text}"\nmsgstr "{translation}"\n' for text, translation in translations.items()
    ]
    return "\n".join(lines).encode()


def test_templates_library_codebook_and_configuration_are_extracted(
    messages: dict[Message, list[str]],
) -> None:
    assert messages[Message("{country} in numbers")] == ["country/numbers.qmd.j2"]
    assert messages[Message("Most children know where to get help")] == ["findings.yaml"]
    assert "findings/country_sentences.py" in messages[Message("fewer than {limit} per cent")]
    assert messages[Message("Told nobody")] == ["codebook"]
    assert messages[Message("internet-using children aged 12-17")] == ["config.yaml"]


def test_a_text_on_areas_is_one_on_countries_and_one_on_regions(
    messages: dict[Message, list[str]],
) -> None:
    assert messages[Message("Not compared with other countries.")] == ["findings/standing.py"]
    assert messages[Message("Not compared with other regions.")] == ["findings/standing.py"]
    assert not [message for message in messages if re.search("{[Aa]reas?}", message.text)]
    of_countries = extract_messages(TEMPLATES, LIBRARY, CONFIG, ["countries"])
    assert Message("Not compared with other regions.") not in of_countries
    assert of_countries.keys() < messages.keys()


def test_plural_forms_and_contexts_are_extracted(messages: dict[Message, list[str]]) -> None:
    contacts = Message(
        "In {year} the helpline had {count} contact.",
        plural="In {year} the helpline had {count} contacts.",
    )
    assert messages[contacts] == ["findings/evidence/services.py"]
    # A call among whose arguments the translator is again.
    survey = Message("{interviewed} people took part, in {places} place.",
                     plural="{interviewed} people took part, in {places} places.")  # fmt: skip
    assert messages[survey] == ["site/country.html.j2"]
    nested = Message(
        "In {year}, {count} of {total} contacts of a helpline was about online abuse",
        plural="In {year}, {count} of {total} contacts of a helpline were about online abuse",
    )
    assert messages[nested] == ["findings/evidence/counts.py"]
    assert messages[Message("Before", context="weighting")] == ["documents/quality_annex.py"]
    # Catalogues tell entries apart by context and text alone.
    assert len({(message.context, message.text) for message in messages}) == len(messages)


def test_no_message_is_taken_for_a_printf_format(messages: dict[Message, list[str]]) -> None:
    # "95% interval" would be read as the format "% i"; translators' tools then refuse it.
    assert [message for message in messages if "%" in "".join(message)] == []


def test_no_message_is_a_fragment_with_loose_ends(messages: dict[Message, list[str]]) -> None:
    assert [message for message in messages if message.text != message.text.strip()] == []


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
    (found,) = find_faults(content, MESSAGES)
    assert found.startswith(fault)


def test_what_a_study_does_not_need_may_be_missing() -> None:
    content = catalogue(Boys="ក")
    assert find_faults(content, MESSAGES, [Message("Boys")]) == []
    assert find_faults(content, MESSAGES) == ["no translation: {share} of {population}."]


@pytest.mark.parametrize(
    ("forms", "fault"),
    [
        (("{n} criança", "{n} crianças"), None),
        (("{n} criança", ""), "no translation of a plural form"),
        (("{n} criança", "crianças"), "other placeholders than in English"),
        (("", ""), "no translation"),
    ],
)
def test_each_plural_form_is_translated_with_its_number(
    forms: tuple[str, str], fault: str | None
) -> None:
    message = Message("{n} child", plural="{n} children")
    content = merge_catalogue({message: ["a.j2"]}, None, "pt").decode()
    for number, form in enumerate(forms):
        content = content.replace(f'msgstr[{number}] ""', f'msgstr[{number}] "{form}"')
    expected = [f"{fault}: {{n}} child"] if fault else []
    assert find_faults(content.encode(), {message: ["a.j2"]}) == expected


def test_a_fuzzy_or_superfluous_translation_is_found() -> None:
    content = catalogue(**{"{share} of {population}.": "{population}: {share}"})
    content += '\n#, fuzzy\nmsgid "Boys"\nmsgstr "ក"\n\nmsgid "Gone"\nmsgstr "ខ"\n'.encode()
    assert find_faults(content, MESSAGES) == ["marked fuzzy: Boys", "no longer used: Gone"]


def test_the_check_names_every_faulty_catalogue_at_once(tmp_path: Path) -> None:
    for language, content in (("km", b""), ("pt", catalogue(Boys="Rapazes")), ("th", b"")):
        path = tmp_path / language / "LC_MESSAGES" / "report.po"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    update_catalogues(MESSAGES, tmp_path)
    path.write_text(_marked(path.read_text("utf-8")), encoding="utf-8")
    khmer, portuguese = check_catalogues(MESSAGES, tmp_path)
    assert "km/LC_MESSAGES/report.po: 2 faults, first no translation" in khmer
    assert "pt/LC_MESSAGES/report.po: 1 fault, first no translation: {share} of" in portuguese
    # A translator asks for one language, which the others do not fail.
    assert check_catalogues(MESSAGES, tmp_path, language="th") == []


def test_the_command_names_two_unfinished_languages_and_passes_a_finished_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    templates = Path(shutil.copytree(TEMPLATES, tmp_path / "templates"))
    here = ["--templates", str(templates), "--config", str(CONFIG)]
    for language in ("id", "vi"):
        path = templates / "locale" / language / "LC_MESSAGES" / "report.po"
        content = path.read_text("utf-8")
        boys = re.search(r'msgid "Boys"\nmsgstr ".+"', content)
        assert boys
        path.write_text(content.replace(boys[0], 'msgid "Boys"\nmsgstr ""'), encoding="utf-8")
    assert main(["check", *here]) == 1
    errors = capsys.readouterr().err
    assert errors.count("1 fault, first no translation: Boys") == 2
    assert "id/LC_MESSAGES" in errors
    assert "vi/LC_MESSAGES" in errors
    assert main(["check", "vi", *here]) == 1
    assert "id/LC_MESSAGES" not in capsys.readouterr().err
    assert main(["check", "pt", *here]) == 0


def test_the_committed_catalogues_hold_the_current_messages(
    messages: dict[Message, list[str]], tmp_path: Path
) -> None:
    locale = Path(shutil.copytree(TEMPLATES / "locale", tmp_path / "locale"))
    update_catalogues(messages, locale)
    for path in (*locale.glob("*/LC_MESSAGES/report.po"), locale / "report.pot"):
        committed = TEMPLATES / "locale" / path.relative_to(locale)
        assert path.read_bytes() == committed.read_bytes(), path


def test_another_language_prints_its_own_words_and_numbers(
    tmp_path: Path, messages: dict[Message, list[str]]
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
    tmp_path: Path, messages: dict[Message, list[str]]
) -> None:
    with pytest.raises(StudyError, match="more than one country may be it"):
        _vietnamese(tmp_path, messages, ("«What this report cannot say»", "cao nhất"))


def test_the_english_original_of_a_report_in_another_language_is_guarded(
    tmp_path: Path, messages: dict[Message, list[str]]
) -> None:
    """The translation hides a claim that its English original makes."""
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    claim = "CyberTips show how many children are affected."
    summary = templates / "country" / "numbers.qmd.j2"
    summary.write_text(f'{summary.read_text("utf-8")}\n\n<< _("{claim}") >>\n', "utf-8")
    told = {**messages, Message(claim): ["country/numbers.qmd.j2"]}
    with pytest.raises(StudyError, match="told as prevalence: 'CyberTips show how many"):
        _vietnamese(tmp_path, told, (f"«{claim}»", "..."), templates)


def test_a_reviewed_document_has_the_mark_again_after_any_change(
    tmp_path: Path, messages: dict[Message, list[str]]
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
    tmp_path: Path, messages: dict[Message, list[str]]
) -> None:
    missing = ('msgstr "«What this report cannot say»"', 'msgstr ""')
    text = _vietnamese(tmp_path, messages, missing).read_text("utf-8")
    assert "«Texts not translated yet: 1.»" in text.partition("\n---")[0]
    assert read_json(tmp_path / "report" / "status.json")["untranslated"] == [
        "What this report cannot say"
    ]


def test_a_catalogue_without_translations_makes_no_report(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"language 'vi'.*have no translation, for instance"):
        _vietnamese(tmp_path, {Message("Contents"): ["a.j2"]})


def _vietnamese(
    folder: Path,
    messages: dict[Message, list[str]],
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
    marked_catalogue = polib.pofile(content)
    for entry in marked_catalogue:
        if entry.msgid_plural:
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, f"«{entry.msgid_plural}»")
        else:
            entry.msgstr = f"«{entry.msgid}»"
    return f"{marked_catalogue}"
