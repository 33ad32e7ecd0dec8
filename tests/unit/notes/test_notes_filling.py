"""Notes are filled with published numbers in their own language; hand-made faults are found."""

import re
import shutil
from pathlib import Path

import pytest
from note_study import LANGUAGES, WEAK, study, write_manifest, write_note, write_results
from public_results import row, shown
from rendering_sample import TEMPLATES

from disrupting_harm.core.errors import StudyError
from disrupting_harm.notes.fill import NoteFaults, fill_note

COUNT = '[1,042]{n="KHM/uses_daily/n"}'
SHARE = '[48.2]{n="KHM/uses_daily/estimate"}'
SUPPRESSED = "{{< number clear_examples/sex:boy >}}"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notes")
    write_results(folder / "results" / "public")
    return folder


def filled(place: Path, body: str, front: str = "", language: str = "en") -> str:
    return fill_note(write_note(place, body, front, language), study(), TEMPLATES).text


def faults(place: Path, body: str, front: str = "", language: str = "en") -> list[str]:
    with pytest.raises(NoteFaults) as found:
        filled(place, body, front, language)
    path = str(place / "note" / "note.qmd")
    return [line.removeprefix(f"{path}, ") for line in found.value.lines]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("number uses_daily/n", COUNT),
        ("number KHM/uses_daily/n", COUNT),
        ("number uses_daily", SHARE),
        ("number uses_daily/estimate", SHARE),
        ('number "uses_daily"', SHARE),
        (
            "interval uses_daily",
            '[43.7]{n="KHM/uses_daily/ci_low"} to [52.6]{n="KHM/uses_daily/ci_high"}',
        ),
        (
            "share clear_examples/sex:girl",
            'fewer than [10]{n="KHM/clear_examples/sex:girl/bound_high"} per cent',
        ),
        (
            "sentence uses_daily/sex:girl",
            'Use the internet daily, Cambodia: [10]{n="KHM/uses_daily/sex:girl/estimate"} per cent '
            '([95]{n="KHM/quality/confidence"} per cent interval '
            '[5]{n="KHM/uses_daily/sex:girl/ci_low"} to [16]{n="KHM/uses_daily/sex:girl/ci_high"}) '
            "of internet-using children aged 12-17 (Sex: Girls).",
        ),
        (
            "sentence clear_examples/sex:boy",
            "The estimate for “Subjected to at least one of four forms of online sexual "
            "exploitation and abuse (Sex: Boys), Cambodia” is not shown, to protect respondents.",
        ),
        ("number KHM/quality/weights/kish_deff", '[1.37]{n="KHM/quality/weights/kish_deff"}'),
        ("number KHM/quality/confidence", '[95]{n="KHM/quality/confidence"}'),
        ("number KHM/quality/response_rates/rr1", '[77.1]{n="KHM/quality/response_rates/rr1"}'),
        ("number KHM/country/children", '[1,819,679]{n="KHM/country/children"}'),
    ],
)
def test_an_id_is_printed_with_its_address(place: Path, written: str, printed: str) -> None:
    assert f"Before {printed} behind." in filled(place, f"Before {{{{< {written} >}}}} behind.")


