"""What Snakemake itself loads in a run."""

import subprocess
import sys
from pathlib import Path

from preconditions import needs

STUDY = """
rule all:
    output: "made"
    params: numbers=[1, 2.5, None], words={"a": "b"}
    shell: "echo made > {output}"
"""
RUN = """
import sys
from disrupting_harm_launcher.__main__ import main
assert main() == 0
print(*(name for name in ("numpy", "pandas", "polars", "requests") if sys.modules.get(name)))
"""


# Snakemake loads all plug-ins that are there, and these load more.
@needs("with the plug-ins of make cluster or make cloud")
def test_snakemake_plans_and_runs_without_libraries_that_it_need_not_have(tmp_path: Path) -> None:
    """They take longer to load than a small study to plan, and no parameter is a table."""
    (tmp_path / "Snakefile").write_text(STUDY, encoding="utf-8")
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", RUN, "--cores", "1"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == ""
    assert "Nothing to be done" in done.stderr
    assert (tmp_path / "made").is_file()
