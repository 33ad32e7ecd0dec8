"""Only what depends on a change runs again."""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from checkout import Checkout, hashes
from mini_study import CONFIG, write_raw
from quarto_stand_in import VERSION, environment

from disrupting_harm.core.files import read_json
from disrupting_harm.provenance.imports import imported_files
from disrupting_harm.report.language.catalogue_part import (
    list_included_templates,
    report_modules,
    select_messages,
)

WORDS = {"comparison figures", "regional", "regional databook", "explorer", "explained tables"}
# Where a country stands is seen from the data of all.
STANDING = {"standing N", "standing S"}
WORDS |= {"site", "manifest", *STANDING}
# The ledger holds what an indicator measures, in words.
# Country reports read some tables of the comparison, which are made apart.
FOR_REPORTS = {"compare for reports", "publish for reports"}
COMPARISON = {"ledger", "adjust", "compare", "publish comparison", *FOR_REPORTS, *WORDS}
AFTER_ESTIMATES = {"publish all", *COMPARISON}
DOCUMENTS = {
    f"{stage} {code}" for stage in ("figures", "report", "databook", "explained") for code in "NS"
}
BOOKS = {"databook N", "databook S", "regional databook"}
CHAIN = (
    *("prepare", "weight", "estimate", "diagnostics", "contrast", "publish", "questions"),
    *("figures", "report", "databook", "explained"),
)
EVERYTHING = {f"{stage} {code}" for stage in CHAIN for code in "NS"} | AFTER_ESTIMATES | {"audit"}
LIBRARY = "src/disrupting_harm"
ADDED = "កខគ"
# They have numbers of the comparison.
BRIEFS = {"brief KEN", "brief KHM", "project brief"}


def from_stage(stage: str) -> set[str]:
    """Return all jobs from a stage on."""
    skipped = CHAIN[: CHAIN.index(stage)]
    return {job for job in EVERYTHING if job.split()[0] not in skipped}


