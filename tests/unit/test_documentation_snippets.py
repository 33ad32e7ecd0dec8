"""Every snippet of the pages on the engine runs."""

import re
from pathlib import Path

import pandas as pd
import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ["coming-from.md", "survey-engine.md"]


def code_blocks(page: str) -> list[str]:
    """Blocks of Python code, in their order."""
    return re.findall(
        r"^```python\n(.*?)^```", (DOCS / page).read_text(encoding="utf-8"), re.M | re.S
    )


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def table_snippets(page: str) -> list[str]:
    """The last column of every table whose head calls it "here"."""
    snippets, inside = [], False
    for line in (DOCS / page).read_text(encoding="utf-8").splitlines():
        row = cells(line)
        if not row:
            inside = False
        elif row[-1] == "here":
            inside, width = True, len(row)
        elif inside and not set(line) <= set("|-: "):
            assert len(row) == width, line
            snippets.append(re.fullmatch("`(.+)`", row[-1]).group(1))
    return snippets


@pytest.fixture(scope="module")
def setting() -> dict[str, object]:
    names: dict[str, object] = {}
    for block in code_blocks("coming-from.md"):
        exec(block, names)
    return names


@pytest.mark.parametrize("snippet", table_snippets("coming-from.md"))
def test_every_call_of_the_tables_runs(snippet: str, setting: dict[str, object]) -> None:
    found = eval(snippet, dict(setting))
    assert found is not None
    if isinstance(found, pd.DataFrame):
        assert len(found)
        assert found.select_dtypes("number").notna().any().any()


def test_there_are_snippets() -> None:
    assert len(table_snippets("coming-from.md")) > 40


@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page_run_in_order(page: str) -> None:
    names: dict[str, object] = {}
    for block in code_blocks(page):
        exec(block, names)
