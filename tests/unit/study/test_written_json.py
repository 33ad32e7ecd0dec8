"""JSON whose lists have each item on a line of its own."""

import math
from pathlib import Path

import pytest

from disrupting_harm.core.files import read_json, write_json_of_lists


def test_lists_have_a_line_for_each_item(tmp_path: Path) -> None:
    content = {"title": "ខ្មែរ", "resources": [{"name": "a", "schema": [1, 2]}, {"name": "b"}]}
    target = tmp_path / "package.json"
    write_json_of_lists(target, content)
    assert read_json(target) == content
    assert target.read_text(encoding="utf-8").splitlines() == [
        "{",
        '"title":"ខ្មែរ",',
        '"resources":[',
        '{"name":"a","schema":[1,2]},',
        '{"name":"b"}',
        "]",
        "}",
    ]


@pytest.mark.parametrize("content", [{"one": math.nan}, {"several": [1.0, math.nan]}])
def test_a_number_that_is_none_is_refused(tmp_path: Path, content: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json_of_lists(tmp_path / "package.json", content)
    assert not [*tmp_path.iterdir()]
