"""What all models of configuration files share: strict sections, and reading them from YAML.

No pandas here: the Snakefile loads this module at every call.
"""

import datetime
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_text
from disrupting_harm.core.spelling import compose_text, look_of

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Share = Annotated[float, Field(gt=0, lt=1)]
# Words that are printed or name a column: not empty, no spaces around them.
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

# Years and days that a study can speak of.
Year = Annotated[int, Field(ge=1950, le=2100)]
FIRST_DAY, LAST_DAY = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)
# What is written where an address has another scheme, such as javascript:, or a space in it.
WRITE_ADDRESS = "Write an address of the web, which begins with https:// or http://"
_WEB_ADDRESS = re.compile(r"https?://[\w-]+(\.[\w-]+)*(:\d{1,5})?([/?#][^\s<>\"\\^`{|}]*)?")


def is_web_address(text: str) -> bool:
    """Return whether ``text`` is an address of the web with nothing beside it."""
    return _WEB_ADDRESS.fullmatch(text) is not None


def _check_day(day: datetime.date) -> datetime.date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"a day from {FIRST_DAY} to {LAST_DAY} is wanted")
    return day


Day = Annotated[datetime.date, AfterValidator(_check_day)]


def refuse_repetition(values: Sequence[Any], *, noun: str = "") -> Sequence[Any]:
    """Return ``values`` for a validator, which refuses one that is there twice or looks so.

    ``noun`` is what they are, with the article and a space behind, for the message.
    """
    looks = [look_of(str(value)) for value in values]
    repeated = [value for index, value in enumerate(values) if looks[index] in looks[:index]]
    if repeated:
        raise ValueError(f"{noun}'{repeated[0]}' stands twice")
    return values


# A list in which nothing stands twice.
Names = Annotated[tuple[str, ...], AfterValidator(refuse_repetition)]


class Section(BaseModel):
    """A part of the configuration; unknown keys are errors, and so are numbers that are none."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class _StrictConstructor(yaml.constructor.SafeConstructor):
    """YAML in which a key that stands twice is a fault, not silently the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        earlier_keys: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, list | dict | set):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key that is no plain word", key_node.start_mark
                )
            if key in earlier_keys:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key}' stands twice", key_node.start_mark
                )
            earlier_keys.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:
        """Build a text, composed: an escape such as \\u0301 is in no other spelling."""
        scalar = super().construct_scalar(node)
        return compose_text(scalar) if isinstance(scalar, str) else scalar

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Build a value; a date or number that is none is a fault with its line."""
        try:
            return super().construct_object(node, deep)
        except ValueError:
            type_name = "date" if node.tag.endswith("timestamp") else "number"
            raise yaml.constructor.ConstructorError(
                None, None, f"it looks like a {type_name}, but is none", node.start_mark
            ) from None


class _QuickLoader(_StrictConstructor, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same over the parser in C, several times quicker, where PyYAML has it."""


class _PlainLoader(_StrictConstructor, yaml.SafeLoader):
    """The same over the parser in Python, which describes faults better."""


def read_yaml(path: Path) -> Any:
    """Read a YAML file; a missing, unreadable or malformed one is a `StudyError`."""
    return parse_yaml(read_text(path), str(path))


def parse_yaml(content: str, source: str) -> Any:
    """Read YAML; a malformed one is a `StudyError` that names ``source``."""
    with suppress(yaml.YAMLError):
        return yaml.load(content, _QuickLoader)
    try:
        return yaml.load(content, _PlainLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is not valid YAML"
        raise StudyError(f"{source}{line}", problem, "Correct the YAML") from None
    except RecursionError:
        raise StudyError(
            source, "lists or keys within each other without end", "Correct the YAML"
        ) from None


def validate_content(model: type[BaseModel], content: Any, source: str) -> Any:
    """Check ``content`` against ``model``; the first fault becomes a `StudyError` with its key."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        key = ".".join(str(key_part) for key_part in fault["loc"]) or "(top level)"
        finding = fault["msg"].removeprefix("Value error, ")
        faulty_value = fault.get("input")
        if fault["type"] == "extra_forbidden":
            finding, remedy = "unknown key", "Remove it or correct its spelling"
        elif fault["type"] == "missing":
            finding, remedy = "required, but missing", "Add it"
        else:
            if isinstance(faulty_value, str | int | float | bool):
                finding = f"{finding} (found {faulty_value!r})"
            remedy = "Correct it; docs/configuration.md describes every key"
            if isinstance(faulty_value, bool) and fault["type"] == "string_type":
                remedy = "Put it in quotes: YAML reads yes and no as true and false"
        raise StudyError(f"{source}, key '{key}'", finding, remedy) from None
