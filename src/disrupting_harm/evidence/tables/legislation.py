"""What sources say about the law of a country, point by point: a claim by one source a row.

All claims stay; of those on one point one is chosen, and where they differ it says why.
"""

from collections.abc import Iterator, Mapping, Sequence

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.columns import Column, Value
from disrupting_harm.evidence.definition import (
    Context,
    Fault,
    Frame,
    KnownCodes,
    Protection,
    PublicTable,
    Table,
)
from disrupting_harm.evidence.law_columns import (
    CLAIM,
    CLAIM_COLUMNS,
    PUBLISHED_CLAIM,
    UNDATED,
    find_claim_fault,
)
from disrupting_harm.evidence.shared_columns import count_field

# Points of law in the order in which they are printed: the meaning of the code, and its label.
_TOPICS = {
    "csam_definition": (
        "child sexual abuse material is defined by law",
        "Abuse material is defined",
    ),
    "csam_computer_facilitated": (
        "offences with such material through computers are covered",
        "Use of computers is covered",
    ),
    "csam_simple_possession": (
        "possessing such material is an offence, whatever the intent",
        "Possession is an offence",
    ),
    "virtual_ai_material": (
        "such material made by computers or artificial intelligence is covered",
        "Material made by AI is covered",
    ),
    "grooming_offence": ("grooming of a child online is an offence", "Grooming is an offence"),
    "live_streaming_offence": (
        "live-streaming of child sexual abuse is an offence",
        "Live-streaming is an offence",
    ),
    "sexual_extortion_offence": (
        "sexual extortion of a child is an offence of its own",
        "Sexual extortion is an offence",
    ),
    "child_not_punished": (
        "a child is not punished for images of itself",
        "Children’s own images are exempt",
    ),
    "provider_reporting_duty": (
        "companies have to report such material; not the same as removing it",
        "Companies must report it",
    ),
    "provider_takedown_duty": (
        "companies have to remove such material; not the same as reporting it",
        "Companies must remove it",
    ),
    "data_preservation": (
        "companies have to preserve evidence of a case; not the same as keeping all data",
        "Companies must keep evidence",
    ),
    "extraterritorial_jurisdiction": (
        "offences abroad can be prosecuted",
        "Offences abroad are covered",
    ),
    "age_of_child": ("the age up to which a person is a child", "Age below which one is a child"),
    "age_of_consent": ("the age of consent to sexual acts", "Age of consent"),
}
TOPICS = {topic: meaning for topic, (meaning, _) in _TOPICS.items()}
AGES = ("age_of_child", "age_of_consent")
OLDEST_CHILD = 25
ANSWERS_OF_AGES = ("yes", "varies", "draft", "unknown")
# Answers that say too little without what the law covers.
WITH_SCOPE = ("partly", "varies")
LONGEST_QUOTE = 15
# A law that does not hold answers no point with yes.
WITHOUT_FORCE = ("draft", "passed", "suspended", "repealed")


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.law import choose_claims, order_claims

    claims = order_claims(facts, list(TOPICS))
    return {"legislation": choose_claims(claims), "legislation_claims": claims}


