"""Fill a Quarto template by Jinja2, with delimiters that Quarto does not use."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
)

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.report.language.markdown import Markdown, escape, quote_attribute, quote_yaml

DELIMITERS = {
    "block_start_string": "<%",
    "block_end_string": "%>",
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
    "trim_blocks": True,
    "lstrip_blocks": True,
}
# The renderer writes its own name and version here: the text does not know who will render it.
RENDERED_BY = Markdown("[]{.rendered-by}")


def fill_template(templates: Path, name: str, context: dict[str, Any]) -> str:
    """Return the template ``name`` filled with ``context``.

    Every value is escaped for Markdown unless it is :class:`.markdown.Markdown`; a name that the
    context lacks is an error.

    Raises:
        StudyError: naming the template and what is wrong with it.
    """
    try:
        return _load_environment(templates).get_template(name).render(context)
    except UndefinedError as error:
        raise StudyError(
            f"template {name}", str(error.message), "Use a name that the report knows"
        ) from error
    except TemplateSyntaxError as error:
        location = f"template {error.name}, line {error.lineno}"
        raise StudyError(location, str(error.message), "Correct the template") from error
    except TemplateNotFound as error:
        raise StudyError(
            f"template {name}", f"there is no template '{error.name}'", "Add the file"
        ) from error


def compile_templates() -> None:
    """Compile the workflow's templates, which are then at hand in this process and its forks."""
    environment = _load_environment(templates_folder())
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)


@lru_cache
def _load_environment(templates: Path) -> Environment:
    """Return how templates of a folder are read; each of them is compiled once in a process."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        autoescape=False,
        finalize=escape,
        keep_trailing_newline=True,
        **DELIMITERS,  # type: ignore[arg-type]
    )
    environment.filters |= {
        "quoted": quote_yaml,
        "attribute": quote_attribute,
        "identifier": Markdown,
    }
    return environment
