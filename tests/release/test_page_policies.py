"""Every page of a finished run has one strict policy, and nothing on it that the policy forbids."""

from pathlib import Path

import pytest
from checkout import Checkout
from page_policies import Policed, by_hash

NOTHING = ["'none'"]
DOCUMENTS = ("report.html", "brief.html")
# Parts of pages, which stand below a page's own policy.
PARTS = "_shared"
FORBIDDEN = {"iframe", "object", "embed", "form", "base", "portal", "applet", "frame"}
ALLOWED = {
    ("a", "http"), ("a", "https"), ("a", "mailto"), ("a", "tel"), ("img", "data"), ("a", "data"),
}  # fmt: skip


@pytest.fixture(scope="module")
def pages(small: Checkout) -> list[Policed]:
    public = small.folder / "results" / "public"
    every = [path for path in sorted(public.rglob("*.html")) if path.parent.name != PARTS]
    kinds = {path.relative_to(public).parts[0] for path in every}
    assert {"reports", "briefs", "regional", "explained", "explorer", "index.html"} <= kinds
    assert len(every) > 40
    return [Policed(path) for path in every]


def test_each_page_has_one_policy_before_all_that_it_could_bring_in(pages: list[Policed]) -> None:
    for page in pages:
        assert len(page.policies) == 1, page.path
        assert page.early == [], page.path


def test_nothing_runs_but_what_the_policy_names(pages: list[Policed]) -> None:
    for page in pages:
        (policy,) = page.policies
        assert policy["default-src"] == NOTHING
        assert policy["base-uri"] == policy["form-action"] == NOTHING
        scripts = policy.get("script-src", NOTHING)
        assert not {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "data:"} & {
            *scripts
        }
        assert [by_hash(script) for script in page.inline["script"]] in ([], scripts), page.path
        if page.path.name in DOCUMENTS:
            assert scripts == NOTHING
            assert "script" not in page.elements
        assert page.handlers == [], page.path
        assert not page.elements & FORBIDDEN, page.path


def test_styles_stand_in_files_or_are_named_but_in_documents(pages: list[Policed]) -> None:
    """Pandoc writes the widths of columns into a document's tables."""
    for page in pages:
        if page.path.name not in DOCUMENTS:
            (policy,) = page.policies
            assert page.styled == [], page.path
            assert "'unsafe-inline'" not in policy["style-src"]
            assert [by_hash(style) for style in page.inline["style"]] in ([], policy["style-src"])


def test_addresses_have_no_scheme_but_those_of_the_list(pages: list[Policed]) -> None:
    for page in pages:
        assert page.schemes <= ALLOWED, (page.path, page.schemes - ALLOWED)


def test_the_reader_sees_what_it_should(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><script>a()</script>"
        "<meta http-equiv=Content-Security-Policy content=\"x 'y'\">"
        "</head><a href=' java\nscript:b()' onClick=c() style=d>"
    )
    found = Policed(page)
    assert found.policies == [{"x": ["'y'"]}]
    assert found.early == ["script"]
    assert found.inline["script"] == ["a()"]
    assert (found.handlers, found.styled) == (["a onclick"], ["a"])
    assert found.schemes == {("a", "javascript")}
