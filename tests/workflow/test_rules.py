"""How the workflow is written: thin scripts, documented rules, dependencies on all that is used."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import Checkout, make_checkout
from repository import PROJECT, python_path

from disrupting_harm.provenance.imports import imported_files
from disrupting_harm.report.figures.comparison import TABLES_OF

SCRIPTS = sorted((PROJECT / "workflow" / "scripts").glob("*.py"))
RULES = sorted((PROJECT / "workflow" / "rules").glob("*.smk"))
STAGES = sorted((PROJECT / "src" / "disrupting_harm" / "stages").glob("[a-z]*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_are_short_and_make_one_call(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 30
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    (block,) = [node for node in tree.body if isinstance(node, ast.With)]
    imported, call = block.body
    assert isinstance(imported, ast.ImportFrom)
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    assert ast.unparse(call.value.func) == "run"
    (function,) = call.value.args
    assert [alias.name for alias in imported.names] == [ast.unparse(function)]


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.stem)
def test_rule_files_say_what_they_read_and_write(rules: Path) -> None:
    text = rules.read_text(encoding="utf-8")
    head = text.partition("\n\n")[0]
    assert head.startswith("# ")
    if rules.stem != "common":
        assert "\n# OUT  " in head
    assert "run:" not in [line.strip() for line in text.splitlines()]


def test_snakemake_finds_nothing_to_complain_about() -> None:
    linted = subprocess.run(
        [sys.executable, "-m", "snakemake", "--lint"],
        cwd=PROJECT,
        env=Checkout(PROJECT).environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stderr


def test_snakemake_lists_what_each_rule_makes() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "snakemake", "--list"],
        cwd=PROJECT,
        env=Checkout(PROJECT).environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    rules = listed.stdout.splitlines()
    assert len(rules) > 40
    assert [rule for rule in rules if not re.fullmatch(r"\w+ \([^()]+\)", rule)] == []


def test_stages_depend_on_every_module_that_they_load() -> None:
    """What Python really loads is among the files whose edits rerun the stage."""
    source = PROJECT / "src"
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import importlib, json, sys\n"
            "ours = lambda: {k for k in sys.modules if k.startswith(('disrupting_', 'design'))}\n"
            "found = {}\n"
            "for stage in sys.argv[1:]:\n"
            "    for name in ours(): del sys.modules[name]\n"
            "    importlib.import_module('disrupting_harm.stages.' + stage)\n"
            "    found[stage] = [sys.modules[name].__file__ for name in ours()]\n"
            "print(json.dumps(found))",
            *(path.stem for path in STAGES),
        ],
        env={"PYTHONPATH": python_path(PROJECT), "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        check=True,
    )
    package = source / "disrupting_harm" / "stages" / "__init__.py"
    for stage, files in json.loads(loaded.stdout).items():
        start = package.parent / f"{stage}.py"
        known = imported_files(start, source, PROJECT / "engine/src") | {package}
        assert {Path(file) for file in files} <= known, stage


def test_a_table_of_evidence_reruns_the_stages_of_evidence_and_what_they_feed() -> None:
    source = PROJECT / "src"
    table = source / "disrupting_harm" / "evidence" / "tables" / "policy.py"
    dependent = {path.stem for path in STAGES if table in imported_files(path, source)}
    documents = {"figures", "evidence_figures", "report", "regional", "site", "manifest"}
    documents |= {"brief", "project_brief", "databook", "regional_databook", "explorer"}
    # They make addresses, and these have the keys of all public tables.
    documents |= {"explained", "moved", "needs"}
    # Actions have conditions on tables of evidence, and its figures show who needs which.
    documents |= {"region_figures"}
    # Figures that compare countries have addresses of the comparison alone.
    assert dependent == {"evidence", *documents}


def test_a_dry_run_of_the_default_study_counts_its_jobs(tmp_path: Path) -> None:
    checkout = make_checkout(tmp_path / "checkout")
    jobs = [job.split()[0] if job[-3:].isupper() else job for job in checkout.plan()]
    per_country = ["simulate", "prepare", "weight", "estimate", "diagnostics", "contrast"]
    per_country += ["publish", "questions", "figures", "report", "brief", "databook", "explained"]
    per_country += ["standing"]
    once = ["ledger", "adjust", "compare", "publish all", "publish comparison"]
    once += ["compare for reports", "publish for reports"]
    once += [
        *["comparison figures"] * len(TABLES_OF),
        "shared",
        "regional",
        "site",
        "audit",
        "manifest",
        "explorer",
        "explained tables",
    ]
    once += ["simulate evidence", "evidence", "publish evidence", "triangulate"]
    once += ["evidence figures", "project brief", "regional databook", "needs", "region figures"]
    assert jobs == sorted(14 * per_country + once)
    assert not (checkout.folder / "results").exists()
