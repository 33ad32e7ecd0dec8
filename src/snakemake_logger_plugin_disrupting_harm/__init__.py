"""Progress of a run for people: which stage, which country, how many of how many, time, time left.

A logger plugin of Snakemake; ``make run`` chooses it with ``--logger disrupting-harm``. Everything
else that Snakemake prints goes to its own log file.
"""

import logging
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from snakemake.settings.enums import Quietness
from snakemake_interface_logger_plugins.base import LogHandlerBase
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_disrupting_harm.remaining_time import (
    RemainingTime,
    format_left,
    read_past_seconds,
)

# Files that a reason names.
MOST_NAMED = 2


class LogHandler(LogHandlerBase):
    """One line per finished job; on a terminal the line replaces the one before.

    In a dry run one line per job that would run, with the reason; with ``--quiet rules`` one line
    per stage.
    """

    def __post_init__(self) -> None:
        self._start_time = time.monotonic()
        self._job_names: dict[int, tuple[str, str]] = {}
        self._rules: dict[int, str] = {}
        self._has_started = False
        self._job_total = 0
        self._done_count = 0
        self._remaining = RemainingTime({}, {})
        self._failed_jobs: set[int] = set()
        self._is_terminal = sys.stderr.isatty()
        self._complaints: list[str] = []
        # What a short plan says: countries and reasons by stage.
        self._planned: dict[str, list[tuple[str, str]]] = {}

    writes_to_stream = True
    writes_to_file = False
    has_filter = True
    has_formatter = True
    needs_rulegraph = False

    def emit(self, record: logging.LogRecord) -> None:
        """Show a Snakemake log record, if it concerns a person."""
        match getattr(record, "event", None):
            case LogEvent.WORKFLOW_STARTED:
                self._has_started = True
            case LogEvent.RUN_INFO:
                self._show_plan(getattr(record, "stats", {}))
            case LogEvent.JOB_INFO:
                self._note_job_started(record)
            case LogEvent.JOB_FINISHED:
                self._show_job_finished(getattr(record, "job_id", -1))
            case LogEvent.JOB_ERROR:
                self._show_job_failed(record)
            case None | LogEvent.ERROR if record.levelno >= logging.ERROR:
                self._complaints.append(record.getMessage())

    def close(self) -> None:
        """Show Snakemake's own complaints, unless a failed job has said it better."""
        if not self._failed_jobs:
            for stage, jobs in self._planned.items():
                self._print_line(_format_stage(stage, jobs))
            for complaint in self._complaints:
                self._print_line(complaint)
            if self._has_started and not self._job_total and not self._complaints:
                # What no rule declares is looked at by the run itself, before and after.
                results = (
                    "all that rules declare is"
                    if self.common_settings.dryrun
                    else ("all results are")
                )
                self._print_line(f"Nothing to do: {results} up to date.")
        self._has_started = False
        self._complaints.clear()
        self._planned.clear()
        super().close()

    def _show_plan(self, job_counts: Mapping[str, int]) -> None:
        total = job_counts.get("total", 0)
        # A dry run announces its plan before and after the jobs.
        if self.common_settings.dryrun and not self._job_total:
            self._print_line(f"{total} jobs would run:")
        elif not self._job_total:
            counts = {rule: count for rule, count in job_counts.items() if rule != "total"}
            self._remaining = RemainingTime(read_past_seconds(), counts)
        self._job_total = total

    def _note_job_started(self, record: logging.LogRecord) -> None:
        wildcards = getattr(record, "wildcards", None) or {}
        stage = getattr(record, "rule_name", "").replace("_", " ")
        country = wildcards.get("country", "")
        self._job_names[getattr(record, "jobid", -1)] = (stage, country)
        self._rules[getattr(record, "jobid", -1)] = getattr(record, "rule_name", "")
        if self.common_settings.dryrun:
            reason = _shorten_reason(getattr(record, "reason", ""))
            if Quietness.RULES in (self.common_settings.quiet or ()):
                self._planned.setdefault(stage, []).append((country, reason))
            else:
                self._print_line(f"  {stage:<20} {country:<4} {reason}".rstrip())

    def _show_job_finished(self, jobid: int) -> None:
        self._done_count += 1
        stage, country = self._job_names.get(jobid, ("", ""))
        width = len(str(self._job_total))
        count = f"[{self._done_count:>{width}}/{self._job_total}]"
        self._remaining.note_done(self._rules.get(jobid, ""))
        left = format_left(self._remaining.estimate(time.monotonic() - self._start_time))
        line = f"{count} {self._format_elapsed()}  {stage:<20} {country:<4} {left}".rstrip()
        if self._is_terminal:
            ending = "\n" if self._done_count == self._job_total else ""
            sys.stderr.write(f"\r\033[K{line}{ending}")
            sys.stderr.flush()
        else:
            self._print_line(line)

    def _show_job_failed(self, record: logging.LogRecord) -> None:
        jobid = getattr(record, "jobid", -1)
        if jobid in self._failed_jobs:
            return
        self._failed_jobs.add(jobid)
        stage, country = self._job_names.get(jobid, (getattr(record, "rule_name", ""), ""))
        log = next(iter(getattr(record, "log", [])), None)
        log = log.removesuffix(" (check log file(s) for error details)") if log else None
        if self._is_terminal:
            sys.stderr.write("\r\033[K")
        self._print_line(f"\nFAILED  {stage} {country}".rstrip())
        self._print_line(f"  {_find_last_error(log)}")
        if log:
            self._print_line(f"  Full log: {log}")

    def _format_elapsed(self) -> str:
        seconds = round(time.monotonic() - self._start_time)
        return f"{seconds // 60}:{seconds % 60:02}"

    @staticmethod
    def _print_line(text: str) -> None:
        print(text, file=sys.stderr, flush=True)


def _shorten_reason(reason: str) -> str:
    """Return why a job would run, without long lists: of files, and of what its parameters were."""
    # Snakemake names parameters last; the code of the stage is one of them.
    other_reasons, changed, _ = reason.partition("Params have changed since last execution")
    reasons = [
        "earlier jobs"
        if reason.startswith("Input files updated by another job")
        else _shorten_list(reason)
        for reason in other_reasons.split("; ")
        if reason
    ]
    return "; ".join([*reasons, "settings, or code of the stage"] if changed else reasons)


def _shorten_list(reason: str) -> str:
    """Return a reason with the first of its files in the order of their names."""
    words, _, names = reason.partition(": ")
    files = sorted(names.split(", "))
    more = f" and {len(files) - MOST_NAMED} more" if len(files) > MOST_NAMED else ""
    return f"{words}: {', '.join(files[:MOST_NAMED])}{more}" if names else reason


def _format_stage(stage: str, jobs: Sequence[tuple[str, str]]) -> str:
    """Return the line of a stage in a short plan: how many jobs, of which countries, and why."""
    reasons = {part.partition(":")[0] for _, reason in jobs for part in reason.split("; ") if part}
    countries = " ".join(sorted(country for country, _ in jobs if country))
    described = "; ".join(sorted(reasons))
    return (
        f"  {stage:<20} {len(jobs):>3}  {countries}{' - ' if countries else ''}{described}".rstrip()
    )


def _find_last_error(log: str | None) -> str:
    """Return the job's own message from its log."""
    try:
        lines = Path(log or "").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "The job ended without a log."
    errors = [line for line in lines if line.startswith("error: ")]
    return errors[-1].removeprefix("error: ") if errors else "The job was killed; it can be rerun."
