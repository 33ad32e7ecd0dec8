"""Forms of abuse, and the codes by which each kind of evidence could cover them.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.configuration.section import (
    Identifier,
    Section,
    read_yaml,
    refuse_repetition,
    validate_content,
)


class PoliceRecords(Section):
    """Which recorded offences belong to a form."""

    categories: tuple[Literal["ocsea", "csea", "other"], ...] = ()
    offence_codes: tuple[str, ...] = Field(
        default=(), description="Codes of offences; they differ between laws. Empty: all."
    )
    technology: tuple[Literal["yes", "no", "not_recorded"], ...] = ("yes",)
    reason: str = Field(
        default="",
        description="Why these records may stand beside the survey's indicator, and in what they "
        "differ; printed beside them. Needed where the form has an `indicator`.",
    )


class WorkersAnswer(Section):
    """Which answer of frontline workers belongs to a form."""

    item: Identifier
    answers: tuple[str, ...] = Field(min_length=1)
    statement: str = Field(description="What these workers said, as printed.")


class Form(Section):
    """One form of abuse; a strand that cannot tell it apart from others is left out."""

    id: Identifier
    label: str
    indicator: Identifier | None = None
    police: PoliceRecords | None = None
    cybertips: bool = False
    frontline: WorkersAnswer | None = None

    @model_validator(mode="after")
    def _pairing_has_a_reason(self) -> "Form":
        if self.indicator and self.police and not self.police.reason.strip():
            raise ValueError(
                f"the form '{self.id}' sets police records beside the indicator "
                f"'{self.indicator}' without 'police.reason': an offence of the law is not what a "
                "survey asked; say why they may stand together, or make two forms"
            )
        return self


class Forms(Section):
    """All forms, in the order in which they are printed."""

    forms: tuple[Form, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _refuse_repetition(self) -> "Forms":
        refuse_repetition([form.id for form in self.forms], noun="the form ")
        return self


def load_forms(path: Path, indicators: Collection[str] | None = None) -> Forms:
    """Read the file of forms.

    ``indicators`` are the proportions of the survey, which forms may name; None: any.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    forms: Forms = validate_content(Forms, read_yaml(path) or {}, str(path))
    for form in forms.forms:
        if indicators is not None and form.indicator and form.indicator not in indicators:
            raise StudyError(
                f"{path}, form '{form.id}', key 'indicator'",
                f"the codebook has no proportion '{form.indicator}'",
                "Name an indicator of the codebook that is a proportion",
            )
    return forms
