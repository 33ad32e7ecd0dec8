"""Which tests a change reaches: by imports, by fixtures, and by names of files."""

import subprocess
import sys
from pathlib import Path

import pytest
from reached_tests import ReachOfChanges, list_changed_files
from repository import PROJECT

FILES = {
    "src/small/__init__.py": "",
    "src/small/sums.py": "def total(*numbers):\n    return sum(numbers)\n",
    "src/small/shares.py": "from small.sums import total\n",
    "src/small/late.py": "def share():\n    from small.shares import total\n    return total\n",
    "src/small/pages/__init__.py": "",
    "src/small/pages/lists.py": "PAGES = TEMPLATES / 'pages'\n",
    "src/small/pages/rules.yaml": "",
    "workflow/templates/pages/list.html": "",
    "docs/guide.md": "",
    "docs/other.md": "",
    "tests/checkout.py": "import small.late\n",
    "tests/unit/numbers_by_hand.py": "TWO = 2\n",
    "tests/conftest.py": (
        "import pytest\nfrom checkout import small\n"
        "@pytest.fixture\ndef finished():\n    return small\n"
        "@pytest.fixture\ndef finished_copy(finished):\n    return finished\n"
    ),
    "tests/unit/test_sums.py": (
        "from numbers_by_hand import TWO\nfrom small import sums\n"
        "def test_total():\n    assert sums.total(1, 1) == TWO\n"
    ),
    "tests/unit/test_late.py": "import small.late\ndef test_late():\n    assert small.late\n",
    "tests/unit/test_lists.py": "import small.pages.lists\n",
    "tests/unit/test_docs.py": "GUIDE = ROOT / 'docs' / 'guide.md'\n",
    "tests/unit/test_words.py": "WORDS = ['pages', 'finished']\n",
    "tests/workflow/test_run.py": "def test_run(finished_copy):\n    assert finished_copy\n",
}
SUMS, LATE, LISTS, DOCS, WORDS = (
    f"tests/unit/test_{name}.py" for name in ("sums", "late", "lists", "docs", "words")
)
RUN = "tests/workflow/test_run.py"


@pytest.fixture(scope="module")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\npythonpath = ["src"]\n')
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "Begin"]):
        subprocess.run([*git, *command], cwd=folder, check=True)
    return folder


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        # By imports: direct, through another module, and inside a function.
        ("src/small/sums.py", [SUMS, LATE, RUN]),
        ("src/small/shares.py", [LATE, RUN]),
        # A module needs its package; what is gone, the package that is left.
        ("src/small/__init__.py", [SUMS, LATE, LISTS, RUN]),
        ("src/small/pages/gone.py", [LISTS, RUN]),
        # Helpers by their bare names; fixtures by the names of arguments, not by any word.
        ("tests/unit/numbers_by_hand.py", [SUMS]),
        ("tests/checkout.py", [RUN]),
        # Settings of tests are for all tests below.
        ("tests/conftest.py", [SUMS, LATE, LISTS, DOCS, WORDS, RUN]),
        (SUMS, [SUMS]),
        # Other files by their names or that of the nearest folder, which a word alone is not.
        ("workflow/templates/pages/list.html", [LISTS, RUN]),
        ("workflow/templates/other/list.html", [RUN]),
        ("src/small/pages/rules.yaml", [LISTS, RUN]),
        ("docs/guide.md", [DOCS]),
        ("docs/other.md", []),
        ("LICENSE", []),
    ],
)
def test_a_change_reaches_those_that_use_it(small_project, changed, reached) -> None:
    assert sorted(ReachOfChanges(small_project).find_tests(changed)) == sorted(reached)


def test_the_nearest_importers_come_first(small_project) -> None:
    reach = ReachOfChanges(small_project)
    assert reach.find_tests("src/small/sums.py") == [SUMS, LATE, RUN]
    assert reach.runs == {RUN}


def test_only_what_is_reached_runs_and_what_is_left_out_is_said(small_project) -> None:
    assert list_changed_files(small_project, None) == []
    sums, late = small_project / "src/small/sums.py", small_project / "src/small/new.py"
    whole = sums.read_text(encoding="utf-8")
    try:
        sums.write_text(whole.replace("sum(numbers)", "sum(numbers) + 1"), encoding="utf-8")
        late.write_text("", encoding="utf-8")
        assert list_changed_files(small_project, None) == ["src/small/new.py", "src/small/sums.py"]
        command = [sys.executable, PROJECT / "tests/reached_tests.py", "--root", small_project]
        done = subprocess.run([*command, "-q"], capture_output=True, text=True, check=False)
    finally:
        sums.write_text(whole, encoding="utf-8")
        late.unlink()
    assert done.returncode == 1
    assert "src/small/sums.py: 2 files of tests, 1 of whole studies\n" in done.stdout
    assert "Left out: 1 files of tests of whole studies (--runs)\n" in done.stdout
    assert "This proves no change" in done.stdout
    assert "FAILED tests/unit/test_sums.py::test_total - assert 3 == 2" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_in_this_project_an_edit_of_raking_reaches_its_tests_and_a_page_none_of_the_engine() -> (
    None
):
    reach = ReachOfChanges(PROJECT)
    raking = reach.find_tests("engine/src/designbased/calibration/raking.py")
    assert "engine/tests/test_raking.py" in raking[:6]
    assert {"tests/reference/test_weights_r.py", "tests/workflow/test_reruns.py"} <= {*raking}
    assert "tests/workflow/test_reruns.py" in reach.runs
    page = reach.find_tests("docs/methods.md")
    assert "tests/unit/test_documentation_snippets.py" in page
    assert [test for test in page if test.startswith("engine/")] == []
    assert len(page) < 10
