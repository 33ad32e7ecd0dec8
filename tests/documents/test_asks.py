"""Who looks for an ask of a brief in the country's report finds it there, on the same numbers."""

import re
from pathlib import Path

import pytest
from checkout import Checkout

ASK = re.compile(r"^:::: \{\.ask\}\n(.*?)^::::$", re.DOTALL | re.MULTILINE)
# Who is to act, and how to begin.
TEXT = re.compile(r"^\*\*[^*]+\*\* (.+)$", re.MULTILINE)
ADDRESS = re.compile(r'\{n="([^"]+)"\}')


def missing(brief: Path) -> list[str]:
    """Return the asks of a brief, and addresses of their numbers, that its report has not."""
    country, language = brief.parts[-3:-1]
    report = brief.parents[3] / "reports" / country / language / "report.qmd"
    told = report.read_text(encoding="utf-8").partition("{#sec-disrupt}")[2]
    asks = ASK.findall(brief.read_text(encoding="utf-8"))
    assert asks, f"{brief} asks for nothing"
    wanted = [text for ask in asks for text in TEXT.findall(ask)]
    assert all(TEXT.search(ask) for ask in asks), f"{brief} asks for what it does not say"
    wanted += [address for ask in asks for address in ADDRESS.findall(ask)]
    return [f"{country}/{language}: {text}" for text in wanted if text not in told]


def test_each_ask_of_a_brief_stands_in_its_report_with_its_numbers(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    reports = {path.parent.parts[-2:] for path in public.glob("reports/[A-Z]*/*/report.qmd")}
    briefs = sorted(public.glob("briefs/[A-Z]*/*/brief.qmd"))
    # A language may have a brief of a country and no report.
    found = [brief for brief in briefs if brief.parent.parts[-2:] in reports]
    assert len(found) >= 3
    assert [text for brief in found for text in missing(brief)] == []


def test_an_ask_that_its_report_has_not_is_named(tmp_path: Path) -> None:
    for name, text in (
        (
            "briefs/KEN/en/brief.qmd",
            ':::: {.ask}\n### Title\n\n[4]{n="KEN/a/b"}\n\n**First step** Do it\n::::\n',
        ),
        (
            "reports/KEN/en/report.qmd",
            '## Title {#sec-disrupt}\n\n- **Do not.** [4]{n="KEN/a/b"}\n',
        ),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    assert missing(tmp_path / "briefs/KEN/en/brief.qmd") == ["KEN/en: Do it"]
    (tmp_path / "briefs/KEN/en/brief.qmd").write_text("", encoding="utf-8")
    with pytest.raises(AssertionError, match="asks for nothing"):
        missing(tmp_path / "briefs/KEN/en/brief.qmd")
