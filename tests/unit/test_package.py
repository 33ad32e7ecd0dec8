"""Where templates are found: in an installed package inside it, else beside the rules."""

from pathlib import Path

import pytest

from disrupting_harm import package


def test_templates_of_an_installed_package_win(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "site-packages" / "disrupting_harm"
    beside = tmp_path / "workflow" / "templates"
    beside.mkdir(parents=True)
    monkeypatch.setattr(package, "PACKAGE", installed)
    monkeypatch.setattr(package, "SOURCE", installed.parent)
    monkeypatch.chdir(tmp_path)
    assert package.templates_folder() == Path("workflow/templates")
    (installed / "workflow").mkdir(parents=True)
    inside = Path("site-packages/disrupting_harm/workflow/templates")
    assert package.templates_folder() == inside


def test_the_repository_has_them_beside_the_rules() -> None:
    assert (package.templates_folder() / "locale" / "en" / "language.yml").is_file()
