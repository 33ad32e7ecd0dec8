"""The version is the same wherever it is written, and a development version before a release."""

import re
import tomllib

from repository import PROJECT

from disrupting_harm.core.version import __version__


def text_of(name):
    return (PROJECT / name).read_text(encoding="utf-8")


def test_one_version():
    assert tomllib.loads(text_of("pyproject.toml"))["project"]["version"] == __version__
    assert f"\nversion: {__version__}\n" in text_of("CITATION.cff")


def test_the_changelog_says_whether_it_is_released():
    newest, when = re.findall(r"^## (\S+) \((.+)\)$", text_of("CHANGELOG.md"), re.MULTILINE)[0]
    assert __version__ == (f"{newest}.dev0" if when == "unreleased" else newest)
