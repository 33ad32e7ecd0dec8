"""Interviews on access to justice."""

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


def _hide_small_counts(facts: Frame, small: SmallCounts) -> Frame:
    from disrupting_harm.evidence.measures.justice import protect_interviews

    return protect_interviews(facts, small)


def _make_public_tables(facts: Frame, context: Context) -> dict[str, Frame]:
    from disrupting_harm.evidence.measures.justice import order_interviews

    return {"justice": order_interviews(facts)}


def _find_excess(row: Mapping[str, Value], known_codes: KnownCodes) -> Fault | None:
    mentioned, interviews = row["mentioned"], row["interviews"]
    if isinstance(mentioned, int) and isinstance(interviews, int) and mentioned > interviews:
        finding = f"mentioned in {mentioned} of {interviews} interviews"
        return Fault("mentioned", finding, "Correct one of the two numbers")
    return None


TABLE = Table(
    name="justice",
    position=90,
    title="Interviews on access to justice",
    meaning="In how many interviews with people of one role a theme came up.",
    file="Coded counts of justice interviews.",
    columns=(
        shared_columns.COUNTRY,
        Column(
            "role",
            "identifier",
            "Role of the people interviewed.",
            label_column="What the study calls the role; empty where it names none.",
        ),
        Column(
            "theme",
            "identifier",
            "Theme that was coded.",
            label_column="What the study calls the theme; empty where it names none.",
        ),
        Column(
            "interviews",
            "count",
            "Interviews that were coded for the theme.",
            published="Interviews coded for the theme; empty where they are fewer than 8.",
            unit="interviews",
        ),
        Column(
            "mentioned",
            "count",
            "Interviews in which it came up.",
            required=False,
            published="Interviews in which the theme came up; empty where they, or the others, are "
            "few.",
            unit="interviews",
        ),
        shared_columns.STATUS,
        *shared_columns.PROVENANCE,
    ),
    key=("country", "role", "theme", "source_id"),
    amount="mentioned",
    check=_find_excess,
    protection=Protection("Few people were interviewed, and may be known.", _hide_small_counts),
    public=(
        PublicTable(
            "justice",
            "What justice interviews mentioned",
            (
                "country role theme interviews mentioned",
                shared_columns.BAND,
                "status",
                *shared_columns.PROVENANCE_COLUMNS,
                "role_label theme_label",
            ),
            amount="mentioned",
            address="theme role",
            kind_of_evidence="interviews on justice",
        ),
    ),
    make=_make_public_tables,
    simulation=SimulationText(
        "Coded interviews (simulated)", "simulated interviews on access to justice"
    ),
)
