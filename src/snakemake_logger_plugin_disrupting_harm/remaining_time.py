"""How long a run still takes, as far as jobs of earlier runs in this folder tell."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean

# Snakemake's records of each output: which rule made it, and from when to when.
RECORDS = Path(".snakemake") / "metadata"
# Share of the work after which the pace of this run is known.
LEAST_DONE = 0.05


def read_past_seconds(records: Path = RECORDS) -> dict[str, float]:
    """Return the mean seconds of a job of each rule; nothing where nothing has run."""
    jobs: dict[str, dict[float, float]] = defaultdict(dict)
    for path in records.rglob("*"):
        try:
            record = json.loads(path.read_bytes())
            # The outputs of one job share their times.
            jobs[record["rule"]][record["starttime"]] = record["endtime"] - record["starttime"]
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return {rule: fmean(seconds.values()) for rule, seconds in jobs.items()}


class RemainingTime:
    """What is left of a run: the work of its jobs, at the pace that the run has had so far."""

    def __init__(self, past_seconds: Mapping[str, float], job_counts: Mapping[str, int]) -> None:
        self._past_seconds = past_seconds
        self._left = Counter(dict(job_counts))
        self._total_work = self._work_left() or 0.0

    def note_done(self, rule: str) -> None:
        """Take one job of a rule from what is left."""
        self._left[rule] -= 1

    def estimate(self, elapsed: float) -> float | None:
        """Return the seconds left, ``elapsed`` after the start; None where they are not known.

        They are known where each rule that is left has run before, and some of the work is done.
        """
        work_left = self._work_left()
        done = self._total_work - (work_left or 0.0)
        if work_left is None or elapsed <= 0 or done < LEAST_DONE * self._total_work or done <= 0:
            return None
        # The last jobs wait for each other: none is quicker than it was.
        longest = max((self._past_seconds[rule] for rule in self._rules_left()), default=0.0)
        return max(work_left * elapsed / done, longest)

    def _rules_left(self) -> list[str]:
        # Targets have no outputs, and take no time.
        return [rule for rule, count in self._left.items() if count > 0 and rule != "all"]

    def _work_left(self) -> float | None:
        rules = self._rules_left()
        if any(rule not in self._past_seconds for rule in rules):
            return None
        return sum(self._past_seconds[rule] * self._left[rule] for rule in rules)


def format_left(seconds: float | None) -> str:
    """Return the time left in words: whole minutes, fives above ten; nothing if it is not known."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than 1 min left"
    return f"about {minutes if minutes <= 10 else 5 * round(minutes / 5)} min left"
