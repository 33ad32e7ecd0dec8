"""Stage *questions*: options of one question, and pairs of respondents, of one country."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from disrupting_harm.publication.dyads import public_dyads
from disrupting_harm.publication.options import public_options
from disrupting_harm.publication.questions import answers_to, questions, same_questions
from disrupting_harm.stages.estimate import calibration_of, design_of, read_analysis
from disrupting_harm.study.checked_tables import read_table, write_table
from disrupting_harm.study.codebook import Codebook
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.study.contracts import RELEASE
from disrupting_harm.study.publication_config import Publication
from disrupting_harm.study.question_contracts import (
    DYADS,
    OPTIONS,
    ORDER,
    PUBLIC_DYADS,
    PUBLIC_OPTIONS,
)
from disrupting_harm.study.statuses import data_kind
from disrupting_harm.survey.tables.categories import categories
from disrupting_harm.survey.tables.dyads import dyads

CONTRACTS = {
    "options": OPTIONS,
    "order": ORDER,
    "dyads": DYADS,
    "public_options": PUBLIC_OPTIONS,
    "public_dyads": PUBLIC_DYADS,
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
    updated: bool,
    simulated: bool,
    outputs: Mapping[str, str],
) -> None:
    """Write the options of all questions and all pairs of respondents, and what may leave of them.

    They are of the whole country. A question of which fewer than two options were asked here has no
    row, nor a pair of which one side was not.

    Args:
        margins: to which the weights were calibrated.
        release: the decisions on the country's estimates, which hold for its options.
        updated: whether an earlier release was accepted.
        outputs: the restricted files ``options, order, dyads`` at full precision, and of them
            ``public_options, public_dyads``.

    Raises:
        StudyError: the inputs are not of the same children, or a table breaks its contract.
    """
    definitions = Codebook.model_validate(codebook)
    frame, outcomes, _ = read_analysis(sample, indicators, weights, definitions)
    design = design_of(frame, estimation["lonely_psu"])
    calibration = calibration_of(frame, margins) if estimation["calibrated_errors"] else None
    how = (estimation["interval"], estimation["confidence"])
    options, order, pairs = [], [], []
    for question in questions(definitions):
        answers = answers_to(question, outcomes)
        if answers.shape[1] > 1:
            found = categories(design, answers, question.one_answer, *how, calibration=calibration)
            key = {"country": country, "question": question.name}
            options.append(found.shares.assign(**key, one_answer=question.one_answer))
            order.append(found.pairs.assign(**key))
    for child, caregiver in same_questions(definitions):
        if outcomes[[child, caregiver]].notna().all(axis=1).any():
            table = dyads(
                design, outcomes[child], outcomes[caregiver], *how, calibration=calibration
            )
            pairs.append(table.assign(country=country, child=child, caregiver=caregiver))
    tables = {
        name: in_shape(pd.concat(parts) if parts else pd.DataFrame(), CONTRACTS[name])
        for name, parts in (("options", options), ("order", order), ("dyads", pairs))
    }
    rules = Publication.model_validate(publication)
    decided = read_table(release, RELEASE)
    public = {
        "public_options": public_options(
            tables["options"], tables["order"], decided, rules.rounding, *how
        ),
        "public_dyads": public_dyads(tables["dyads"], rules.reliability, updated),
    }
    tables |= {name: t.assign(data_kind=data_kind(simulated)) for name, t in public.items()}
    for name, contract in CONTRACTS.items():
        write_table(outputs[name], in_shape(tables[name], contract), contract, simulated)
