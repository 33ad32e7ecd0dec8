"""How much time is left of a run: from what jobs took before, by a clock of the test."""

import json
import logging
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_disrupting_harm import LogHandler
from snakemake_logger_plugin_disrupting_harm.remaining_time import (
    RECORDS,
    RemainingTime,
    format_left,
    read_past_seconds,
)


def write_records(folder: Path, *jobs: tuple[str, float, float]) -> None:
    (folder / RECORDS).mkdir(parents=True)
    for number, (rule, start, end) in enumerate(jobs):
        record = {"rule": rule, "starttime": start, "endtime": end}
        # Two outputs of a job.
        for output in "ab":
            (folder / RECORDS / f"{number}{output}").write_text(json.dumps(record))


def test_a_rule_takes_the_mean_of_its_jobs(tmp_path: Path) -> None:
    write_records(tmp_path, ("report", 0, 10), ("report", 100, 130), ("site", 5, 6))
    (tmp_path / RECORDS / "broken").write_text("{")
    assert read_past_seconds(tmp_path / RECORDS) == {"report": 20, "site": 1}
    assert read_past_seconds(tmp_path / "none") == {}


def test_the_pace_is_that_of_the_run() -> None:
    remaining = RemainingTime({"report": 20, "site": 60}, {"report": 12, "site": 1, "all": 1})
    assert remaining.estimate(1) is None  # nothing is done
    for _ in range(6):
        remaining.note_done("report")
    # 120 of 300 seconds of work in 60 seconds: two at once, 180 left.
    assert remaining.estimate(60) == pytest.approx(90)
    for _ in range(6):
        remaining.note_done("report")
    # The last job is alone.
    assert remaining.estimate(120) == pytest.approx(60)
    remaining.note_done("site")
    assert remaining.estimate(180) == 0


def test_nothing_is_said_where_a_rule_never_ran() -> None:
    remaining = RemainingTime({"report": 20}, {"report": 2, "site": 1})
    remaining.note_done("report")
    assert remaining.estimate(20) is None
    assert format_left(None) == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "less than 1 min left"),
        (29, "less than 1 min left"),
        (31, "about 1 min left"),
        (130, "about 2 min left"),
        (600, "about 10 min left"),
        (11 * 60, "about 10 min left"),
        (13 * 60, "about 15 min left"),
    ],
)
def test_it_is_rounded(seconds: float, words: str) -> None:
    assert format_left(seconds) == words


def record_of(event: LogEvent, **facts: object) -> logging.LogRecord:
    return logging.makeLogRecord({"event": event, **facts})


@pytest.mark.parametrize("is_known", [True, False])
def test_the_line_of_progress_ends_with_it(
    is_known: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    if is_known:
        write_records(tmp_path, ("report", 0, 120), ("site", 0, 30))
    settings = SimpleNamespace(dryrun=False, quiet=None)
    handler = LogHandler(settings, None)  # type: ignore[arg-type]
    handler.emit(record_of(LogEvent.RUN_INFO, stats={"report": 3, "site": 1, "all": 1, "total": 5}))
    for job, country in enumerate(("KEN", "KHM")):
        wildcards = {"country": country}
        started = {"jobid": job, "rule_name": "report", "wildcards": wildcards}
        handler.emit(record_of(LogEvent.JOB_INFO, **started))
        clock.now += 60
        handler.emit(record_of(LogEvent.JOB_FINISHED, job_id=job))
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"[1/5] 1:00  report               KEN{'  about 2 min left' * is_known}"
    assert second == f"[2/5] 2:00  report               KHM{'  about 2 min left' * is_known}"
