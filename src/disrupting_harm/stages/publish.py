"""Stage *publish*: the only way from restricted to public results."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.files import read_json, write_json, write_text
from disrupting_harm.publication.attackers import no_witnesses
from disrupting_harm.publication.certificate import certificate
from disrupting_harm.publication.quality import quality_facts, without_interviews
from disrupting_harm.publication.release import public_table, release
from disrupting_harm.publication.union import NOTHING
from disrupting_harm.releases.keep import CELLS, with_kept
from disrupting_harm.releases.names import Names
from disrupting_harm.releases.outcome import Outcome
from disrupting_harm.study.checked_tables import read_table, write_table
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.config import Estimation
from disrupting_harm.study.contracts import ESTIMATES, PUBLIC_ESTIMATES, RELEASE, SAMPLE
from disrupting_harm.study.publication_config import Ethics, Publication
from disrupting_harm.study.sample import is_of_few, is_respondent


def publish_country(
    *,
    country: str,
    estimates: str,
    sample: str,
    diagnostics: str,
    margins: str,
    item_answers: str,
    dropped: str,
    codebook: dict[str, Any],
    publication: dict[str, Any],
    ethics: dict[str, Any],
    estimation: dict[str, Any],
    simulated: bool,
    release_output: str,
    table_output: str,
    quality_output: str,
    disclosure_output: str,
    date: str,
    gate: Sequence[str] = (),
    accepted: str | None = None,
    release_dates: Mapping[str, str] | None = None,
) -> None:
    """Decide on every cell of one country; write the decisions and all that is public of them.

    Args:
        date: of the study.
        gate: the files of :class:`~..releases.outcome.Outcome` in its order; none where no release
            is updated.
        accepted: the country's tables in the last release, if it has any.
        release_dates: of all accepted releases.
    """
    definitions = Codebook.model_validate(codebook)
    rules = Publication.model_validate(publication)
    few = Ethics.model_validate(ethics).few
    statistics = definitions.statistics
    table = read_table(estimates, ESTIMATES)
    verdict = Outcome(*gate).read() if gate else None
    earlier = verdict.earlier if verdict else NOTHING
    witnesses = no_witnesses()
    decided = release(table, rules, definitions, few, earlier, witnesses)
    study_date = datetime.date.fromisoformat(date)
    tried = certificate(decided, rules, definitions, study_date, few, earlier, witnesses)
    write_json(disclosure_output, tried)
    if verdict:
        previous = read_table(accepted, CELLS) if accepted else None
        if previous is not None and rules.release:
            names = Names(rules.release.moved, definitions)
            previous = names.now(previous, "the last release")
        decided = with_kept(decided, previous, verdict, definitions)
    write_table(release_output, decided, RELEASE, simulated)
    public = public_table(decided, rules.rounding, statistics)
    write_table(table_output, public, PUBLIC_ESTIMATES, simulated)
    levels = {entry.id: definitions.levels(entry.id) for entry in definitions.domains}
    drawn = read_table(sample, SAMPLE, is_of_few, ["stratum", "psu", "disposition"])
    interviewed = drawn[is_respondent(drawn)]
    facts = quality_facts(
        country=country,
        simulated=simulated,
        policy=rules.reliability,
        estimation=Estimation.model_validate(estimation),
        strata=interviewed["stratum"].nunique(),
        psus=len(interviewed[["stratum", "psu"]].drop_duplicates()),
        diagnostics=read_json(diagnostics),
        margins=pd.read_csv(margins, keep_default_na=False),
        release=decided,
        levels=levels,
        item_answers=pd.read_csv(item_answers, keep_default_na=False),
        item_nonresponse_from=rules.item_nonresponse_from,
        imputed=[
            entry.id
            for entry in definitions.indicators
            if entry.any_of and entry.partly_missing == "imputed"
        ],
        dropped=pd.read_csv(dropped, keep_default_na=False),
    )
    if verdict:
        # Somebody may stand behind a number that stays, and nobody behind the new ones beside it.
        facts["nobody_interviewed"] = without_interviews(table, levels)
        used = sorted({*decided["release"]} - {""})
        facts["releases"] = {name: (release_dates or {})[name] for name in used}
    write_json(quality_output, facts)


def publish_all(*, tables: Sequence[str], output: str) -> None:
    """Stack the countries' public tables."""
    write_text(output, stack(tables))


def stack(tables: Sequence[str]) -> str:
    """Return CSV files with the same header as one, line by line as they are."""
    texts = [Path(table).read_text(encoding="utf-8") for table in tables]
    header = texts[0].partition("\n")[0] + "\n"
    return header + "".join(text.partition("\n")[2] for text in texts)
