"""What all models of configuration files share: strict sections, and reading them from YAML.

No pandas here: the Snakefile loads this module at every call.
"""

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_text

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Share = Annotated[float, Field(gt=0, lt=1)]


class Section(BaseModel):
    """A part of the configuration; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a key that stands twice is a fault, not silently the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key}' stands twice", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def read_yaml(path: Path) -> Any:
    """Read a YAML file; a missing, unreadable or malformed one is a `StudyError`."""
    try:
        return yaml.load(read_text(path), _StrictLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is not valid YAML"
        raise StudyError(f"{path}{line}", problem, "Correct the YAML") from None


def validated(model: type[BaseModel], content: Any, source: str) -> Any:
    """Check ``content`` against ``model``; the first fault becomes a `StudyError` with its key."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in fault["loc"]) or "(top level)"
        found = fault["msg"].removeprefix("Value error, ")
        given = fault.get("input")
        if fault["type"] == "extra_forbidden":
            found, remedy = "unknown key", "Remove it or correct its spelling"
        elif fault["type"] == "missing":
            found, remedy = "required, but missing", "Add it"
        else:
            if isinstance(given, str | int | float | bool):
                found = f"{found} (found {given!r})"
            remedy = "Correct it; docs/configuration.md describes every key"
            if isinstance(given, bool) and fault["type"] == "string_type":
                remedy = "Put it in quotes: YAML reads yes and no as true and false"
        raise StudyError(f"{source}, key '{key}'", found, remedy) from None
