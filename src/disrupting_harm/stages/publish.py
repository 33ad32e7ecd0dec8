"""Stage *publish*: the only way from restricted to public results."""

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from disrupting_harm.core.files import read_json, write_json, write_text
from disrupting_harm.publication.disclosure.attackers import no_witnesses
from disrupting_harm.publication.disclosure.certificate import (
    build_certificate,
    count_printed_cells,
)
from disrupting_harm.publication.disclosure.earlier_releases import NO_EARLIER
from disrupting_harm.publication.quality import describe_quality
from disrupting_harm.publication.release import decide_release, public_table, withhold_cells
from disrupting_harm.releases.accepted_release import read_last_cells
from disrupting_harm.releases.frozen_quality import keep_frozen_answers, keep_frozen_quality
from disrupting_harm.releases.frozen_tables import keep_frozen_tables, mark_retracted
from disrupting_harm.releases.gate_outputs import GateFiles
from disrupting_harm.releases.membership import describe_corrections
from disrupting_harm.releases.records import CurrentNames, rename_indicators
from disrupting_harm.releases.release_messages import RETRACTED
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Estimation
from disrupting_harm.study.configuration.publication_config import Ethics, Publication
from disrupting_harm.study.microdata.sample import is_of_few, is_respondent
from disrupting_harm.tables.contracts import SAMPLE, public_contract, restricted_contract
from disrupting_harm.tables.io import read_table, write_table

# What an accepted release has of a country, in the order of the rule.
ACCEPTED = ("cells", "quality", "disclosure", "item_answers")


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
    accepted: Sequence[str] = (),
    release_dates: Mapping[str, str] | None = None,
    undescribed: Sequence[str] = (),
) -> None:
    """Decide on every cell of one country; write the decisions and all that is public of them.

    Args:
        date: of the study.
        gate: the files of :class:`~.gate_outputs.GateFiles` in its order; none where no release is
            updated.
        accepted: files of the country in the last release, if it has it: ``cells``, its tables;
            ``quality`` and ``disclosure``, what was public; ``item_answers``.
        release_dates: of all accepted releases, the first one first.
        undescribed: keys of the design of which the raw file does not tell.
    """
    definitions = Codebook.model_validate(codebook)
    rules = Publication.model_validate(publication)
    few = Ethics.model_validate(ethics).few
    statistics = definitions.statistics
    table = read_table(estimates, restricted_contract("country/estimates"))
    verdict = GateFiles(*gate).read_verdict() if gate else None
    moved = rules.release.moved if rules.release else {}
    file_of_kind = dict(zip(ACCEPTED, accepted, strict=False))
    previous = read_last_cells(file_of_kind["cells"], moved, definitions) if file_of_kind else None
    if verdict and verdict.is_held and accepted:
        decided = keep_frozen_tables(withhold_cells(table), previous, verdict, definitions)
        for name, target in (("quality", quality_output), ("disclosure", disclosure_output)):
            write_json(target, rename_indicators(read_json(file_of_kind[name]), moved))
    else:
        earlier = verdict.earlier_releases if verdict else NO_EARLIER
        witnesses = no_witnesses()
        decided = decide_release(table, rules, definitions, few, earlier, witnesses)
        study_date = datetime.date.fromisoformat(date)
        tried = build_certificate(decided, rules, definitions, study_date, few, earlier, witnesses)
        if verdict:
            decided = keep_frozen_tables(decided, previous, verdict, definitions)
        write_json(disclosure_output, tried | count_printed_cells(decided))
    retracted = {}
    if verdict:
        decided = mark_retracted(decided, verdict.tables)
        retracted_ids = verdict.tables.loc[
            verdict.tables["decision"] == RETRACTED, "indicator"
        ].unique()
        corrected = rules.release.corrected if rules.release else {}
        retracted = describe_corrections(retracted_ids, corrected, definitions)
    write_table(release_output, decided, restricted_contract("country/release"), simulated)
    public = public_table(decided, rules.rounding, statistics)
    write_table(table_output, public, public_contract("country/release"), simulated)
    if verdict and verdict.is_held:
        if retracted:
            write_json(quality_output, read_json(quality_output) | {"retracted": retracted})
        return
    levels = {domain.id: definitions.levels(domain.id) for domain in definitions.domains}
    sample_frame = read_table(sample, SAMPLE, is_of_few, ["stratum", "psu", "disposition"])
    interviewed = sample_frame[is_respondent(sample_frame)]
    answers = read_table(item_answers, restricted_contract("country/item_answers"))
    if verdict and accepted:
        last_answers = CurrentNames(moved, definitions).to_current_names(
            read_table(file_of_kind["item_answers"], restricted_contract("country/item_answers")),
            "answers of the last release",
        )
        answers = keep_frozen_answers(answers, last_answers, verdict.tables)
    quality = describe_quality(
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
        item_answers=answers,
        item_nonresponse_from=rules.item_nonresponse_from,
        imputed=[
            indicator.id
            for indicator in definitions.indicators
            if indicator.any_of and indicator.partly_missing == "imputed"
        ],
        dropped=pd.read_csv(dropped, keep_default_na=False),
    )
    if undescribed:
        quality["undescribed"] = list(undescribed)
    if verdict and accepted:
        last_quality = rename_indicators(read_json(file_of_kind["quality"]), moved)
        quality = keep_frozen_quality(
            quality, last_quality, verdict.tables, decided, release_dates or {}
        )
        if retracted:
            quality["retracted"] = retracted
    write_json(quality_output, quality)


def publish_all(*, tables: Sequence[str], output: str) -> None:
    """Stack the countries' public tables."""
    write_text(output, stack_csv_files(tables))


def stack_csv_files(tables: Sequence[str]) -> str:
    """Return CSV files with the same header as one, line by line as they are."""
    contents = [Path(table).read_text(encoding="utf-8") for table in tables]
    header = contents[0].partition("\n")[0] + "\n"
    return header + "".join(content.partition("\n")[2] for content in contents)
