"""Where templates are found: in an installed package inside it, else beside the rules."""

from pathlib import Path

import pytest

from disrupting_harm.core import paths


def test_templates_of_an_installed_package_win(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "site-packages" / "disrupting_harm"
    beside = tmp_path / "workflow" / "templates"
    beside.mkdir(parents=True)
    monkeypatch.setattr(paths, "PACKAGE", installed)
    monkeypatch.setattr(paths, "SOURCE", installed.parent)
    monkeypatch.chdir(tmp_path)
    assert paths.templates_folder() == Path("workflow/templates")
    (installed / "workflow").mkdir(parents=True)
    inside = Path("site-packages/disrupting_harm/workflow/templates")
    assert paths.templates_folder() == inside


def test_the_repository_has_them_beside_the_rules() -> None:
    assert (paths.templates_folder() / "locale" / "en" / "language.yml").is_file()
