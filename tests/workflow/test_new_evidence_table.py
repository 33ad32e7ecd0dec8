"""A new table of evidence is one new file: it goes from the user's file to the site."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import Checkout, make_checkout

from disrupting_harm.tables.schemas import read_resource_schema

# A study of its own.
pytestmark = pytest.mark.slow
CONFIG = "config/examples/cybertips/config.yaml"
MODULE = Path(__file__).with_name("helplines_calls.py")
TABLES = "src/disrupting_harm/evidence/tables"
ROWS = """\
country,year,organisation,reason,calls,status,source_id,counted,counted_by
KEN,2022,A helpline,all,1000,reported,a_helpline,calls and messages,A helpline
KEN,2022,A helpline,online_abuse,4,reported,a_helpline,calls and messages,A helpline
KEN,2022,A helpline,family,600,reported,a_helpline,calls and messages,A helpline
KEN,2022,A helpline,other,396,reported,a_helpline,calls and messages,A helpline
KEN,2023,A helpline,all,1200,reported,a_helpline,calls and messages,A helpline
KEN,2023,A helpline,online_abuse,,not_recorded,a_helpline,calls and messages,A helpline
"""
# Another source of one of these facts.
OTHER = "KEN,2022,A helpline,family,610,reported,a_ministry,calls and messages,A ministry\n"
SOURCES = """\
a_helpline,A helpline,helpline,Report of the year,2024,,,,open
a_ministry,A ministry,publication,Yearbook,2024,,,,open
"""
RECOMMENDATIONS = """\
groups:
  - id: services
    owner: Social services
    recommendations:
      - id: count_calls
        text: Count what children call about.
        when: {table: helplines_calls, where: {status: [not_recorded]}}
        finding: "Without a number: {rows}."
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = make_checkout(tmp_path_factory.mktemp("table") / "checkout")
    shutil.copy(MODULE, checkout.folder / TABLES)
    (checkout.folder / "config/evidence/calls.csv").write_text(ROWS + OTHER, encoding="utf-8")
    sources = checkout.folder / "config/evidence/sources.csv"
    sources.write_text(sources.read_text(encoding="utf-8") + SOURCES, encoding="utf-8")
    checkout.edit(CONFIG, "evidence:\n", "evidence:\n  helplines_calls: ../../evidence/calls.csv\n")
    checkout.edit(CONFIG, "formats: [html, pdf]", "formats: [html]\n  renderer: embedded")
    checkout.edit(CONFIG, "../../recommendations.yaml", "../../calls.yaml")
    (checkout.folder / "config/calls.yaml").write_text(RECOMMENDATIONS, encoding="utf-8")
    checkout.restrict(("KEN", "PHL"), CONFIG)
    return checkout


