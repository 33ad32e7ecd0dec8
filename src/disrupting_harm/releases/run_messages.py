"""What a run says of releases at its end, and whether it was the gate that ended it."""

import csv
from pathlib import Path

from disrupting_harm.core.files import PUBLIC, RESTRICTED
from disrupting_harm.core.job_records import LOGS, sha256
from disrupting_harm.core.paths import format_command
from disrupting_harm.releases.history import (
    GATE,
    AcceptedStatement,
    find_last_release,
    read_accepted_releases,
    release_rules,
)
from disrupting_harm.releases.release_messages import STOPS, summarise_country
from disrupting_harm.study.configuration.publication_config import FORMER
from disrupting_harm.study.study import Study

# The exit status of a command or run in which the gate keeps a table as it was published.
GATE_DECIDES = 3


def describe_releases(study: Study) -> list[str]:
    """Return what a finished run says: what stays of each country, and whether it is a release."""
    if not study.has_survey:
        return []
    last_accepted = find_last_release(study.config)
    messages = (
        [_describe_country(study, code, last_accepted) for code in study.codes]
        if last_accepted
        else []
    )
    rules = release_rules(study.config)
    if rules.on_change in FORMER:
        messages.append(
            f"'on_change: {rules.on_change}' is called '{rules.rule}' now: what respondents "
            "answered decides no longer. Write the new name into the configuration."
        )
    manifest = study.config.results / PUBLIC / "manifest.json"
    matching_releases = [
        release.name
        for release in read_accepted_releases(study.config.results)
        if manifest.is_file() and release.manifest == sha256(manifest)
    ]
    accept = format_command("release", "accept", "NAME")
    return [
        *messages,
        f"This is release {matching_releases[-1]}, as it was accepted."
        if matching_releases
        else f"Not a release: nobody has accepted these results ({accept}).",
    ]


def has_gate_stopped(study: Study, began: float) -> bool:
    """Return whether the gate has ended a run that began at this time, in seconds of the epoch."""
    logs = study.config.results / RESTRICTED / LOGS / GATE
    return any(
        STOPS in log.read_text(encoding="utf-8")
        for log in logs.glob("*.log")
        if log.stat().st_mtime >= began
    )


def _describe_country(study: Study, code: str, last: AcceptedStatement) -> str:
    path: Path = study.config.results / RESTRICTED / GATE / code / "decisions.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            {**row, **{name: row[name] == "True" for name in ("by_moves", "follow_up")}}
            for row in csv.DictReader(file)
        ]
    return summarise_country(code, rows, last.name, release_rules(study.config).min_change)
