"""The section ``report``: documents, their languages, and the files that their texts come from."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from disrupting_harm.study.section import Section, once


class Report(Section):
    """Documents."""

    renderer: Literal["auto", "quarto", "embedded"] = Field(
        default="auto",
        description="`quarto` needs Quarto 1.10 or newer on PATH; `auto` uses it when present.",
    )
    formats: Annotated[tuple[Literal["html", "pdf", "docx"], ...], AfterValidator(once)] = Field(
        default=("html", "pdf", "docx"), min_length=1, description="Formats to render."
    )
    references: Path | None = Field(
        default=None,
        description="CSV file of the works that the study's sources name, with the columns `named` "
        "(the words by which a text names the work), `reference` and `address`.",
    )
    recommendations: Path | None = Field(
        default=None,
        description="YAML file of recommendations, each with the number on which it is printed; "
        "absent: country reports recommend nothing.",
    )
    findings: Path | None = Field(
        default=None,
        description="YAML file of what country reports find: key figures, chapters of findings, "
        "words explained. `study.template: country` needs it.",
    )
    slots: Path | None = Field(
        default=None,
        description="Folder of what authors write for country reports, e.g. "
        "`KEN/en/foreword.md`; absent: reports have no places for it.",
    )
    brief: Path | None = Field(
        default=None,
        description="YAML file of what briefs say: two pages on each country; absent: no briefs. "
        "Needs a survey.",
    )
    project_languages: Annotated[tuple[str, ...], AfterValidator(once)] = Field(
        default=("en",),
        min_length=1,
        description="Languages of the brief on the whole study, the explorer and the site.",
    )