def command(checkout: Checkout, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "disrupting_harm", *arguments],
        cwd=checkout.folder, env=checkout.environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_a_new_table_is_published_described_and_listed(checkout: Checkout) -> None:
    done = checkout.run(config=CONFIG)
    assert done.returncode == 0, done.stderr
    public = checkout.folder / "results/cybertips/public"
    with (public / "evidence/helplines_calls.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["year"], row["reason"]): row for row in csv.DictReader(file)}
    # 4 callers are hidden, and what would give them back with them.
    assert rows["2022", "online_abuse"]["calls"] == ""
    hidden = [key for key, row in rows.items() if row["status"] == "suppressed"]
    assert len(hidden) == 2
    assert rows["2023", "all"]["change_percent"] == "20.0"
    assert rows["2023", "online_abuse"]["status"] == "not_recorded"
    package = json.loads((public / "datapackage.json").read_text(encoding="utf-8"))
    (described,) = (
        one for one in package["resources"] if one["path"] == "evidence/helplines_calls.csv"
    )
    fields = {field["name"]: field for field in read_resource_schema(public, described)["fields"]}
    assert fields["calls"]["type"] == "integer"
    assert fields["reason"]["description"] == "Main reason of the calls; all is the total."
    data = (public / "data.html").read_text(encoding="utf-8")
    assert "Calls to helplines by reason" in data
    index = (public / "index.html").read_text(encoding="utf-8")
    assert "calls to helplines" in index


def test_documents_print_its_codes_as_its_file_says(checkout: Checkout) -> None:
    report = checkout.folder / "results/cybertips/public/reports/KEN/en/report.qmd"
    text = report.read_text(encoding="utf-8")
    assert "Without a number: 2023, A helpline, abuse online: not recorded." in text
    table = report.with_name("headings.csv").read_text(encoding="utf-8")
    assert "KEN/helplines_calls/2023/A_helpline/online_abuse/a_helpline" in table
    assert text.count("| Calls to a helpline |") == 2
    assert command(checkout, "translate", "update").returncode == 0
    messages = (checkout.folder / "workflow/templates/locale/report.pot").read_text("utf-8")
    for label in ("abuse online", "a reason not recorded", "Calls to a helpline"):
        assert f'msgid "{label}"' in messages


def test_a_new_table_has_its_sheet_its_check_and_its_pages(checkout: Checkout) -> None:
    made = command(checkout, "evidence", "template", "new.xlsx", "--table", "helplines_calls")
    assert made.returncode == 0, made.stderr
    checked = command(
        checkout, "evidence", "check", "config/evidence/calls.csv", "--table", "helplines_calls",
        "--sources", "config/evidence/sources.csv",
    )  # fmt: skip
    assert "helplines_calls: 7 rows read, 0 faults" in checked.stdout
    (checkout.folder / "docs").mkdir()
    start = "<!-- Generated from src/disrupting_harm/evidence/tables/ by `make docs`. -->"
    (checkout.folder / "docs/evidence.md").write_text(start, encoding="utf-8")
    (checkout.folder / "docs/data-dictionary.md").write_text("By hand.\n", encoding="utf-8")
    assert command(checkout, "schema").returncode == 0
    page = (checkout.folder / "docs/evidence.md").read_text(encoding="utf-8")
    assert "### helplines_calls: Calls to helplines by reason" in page
    dictionary = (checkout.folder / "docs/data-dictionary.md").read_text(encoding="utf-8")
    assert dictionary.startswith("By hand.\n")
    assert "| `calls` | integer | calls | yes | Calls counted. |" in dictionary
    schema = (checkout.folder / "config/schema.json").read_text(encoding="utf-8")
    assert "Calls to helplines by reason and year." in schema


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('    title="Calls to helplines by reason",\n', "", ["helplines_calls.py", "'title'"]),
        (
            '    key=(*_KEY, "source_id"),\n',
            '    key=("agency",),\n',
            ["helplines_calls", "agency"],
        ),
        ('"calls status", *', '"contacts status", *', ["helplines_calls", "contacts"]),
        ('"Few callers with one reason could be recognised."', '""', ["'helplines_calls'", "why"]),
        ("TABLE = Table(", "OTHER = Table(", ["helplines_calls.py", "TABLE"]),
        ('"family": "the family"', '"families": "family"', ["'helplines_calls'", "'families'"]),
        ('"year organisation reason"', '"year office"', ["'helplines_calls'", "'office'"]),
        ('name="helplines_calls"', 'name="calls"', ["helplines_calls.py", "'calls'"]),
    ],
)
def test_a_piece_that_lacks_is_named_at_import(
    checkout: Checkout, old: str, new: str, told: list[str]
) -> None:
    path = checkout.folder / TABLES / MODULE.name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    try:
        failed = command(checkout, "check", "--config", CONFIG)
    finally:
        path.write_text(text, encoding="utf-8")
    assert failed.returncode != 0
    # One sentence, and no KeyError in a stage.
    last = failed.stderr.strip().splitlines()[-1]
    assert "Traceback" not in failed.stderr
    assert all(word in last for word in told), failed.stderr