def _find_fault(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    """Return what is wrong between the cells of a row."""
    answer, status = str(row["answer"]), str(row["status"])
    if fault := _find_misfit(row):
        return fault
    if answer in WITH_SCOPE and not row["scope"]:
        return Fault(
            "scope", f"'{answer}' without what it covers", "Say what the law covers, or not"
        )
    if answer == "draft" and (row["as_of"] == UNDATED or status != "draft"):
        column = "as_of" if row["as_of"] == UNDATED else "status"
        return Fault(
            column,
            f"a draft with '{row[column]}'",
            "A draft may have become law since: give the date of the source and the status 'draft'",
        )
    if answer in ("yes", *WITH_SCOPE) and status in WITHOUT_FORCE:
        return Fault(
            "answer",
            f"'{answer}' of a law that is not in force ('{status}')",
            "Write 'draft' for a draft, else 'no': what is not in force covers nothing",
        )
    if answer in ("yes", *WITH_SCOPE, "no") and status == "draft":
        return Fault("answer", f"'{answer}' of a draft", "Write 'draft'")
    if len(str(row["quote"]).split()) > LONGEST_QUOTE:
        count = len(str(row["quote"]).split())
        return Fault("quote", f"{count} words", f"Quote at most {LONGEST_QUOTE} words")
    if row["provision"] and not row["instrument"]:
        return Fault("instrument", "a provision without its law", "Name the law")
    if row["in_force_from"] and str(row["in_force_from"]) < str(row["instrument_year"] or ""):
        return Fault(
            "in_force_from",
            f"{row['in_force_from']} lies before the year of the law, {row['instrument_year']}",
            "Correct one",
        )
    return _find_wrong_age(row) or find_claim_fault(row)


def _find_misfit(row: Mapping[str, Value]) -> Fault | None:
    """Return that an answer is none to the question: an age is a number, and no number covers."""
    answer, topic = str(row["answer"]), str(row["topic"])
    if topic in AGES and answer not in ANSWERS_OF_AGES:
        return Fault(
            "answer",
            f"'{answer}' of an age ('{topic}')",
            "Write 'yes' with the age, 'varies' with 'scope', 'draft', or 'unknown' where the "
            "source names no age",
        )
    if topic not in AGES and answer == "varies":
        return Fault(
            "answer", f"'varies' of '{topic}', which is no age", "Write 'partly' with 'scope'"
        )
    return None


def _find_wrong_age(row: Mapping[str, Value]) -> Fault | None:
    age = row["age"]
    needs_age = row["topic"] in AGES and row["answer"] == "yes"
    if needs_age != (age is not None):
        return Fault(
            "age",
            "no age where the law sets one" if needs_age else f"an age, {age}, where none belongs",
            "Give the age with an answer 'yes' about an age, and nowhere else",
        )
    if isinstance(age, int) and not 0 < age <= OLDEST_CHILD:
        return Fault("age", f"an age of {age}", "Write the age in whole years")
    return None


def _find_choice_faults(rows: Sequence[Mapping[str, Value]]) -> Iterator[tuple[int, Fault]]:
    """Yield which row does not fit those on the same point, by its place among ``rows``."""
    for (country, topic), places in group_points(rows).items():
        chosen = [place for place in places if rows[place]["chosen"] == "yes"]
        point = f"{country}, {topic}"
        if len(chosen) != 1:
            found = f"{len(chosen)} rows are chosen of {len(places)} on {point}"
            yield (
                (chosen or places)[-1],
                Fault("chosen", found, "Write 'yes' in exactly one of them"),
            )
        elif _count_answers(rows, places) > 1 and not rows[chosen[0]]["reason"]:
            found = f"sources differ on {point}, and nothing says why this one is chosen"
            yield chosen[0], Fault("reason", found, "Say why, in words that can be printed")


def _count_answers(rows: Sequence[Mapping[str, Value]], places: Sequence[int]) -> int:
    return len({(rows[place]["answer"], rows[place]["age"]) for place in places})


def group_points(rows: Sequence[Mapping[str, Value]]) -> dict[tuple[str, str], list[int]]:
    """Return the places of the rows on each point of each country."""
    points: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        points.setdefault((str(row["country"]), str(row["topic"])), []).append(place)
    return points


def _warn_of_older_choice(rows: Sequence[Mapping[str, Value]]) -> Iterator[str]:
    """Yield points of which the chosen source is older than one that was not chosen."""
    for (country, topic), places in group_points(rows).items():
        (chosen,) = (place for place in places if rows[place]["chosen"] == "yes")
        dates = [str(rows[place]["as_of"]) for place in places]
        newest = max((date for date in dates if date != UNDATED), default="")
        date_chosen = str(rows[chosen]["as_of"])
        if date_chosen != UNDATED and newest > date_chosen:
            yield (
                f"{country}, {topic}: the chosen source speaks of {date_chosen}, another of "
                f"{newest}"
            )


_ANSWERS = {
    "yes": "the law covers it",
    "partly": "in part; 'scope' says what",
    "varies": "of an age: laws or cases differ; 'scope' says how",
    "no": "the source says that the law does not cover it",
    "draft": "a draft would cover it; this is no law",
    "unknown": "somebody looked, and could not tell",
}
_POINT_COLUMNS = "country topic answer age scope instrument provision instrument_year"
TABLE = Table(
    name="legislation",
    position=120,
    title="What the law says",
    meaning="What one source says about one point of the law of a country.",
    file="What sources say about the law, point by point.",
    columns=(
        shared_columns.COUNTRY,
        Column(
            "topic",
            "code",
            "Point of law.",
            TOPICS,
            labels={topic: label for topic, (_, label) in _TOPICS.items()},
        ),
        Column(
            "answer",
            "code",
            "What the source says.",
            _ANSWERS,
            published="What the source says of the point: yes, partly, no, draft or unknown; of an "
            "age yes, varies, draft or unknown.",
            labels={
                "yes": "Yes",
                "partly": "In part",
                "varies": "Varies",
                "no": "No",
                "draft": "A draft, no law",
                "unknown": "not known",
            },
        ),
        Column(
            "age",
            "count",
            "The age that the law sets, of points about an age; they are answered 'yes'.",
            required=False,
            published="The age that the law sets, of points about an age.",
            unit="years",
        ),
        Column(
            "scope",
            "text",
            "What the law covers and what not, in words that can be printed; needed with 'partly' "
            "and 'varies'.",
            required=False,
            published="What the law covers and what not.",
        ),
        Column(
            "instrument",
            "text",
            "The law, by its name.",
            required=False,
            published="The law, by its name.",
        ),
        Column("provision", "text", "Section or article.", required=False),
        Column(
            "instrument_year",
            "year",
            "Year of the law.",
            required=False,
            published="Calendar year.",
        ),
        Column(
            "status",
            "code",
            "Whether the law holds; a law that was suspended has a row for each time.",
            {
                "in_force": "it holds",
                "passed": "passed, not yet in force",
                "suspended": "suspended, e.g. by a court",
                "repealed": "it does not hold any more",
                "draft": "no law yet",
            },
            required=False,
            published="Whether the law holds: in_force, passed, suspended, repealed, draft; empty "
            "where the source does not say it.",
            labels={
                "passed": "not in force",
                "suspended": "suspended",
                "repealed": "repealed",
                "draft": "draft",
            },
        ),
        Column(
            "in_force_from",
            "date",
            "Since when it holds: 2017-07-10 or 2017-07.",
            required=False,
            may_be_later=True,
            published="Since when it holds, where the source says it.",
        ),
        Column(
            "quote",
            "text",
            f"At most {LONGEST_QUOTE} words of the source.",
            required=False,
            published="Words of the source.",
        ),
        Column(
            "chosen",
            "code",
            "Whether documents print this claim: one of those on a point of a country. The text of "
            "a law comes before an official list, then a review made by one plan for many "
            "countries, an organisation, the press and a review of others' reviews.",
            {"yes": "it is printed", "no": "it stays in the table"},
            published="yes or no: whether documents print this claim of those on its point.",
        ),
        Column(
            "reason",
            "text",
            "Why it is chosen; needed where sources differ, in words that can be printed.",
            required=False,
            published="Why it is chosen, where sources differ.",
        ),
        *CLAIM,
    ),
    key=("country", "topic", "instrument", "status", "source_id"),
    amount=None,
    check=_find_fault,
    check_rows=_find_choice_faults,
    warn=_warn_of_older_choice,
    protection=Protection("Laws count no people."),
    public=(
        PublicTable(
            "legislation",
            "What the law says, point by point",
            (
                f"{_POINT_COLUMNS} status in_force_from reason {CLAIM_COLUMNS}",
                count_field("claims", "Claims by sources on the point.", unit="claims"),
                count_field(
                    "other_answers", "Claims among them with another answer.", unit="claims"
                ),
                shared_columns.SOURCE,
                shared_columns.DATA_KIND,
            ),
            address="topic",
            key="country topic",
        ),
        PublicTable(
            "legislation_claims",
            "All that sources say about the law",
            (
                f"{_POINT_COLUMNS} status in_force_from quote chosen reason",
                *PUBLISHED_CLAIM,
            ),
        ),
    ),
    make=_make_public_tables,
)
