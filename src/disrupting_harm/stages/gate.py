"""Stage *gate*: what of one country may be published anew after the accepted releases."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.errors import StudyError
from disrupting_harm.releases.accepted import CONTRASTS, load_accepted, load_before
from disrupting_harm.releases.gate import verdict
from disrupting_harm.releases.history import accepted_releases
from disrupting_harm.releases.keep import kept_tables
from disrupting_harm.releases.keep_contrasts import KEPT, Basis, kept_contrasts
from disrupting_harm.releases.key import key_of
from disrupting_harm.releases.names import Names
from disrupting_harm.releases.outcome import Outcome
from disrupting_harm.releases.present import Files, read_present
from disrupting_harm.releases.words import FROZEN, STOPS, summary
from disrupting_harm.study.checked_tables import read_table, write_table
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.release_config import ReleaseRules


def decide_country(
    *,
    country: str,
    children: Mapping[str, str],
    contrasts: Mapping[str, str],
    results: str,
    guarded: Sequence[str],
    codebook: dict[str, Any],
    rules: dict[str, Any],
    comparison: dict[str, Any],
    simulated: bool,
    outcome: Mapping[str, str],
    outputs: Mapping[str, str],
) -> None:
    """Write what the gate decides on a country's tables, and the comparisons inside the country.

    Args:
        country: its code.
        children: the files of :class:`~..releases.present.Files`.
        contrasts: the comparisons of this run: ``gaps``, ``standardised``, ``bounds``, ``ratios``.
        results: folder of the results, with the accepted releases.
        guarded: folders in which the key must not lie.
        rules: ``publication.release`` of the configuration.
        comparison: ``standard`` and ``adjust_for`` of the configuration.
        outcome: the files of :class:`~..releases.outcome.Outcome`.
        outputs: files of the comparisons, those that stay in place of new ones.

    Raises:
        StudyError: the key is not that of the releases, or the study asks to stop where a table
            has to stay as it was.
    """
    definitions, limits = Codebook.model_validate(codebook), ReleaseRules.model_validate(rules)
    releases = accepted_releases(Path(results))
    key = key_of(releases[-1], map(Path, guarded))
    accepted = load_accepted(Path(results), releases, country, definitions, key, limits.moved)
    present = read_present(Files(**children), country, definitions, key)
    found = verdict(present, accepted.versions if accepted else (), definitions, limits)
    words = found.tables["decision"].tolist()
    said = summary(country, words, releases[-1].name)
    print(said)
    if limits.on_change == "stop" and FROZEN in words:
        raise StudyError("release", said.rstrip("."), STOPS)
    standard = comparison["standard"]
    tables, kept = kept_contrasts(
        {name: read_table(contrasts[name], contract) for name, contract in CONTRASTS.items()},
        load_before(Path(results), releases, country, Names(limits.moved, definitions)),
        found,
        Basis(
            definitions,
            limits,
            standard["domain"] if standard else None,
            comparison["adjust_for"],
        ),
    )
    if accepted:
        estimates = [("estimates", *row) for row in kept_tables(accepted.cells, found)]
        kept = pd.concat([pd.DataFrame(estimates, columns=KEPT, dtype="str"), kept])
    Outcome(**outcome).write(country, found, kept, simulated)
    for name, contract in CONTRASTS.items():
        write_table(outputs[name], tables[name], contract, simulated)