@pytest.mark.parametrize(
    ("language", "count", "share"),
    [
        ("en", "1,042", "48.2"),
        ("km", "1,042", "48.2"),
        ("th", "1,042", "48.2"),
        ("vi", "1.042", "48,2"),
        ("id", "1.042", "48,2"),
        ("pt", "1\u00a0042", "48,2"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    place: Path, language: str, count: str, share: str
) -> None:
    text = filled(place, "{{< number uses_daily/n >}} {{< number uses_daily >}}", "", language)
    # In Mozambique a space that keeps a number together stands between thousands.
    assert re.findall(r"\[([\d.,\s]+)\]", text) == [count, share]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_and_tables_are_in_the_language_of_the_note(place: Path, language: str) -> None:
    body = "{{< sentence uses_daily >}}\n\n{{< table uses_daily/sex >}}"
    text = filled(place, body, "", language)
    assert ("internet-using children" in text) == (language == "en")
    assert 'lang: "' + language in text
    assert text.count('{n="KHM/uses_daily/estimate"}') == 2


def test_figures_and_tables_have_labels_captions_and_alternative_texts(place: Path) -> None:
    body = (
        "See @fig-by-group-clear_examples and @tbl-by-group-clear_examples.\n\n"
        "{{< figure by-group-clear_examples >}}\n\n{{< table by-group-clear_examples >}}"
    )
    text = filled(place, body)
    figure = re.search(r"!\[(.+)\]\((.+)\)\{#fig-by-group-clear_examples fig-alt=\"(.+)\"\}", text)
    assert figure
    assert figure[2] == "../figures/KHM/en/by-group-clear_examples"
    assert figure[1]
    assert figure[3]
    assert "{#tbl-by-group-clear_examples}" in text
    # What is not shown says why; the caption says whence, and that data are simulated.
    assert re.search(r"\| Sex: Boys \|  \| – \| not shown: privacy \|", text)
    assert re.search(r"\| Area: Rural \|  \| – \| not shown: too uncertain \|", text)
    assert "Source: household survey. The data are simulated." in text


def test_figures_of_the_comparison_are_placed_in_english_notes(place: Path) -> None:
    figures = place / "results" / "public" / "figures"
    shutil.copytree(figures / "KHM" / "en", figures / "comparison")
    body = "{{< figure compare/by-group-clear_examples >}}"
    text = filled(place, body)
    assert "](../figures/comparison/by-group-clear_examples){#fig-compare-by-group" in text
    said = faults(place, body, "", "km")
    assert any("figures of the comparison are drawn in English alone" in line for line in said)


def test_of_another_country_the_label_names_it(place: Path) -> None:
    note = write_note(place, "{{< table KHM/uses_daily/sex >}}")
    note.path.write_text(note.text.replace("country: KHM\n", ""))
    from disrupting_harm.notes.note import read_note

    text = fill_note(read_note(note.path), study(), TEMPLATES).text
    assert "{#tbl-KHM-uses_daily-sex}" in text


REFUSED = [
    ("{{< number clear_example >}}", "nothing published stands there; Did you mean KHM/clear_ex"),
    ("{{< number KEM/uses_daily >}}", "'KEM' is no country of the study; Did you mean 'KHM'?"),
    ("{{< number KHM/km/uses_daily >}}", "it names the language 'km'; leave it out"),
    (SUPPRESSED, "'clear_examples/sex:boy': hidden, to protect respondents; write the sentence"),
    ("{{< interval clear_examples/sex:boy >}}", "hidden, to protect respondents"),
    ("{{< share clear_examples/sex:boy >}}", "hidden, to protect respondents"),
    ("{{< number clear_examples/area:rural >}}", "hidden: it is too uncertain to be printed"),
    ("{{< number clear_examples/sex:girl/bound_high >}}", "it is a bound, which stands in the"),
    ("{{< number uses_daily/population >}}", "it is the weight of those who answered, and no num"),
    ("{{< nummer uses_daily >}}", "unknown shortcode '{{< nummer uses_daily >}}'; Did you mean"),
    ("{{< include part.md >}}", "unknown shortcode '{{< include part.md >}}'"),
    ("{{< number >}}", "'{{< number >}}'; write one id"),
    ("{{< number a b >}}", "'{{< number a b >}}'; write one id"),
    ("{{< number uses_daily}} x", "'{{< number uses_daily}}' is not closed; end it with >}}"),
    ("{{< figure by-group-knows_where_to_get_help >}}", "no such figure; there are by-group-"),
    ("{{< table uses_daily/sexx >}}", "there is no such table; did you mean uses_daily/sex"),
    ("{{< figure by-grup-clear_examples >}}", "there is no such figure; did you mean by-group-cl"),
    ("{{< figure regions-clear_examples >}}", "it was not drawn: No estimate of this figure can"),
    ("{{< table module-clear_exampels >}}", "there is no such table; did you mean module-clear_e"),
    ("{{< table uses_daily/sex >}} x", "within a paragraph; leave an empty line"),
    ("{{< table uses_daily/sex >}}\n\n{{< table uses_daily/sex >}}", "for the second time"),
    ("{{< number sum(KHM/uses_daily/estimate,KHM/uses_daily/estimate) >}}", "whole numbers alone"),
    ("46 per cent said so.", "bare number '46'; name it, e.g. {{< number KHM/"),
    ("It was ៤៦.", "bare number '៤៦'"),
    ("From 14 to 21 said so.", "bare number '14'"),
    ('![A](x){#fig-own fig-alt="47 children"}', "bare number '47'"),
    ("Cambodia has the highest share.", "it speaks of the highest or lowest"),
    ("CyberTips show how many children were abused.", "a count of reports or records is told as"),
    ("A <b>bold</b> word.", "raw HTML '<b>'"),
    ("See @fig-nothing.", "unresolved reference '@fig-nothing'"),
    ("𒀀", "no font of the reports has U+12000"),
]


@pytest.mark.parametrize(("body", "said"), REFUSED)
def test_a_fault_is_told_with_its_line(place: Path, body: str, said: str) -> None:
    found = faults(place, f"First.\n\n{body}")
    line = 10 + body.count("\n")
    assert any(each.startswith(f"line {line}, column ") and said in each for each in found), found


def test_a_shortcode_that_is_not_closed_takes_no_other(place: Path) -> None:
    found = faults(place, "{{< number uses_daily}} and {{< number uses_daily >}}.")
    assert len(found) == 1


def test_all_faults_are_told_at_once_in_the_order_of_lines(place: Path) -> None:
    bodies = [body for body, _ in REFUSED]
    found = faults(place, "\n\n".join(bodies))
    lines = [int(re.match(r"line (\d+)", line)[1]) for line in found]  # type: ignore[index]
    assert lines == sorted(lines)
    assert len(set(lines)) >= len(bodies)


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ('watermark: ""\n', "key 'watermark'; take it out: it says that data are simulated"),
        ("css: mine.css\n", "unknown key 'css'"),
        ("format: {html: {css: x.css}}\n", "unknown key 'format'"),
        ("subtitle: Of 14 per cent\n", "bare number '14'"),
        ("subtitle: >\n  Of 14 per cent\n", "bare number '14'"),
        ("date-shown: 14 per cent\n", "bare number '14'"),
        ("numbers-alowed: [3]\n", "unknown key 'numbers-alowed'; Did you mean 'numbers-allowed'?"),
    ],
)
def test_the_front_matter_is_checked(place: Path, front: str, said: str) -> None:
    assert any(line.startswith("line 6") and said in line for line in faults(place, "A.", front))


