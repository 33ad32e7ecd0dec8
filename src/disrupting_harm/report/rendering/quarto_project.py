"""The settings that all documents below a folder share: ``_quarto.yml`` at its root.

They are Quarto's own project settings; the embedded renderer reads the same file, and the front
matter of a document overrides it, as in Quarto.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from disrupting_harm.core.errors import StudyError

SETTINGS = "_quarto.yml"
# Folders at the root that hold what the settings name.
SHARED, FONTS = "_shared", "fonts"
FILTER = f"{SHARED}/report-filter.lua"
# What the filter does where a document's own key 'report' says nothing else.
DEFAULTS = "report-defaults"
# What the filter and the templates rely on. With anything else Quarto numbers twice, makes boxes,
# contents and layout of its own, or stops.
_NEEDED: dict[str, Any] = {
    # Quarto gives a document that 'render' leaves out another root.
    "project": {"type": "default"},
    "number-sections": False,
    "syntax-highlighting": "none",
    "filters": [{"path": FILTER, "at": "pre-ast"}],
    "format.html.minimal": True,
    "format.html.template": f"{SHARED}/report-template.html",
    "format.html.embed-resources": True,
    "format.typst.template": f"{SHARED}/report-template.typ",
    "format.typst.shift-heading-level-by": 0,
    "format.typst.font-paths": [FONTS],
    "format.typst.pdf-standard": "ua-1",
    "format.docx.toc": False,
    "format.docx.reference-doc": f"{SHARED}/reference.docx",
}
# Keys whose values are files; in the settings they are named from the root.
_FILES = ("template", "template-partials", "css", "reference-doc", "bibliography", "csl")


@dataclass(frozen=True)
class Project:
    """A root folder with the settings of all documents below it."""

    root: Path
    settings: dict[str, Any]

    @property
    def filter(self) -> Path:
        """The Lua filter of all documents."""
        return self.root / FILTER

    @property
    def other_filters(self) -> list[str]:
        """The filters that run before that of all documents, from the root."""
        return [lua_filter["path"] for lua_filter in self.settings["filters"][:-1]]

    @property
    def shared(self) -> Path:
        """The folder of templates, style sheet and parts of pages."""
        return self.root / SHARED

    @property
    def fonts(self) -> Path:
        """The folder of the fonts."""
        return self.root / FONTS

    def seen_from(self, folder: Path) -> dict[str, Any]:
        """Return the settings with the files that they name as paths from ``folder``."""
        way_to_root = Path(os.path.relpath(self.root, folder.resolve()))
        settings_from_folder = _rebase_files(self.settings, way_to_root)
        formats = {
            name: _rebase_files(block, way_to_root) if isinstance(block, dict) else block
            for name, block in self.settings.get("format", {}).items()
        }
        del settings_from_folder["project"]
        return settings_from_folder | {"format": formats}


def find_project(document: Path) -> Project:
    """Return the project that a document belongs to: the nearest ``_quarto.yml`` above it.

    Raises:
        StudyError: without one, or where it lacks what the documents need.
    """
    for folder in document.resolve().parents:
        if (folder / SETTINGS).is_file():
            if folder == document.resolve().parent:
                remedy = "Put it, with its figures, into a folder of its own"
                raise StudyError(str(document), f"it lies beside {SETTINGS}", remedy)
            for name in document.resolve().relative_to(folder).parts:
                if name.startswith(("_", ".")):
                    finding = f"'{name}': Quarto takes no such file or folder as part of a project"
                    raise StudyError(str(document), finding, "Rename it")
            return read_project(folder)
    remedy = "Put the document below the public results of a run, which hold its styles"
    raise StudyError(str(document), f"no {SETTINGS} in any folder above", remedy)


def read_project(root: Path) -> Project:
    """Return the project of a root folder.

    Raises:
        StudyError: naming the key that differs from what the documents need, or a missing file.
    """
    path = root / SETTINGS
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as fault:
        raise StudyError(str(path), f"not valid YAML: {fault}", "Let a run write it") from fault
    for key, needed in _NEEDED.items():
        value_found = _find_value(settings, key)
        # Filters of shortcodes may stand before the filter of all documents.
        value_found = (
            value_found[-1:] if key == "filters" and isinstance(value_found, list) else value_found
        )
        if value_found != needed:
            raise StudyError(f"{path}, key '{key}'", f"'{value_found}'", f"Write '{needed}'")
    for name in sorted({FILTER, *_named_files(settings)}):
        if not (root / name).is_file():
            raise StudyError(str(root / name), "no such file", "Let a run write it")
    return Project(root, settings)


def _find_value(settings: Any, key: str) -> Any:
    for key_part in key.split("."):
        settings = settings.get(key_part) if isinstance(settings, dict) else None
    return settings


def _named_files(settings: dict[str, Any]) -> Iterator[str]:
    for block in (settings, *settings["format"].values()):
        for key in _FILES:
            yield from list_values(block, key)


def list_values(options: dict[str, Any], key: str) -> list[str]:
    """Return the values of a key that may hold one or several."""
    value = options.get(key, [])
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _rebase_files(block: dict[str, Any], way_to_root: Path) -> dict[str, Any]:
    files = {
        key: [(way_to_root / name).as_posix() for name in list_values(block, key)]
        if isinstance(block[key], list)
        else (way_to_root / str(block[key])).as_posix()
        for key in _FILES
        if key in block
    }
    return block | files


def merge_settings(base: Any, overriding: Any) -> Any:
    """Lay settings over ``base`` as Quarto does: maps by key, lists one after the other."""
    if isinstance(base, dict) and isinstance(overriding, dict):
        keys = dict.fromkeys([*base, *overriding])
        return {
            key: merge_settings(base[key], overriding[key])
            if key in base and key in overriding
            else overriding.get(key, base.get(key))
            for key in keys
        }
    if isinstance(base, list) or isinstance(overriding, list):
        base_list, overriding_list = (
            [item] if not isinstance(item, list) else item for item in (base, overriding)
        )
        return [*base_list, *(item for item in overriding_list if item not in base_list)]
    return overriding
