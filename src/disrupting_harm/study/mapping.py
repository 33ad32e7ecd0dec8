"""The mapping: how the columns and codes of a raw file become the codebook's items.

No pandas here: the Snakefile loads this module at every call.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from disrupting_harm.study.codebook import SPECIAL_ANSWERS, Codebook
from disrupting_harm.study.config import Identifier, Section, read_yaml, validated

Code = int | float | str
Disposition = Literal[
    "complete",
    "partial",
    "refusal",
    "non_contact",
    "other",
    "unknown_eligibility",
    "ineligible",
]


class Variable(Section):
    """Where an item stands in the raw file and what its codes mean."""

    column: str
    codes: dict[Code, str] = Field(
        default_factory=dict, description="Raw code to answer; absent: codes equal answers."
    )
    missing: dict[str, tuple[Code, ...]] = Field(
        default_factory=dict, description="Special answers of this column, added to the defaults."
    )

    @model_validator(mode="after")
    def _special_answers(self) -> "Variable":
        _refuse_unknown_special(self.missing)
        return self


class Dispositions(Section):
    """The outcome of the contact with each child drawn."""

    column: str
    codes: dict[Code, Disposition]


class Area(Section):
    """Which rows belong to which country, in a file that holds several."""

    column: str
    codes: dict[Code, str] = Field(description="Raw code to the code in the countries file.")


class Mapping(Section):
    """Columns of one raw file; one mapping may serve several countries."""

    format: Literal["csv", "parquet", "sav", "dta"] | None = Field(
        default=None, description="Absent: by the file's ending."
    )
    delimiter: str = Field(default=",", description="Separator of a CSV file.")
    area: Area | None = Field(
        default=None, description="For a file of several countries; absent: all rows are taken."
    )
    child_id: str | None = Field(
        default=None,
        description="Column that identifies a child; no value repeats. Absent: row numbers.",
    )
    stratum: str = Field(description="Column of the sampling stratum.")
    psu: str = Field(description="Column of the primary sampling unit.")
    psu_unique: bool = Field(
        default=False,
        description="True: a PSU id is unique in the file, and one in two strata is an error. "
        "False: ids are nested in strata, as real files reuse them.",
    )
    fpc: str | None = Field(
        default=None, description="Column with the number of PSUs in the stratum's population."
    )
    weight: str | None = Field(default=None, description="Column of the final weight.")
    psu_probability: str | None = Field(
        default=None, description="Column: probability that the PSU was drawn."
    )
    household_probability: str | None = Field(
        default=None, description="Column: probability of the household, given its PSU."
    )
    eligible_children: str | None = Field(
        default=None, description="Column: eligible children, one of whom was drawn."
    )
    disposition: Dispositions | None = Field(
        default=None, description="Absent: every row is a completed interview."
    )
    missing: dict[str, tuple[Code, ...]] = Field(
        default_factory=dict,
        description="Codes of the special answers (dont_know, prefer_not_to_say, not_asked, "
        "lost) in all columns. An empty cell is not_asked unless a code says otherwise.",
    )
    yes_no: dict[Code, Literal["yes", "no"]] = Field(
        default={1: "yes", 0: "no"}, description="Codes of yes/no items without codes of their own."
    )
    variables: dict[Identifier, Variable] = Field(
        description="One entry per item; an item without one is looked up under its own name."
    )

    @model_validator(mode="after")
    def _special_answers(self) -> "Mapping":
        _refuse_unknown_special(self.missing)
        return self


def _refuse_unknown_special(missing: dict[str, tuple[Code, ...]]) -> None:
    unknown = sorted(set(missing) - set(SPECIAL_ANSWERS))
    if unknown:
        raise ValueError(
            f"'{unknown[0]}' is no special answer; there are {', '.join(SPECIAL_ANSWERS)}"
        )


def load_mapping(path: Path, codebook: Codebook) -> Mapping:
    """Read a mapping and check it against the codebook.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    mapping: Mapping = validated(Mapping, read_yaml(path) or {}, str(path))
    known = {item.id: item for item in codebook.items}
    for name, variable in mapping.variables.items():
        if name not in known:
            raise _fault(path, name, "the codebook has no such item")
        strange = sorted({a for a in variable.codes.values() if a not in known[name].answers})
        if strange and known[name].type != "number":
            raise _fault(path, name, f"the codebook has no answer '{strange[0]}' for it")
    return mapping


def _fault(path: Path, name: str, found: str) -> Exception:
    from disrupting_harm.errors import StudyError

    return StudyError(
        f"{path}, key 'variables.{name}'", found, "Correct the name, or add it to the codebook"
    )
