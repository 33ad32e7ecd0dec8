"""The section ``evidence`` of the configuration."""

from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from disrupting_harm.study.section import Identifier, Section


class EvidenceFiles(Section):
    """Evidence beside the survey: CSV or Excel files, relative to the configuration file.

    docs/evidence.md describes each table; `disrupting-harm evidence template` makes a workbook.
    """

    # Every other key is the file of a table of evidence. Which there are is said in
    # `evidence/tables/`, a layer above; `evidence.names` refuses others.
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Path | None] = Field(init=False)

    sources: Path | None = Field(default=None, description="Who told what, one row per source.")
    capacity_areas: Path | None = Field(
        default=None, description="YAML file of the areas of capacity, their items and weights."
    )
    labels: Path | None = Field(
        default=None,
        description="YAML file: what codes of the study's own are called in print: items of the "
        "survey of frontline workers, roles and themes of interviews.",
    )
    triangulation: Path | None = Field(
        default=None, description="YAML file: what each source says about each form of abuse."
    )
    simulation: Path | None = Field(
        default=None, description="YAML file of settings; makes the tables that have no file."
    )
    other_countries: Literal["refuse", "leave_out"] = Field(
        default="refuse",
        description="Rows of countries that `countries` does not list: a fault, or left out and "
        "counted in the log of the stage `evidence`.",
    )
    min_count: int = Field(
        default=10,
        ge=3,
        le=1000,
        description="Smallest count of children, their families or offenders that is printed.",
    )
    min_count_professionals: int = Field(
        default=10,
        le=1000,
        description="Smallest count of frontline workers and of `professional_roles` that is "
        "printed, below it bands: at least 3; or 1, which prints all, only where those asked "
        "agreed to it.",
    )
    professional_roles: list[Identifier] = Field(
        default=[],
        description="Roles in interviews on justice whose counts are printed like those of "
        "frontline workers. They are few and may be known by name: name a role only where they "
        "agreed.",
    )
    identifiable_roles: list[Identifier] = Field(
        default=[],
        description="Roles in interviews on justice that one or two known people hold, such as the "
        "only judge of a court for children: nothing of them is published.",
    )

    @model_validator(mode="after")
    def _two_is_no_protection(self) -> "EvidenceFiles":
        if self.min_count_professionals < 1 or self.min_count_professionals == 2:
            raise ValueError("'min_count_professionals' is 1, or at least 3")
        return self

    @model_validator(mode="after")
    def _capacity_has_areas(self) -> "EvidenceFiles":
        if self.capacity_areas is None:
            for key in ("capacity", "simulation"):
                if key in self.files:
                    raise ValueError(f"'{key}' needs 'capacity_areas'")
        return self

    @property
    def small_counts(self) -> dict[str, Any]:
        """Return the fields of ``evidence.definition.SmallCounts``."""
        return {
            "people": self.min_count,
            "professionals": self.min_count_professionals,
            "roles": tuple(self.professional_roles),
            "identifiable": tuple(self.identifiable_roles),
        }

    @property
    def files(self) -> dict[str, Path]:
        """Return all files that are named, by key."""
        return {name: value for name, value in self if isinstance(value, Path)}

    @property
    def tables(self) -> dict[str, Path]:
        """Return the file of each table of evidence that has one."""
        return {name: path for name, path in self.__pydantic_extra__.items() if path is not None}
