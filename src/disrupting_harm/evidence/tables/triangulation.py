"""Figures of each strand of evidence on each form of abuse, and what it cannot show."""

from collections.abc import Sequence

from disrupting_harm.evidence import shared_columns
from disrupting_harm.evidence.definition import (
    Context,
    Frame,
    Frames,
    JointTable,
    PublicTable,
    Table,
)
from disrupting_harm.evidence.shared_columns import count_field, number_field, text_field
from disrupting_harm.study.statuses import DATA_KINDS

STRANDS = ("survey", "police", "cybertips", "frontline")
# The tables that the strands beside the survey come from.
MADE_OF = ("cybertips", "offences", "frontline")


def _make_joint_table(
    tables: Sequence[Table], facts: Frames, public: Frames, context: Context
) -> Frame:
    from disrupting_harm.evidence.measures.triangulation import triangulate

    strands = {name: facts[name] for name in ("offences", "frontline") if name in facts}
    strands |= {name: public[name] for name in ("cybertips",) if name in public}
    assert context.forms is not None
    return triangulate(
        context.forms,
        strands,
        context.estimates,
        context.countries,
        context.order,
        context.population,
        context.simulated,
    )


TABLE = JointTable(
    name="triangulation",
    position=200,
    public=(
        PublicTable(
            "triangulation",
            "What each source says about each form of abuse",
            (
                shared_columns.COUNTRY.make_public_field(),
                text_field("form", "Form of abuse."),
                text_field("form_label", "The form's name."),
                text_field("strand", "survey, police, cybertips or frontline.", *STRANDS),
                text_field(
                    "figure",
                    "The figure; in triangulation as printed in English.",
                    unit="as the column unit says",
                ),
                text_field("unit", "Unit of the figure."),
                text_field("base", "Of what or whom the figure speaks."),
                count_field("year", "Calendar year.", empty=True, unit="calendar year"),
                number_field(
                    "amount",
                    "The figure as a number; empty where there is none.",
                    unit="as the column unit says",
                ),
                number_field(
                    "ci_low",
                    "Lower confidence limit of the survey's estimate, in per cent.",
                    unit="per cent",
                ),
                number_field(
                    "ci_high",
                    "Upper confidence limit of the survey's estimate, in per cent.",
                    unit="per cent",
                ),
                count_field(
                    "n",
                    "Respondents who answered the item; empty where they are few.",
                    empty=True,
                    unit="persons",
                ),
                shared_columns.BAND,
                text_field(
                    "status",
                    shared_columns.STATUS_OF_SUM.meaning,
                    *shared_columns.STATUS_OF_SUM.codes,
                    "",
                ),
                text_field("says", "What the source says about the form of abuse."),
                text_field("cannot_say", "What the source cannot say about the form of abuse."),
                shared_columns.SOURCE,
                text_field("data_kind", shared_columns.DATA_KIND.meaning, *DATA_KINDS, ""),
                text_field(
                    "pairing_reason", "Why police records may stand beside the survey's indicator."
                ),
                text_field("survey_ages", "Ages that the survey asked, beside police records."),
                count_field(
                    "other_ages",
                    "Known victims of other ages than the survey asked.",
                    empty=True,
                    unit="persons",
                ),
            ),
            in_documents=False,
            key="country form strand unit base year",
        ),
    ),
    is_made=lambda tables, forms: forms and bool(tables),
    make=_make_joint_table,
)