def test_nothing_tells_which_rule_hid_a_number(tmp_path: Path) -> None:
    """The first and the second number hidden to protect respondents are refused in one way."""
    second = row("clear_examples", "area", "urban", status="suppress_disclosure", shown="c")
    first = row("clear_examples", "area", "rural", status="suppress_disclosure", shown="< 20")
    assert WEAK["level"] == "rural"
    write_results(tmp_path / "results" / "public", [second, first])
    told = [
        faults(tmp_path, f"{{{{< number clear_examples/area:{level} >}}}}")
        for level in ("rural", "urban")
    ]
    assert told[0] == [line.replace("urban", "rural") for line in told[1]]
    assert "20" not in told[0][0].replace("column", "")


ALLOWED = {
    "en": "In 2021 children aged 12-17, or aged 12 to 17, under 18; section 3.2, Article 34, "
    "CC BY 4.0, ISO 8601; on 24 November 2026 and 2026-11-24; per 1,000 children.",
    "km": "កុមារអាយុ 12 ដល់ 17 ឆ្នាំ មាត្រា 34 ថ្ងៃទី 24 ខែវិច្ឆិកា ឆ្នាំ 2026 ក្នុងកុមារ 1,000 នាក់",
    "vi": "Trẻ em 12 đến 17 tuổi, điều 34, ngày 24 tháng 11 năm 2026, trên 1.000 trẻ em.",
    "id": "Anak usia 12 sampai 17 tahun, pasal 34, 24 November 2026, per 1.000 anak.",
    "th": "เด็กอายุ 12 ถึง 17 ปี มาตรา 34 วันที่ 24 พฤศจิกายน 2026 ต่อเด็ก 1,000 คน",
    "pt": "Crianças com idade de 12 a 17 anos, artigo 34, em 24 de novembro de 2026, "
    "por 1000 crianças.",
    "sw": "Watoto wenye umri wa miaka 12 hadi 17, ibara ya 34, tarehe 24 Novemba 2026, kwa 1,000.",
    "fil": "Mga batang edad 12 hanggang 17, artikulo 34, Nobyembre 24, 2026, sa bawat 1,000 bata.",
}


