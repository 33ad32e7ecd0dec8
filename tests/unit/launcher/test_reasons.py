"""Why a job would run, as a dry run says it."""

import pytest

from snakemake_logger_plugin_disrupting_harm import _shorten_reason

PARAMS = "Params have changed since last execution: before: 'a; b' now: {'key': 'x; y'}"


@pytest.mark.parametrize(
    ("reason", "plain"),
    [
        ("", ""),
        ("Updated input files: a.csv, b.csv", "Updated input files: a.csv, b.csv"),
        ("Input files updated by another job: a.csv, b.csv", "earlier jobs"),
        ("Missing output files: d, b, c, a", "Missing output files: a, b and 2 more"),
        (PARAMS, "settings, or code of the stage"),
        (
            f"Missing output files: c.csv; Input files updated by another job: a.csv; {PARAMS}",
            "Missing output files: c.csv; earlier jobs; settings, or code of the stage",
        ),
    ],
)
def test_long_lists_are_left_out(reason: str, plain: str) -> None:
    assert _shorten_reason(reason) == plain
