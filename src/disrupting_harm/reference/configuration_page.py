"""The configuration's reference page and JSON Schema, generated from the models."""

import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import Configuration, EvidenceFiles
from disrupting_harm.study.countries import Country
from disrupting_harm.study.microdata.mapping import Mapping as RawMapping

PAGES = (
    ("config.yaml", "The study's configuration file.", Configuration),
    ("countries.csv", "One row per country; columns are the keys.", Country),
    ("mapping.yaml", "How raw columns and codes become items.", RawMapping),
    ("indicators.yaml", "The codebook.", Codebook),
)
# Files whose models lie above this folder: the caller brings the models, in this order.
DOCUMENT_FILES = (
    (
        "recommendations.yaml",
        "What country reports recommend, each on a condition that a published number meets.",
    ),
    (
        "findings.yaml",
        "What country reports find: key figures, and findings with the claims of their headings.",
    ),
    ("brief.yaml", "What briefs say: two pages on each country."),
)

TYPE_NAMES = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}

PAGE_HEAD = """# Configuration

Generated from the models in `src/disrupting_harm/study/` by `make docs`; do not edit by hand.
Unknown keys are errors. Paths are relative to the configuration file's folder, `results` to the
folder where the workflow runs.
"""


def write_reference(
    page: Path, schema: Path, files: Mapping[str, str], documents: Sequence[type[BaseModel]]
) -> None:
    """Write the reference page, and JSON Schemas of the configuration and the files of documents.

    Args:
        schema: the file of the schema of the configuration; the others go beside it.
        files: what the file of each table of evidence holds, by its key.
        documents: the models of ``recommendations.yaml``, ``findings.yaml`` and ``brief.yaml``.
    """
    write_text(page, format_reference_page(files, documents))
    write_json(schema, configuration_schema(files))
    for (name, _), model in zip(DOCUMENT_FILES, documents, strict=True):
        write_json(schema.with_name(f"{Path(name).stem}.schema.json"), model.model_json_schema())


def configuration_schema(files: Mapping[str, str]) -> dict[str, Any]:
    """Return the JSON Schema of the configuration, with the keys of the tables of evidence."""
    schema = Configuration.model_json_schema()
    evidence = schema["$defs"][EvidenceFiles.__name__]
    path = evidence.pop("additionalProperties")
    evidence["additionalProperties"] = False
    evidence["properties"] |= {
        name: path | {"default": None, "description": meaning, "title": name}
        for name, meaning in files.items()
    }
    return schema


def format_reference_page(files: Mapping[str, str], documents: Sequence[type[BaseModel]]) -> str:
    """Return the reference page as Markdown; arguments as in :func:`write_reference`."""
    chunks = [PAGE_HEAD]
    document_pages = [
        (name, purpose, model)
        for (name, purpose), model in zip(DOCUMENT_FILES, documents, strict=True)
    ]
    pages: list[tuple[str, str, type[BaseModel]]] = [*PAGES, *document_pages]
    for name, purpose, model in pages:
        chunks.append(f"\n## {name}\n\n{purpose}\n")
        chunks.extend(_format_tables(model, "", files))
    return "".join(chunks)


def _format_tables(model: type[BaseModel], prefix: str, files: Mapping[str, str]) -> Iterator[str]:
    if prefix:
        yield f"\n### {prefix}\n\n{(model.__doc__ or '').splitlines()[0]}\n"
    yield "\n| key | value | default | meaning |\n|---|---|---|---|\n"
    sections: list[tuple[str, type[BaseModel]]] = []
    for name, field in model.model_fields.items():
        section = _find_section(field.annotation)
        if section is not None:
            sections.append((f"{prefix}.{name}".lstrip("."), section))
        yield f"| `{name}` | {_describe_type(field.annotation)} | {_format_default(field)} "
        yield f"| {_format_meaning(field)} |\n"
    if model is EvidenceFiles:
        for name, meaning in files.items():
            yield f"| `{name}` | path | none | {meaning} |\n"
    for key, section in sections:
        yield from _format_tables(section, key, files)


def _find_section(annotation: Any) -> type[BaseModel] | None:
    """Return the model inside an annotation such as ``tuple[Item, ...]`` or ``Item | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in typing.get_args(annotation):
        section = _find_section(argument)
        if section is not None:
            return section
    return None


def _describe_type(annotation: Any) -> str:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _describe_type(arguments[0])
    if origin is typing.Literal:
        return " or ".join(f"`{argument}`" for argument in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(
            dict.fromkeys(
                _describe_type(argument) for argument in arguments if argument is not type(None)
            )
        )
    if origin is tuple:
        return "list of " + _describe_type(arguments[0])
    if origin is dict:
        return f"{_describe_type(arguments[0])} to {_describe_type(arguments[1])}"
    if _find_section(annotation) is not None:
        return "section, see below"
    name: str = annotation.__name__
    return TYPE_NAMES.get(name, name.lower())


def _format_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.get_default(call_default_factory=True)
    if default is None or default in ((), {}, ""):
        return "none"
    if isinstance(default, BaseModel):
        return "as below"
    if isinstance(default, tuple):
        return ", ".join(f"`{item}`" for item in default)
    return f"`{default}`"


def _format_meaning(field: FieldInfo) -> str:
    return (field.description or "").replace("|", "\\|")
