"""The rules as a module of another workflow, and the page of what they read and write."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from checkout import Checkout, hashes
from mini_study import CONFIG as MINI
from repository import PROJECT

from disrupting_harm.reference.interface import read_rules, write_interface

DEFAULT = "config/config.yaml"
KINDS = ("countries", "figures", "reports", "_shared", "fonts")
IMPORTER = """\
module harm:
    snakefile: "{folder}/workflow/Snakefile"
    config: {{"configuration": "{folder}/{config}"}}

use rule * from harm as harm_*
"""
OWN_RULE = """
rule {name}:
    output: "{{region}}/{name}.txt"
    log: "{{region}}/{name}.log"
    shell: "date > {{output}}"
"""


def snakemake(folder: Path, checkout: Checkout, *arguments: str) -> str:
    """Run Snakemake in a folder with the library of a checkout; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", "2", *arguments],
        cwd=folder,
        env=checkout.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("study", "config", "target", "kinds"),
    [
        ("mini", MINI, "reports/N/renderer.json", {*KINDS}),
        ("small", DEFAULT, "evidence/cybertips.csv", {"evidence"}),
    ],
    ids=["a report", "evidence"],
)
def test_a_workflow_of_five_lines_makes_the_same_files(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    study: str,
    config: str,
    target: str,
    kinds: set[str],
) -> None:
    """A report without evidence, and evidence without a report: all rules in less than one."""
    run: Checkout = request.getfixturevalue(study)
    public = Path("results") / ("mini" if study == "mini" else "") / "public"
    (tmp_path / "Snakefile").write_text(
        IMPORTER.format(folder=run.folder, config=config), encoding="utf-8"
    )
    snakemake(tmp_path, run, (public / target).as_posix())
    made, expected = (hashes(folder / public) for folder in (tmp_path, run.folder))
    assert kinds <= {path.partition("/")[0] for path in made}
    assert target in made
    assert {path: expected.get(path) for path in made} == made


def test_rules_of_the_importing_workflow_are_left_alone(small: Checkout, tmp_path: Path) -> None:
    text = IMPORTER.format(folder=small.folder, config=DEFAULT)
    before, after = (OWN_RULE.format(name=name) for name in ("before", "after"))
    (tmp_path / "Snakefile").write_text(before + text + after, encoding="utf-8")
    planned = snakemake(tmp_path, small, "--dry-run", "harm_all")
    assert re.search(r"^harm_manifest +1$", planned, re.MULTILINE)
    assert re.search(r"^harm_report +2$", planned, re.MULTILINE)
    assert not re.search(r"^(before|after) ", planned, re.MULTILINE)


def test_the_page_tells_what_rules_read_and_write_today(tmp_path: Path) -> None:
    write_interface(PROJECT / "workflow" / "rules", tmp_path / "interface.md")
    page = (PROJECT / "docs" / "interface.md").read_text(encoding="utf-8")
    assert (tmp_path / "interface.md").read_text(encoding="utf-8") == page, "run `make docs`"


def test_the_page_knows_every_result_that_snakemake_knows(small: Checkout) -> None:
    summary = snakemake(small.folder, small, "--summary")
    lines = [line.split("\t") for line in summary.splitlines() if line.startswith("results/")]
    assert len(lines) > 100
    rules = {rule.name: rule for rule in read_rules(PROJECT / "workflow" / "rules")}
    for path, _, rule, *_ in lines:
        patterns = re.findall(r"`((?:public|restricted)/[^`]+)`", " ".join(rules[rule].writes))
        found = any(_fits(path.removeprefix("results/"), pattern) for pattern in patterns)
        assert found, (rule, path)
        assert path.split("/")[1] in rules[rule].reach, (rule, path)


def test_the_page_of_stages_names_each_rule() -> None:
    page = (PROJECT / "docs" / "workflow.md").read_text(encoding="utf-8")
    stages = "\n".join(re.findall(r"^\| ([\w, ]+) \|", page, re.MULTILINE))
    rules = read_rules(PROJECT / "workflow" / "rules")
    assert {rule.name for rule in rules} - {*re.findall(r"\w+", stages)} == set()


def _fits(path: str, pattern: str) -> bool:
    parts = re.split(r"\{\w+\}", pattern)
    return re.fullmatch(".+".join(map(re.escape, parts)), path) is not None


def test_the_catalogue_of_workflows_can_show_it() -> None:
    """What the catalogue asks of a repository with standardised usage."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8").lower()
    assert "snakemake" in readme
    assert "workflow" in readme
    assert (PROJECT / "workflow" / "Snakefile").is_file()
    assert list((PROJECT / "workflow" / "rules").glob("*.smk"))
    assert (PROJECT / "config" / "README.md").read_text(encoding="utf-8").startswith("# ")
    text = (PROJECT / ".snakemake-workflow-catalog.yml").read_text(encoding="utf-8")
    usage = yaml.safe_load(text)["usage"]
    assert {"desc", "flags"} == usage["mandatory-flags"].keys()
    deployment = usage["software-stack-deployment"]
    assert deployment.keys() == {"conda", "apptainer", "apptainer+conda", "report"}
    assert all(isinstance(value, bool) for value in deployment.values())