@pytest.mark.parametrize("language", ALLOWED)
def test_years_ages_dates_and_sections_may_be_typed(place: Path, language: str) -> None:
    assert ALLOWED[language] in filled(place, ALLOWED[language], "", language)
    assert any("'46'" in line for line in faults(place, "A 46.", "", language))


def test_an_author_answers_for_other_numbers_in_the_front_matter(place: Path) -> None:
    front = 'numbers-allowed: ["116", "Module 3"]\n'
    assert "Call 116. Module 3." in filled(place, "Call 116. Module 3.", front)
    assert any("'1160'" in line for line in faults(place, "Call 1160.", front))


def test_code_and_comments_are_left_alone(place: Path) -> None:
    text = filled(place, "Write `{{< number uses_daily >}}` and `46`.")
    assert "`{{< number uses_daily >}}` and `46`" in text


def test_guards_of_order_hold_in_other_languages(place: Path) -> None:
    said = faults(place, "Campuchia có tỷ lệ cao nhất.", "", "vi")
    assert any("it speaks of the highest or lowest" in line for line in said)


def test_simulated_data_are_marked_whatever_the_author_writes(place: Path, tmp_path: Path) -> None:
    assert 'watermark: "Simulated data: not for citation"' in filled(place, "A.")
    write_results(tmp_path / "results" / "public")
    settings = tmp_path / "results" / "public" / "_quarto.yml"
    settings.write_text(settings.read_text().replace('watermark: "Simulated data"\n', ""))
    with pytest.raises(StudyError, match="documents would not say so"):
        filled(tmp_path, "A.")
    write_manifest(tmp_path / "results" / "public", simulated=False)
    assert "watermark" not in filled(tmp_path, "A.")


@pytest.mark.parametrize("why", [{"status": "caution"}, {"interval_note": "may_be_short"}])
def test_numbers_to_be_used_with_caution_are_told(tmp_path: Path, why: dict[str, str]) -> None:
    weak = row("uses_daily", "total", "all", **shown(0.482, 0.437, 0.526) | why)
    write_results(tmp_path / "results" / "public", [weak])
    told = fill_note(write_note(tmp_path, "{{< number uses_daily >}}"), study(), TEMPLATES)
    assert told.with_care == ("KHM/uses_daily/estimate",)
    said = fill_note(write_note(tmp_path, "{{< share uses_daily >}}"), study(), TEMPLATES)
    assert said.with_care == ()
    assert "use with caution" in said.text


def test_results_of_another_study_are_refused(tmp_path: Path) -> None:
    write_results(tmp_path / "results" / "public")
    path = tmp_path / "results" / "public" / "manifest.json"
    path.write_text(path.read_text().replace(study().config.study.id, "another"))
    with pytest.raises(StudyError, match="they are of the study 'another'"):
        filled(tmp_path, "A.")
