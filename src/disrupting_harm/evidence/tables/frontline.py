"""Survey of frontline workers."""

import re
from collections.abc import Mapping

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import Column, Value
from disrupting_harm.evidence.definition import (
    Context,
    Fault,
    Frame,
    KnownCodes,
    Protection,
    PublicTable,
    SimulationText,
    SmallCounts,
    Table,
)
from disrupting_harm.evidence.shared_columns import count_field

# Numbers, perhaps with a few letters, which tell nothing of the person who was asked.
_OPAQUE_NUMBER = re.compile(r"(?=.*[0-9])[A-Za-z0-9]{1,4}([-_.]?[A-Za-z0-9]{1,4}){0,3}")

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


def _hide_small_counts(facts: Frame, small: SmallCounts) -> Frame:
    from disrupting_harm.evidence.measures.frontline import count_answers, protect_answers

    return protect_answers(count_answers(facts), small.professionals)


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.frontline import add_shares

    return {"frontline": add_shares(facts)}


def _find_name(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    if _OPAQUE_NUMBER.fullmatch(str(row["respondent"])):
        return None
    return Fault("respondent", "a text that is no opaque name", "Write a number; never a name")


TABLE = Table(
    name="frontline",
    position=80,
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
    check=_find_name,
    protection=Protection(
        "Answers leave as counts; those of few may be hidden.", _hide_small_counts
    ),
    public=(
        PublicTable(
            "frontline",
            "Answers of frontline workers",
            (
                "country item answer",
                count_field(
                    "n",
                    "Respondents who answered the item; empty where nothing is told of them.",
                    empty=True,
                    unit="respondents",
                ),
                count_field(
                    "count",
                    "Respondents who gave the answer; empty where it, or the rest, is small.",
                    empty=True,
                    unit="respondents",
                ),
                shared_columns.BAND,
                shared_columns.SHARE_PERCENT,
                shared_columns.STATUS.make_public_field(),
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
    make=_make_public_tables,
    simulation=SimulationText(
        "Answers of frontline workers (simulated)", "simulated survey of frontline workers"
    ),
)
