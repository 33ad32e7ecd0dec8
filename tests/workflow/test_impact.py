"""What depends on a file: ``impact`` says it before a change, Snakemake plans it after one."""

import json
from typing import Any

import pytest
from checkout import Checkout
from mini_study import CONFIG


@pytest.fixture(scope="module")
def planned(mini: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A finished mini study that is planned alone; what a test changes in it, it puts back."""
    return mini.copy_to(tmp_path_factory.mktemp("planned") / "copy")


def find_impact(checkout: Checkout, path: str) -> dict[str, Any]:
    said = checkout.run_command("impact", path, "--config", CONFIG, "--json")
    assert said.returncode == 0, said.stderr
    return dict(json.loads(said.stdout))


def name_jobs(impact: dict[str, Any]) -> set[str]:
    """Return the jobs as a plan names them: without the kinds of figures."""
    jobs = (job.partition(" ") for job in impact["jobs"])
    return {
        f"{rule.replace('_', ' ')} {subject if len(subject) == 1 else ''}".strip()
        for rule, _, subject in jobs
    }


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("mini/N.csv", "id,stratum", "id,stratum"),
        ("mini/mapping.yaml", "prefer_not_to_say: [99]", "prefer_not_to_say: [98]"),
        ("mini/indicators.yaml", "label: Use the internet daily", "label: Use it daily"),
        ("mini/indicators.yaml", "maximum: 24", "maximum: 23"),
        ("mini/config.yaml", "gaps: [sex, area]", "gaps: [sex]"),
        ("workflow/templates/databook/about.qmd.j2", "", "{# changed #}"),
        ("src/disrupting_harm/comparison/slopes.py", "", "# changed\n"),
        ("src/disrupting_harm/stages/databook.py", "", "# changed\n"),
    ],
)
def test_what_runs_after_a_change_was_said_before(
    planned: Checkout, path: str, old: str, new: str
) -> None:
    before = find_impact(planned, path)
    with planned.restored(path):
        file = planned.folder / path
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(old, new) if old else f"{text}{new}", encoding="utf-8")
        jobs = {*planned.plan(config=CONFIG)}
    assert jobs
    assert jobs <= name_jobs(before)


def test_data_of_a_region_reach_no_other(planned: Checkout) -> None:
    impact = find_impact(planned, "mini/N.csv")
    jobs = name_jobs(impact)
    assert {"prepare N", "report N", "compare", "site", "manifest"} <= jobs
    assert not {"prepare S", "estimate S", "figures S"} & jobs
    assert len(impact["jobs"]) < impact["jobs_of_study"]
    paths = impact["paths_by_kind"]
    assert "reports/N/en" in paths["documents"]
    assert "countries/N/estimates.csv" in paths["tables"]
    public = planned.folder / "results" / "mini" / "public"
    drawn = {str(path.relative_to(public)) for path in (public / "figures" / "N").rglob("*.svg")}
    wide = {name for name in drawn if not name.endswith("-phone.svg")}
    assert wide
    assert wide <= {*paths["figures"]}
    assert all((public / name).is_file() for name in paths["tables"])
    assert impact["counts"] == {kind: len(names) for kind, names in paths.items()}


def test_a_module_of_one_stage_reaches_what_it_writes(planned: Checkout) -> None:
    impact = find_impact(planned, "src/disrupting_harm/stages/databook.py")
    assert name_jobs(impact) == {"databook N", "databook S", "site", "manifest"}
    assert "figures" not in impact["paths_by_kind"]
    rules = find_impact(planned, "workflow/rules/databook.smk")
    assert name_jobs(rules) == name_jobs(impact) | {"regional databook"}


def test_before_a_run_has_ended_it_is_refused(planned: Checkout) -> None:
    config = "config/config.yaml"
    refused = planned.run_command("impact", "config/indicators.yaml", "--config", config)
    assert refused.returncode == 1
    assert "no run has ended" in refused.stderr


def test_lines_for_people_name_kinds_and_the_first_files(planned: Checkout) -> None:
    said = planned.run_command("impact", "mini/N.csv", "--config", CONFIG)
    first, *lines = said.stdout.splitlines()
    assert first.startswith("mini/N.csv: ")
    assert " documents: " in lines[0]
    assert " rows): " in next(line for line in lines if " tables " in line)


def test_what_nothing_reads_is_said_and_what_is_not_there_refused(planned: Checkout) -> None:
    said = planned.run_command("impact", "pyproject.toml", "--config", CONFIG)
    assert said.stdout == "pyproject.toml: no job of this study reads it.\n"
    refused = planned.run_command("impact", "mini/none.csv", "--config", CONFIG)
    assert refused.returncode == 1
    assert "there is no such file" in refused.stderr
