"""Stage *questions*: options of one question, and pairs of respondents, of one country."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from designbased.estimates.dyads import compare_dyads
from designbased.estimates.questions import estimate_categories
from disrupting_harm.publication.dyads import public_dyads
from disrupting_harm.publication.question_groups import (
    find_questions,
    find_same_questions,
    select_answers,
)
from disrupting_harm.publication.question_options import public_options
from disrupting_harm.releases.frozen_questions import LastQuestions, rename_indicator_columns
from disrupting_harm.releases.gate_outputs import GateFiles
from disrupting_harm.releases.records import CurrentNames
from disrupting_harm.stages.estimate import build_calibration, build_design, read_analysis
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.intervals import choose_without_psus
from disrupting_harm.study.configuration.publication_config import Publication
from disrupting_harm.study.statuses import data_kind
from disrupting_harm.tables.contracts import public_contract, restricted_contract
from disrupting_harm.tables.io import read_table, write_table
from disrupting_harm.tables.rules import in_shape

CONTRACTS = {
    "options": restricted_contract("country/options"),
    "order": restricted_contract("country/order"),
    "dyads": restricted_contract("country/dyads"),
    "public_options": public_contract("country/options"),
    "public_dyads": public_contract("country/dyads"),
}


def question_country(
    *,
    country: str,
    sample: str,
    indicators: str,
    weights: str,
    release: str,
    codebook: dict[str, Any],
    estimation: dict[str, Any],
    margins: Sequence[str],
    publication: dict[str, Any],
    simulated: bool,
    outputs: Mapping[str, str],
    gate: Sequence[str] = (),
    accepted: Mapping[str, str] | None = None,
) -> None:
    """Write the options of all questions and all pairs of respondents, and what may leave of them.

    They are of the whole country. A question of which fewer than two options were asked here has no
    row, nor a pair of which one side was not.

    Args:
        margins: to which the weights were calibrated.
        release: the decisions on the country's estimates, which hold for its options.
        outputs: the restricted files ``options, order, dyads`` at full precision, and of them
            ``public_options``, and ``public_dyads`` where the codebook has pairs.
        gate: the files of :class:`~.gate_outputs.GateFiles` in its order; none where no release is
            updated.
        accepted: those public tables of the country in the last release, if it has it. What is told
            of a question or a pair stands with its national tables; of a country that the gate
            holds nothing is computed.

    Raises:
        StudyError: the inputs are not of the same children, or a table breaks its contract.
    """
    definitions = Codebook.model_validate(codebook)
    rules = Publication.model_validate(publication)
    verdict = GateFiles(*gate).read_verdict() if gate else None
    last = None
    if verdict and accepted:
        current_names = CurrentNames(rules.release.moved if rules.release else {}, definitions)
        last_tables = {
            name: rename_indicator_columns(read_table(path, CONTRACTS[name]), current_names)
            for name, path in accepted.items()
        }
        no_pairs = in_shape(pd.DataFrame(), public_contract("country/dyads"))
        last_dyads = last_tables.get("public_dyads", no_pairs)
        last = LastQuestions(last_tables["public_options"], last_dyads, verdict.tables)
    if last and verdict and verdict.is_held:
        held_tables = {
            "public_options": last.keep_frozen_options(last.options),
            "public_dyads": last.keep_frozen_dyads(last.dyads),
        }
        for name, target in outputs.items():
            table = in_shape(held_tables.get(name, pd.DataFrame()), CONTRACTS[name])
            write_table(target, table, CONTRACTS[name], simulated)
        return
    frame, outcomes, _ = read_analysis(sample, indicators, weights, definitions)
    design = build_design(frame, estimation["lonely_psu"])
    calibration = build_calibration(frame, margins) if estimation["calibrated_errors"] else None
    interval_options = (choose_without_psus(estimation["interval"]), estimation["confidence"])
    options, order, pairs = [], [], []
    for question in find_questions(definitions):
        answers = select_answers(question, outcomes)
        if answers.shape[1] > 1:
            categories = estimate_categories(
                design, answers, question.one_answer, *interval_options, calibration=calibration
            )
            key = {"country": country, "question": question.name}
            options.append(categories.shares.assign(**key, one_answer=question.one_answer))
            order.append(categories.pairs.assign(**key))
    for child, caregiver in find_same_questions(definitions):
        if outcomes[[child, caregiver]].notna().all(axis=1).any():
            table = compare_dyads(
                design,
                outcomes[child],
                outcomes[caregiver],
                *interval_options,
                calibration=calibration,
            )
            pairs.append(table.assign(country=country, child=child, caregiver=caregiver))
    tables = {
        name: in_shape(
            pd.concat(question_tables) if question_tables else pd.DataFrame(), CONTRACTS[name]
        )
        for name, question_tables in (("options", options), ("order", order), ("dyads", pairs))
    }
    decided = read_table(release, restricted_contract("country/release"))
    public = {
        "public_options": public_options(
            tables["options"], tables["order"], decided, rules.rounding, *interval_options
        ),
        "public_dyads": public_dyads(
            tables["dyads"],
            rules.reliability,
            last.find_untried_pairs(find_same_questions(definitions)) if last else (),
        ),
    }
    public = {
        name: public_table.assign(data_kind=data_kind(simulated))
        for name, public_table in public.items()
    }
    if last:
        public["public_options"] = last.keep_frozen_options(public["public_options"])
        public["public_dyads"] = last.keep_frozen_dyads(public["public_dyads"])
    tables |= public
    for name, target in outputs.items():
        write_table(target, in_shape(tables[name], CONTRACTS[name]), CONTRACTS[name], simulated)
