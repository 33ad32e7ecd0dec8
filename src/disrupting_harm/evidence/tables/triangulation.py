"""What each strand of evidence says about each form of abuse, and cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from disrupting_harm.evidence.columns import Field
from disrupting_harm.evidence.definition import Context, Joint, Public, Table
from disrupting_harm.evidence.shared import COUNTRY, DATA_KIND, SOURCE, STATUS_OF_SUM
from disrupting_harm.study.statuses import DATA_KINDS

if TYPE_CHECKING:
    import pandas as pd

    from disrupting_harm.evidence.definition import Frames

STRANDS = ("survey", "police", "cybertips", "frontline")


def _make(tables: Sequence[Table], facts: Frames, public: Frames, context: Context) -> pd.DataFrame:
    from disrupting_harm.evidence.triangulation import triangulate

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


TABLE = Joint(
    name="triangulation",
    place=200,
    public=(
        Public(
            "triangulation",
            "What each source says about each form of abuse",
            (
                COUNTRY.field(),
                Field("form", "string", "Form of abuse."),
                Field("form_label", "string", "The form's name."),
                Field("strand", "string", "survey, police, cybertips or frontline.", STRANDS),
                Field("figure", "string", "The figure; in triangulation as printed in English."),
                Field("unit", "string", "Unit of the figure."),
                Field("base", "string", "Of what or whom the figure speaks."),
                Field("year", "integer", "Calendar year.", empty=True),
                Field(
                    "amount",
                    "number",
                    "The figure as a number; empty where there is none.",
                    empty=True,
                ),
                Field(
                    "ci_low",
                    "number",
                    "Lower confidence limit of the survey's estimate, in per cent.",
                    empty=True,
                ),
                Field(
                    "ci_high",
                    "number",
                    "Upper confidence limit of the survey's estimate, in per cent.",
                    empty=True,
                ),
                Field(
                    "n",
                    "integer",
                    "Respondents who answered the item; empty where they are few.",
                    empty=True,
                ),
                Field("status", "string", STATUS_OF_SUM.meaning, (*STATUS_OF_SUM.codes, "")),
                Field("says", "string", "What the source says about the form of abuse."),
                Field(
                    "cannot_say",
                    "string",
                    "What the source cannot say about the form of abuse.",
                ),
                SOURCE,
                Field("data_kind", "string", DATA_KIND.meaning, (*DATA_KINDS, "")),
                Field(
                    "pairing_reason",
                    "string",
                    "Why police records may stand beside the survey's indicator.",
                ),
                Field(
                    "survey_ages",
                    "string",
                    "Ages that the survey asked, beside police records.",
                ),
                Field(
                    "other_ages",
                    "integer",
                    "Known victims of other ages than the survey asked.",
                    empty=True,
                ),
            ),
        ),
    ),
    is_made=lambda tables, forms: forms and bool(tables),
    make=_make,
)
