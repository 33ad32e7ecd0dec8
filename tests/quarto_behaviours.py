"""Small projects on which a Quarto shows what it does: those of data/quarto_behaviours.yaml."""

import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
MEASURED: dict[str, Any] = yaml.safe_load((DATA / "quarto_behaviours.yaml").read_text())
PROJECTS: dict[str, dict[str, Any]] = MEASURED["projects"]
SIZE = 'width="9" height="9"'
SQUARE = f'<svg xmlns="http://www.w3.org/2000/svg" {SIZE}><rect {SIZE}/></svg>'
_ERROR = re.compile(r"^.*?((?:ERROR|error): .*)$", re.MULTILINE)


class Pictures(HTMLParser):
    """The pictures of a page, their alternative texts, and the captions of its figures."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, Any] = {"pictures": 0, "alts": [], "captions": []}
        self._within = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found["pictures"] += 1
            self.found["alts"] += [dict(attrs)["alt"]] if "alt" in dict(attrs) else []
        if tag == "figcaption":
            self._within = True
            self.found["captions"].append("")

    def handle_endtag(self, tag: str) -> None:
        self._within = self._within and tag != "figcaption"

    def handle_data(self, data: str) -> None:
        if self._within:
            self.found["captions"][-1] = (self.found["captions"][-1] + data).strip()


def make_project(root: Path, project: dict[str, Any]) -> Path:
    """Write a project into an empty folder, and return its document."""
    if project["settings"]:
        (root / "_quarto.yml").write_text(project["settings"])
    folder = root / project.get("folder", ".")
    folder.mkdir(exist_ok=True)
    for place in {root, folder}:
        shutil.copy(DATA / "quarto_behaviours.lua", place / "filter.lua")
        (place / "p.svg").write_text(SQUARE)
    front = f"title: T\n{project.get('front', '')}".strip()
    document = folder / "doc.qmd"
    document.write_text(f"---\n{front}\n---\n\n{project.get('body', 'Words.')}\n")
    return document


def observe_call(quarto: Path, document: Path, arguments: str) -> dict[str, Any]:
    """Call a Quarto on a document, and return what it did in the words of the measured facts."""
    done = subprocess.run(
        [str(quarto), "render", document.name, *arguments.split()],
        cwd=document.parent,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"NO_COLOR": "1"},
        check=False,
    )
    kinds = ("docx", "html", "pdf")
    seen: dict[str, Any] = {
        "made": [kind for kind in kinds if document.with_suffix(f".{kind}").is_file()]
    }
    if done.returncode:
        first = _ERROR.search(done.stdout)
        return seen | {"error": first[1] if first else done.stdout}
    seen["sees"] = sorted(set(re.findall(r"SEES (.*)", done.stdout)))
    if "html" in seen["made"]:
        page = document.with_suffix(".html").read_text(encoding="utf-8")
        seen["page"] = Pictures(page[page.index("<body") :]).found
    return seen
