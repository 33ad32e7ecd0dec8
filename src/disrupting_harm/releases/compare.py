"""The command ``release compare``: which tables a run may publish anew, and which stay."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import write_csv
from disrupting_harm.releases.accepted_release import load_accepted
from disrupting_harm.releases.current_children import RestrictedFiles, read_present
from disrupting_harm.releases.gate import decide_tables
from disrupting_harm.releases.history import (
    AcceptedStatement,
    Key,
    guarded_folders,
    read_accepted_releases,
    read_key,
    release_rules,
    releases_folder,
)
from disrupting_harm.releases.release_messages import STAYING, summarise_country
from disrupting_harm.study.study import Study, load_study

COMPARISON_FILE = "compare.csv"


def compare_with_releases(config: Path, to: str | None = None) -> tuple[list[str], bool]:
    """Compare the children of the last run with those of accepted releases.

    Writes ``restricted/releases/compare.csv``: ``country, indicator, domain, decision, differ``,
    the last one as 0, 1-9 or 10+.

    Args:
        to: the last of the releases to compare with; None for all.

    Returns:
        One line per country, and whether any table stays as it was published.

    Raises:
        StudyError: there is no such release, no finished run, or the key is another one.
    """
    study = load_study(config)
    releases = _select_releases(study, to)
    key = read_key(releases[-1], guarded_folders(study))
    tables, messages = [], []
    min_change = release_rules(study.config).min_change
    for country in study.codes:
        decisions = _decide_country(study, releases, country, key)
        tables.append(decisions.assign(country=country))
        messages.append(
            summarise_country(country, decisions.to_dict("records"), releases[-1].name, min_change)
        )
    all_decisions = pd.concat(tables, ignore_index=True)
    all_decisions = all_decisions[["country", "indicator", "domain", "decision", "differ"]]
    write_csv(releases_folder(study.config.results) / COMPARISON_FILE, all_decisions)
    return messages, bool(all_decisions["decision"].isin(STAYING).any())


def _select_releases(study: Study, to: str | None) -> list[AcceptedStatement]:
    releases = read_accepted_releases(study.config.results)
    release_names = [release.name for release in releases]
    folder = releases_folder(study.config.results)
    if to is None:
        if not releases:
            raise StudyError(
                str(folder), "no release was accepted", "Accept one: disrupting-harm release accept"
            )
        return releases
    if to not in release_names:
        accepted_names = ", ".join(release_names) or "none"
        raise StudyError(
            "--to", f"there is no release '{to}' in {folder}", f"Accepted: {accepted_names}"
        )
    return releases[: release_names.index(to) + 1]


def _decide_country(
    study: Study, releases: Sequence[AcceptedStatement], country: str, key: Key
) -> pd.DataFrame:
    results, codebook = study.config.results, study.codebook
    present = read_present(RestrictedFiles.from_run(results, country), country, codebook, key)
    rules = release_rules(study.config)
    accepted = load_accepted(results, releases, country, codebook, key, rules.moved)
    versions = accepted.versions if accepted else ()
    return decide_tables(present, versions, codebook, rules).tables
