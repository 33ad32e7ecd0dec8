"""The picture of the house in CONTRIBUTING.md is that of the code, and helpers say what they do."""

import ast
import re
import tomllib

from repository import PROJECT


def rooms_of(container: str) -> list[str]:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (
        contract
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers" and contract["containers"] == [container]
    )
    layers = [name for layer in contract["layers"] for name in layer.split(" | ")]
    folder = PROJECT / ("engine/src" if container == "designbased" else "src")
    return [name for name in layers if (folder / container.replace(".", "/") / name).is_dir()]


def test_the_picture_of_the_house_has_every_room_in_its_order() -> None:
    page = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (picture,) = re.findall(r"^```text\n(engine/.*?)^```", page, re.MULTILINE | re.DOTALL)
    drawn: dict[str, list[str]] = {"engine": [], "house": [], "report": []}
    part = ""
    for line in picture.splitlines():
        if line.startswith("engine/"):
            part = "engine"
        elif line.startswith("src/"):
            part = "house"
        elif match := re.match(r"( +)(\w+)/ +\S", line):
            drawn["report" if part == "house" and len(match[1]) > 2 else part].append(match[2])
    assert drawn["house"] == rooms_of("disrupting_harm")
    assert drawn["report"] == rooms_of("disrupting_harm.report")
    assert sorted(drawn["engine"]) == sorted(rooms_of("designbased"))


def test_every_helper_is_called_by_a_verb_and_its_object() -> None:
    """Of ``_row`` nobody finds what it does; ``_format_pair_row`` says it."""
    short = [
        f"{path.relative_to(PROJECT)}: {node.name}"
        for folder in ("src", "engine/src")
        for path in sorted((PROJECT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and re.fullmatch(r"_[a-z]+", node.name)
    ]
    assert not short
