"""Areas of police capacity, the items asked in each, and how much each area counts.

No pandas here: the Snakefile loads modules of this kind at every call.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from disrupting_harm.study.configuration.section import (
    Identifier,
    Section,
    read_yaml,
    refuse_repetition,
    validate_content,
)


class Area(Section):
    """An area of capacity."""

    id: Identifier
    label: str
    weight: Annotated[float, Field(gt=0)] = Field(
        default=1.0,
        description="How much the area counts in `weighted_rank`; the order of needs in reports "
        "uses no weights.",
    )
    items: dict[Identifier, str] = Field(
        min_length=1, description="Wording of each item; scored 0 to 3."
    )


class CapacityAreas(Section):
    """The areas, in the order in which they are printed."""

    areas: tuple[Area, ...] = Field(min_length=1)

    @property
    def items(self) -> dict[str, str]:
        """Return the area of each item."""
        return {item: area.id for area in self.areas for item in area.items}

    @model_validator(mode="after")
    def _refuse_repetition(self) -> "CapacityAreas":
        refuse_repetition([area.id for area in self.areas], noun="the area ")
        refuse_repetition([item for area in self.areas for item in area.items], noun="the item ")
        return self


def load_capacity_areas(path: Path) -> CapacityAreas:
    """Read the file of areas.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    areas: CapacityAreas = validate_content(CapacityAreas, read_yaml(path) or {}, str(path))
    return areas