@pytest.fixture(scope="module")
def planned(mini: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A finished mini study that is planned alone; what a test changes in it, it puts back."""
    return mini.copy_to(tmp_path_factory.mktemp("planned") / "copy")


@pytest.fixture(scope="module")
def planned_default(small: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The default study of two countries, for the same."""
    return small.copy_to(tmp_path_factory.mktemp("planned") / "copy")


def test_a_short_plan_has_a_line_a_stage(planned: Checkout) -> None:
    jobs = planned.plan("--forceall", config=CONFIG)
    regions = Counter(job[:-2] if job[-2:] in (" N", " S") else job for job in jobs)
    shown = planned.run("-n", "--forceall", "--quiet", "rules", config=CONFIG)
    lines = re.findall(r"^  (\w[\w ]+?) +(\d+)  (N S)?", shown.stderr, re.MULTILINE)
    assert {stage: int(count) for stage, count, _ in lines} == {**regions, "all": 1}
    assert {stage for stage, _, both in lines if both} >= {"prepare", "report"}


def test_a_second_run_has_nothing_to_do(planned_default: Checkout) -> None:
    again = planned_default.run()
    assert again.returncode == 0
    assert "Nothing to do: all results are up to date." in again.stderr
    assert "[" not in again.stderr
    assert planned_default.plan() == []


def test_one_raw_file_reruns_its_country_and_what_joins_countries(planned: Checkout) -> None:
    with planned.restored("mini/N.csv"):
        write_raw(planned.folder / "mini" / "N.csv", "N", seed=0, refusals=3)
        jobs = set(planned.plan(config=CONFIG))
    own = {job for job in EVERYTHING if not job.endswith(" S")}
    assert jobs == own | STANDING


def test_one_raw_file_leaves_the_figures_of_other_countries(planned_default: Checkout) -> None:
    """They print evidence alone, and triangulation, which changes with the survey, not at all.

    Where countries stand is a figure of its own.
    """
    path = "results/restricted/simulated/KEN/sample.csv"
    raw = planned_default.folder / path
    with planned_default.restored(path):
        lines = raw.read_text(encoding="utf-8").splitlines(keepends=True)
        raw.write_text("".join(lines[:-1]), encoding="utf-8")
        jobs = set(planned_default.plan())
        jobs_of_report = set(planned_default.plan("results/public/reports/KEN/renderer.json"))
    own = {f"{stage} KEN" for stage in CHAIN}
    joint = {"triangulate", "audit", "report KHM", *BRIEFS, *(AFTER_ESTIMATES - STANDING)}
    joint |= {"standing KEN", "standing KHM", "needs", "region figures"}
    # A data book, and how a number was made, say for how many children a share stands, from a table
    # of all countries.
    joint |= {"databook KHM", "explained KHM"}
    assert jobs == own | joint
    # Its own report says where it stands and what it needs most, from the tables of each country;
    # it waits for no model of all children, ranks, averages of the comparison.
    others = {f"{stage} KEN" for stage in ("diagnostics", "databook", "explained")}
    assert jobs_of_report == own - others | {"ledger", *FOR_REPORTS, "standing KEN", "needs"}


@pytest.mark.slow
def test_a_translation_reruns_what_may_print_it(small_copy: Checkout) -> None:
    """A figure is drawn again, and a document written, after a message that it may print."""
    khmer = small_copy.folder / "workflow/templates/locale/km/LC_MESSAGES/report.po"
    public = small_copy.folder / "results" / "public"
    figures, report = public / "figures/KHM/km", public / "reports/KHM/km/report.qmd"
    assert not [each for each in read_json(figures / "figures.json") if each["untranslated"]]
    english = public / "reports/KHM/en/report.pdf"
    rendered = english.stat().st_mtime_ns
    documents = {"report KHM", "site", "manifest"}
    before = hashes(figures)

    text = khmer.read_text(encoding="utf-8")
    lengthen(khmer, "Annex: data quality")
    assert set(small_copy.plan()) == {"databook KHM", "site", "manifest"}
    khmer.write_text(text, encoding="utf-8")

    heading = lengthen(khmer, "How the study was made")
    assert set(small_copy.plan()) == documents
    lengthen(khmer, "{subject}, by region")
    assert set(small_copy.plan()) == {"figures KHM", *documents}
    lengthen(khmer, "Each item by its score, from 0 (absent) to 3 (in place), {place}")
    assert small_copy.run().returncode == 0
    assert heading in report.read_text(encoding="utf-8")
    assert heading in report.with_suffix(".html").read_text(encoding="utf-8")
    assert english.stat().st_mtime_ns == rendered
    after = hashes(figures)
    assert {name for name in after if after[name] != before[name]} == {
        "figures.json",
        *(f"capacity{end}.svg" for end in ("", "-phone")),
    }
    assert ADDED in (figures / "figures.json").read_text(encoding="utf-8")
    assert small_copy.plan() == []


def test_a_document_alone_is_followed_by_what_a_whole_run_makes_of_it(
    small_copy: Checkout, public: Path
) -> None:
    """After it the next whole run makes site and manifest, and then has all that any run has.

    What a document leaves for other rules has the same bytes after every edit of its text.
    """
    khmer = small_copy.folder / "workflow/templates/locale/km/LC_MESSAGES/report.po"
    text = khmer.read_text(encoding="utf-8")
    page = small_copy.folder / "results/public/reports/KHM/km/report.html"
    lengthen(khmer, "How the study was made")
    lengthen(khmer, "{subject}, by region")
    done = small_copy.run("--document", "report", "KHM")
    assert done.returncode == 0, done.stderr
    assert re.findall(r"^\[\d/\d\] [\d:]+  (\S+ +\S+)(?:  .+ min left)?$", done.stderr, re.M) == [
        "figures              KHM",
        "report               KHM",
    ]
    assert "A run without targets writes it anew." in done.stderr
    assert ADDED in page.read_text(encoding="utf-8")
    assert set(small_copy.plan()) == {"site", "manifest"}

    khmer.write_text(text, encoding="utf-8")
    assert small_copy.run("--document", "report", "KHM").returncode == 0
    done = small_copy.run()
    assert done.returncode == 0, done.stderr
    assert "not as the manifest says" not in done.stderr
    assert small_copy.plan() == []
    assert hashes(small_copy.folder / "results/public") == hashes(public)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("poster", "KHM"), "Name one of report, brief, databook"),
        (("report",), "then countries: --document report KEN"),
        (("report", "ZZZ"), "no ZZZ"),
    ],
)
def test_documents_that_are_not_there_are_refused(
    planned_default: Checkout, words: tuple[str, ...], message: str
) -> None:
    done = planned_default.run("--document", *words)
    assert done.returncode == 1
    assert message in done.stderr


# What is made of each stage, and the templates that it fills.
PRINTED_BY = {
    "report": ("reports/KHM/renderer.json", "country/report.qmd.j2"),
    "brief": ("briefs/KHM/renderer.json", "brief/brief.qmd.j2"),
    "project_brief": ("briefs/all/renderer.json", "brief/project.qmd.j2"),
    "databook": (
        "databooks/KHM/languages.json",
        *(
            f"databook/{name}.qmd.j2"
            for name in ("country", "about", "workbook_first", "workbook_methods")
        ),
    ),
    "explorer": ("explorer/km.html", "explorer/page.html.j2", "parts/methods.qmd.j2"),
    "site": ("km/index.html", "site/*.j2", "parts/methods.qmd.j2"),
}
# Stages whose figures a document shows: it says how many of their texts were reviewed, too.
COUNTED_BY = {"report": ("figures", "standing")}
QUICK = "explorer"


