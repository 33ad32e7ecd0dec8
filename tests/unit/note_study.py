"""A furnished folder of public results of one country, and notes beside it."""

import json
import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

from public_results import row, shown, write_public
from rendering_sample import furnish

from disrupting_harm.notes.note import Note, read_note
from disrupting_harm.provenance.manifest import code_digest
from disrupting_harm.study.study import Study, load_study

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config" / "config.yaml"
LANGUAGES = ("en", "km", "vi", "id", "th", "pt")
HIDDEN = row("clear_examples", "sex", "boy", status="suppress_disclosure", shown="c")
BOUND = row("clear_examples", "sex", "girl", status="suppress_disclosure", shown="< 10")
WEAK = row("clear_examples", "area", "rural")
MANY = row("uses_daily", "total", "all", **shown(0.482, 0.437, 0.526, n=1042))


@lru_cache
def study() -> Study:
    """Return the default study, whose codebook the results follow."""
    return load_study(CONFIG)


def write_results(public: Path, changes: list[dict[str, Any]] | None = None) -> None:
    """Write public results of KHM with figures in every language of documents."""
    rows = [HIDDEN, BOUND, WEAK, MANY, *(changes or [])]
    write_public(public, study().codebook, rows, "en")
    for language in LANGUAGES[1:]:
        shutil.copytree(public / "figures" / "KHM" / "en", public / "figures" / "KHM" / language)
    furnish(public)
    settings = public / "_quarto.yml"
    settings.write_text(settings.read_text() + 'watermark: "Simulated data"\n')
    write_manifest(public)
    (public / "datapackage.json").write_text('{"resources": []}\n')


def write_manifest(public: Path, simulated: bool = True) -> None:
    """Write what a note reads of the manifest."""
    info = {"id": study().config.study.id, "date": "2026-11-24"}
    content = {
        "study": info["id"],
        "simulated": simulated,
        "code": {"tree": code_digest()},
        "configuration": {"study": info},
    }
    (public / "manifest.json").write_text(json.dumps(content))


def write_note(folder: Path, body: str, front: str = "", language: str = "en") -> Note:
    """Write and read a note on KHM in ``folder/note``, beside ``folder/results/public``."""
    path = folder / "note" / "note.qmd"
    path.parent.mkdir(exist_ok=True)
    head = f"title: A note\nlang: {language}\ncountry: KHM\nresults: ../results/public\n{front}"
    path.write_text(f"---\n{head}---\n\n{body}\n", encoding="utf-8")
    return read_note(path)
