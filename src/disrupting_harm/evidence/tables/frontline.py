"""Survey of frontline workers."""

import re
from collections.abc import Mapping

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import Column, Value
from disrupting_harm.evidence.definition import (
    Context,
    Fault,
    Frame,
    Known,
    Protection,
    Public,
    Simulated,
    SmallCounts,
    Table,
)
from disrupting_harm.evidence.shared_columns import count

# Numbers, perhaps with a few letters, which tell nothing of the person who was asked.
_NUMBERED = re.compile(r"(?=.*[0-9])[A-Za-z0-9]{1,4}([-_.]?[A-Za-z0-9]{1,4}){0,3}")

# Answers of the usual scales, in the order in which documents print them.
_ANSWERS = {
    "yes": "Yes",
    "no": "No",
    "good": "Good",
    "fair": "Fair",
    "poor": "Poor",
    "agree": "Agree",
    "disagree": "Disagree",
    "dont_know": "Don't know",
    "prefer_not_to_say": "Prefer not to say",
}


def _hide(facts: Frame, small: SmallCounts) -> Frame:
    from disrupting_harm.evidence.measures.frontline import answer_counts, protect_answers

    return protect_answers(answer_counts(facts), small.professionals)


def _make(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.frontline import with_shares

    return {"frontline": with_shares(facts)}


def _is_a_name(row: Mapping[str, Value], known: Known) -> Fault | None:
    if _NUMBERED.fullmatch(str(row["respondent"])):
        return None
    return Fault("respondent", "a text that is no opaque name", "Write a number; never a name")


TABLE = Table(
    name="frontline",
    place=80,
    title="Survey of frontline workers",
    meaning="The answer of one frontline worker to one item: microdata, for restricted use.",
    file="Answers of frontline workers.",
    columns=(
        shared_columns.COUNTRY,
        Column("respondent", "identifier", "Number of the respondent; no name."),
        Column(
            "item",
            "identifier",
            "Item of the questionnaire.",
            published=shared_columns.ITEM,
            label_column="What the study calls the item; empty where it names none.",
        ),
        Column(
            "answer",
            "identifier",
            "Code of the answer, e.g. yes, no, dont_know.",
            published="Answer, as a code.",
            labels=_ANSWERS,
        ),
        *shared_columns.PROVENANCE,
    ),
    key=("country", "respondent", "item", "source_id"),
    amount=None,
    microdata=True,
    check=_is_a_name,
    protection=Protection("Answers leave as counts; those of few may be hidden.", _hide),
    public=(
        Public(
            "frontline",
            "Answers of frontline workers",
            (
                "country item answer",
                count(
                    "n",
                    "Respondents who answered the item; empty where nothing is told of them.",
                    empty=True,
                    unit="respondents",
                ),
                count(
                    "count",
                    "Respondents who gave the answer; empty where it, or the rest, is small.",
                    empty=True,
                    unit="respondents",
                ),
                shared_columns.BAND,
                shared_columns.SHARE_PERCENT,
                shared_columns.STATUS.field(),
                "counted",
                shared_columns.SOURCE,
                shared_columns.DATA_KIND,
                "item_label",
            ),
            amount="count",
            address="item answer",
            kind_of_evidence="a survey of frontline workers",
            key="country item answer",
        ),
    ),
    make=_make,
    simulation=Simulated(
        "Answers of frontline workers (simulated)", "simulated survey of frontline workers"
    ),
)