@pytest.fixture(scope="module")
def printing(small: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A finished default study whose stages are made again, one after the other."""
    return small.copy_to(tmp_path_factory.mktemp("printing") / "copy")


@pytest.mark.parametrize(
    "stage",
    [each if each == QUICK else pytest.param(each, marks=pytest.mark.slow) for each in PRINTED_BY],
)
def test_a_stage_prints_no_message_but_those_that_it_may(stage: str, printing: Checkout) -> None:
    """With its part of each catalogue alone it writes the same bytes, in all its languages."""
    templates = printing.folder / "workflow" / "templates"
    public = printing.folder / "results" / "public"
    target, *patterns = PRINTED_BY[stage]
    source, engine = printing.folder / "src", printing.folder / "engine/src"
    places = []
    for name in (stage, *COUNTED_BY.get(stage, ())):
        start = printing.folder / LIBRARY / "stages" / f"{name}.py"
        places += report_modules(imported_files(start, source, engine), source)
    for pattern in patterns:
        for path in templates.glob(pattern):
            places += list_included_templates(path.relative_to(templates).as_posix(), templates)
    catalogues = sorted(templates.glob("locale/*/LC_MESSAGES/report.po"))
    assert len(catalogues) == 7
    whole = {path: path.read_text(encoding="utf-8") for path in catalogues}
    for path, text in whole.items():
        part = select_messages(text, places)
        assert len(part) < len(text)
        path.write_text(part, encoding="utf-8")
    # The site writes a folder a language.
    folder = public if stage == "site" else (public / target).parent
    before = hashes(folder)
    # What comes before it would be made of the part, too.
    alone = ("--allowed-rules", stage, "--forcerun", stage)
    done = printing.run(f"results/public/{target}", *alone)
    for path, text in whole.items():
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert stage.replace("_", " ") in done.stderr
    after = hashes(folder)
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name]] == []


def lengthen(catalogue: Path, message: str) -> str:
    """Add some letters to the translation of a message, and return it."""
    entry = f'msgid "{message}"\nmsgstr "'
    text = catalogue.read_text(encoding="utf-8")
    assert text.count(entry) == 1
    before, after = text.split(entry)
    catalogue.write_text(f"{before}{entry}{ADDED}{after}", encoding="utf-8")
    return ADDED + after.partition('"')[0]


@pytest.mark.slow
def test_forms_of_abuse_rerun_what_publishes_and_explains_them(planned_default: Checkout) -> None:
    forms = "config/evidence/triangulation.yaml"
    with planned_default.restored(forms):
        append(planned_default, forms, "# seen again\n")
        jobs = set(planned_default.plan())
    assert jobs == {"triangulate", "explained tables", "site", "manifest"}


def append(checkout: Checkout, path: str, line: str) -> None:
    with (checkout.folder / path).open("a", encoding="utf-8") as file:
        file.write(line)


def test_a_table_of_evidence_leaves_the_figures_that_compare_countries(
    planned_default: Checkout,
) -> None:
    table = f"{LIBRARY}/evidence/tables/hotlines.py"
    with planned_default.restored(table):
        append(planned_default, table, "# changed\n")
        jobs = set(planned_default.plan())
    assert {"evidence figures", "figures KEN", "figures KHM", "regional", "site"} <= jobs
    assert not jobs & {"compare", "publish comparison", "comparison figures", *FOR_REPORTS}


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (
            "mini/indicators.yaml",
            "label: Use the internet daily",
            "label: Are online daily",
            DOCUMENTS | COMPARISON,
        ),
        pytest.param(
            "mini/indicators.yaml",
            'among: ["yes"]}]}\n  - {id: rare',
            'among: ["no"]}]}\n  - {id: rare',
            EVERYTHING,
            marks=pytest.mark.slow,
        ),
        (
            "mini/config.yaml",
            "  review: show",
            "  review: hold",
            from_stage("publish") - {"audit"},
        ),
        pytest.param(
            "mini/config.yaml",
            "title: A small study",
            "title: A short study",
            None,
            marks=pytest.mark.slow,
        ),
    ],
    ids=["label", "definition", "publication rule", "title"],
)
def test_a_change_of_the_study_reruns_what_depends_on_it(
    planned: Checkout, path: str, old: str, new: str, expected: set[str] | None
) -> None:
    with planned.restored(path):
        planned.edit(path, old, new)
        jobs = set(planned.plan(config=CONFIG))
    assert jobs == (DOCUMENTS | WORDS if expected is None else expected)


@pytest.mark.parametrize(
    ("module", "first"),
    [
        ("src/disrupting_harm/study/microdata/raw_cells.py", "prepare"),
        pytest.param(
            "engine/src/designbased/calibration/raking.py", "weight", marks=pytest.mark.slow
        ),
        pytest.param("engine/src/designbased/design/coding.py", "estimate", marks=pytest.mark.slow),
        ("src/disrupting_harm/report/diagnostics/page.py", "diagnostics"),
        ("src/disrupting_harm/publication/disclosure/audit.py", "publish"),
        pytest.param(
            "src/disrupting_harm/report/rendering/filter/boxes.lua",
            "report",
            marks=pytest.mark.slow,
        ),
        ("src/disrupting_harm/report/rendering/formats.lua", "report"),
    ],
)
def test_a_changed_module_reruns_its_stages(planned: Checkout, module: str, first: str) -> None:
    with planned.restored(module):
        append(planned, module, "-- changed\n" if module.endswith(".lua") else "# changed\n")
        jobs = set(planned.plan(config=CONFIG))
    assert {f"{first} N", f"{first} S", "manifest"} <= jobs
    skipped = CHAIN[: CHAIN.index(first)]
    assert not [job for job in jobs if job.split()[0] in skipped and job[-1] in "NS"]


# What reads or compares the pairs, and what is made of that.
# Main numbers of a data book are those of briefs and actions, whose gaps are tested with all pairs.
OF_PAIRS = {"compare", "publish comparison", *FOR_REPORTS, *WORDS, "report N", "report S", *BOOKS}


@pytest.mark.parametrize(
    ("table", "old", "new", "least", "most"),
    [
        # A rule: what reads the table, and nothing before it.
        (
            "comparison/pairwise.yaml", "  - p_holm\n", "  - {name: p_holm, constraints: {}}\n",
            OF_PAIRS, OF_PAIRS | {f"explained {code}" for code in "NS"},
        ),
        # A meaning: what prints it.
        (
            "fields.yaml", "description: How the population is split.",
            "description: How persons are split.", {"manifest", "explained tables"},
            {*(f"explained {code}" for code in "NS"), "explained tables", "site", "manifest"},
        ),
    ],
)  # fmt: skip
def test_a_changed_table_reruns_what_reads_it(
    planned: Checkout, table: str, old: str, new: str, least: set[str], most: set[str]
) -> None:
    with planned.restored(f"{LIBRARY}/tables/{table}"):
        planned.edit(f"{LIBRARY}/tables/{table}", old, new)
        jobs = set(planned.plan(config=CONFIG))
    assert least <= jobs <= most


def test_what_was_changed_and_put_back_reruns_nothing(planned: Checkout) -> None:
    assert planned.plan(config=CONFIG) == []


@pytest.mark.slow
def test_another_renderer_makes_all_reports_again(
    mini_copy: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With Quarto on PATH the default run takes it and ends well; a newer one does it again."""
    results = mini_copy.folder / "results" / "mini" / "public"
    before = {path: path.read_text() for path in results.glob("re*/**/report.qmd")}
    documents = {*BOOKS, "report N", "report S", "regional", "site", "manifest"}
    mini_copy.edit("mini/config.yaml", "renderer: embedded", "renderer: auto")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert mini_copy.run(config=CONFIG).returncode == 0
    assert mini_copy.plan(config=CONFIG) == []
    for name, value in environment(tmp_path / "bin").items():
        monkeypatch.setenv(name, value)
    assert set(mini_copy.plan(config=CONFIG)) == documents
    done = mini_copy.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((results / "manifest.json").read_text())
    engines = [(entry["engine"], entry["versions"]) for entry in manifest["renderers"]]
    assert engines == [("quarto", {"quarto": VERSION})] * 3
    assert {path: path.read_text() for path in before} == before
    for path in before:
        page = path.with_suffix(".html").read_text(encoding="utf-8")
        assert f'content="Quarto {VERSION}, pandoc 3.9"' in page
    assert mini_copy.plan(config=CONFIG) == []
    monkeypatch.setenv("STAND_IN_VERSION", "1.11.0")
    assert set(mini_copy.plan(config=CONFIG)) == documents


def test_one_country_can_be_chosen_on_the_command_line(planned: Checkout) -> None:
    shown = subprocess.run(
        [
            *(sys.executable, "-m", "snakemake", "--dry-run", "--forceall", "--cores", "1"),
            *("--configfile", CONFIG, "--config", "only=[S]"),
        ],
        cwd=planned.folder,
        env=planned.environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(re.findall(r"country=(\w+)", shown.stdout + shown.stderr)) == {"S"}
