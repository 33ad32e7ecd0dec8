"""Reports stay short: pages of the PDF, words of the text, counted by programs of others.

Every report that the studies of these tests have is held to it. All reports of a finished run::

    python tests/documents/test_report_length.py results/public
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import pypdf
import pytest
import texts
from checkout import Checkout

PAGES, WORDS = 17, 5500
# Of Cambodia most sources tell the law, and they differ on three points.
PAGES_OF_COUNTRY = {"KHM": 18}
# Khmer and Thai letters need higher lines, and are not parted into words. Words of Indonesian and
# Portuguese are longer; Vietnamese writes each syllable by itself.
PAGES_MORE = {"id": 1, "km": 2, "pt": 1, "th": 1, "vi": 1}
WORDS_OF_LANGUAGE = {"km": None, "th": None, "vi": 7500}


def find_faults(reports: Sequence[Path]) -> list[str]:
    """Return which reports, given without their endings, are too long."""
    faults = []
    for report in reports:
        country, language = report.parts[-3:-1]
        pages = len(pypdf.PdfReader(report.with_suffix(".pdf")).pages)
        words = len(texts.page_text(report).split())
        most = PAGES_OF_COUNTRY.get(country, PAGES) + PAGES_MORE.get(language, 0)
        most_words = WORDS_OF_LANGUAGE.get(language, WORDS)
        if pages > most:
            faults.append(f"{country}/{language}: {pages} pages, not {most}")
        if most_words is not None and words > most_words:
            faults.append(f"{country}/{language}: {words:,} words, not {most_words:,}")
    return faults


def list_reports(public: Path) -> list[Path]:
    """Return the country reports of a run, without their endings."""
    return [path.with_suffix("") for path in sorted(public.glob("reports/*/*/report.pdf"))]


@pytest.mark.parametrize(
    "study", ["small", pytest.param("other_languages", marks=pytest.mark.slow)]
)
def test_reports_keep_to_their_pages_and_words(study: str, request: pytest.FixtureRequest) -> None:
    checkout: Checkout = request.getfixturevalue(study)
    reports = list_reports(checkout.folder / "results" / "public")
    assert len(reports) > 2
    assert find_faults(reports) == []


def test_a_report_that_is_too_long_is_named(tmp_path: Path) -> None:
    report = tmp_path / "reports" / "KEN" / "en" / "report"
    report.parent.mkdir(parents=True)
    for pages, words, faults in ((17, 5500, 0), (18, 5500, 1), (18, 5501, 2)):
        writer = pypdf.PdfWriter()
        for _ in range(pages):
            writer.add_blank_page(72, 72)
        writer.write(report.with_suffix(".pdf"))
        report.with_suffix(".html").write_text(f"<main>{' word' * words}</main>")
        assert len(find_faults(list_reports(tmp_path))) == faults


if __name__ == "__main__":
    found = find_faults(list_reports(Path(sys.argv[1])))
    sys.exit("\n".join(found))
