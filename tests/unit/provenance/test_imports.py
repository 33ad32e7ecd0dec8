"""The digest that stands for the code of a stage."""

import shutil
from pathlib import Path

import pytest

from disrupting_harm.core.paths import PACKAGE, SOURCES
from disrupting_harm.provenance.imports import _format_digest_line, fingerprint, imported_files
from disrupting_harm.tables.schema import FOLDER


def written(folder: Path, **texts: str) -> list[Path]:
    """Write modules below a folder and return their files."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    _format_digest_line.cache_clear()
    return sorted(folder.glob("*.py"))


def test_a_digest_is_the_same_in_any_folder_and_order(tmp_path: Path) -> None:
    here = written(tmp_path / "here", one="x = 1\n", two="y = 2\n")
    there = written(tmp_path / "there", one="x = 1\n", two="y = 2\n")
    expected = fingerprint(here, tmp_path / "here")
    assert fingerprint(reversed(there), tmp_path / "there") == expected


def test_any_edit_name_or_further_file_is_another_digest(tmp_path: Path) -> None:
    before = fingerprint(written(tmp_path, one="x = 1\n", two="y = 2\n"), tmp_path)
    edited = fingerprint(written(tmp_path, two="y = 3\n"), tmp_path)
    swapped = fingerprint(written(tmp_path, one="y = 2\n", two="x = 1\n"), tmp_path)
    more = fingerprint(written(tmp_path, one="x = 1\n", two="y = 2\n", three=""), tmp_path)
    assert len({before, edited, swapped, more}) == 4


# Stages that draw nothing; the manifest draws the stages of the analysis as boxes, and no chart.
WITHOUT_CHARTS = ("report", "site", "databook", "explorer", "manifest")


@pytest.mark.parametrize(
    ("stage", "drawn", "drawing"),
    [
        *((stage, "figures", "report/drawing/canvas.py") for stage in WITHOUT_CHARTS[:-1]),
        *((stage, "figures", "report/figures/estimate_chart.py") for stage in WITHOUT_CHARTS),
        *((stage, "diagnostics", "report/diagnostics/style.py") for stage in WITHOUT_CHARTS),
    ],
)
def test_a_job_that_draws_nothing_loads_nothing_to_draw_with(
    stage: str, drawn: str, drawing: str
) -> None:
    """seaborn and what it loads would be half of the time that a changed text takes."""
    path = PACKAGE / drawing
    assert path in imported_files(PACKAGE / "stages" / f"{drawn}.py", *SOURCES)
    assert path not in imported_files(PACKAGE / "stages" / f"{stage}.py", *SOURCES)


def digest_of_stage(source: Path, call: str, *edits: tuple[str, str, str]) -> str:
    """Return the digest of a stage that names a table, in a library after some edits."""
    package = source / "disrupting_harm"
    shutil.copytree(FOLDER, package / "tables", ignore=shutil.ignore_patterns("__pycache__"))
    (package / "stages").mkdir()
    stage = package / "stages" / "pairs.py"
    stage.write_text(f'x = {call}("comparison/pairwise")\n', encoding="utf-8")
    for name, old, new in edits:
        path = package / "tables" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return fingerprint(imported_files(stage, source), source)


@pytest.mark.parametrize(
    ("call", "without_effect"),
    [
        ("public_contract", {"a meaning", "another table"}),
        (
            "read_table_key",
            {"a meaning", "another table", "a limit", "a column", "what is restricted"},
        ),
    ],
)
def test_a_stage_reruns_after_what_it_reads_of_a_table_and_not_after_other_words(
    tmp_path: Path, call: str, without_effect: set[str]
) -> None:
    ratio = "ratio:\n  type: number\n  constraints: {minimum: 0}"
    meaning = "P value of no difference, unadjusted"
    edits = {
        "nothing": [],
        "a meaning": [("fields.yaml", meaning, "P value, unadjusted")],
        "another table": [("comparison/total.yaml", "  - bounded\n", "")],
        "a limit": [("fields.yaml", ratio, ratio.replace("0}", "1}"))],
        "a column": [("comparison/pairwise.yaml", "  - p_bh\n", "")],
        "what is restricted": [("comparison/pairwise.yaml", "[se, df]", "[se, df, p_bh]")],
        "a key": [("comparison/pairwise.yaml", "country_a, country_b]", "country_a]")],
    }
    digests = {
        name: digest_of_stage(tmp_path / str(number), call, *parts)
        for number, (name, parts) in enumerate(edits.items())
    }
    same = {name for name, each in digests.items() if each == digests["nothing"]}
    assert same == {"nothing", *without_effect}
    assert len(set(digests.values())) == len(edits) - len(without_effect)


def test_what_is_imported_for_annotations_alone_does_not_count(tmp_path: Path) -> None:
    package = tmp_path / "designbased"
    package.mkdir()
    texts = {
        "__init__": "",
        "used": "",
        "typed": "",
        "start": "from designbased.used import x\n\nif TYPE_CHECKING:\n"
        "    from designbased.typed import (\n        Y,\n    )\n\n\ndef f():\n"
        "    from designbased.late import z\n",
        "late": "",
    }
    for name, text in texts.items():
        (package / f"{name}.py").write_text(text)
    names = {path.stem for path in imported_files(package / "start.py", tmp_path)}
    assert names == {"__init__", "start", "used", "late"}
