"""The page of a codebook's indicators: what each counts, over which period, and its codes."""

from collections.abc import Iterator
from pathlib import Path

from disrupting_harm.files import write_text
from disrupting_harm.study.codebook import Codebook

HEAD = """\
# Indicators of the default study

Generated from `config/indicators.yaml` by `make docs`; do not edit by hand. Codes are those of
[international classifications](configuration.md#indicatorscodes): none is guessed, and an SDG
indicator is *related* where age, period or definition are others.
"""


def write_indicators(codebook: Codebook, page: Path) -> None:
    """Write the page of all indicators of a codebook."""
    write_text(page, HEAD + "".join(_modules(codebook)))


def _modules(codebook: Codebook) -> Iterator[str]:
    for module in codebook.modules:
        yield f"\n## {module.label}\n\n| indicator | what it measures | period | ICVAC | SDG "
        yield "| Childlight |\n|---|---|---|---|---|---|\n"
        for entry in codebook.indicators:
            if entry.module == module.id:
                period = entry.recall.replace("_", " ")
                codes = " | ".join(entry.codes.printed().values())
                yield f"| `{entry.id}` | {entry.label} | {period} | {codes} |\n"
