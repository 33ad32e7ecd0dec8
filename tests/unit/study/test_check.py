"""``check`` stops where a run would: it reads all that a run needs, counts it, writes nothing."""

import pytest
from bad_configuration import FILES
from evidence_files import CYBERTIP
from test_bad_input import CASES, write_study

from disrupting_harm.__main__ import main
from disrupting_harm.evidence.sources import SOURCES
from disrupting_harm.evidence.tables import TABLES

EVIDENCE = {
    "sources.csv": ",".join(SOURCES.column_names)
    + "\npolice,National Police,law_enforcement,Figures,2020,,,,restricted\n",
    "cybertips.csv": ",".join(TABLES["cybertips"].column_names)
    + "\n"
    + ",".join(str(CYBERTIP[name]) for name in TABLES["cybertips"].column_names)
    + "\n",
    "forms.yaml": "forms:\n  - {id: use, label: Use, indicator: online, cybertips: true}\n",
    "comparability.csv": "country,indicator,attribute,value,comparable,reason,source\n"
    "KEN,online,recall,,yes,the same,report\n",
}
NAMED = (
    "config.yaml",
    "mapping: mapping.yaml\n",
    "mapping: mapping.yaml\nevidence: {sources: sources.csv, cybertips: cybertips.csv, "
    "triangulation: forms.yaml}\ncomparison: {comparability: comparability.csv}\n",
)
FINDINGS = "report: {findings: findings.yaml}\n"


@pytest.fixture
def check(tmp_path, capsys, monkeypatch):
    """Write a study with changes, check it, and return the status and what was said."""

    def call(*changes, **files):
        config = write_study(tmp_path, *changes)
        for name, content in files.items():
            (tmp_path / name.replace("_", ".", 1)).write_text(content, encoding="utf-8")
        before = {path: path.read_bytes() for path in tmp_path.iterdir()}
        monkeypatch.chdir(tmp_path)
        status = main(["check", "--config", str(config)])
        assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
        return status, *capsys.readouterr()

    return call


def test_all_that_was_read_is_counted(check):
    status, told, faults = check(NAMED, **_named(EVIDENCE))
    assert (status, faults) == (0, "")
    lines = [line.strip() for line in told.splitlines()]
    assert lines[0].endswith(
        "config.yaml: 1 country, 3 items, 3 domains, 2 indicators, 1 of them headlines"
    )
    assert lines[1:] == [
        "KEN: sample.csv, 5 rows, 4 interviews in 4 PSUs and 2 strata, 3 columns of answers",
        "KEN: margins.csv, 2 totals that the weights meet",
        "comparability.csv: 1 line on what can be compared",
        "sources: 1",
        "evidence 'cybertips': cybertips.csv, 1 row",
        "No fault found; nothing was written.",
    ]


def test_empty_cells_without_a_stated_meaning_are_asked_about(check):
    status, told, _ = check(("sample.csv", "1,12,1\n", "1,12,\n"))
    assert status == 0
    assert "KEN: empty cells among 4 interviews: online 1. They count as not asked; say by" in told
    assert "empty cells" not in check(
        ("sample.csv", "1,12,1\n", "1,12,\n"),
        ("mapping.yaml", "psu: psu\n", "psu: psu\nblank: lost\n"),
    )[1]  # fmt: skip


@pytest.mark.parametrize("fault", CASES)
def test_it_finds_what_a_run_would_find(check, fault):
    *changes, where, found, remedy = CASES[fault]
    status, _, faults = check(*changes)
    assert status == 1
    if "file" in fault and "missing" in fault:  # found before it is read, at what names it
        where = ""
    assert where in faults
    assert found in faults
    assert remedy in faults


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "found"),
    [
        ("cybertips.csv", "2024", "20244", "cybertips.csv, row 2, column 'year'", "20244"),
        ("cybertips.csv", "police", "polices", "row 2, column 'source_id'", "not in the table of"),
        ("sources.csv", "law_enforcement", "law", "sources.csv, row 2, column 'type'", "law"),
        ("forms.yaml", "online", "offline", "forms.yaml, form 'use', key 'indicator'", "offline"),
        ("forms.yaml", "forms:", "form:", "forms.yaml, key 'forms'", "required, but missing"),
        ("comparability.csv", "KEN", "UGA", "comparability.csv, row 2, column 'country'", "UGA"),
    ],
)
def test_evidence_and_judgements_are_read(check, name, old, new, where, found):
    files = {**EVIDENCE, name: EVIDENCE[name].replace(old, new)}
    status, told, faults = check(NAMED, **_named(files))
    assert status == 1
    assert faults.count("error: ") == 1
    assert where in faults
    assert found in faults
    # Forms are small and are read first of all, as a run reads them.
    assert ("KEN: sample.csv, 5 rows" in told) == (name != "forms.yaml")
    assert "No fault found" not in told


