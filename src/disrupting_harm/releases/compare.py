"""The command ``release compare``: which tables a run may publish anew, and which stay."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_csv
from disrupting_harm.releases.accepted import load_accepted
from disrupting_harm.releases.current_children import Files, read_present
from disrupting_harm.releases.gate import verdict
from disrupting_harm.releases.history import (
    Accepted,
    Key,
    accepted_releases,
    guarded_folders,
    key_of,
    releases_folder,
    rules_of,
)
from disrupting_harm.releases.release_messages import STAYING, summary
from disrupting_harm.study.study import Study, load_study

COMPARED = "compare.csv"


def compare(config: Path, to: str | None = None) -> tuple[list[str], bool]:
    """Compare the children of the last run with those of accepted releases.

    Writes ``restricted/releases/compare.csv``: ``country, indicator, domain, decision, differ``,
    the last one as 0, 1-9 or 10+.

    Args:
        config: the study's configuration file.
        to: the last of the releases to compare with; None for all.

    Returns:
        One line per country, and whether any table stays as it was published.

    Raises:
        StudyError: there is no such release, no finished run, or the key is another one.
    """
    study = load_study(config)
    releases = _releases(study, to)
    key = key_of(releases[-1], guarded_folders(study))
    tables, lines = [], []
    least = rules_of(study.config).min_change
    for country in study.codes:
        found = _country(study, releases, country, key)
        tables.append(found.assign(country=country))
        lines.append(summary(country, found.to_dict("records"), releases[-1].name, least))
    every = pd.concat(tables, ignore_index=True)
    every = every[["country", "indicator", "domain", "decision", "differ"]]
    write_csv(releases_folder(study.config.results) / COMPARED, every)
    return lines, bool(every["decision"].isin(STAYING).any())


def _releases(study: Study, to: str | None) -> list[Accepted]:
    releases = accepted_releases(study.config.results)
    names = [release.name for release in releases]
    folder = releases_folder(study.config.results)
    if to is None:
        if not releases:
            raise StudyError(
                str(folder), "no release was accepted", "Accept one: disrupting-harm release accept"
            )
        return releases
    if to not in names:
        known = ", ".join(names) or "none"
        raise StudyError("--to", f"there is no release '{to}' in {folder}", f"Accepted: {known}")
    return releases[: names.index(to) + 1]


def _country(study: Study, releases: Sequence[Accepted], country: str, key: Key) -> pd.DataFrame:
    results, codebook = study.config.results, study.codebook
    present = read_present(Files.of_run(results, country), country, codebook, key)
    rules = rules_of(study.config)
    accepted = load_accepted(results, releases, country, codebook, key, rules.moved)
    versions = accepted.versions if accepted else ()
    return verdict(present, versions, codebook, rules).tables
