"""Stage *gate*: what of one country may be published anew after the accepted releases."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.releases.accepted_release import load_accepted
from disrupting_harm.releases.current_children import RestrictedFiles, read_present
from disrupting_harm.releases.gate import decide_tables
from disrupting_harm.releases.gate_outputs import GateFiles
from disrupting_harm.releases.history import read_accepted_releases, read_key
from disrupting_harm.releases.release_messages import STAYING, STOPS, summarise_country
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import ReleaseRules


def decide_country(
    *,
    country: str,
    children: Mapping[str, str],
    results: str,
    guarded: Sequence[str],
    codebook: dict[str, Any],
    rules: dict[str, Any],
    simulated: bool,
    outcome: Mapping[str, str],
) -> None:
    """Write what the gate decides on a country's tables, before anything is estimated.

    Args:
        children: the files of :class:`~.current_children.RestrictedFiles`.
        results: folder of the results, with the accepted releases.
        guarded: folders in which the key must not lie.
        rules: ``publication.release`` of the configuration.
        outcome: the files of :class:`~.gate_outputs.GateFiles`.

    Raises:
        StudyError: the key is not that of the releases, or the study asks to stop where a table
            has to stay as it was.
    """
    definitions, limits = Codebook.model_validate(codebook), ReleaseRules.model_validate(rules)
    releases = read_accepted_releases(Path(results))
    key = read_key(releases[-1], map(Path, guarded))
    accepted = load_accepted(Path(results), releases, country, definitions, key, limits.moved)
    present = read_present(RestrictedFiles(**children), country, definitions, key)
    decided = decide_tables(present, accepted.versions if accepted else (), definitions, limits)
    in_words = summarise_country(
        country, decided.tables.to_dict("records"), releases[-1].name, limits.min_change
    )
    print(in_words)
    if limits.rule == "stop" and decided.tables["decision"].isin(STAYING).any():
        raise StudyError("release", in_words.rstrip("."), STOPS)
    GateFiles(**outcome).write_verdict(country, decided, simulated)