def test_a_table_of_evidence_that_is_none_is_refused_with_the_name_that_was_meant(check):
    named = (NAMED[0], NAMED[1], NAMED[2].replace("cybertips:", "cybertip:"))
    status, _, faults = check(named, **_named(EVIDENCE))
    assert status == 1
    assert "key 'evidence.cybertip': unknown key. Did you mean 'cybertips'?" in faults


def test_the_first_fault_of_every_part_is_listed(check):
    files = {name: text.replace("2024", "20244") for name, text in EVIDENCE.items()}
    status, _, faults = check(NAMED, ("sample.csv", "15,99", "15,7"), **_named(files))
    assert status == 1
    assert [line.split(", ")[1] for line in faults.splitlines()] == ["column 'q3'", "row 2"]


@pytest.mark.parametrize("missing", ["cybertips.csv", "comparability.csv", "forms.yaml"])
def test_a_file_that_is_named_must_be_there(check, tmp_path, missing):
    files = {name: text for name, text in EVIDENCE.items() if name != missing}
    status, _, faults = check(NAMED, **_named(files))
    assert status == 1
    assert f"there is no such file: {tmp_path / missing}" in faults


def test_margins_that_no_weights_can_meet(check):
    """All girls interviewed are younger, so older children cannot outnumber boys."""
    status, _, faults = check(
        ("config.yaml", "[sex]", "[sex, age_band]"),
        ("sample.csv", "2,15,99", "2,13,99"),
        ("sample.csv", "2,17,0", "2,14,0"),
        ("sample.csv", "1,12,1\n", "1,17,1\n"),
        ("margins.csv", "younger,400", "younger,100"),
        ("margins.csv", "older,700", "older,1000"),
    )  # fmt: skip
    assert status == 1
    assert "margin 'sex', category 'girl': the target is 500 but raking reached 100" in faults


def test_calibrated_errors_need_margins_that_are_known(check):
    status, _, faults = check(
        ("config.yaml", "lonely_psu: fail", "lonely_psu: fail, calibrated_errors: true"),
        ("margins.csv", "margin,category,total", "margin,category,total,basis"),
        ("margins.csv", "boy,600", "boy,600,known"),
        ("margins.csv", "girl,500", "girl,500,estimated"),
        ("margins.csv", "younger,400", "younger,400,"),
        ("margins.csv", "older,700", "older,700,"),
    )
    assert status == 1
    assert "column 'basis', margin 'sex': a total that is estimated itself" in faults


def test_more_psus_than_the_population_has(check):
    status, _, faults = check(("sample.csv", "n1,9,", "n1,1,"), ("sample.csv", "n2,9,", "n2,1,"))
    assert status == 1
    assert "column 'psus': fewer PSUs in the stratum's population than in the sample" in faults


def test_a_letter_that_no_font_has(check):
    status, _, faults = check(("codebook.yaml", "label: Internet use", "label: 'Use \U00013000'"))
    assert status == 1
    assert "codebook.yaml, module 'use': no font of the reports has U+13000" in faults


def test_a_country_report_on_harm_needs_a_helpline(check):
    status, _, faults = check(
        ("config.yaml", ", template: survey", ", harm: abuse"),
        ("config.yaml", "mapping: mapping.yaml\n", f"mapping: mapping.yaml\n{FINDINGS}"),
        findings_yaml="numbers: []\n",
    )
    assert status == 1
    assert "country KEN, column 'helpline'" in faults


def test_it_names_the_cells_of_a_country_that_most_others_have(check):
    _, told, _ = check(
        (
            "countries.csv",
            "country,raw,margins\nKEN,sample.csv,margins.csv\n",
            "country,raw,margins,region,mode,wave\nKEN,sample.csv,margins.csv,Africa,online,\n"
            "UGA,other.csv,margins.csv,Africa,,1\nTZA,third.csv,margins.csv,Africa,online,\n",
        ),
        other_csv=FILES["sample.csv"],
        third_csv=FILES["sample.csv"],
    )
    assert [line.strip() for line in told.splitlines() if "filled for" in line] == [
        "UGA: empty in countries.csv, filled for most others: mode"
    ]


def _named(files):
    return {name.replace(".", "_", 1): text for name, text in files.items()}
