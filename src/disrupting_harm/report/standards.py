"""What a presentation standard shows, in one sentence for readers."""

from collections.abc import Callable

from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.text import Text


def standard_sentence(text: Text, policy: str) -> Markdown:
    """Return what the presentation standard ``policy`` of the configuration shows."""
    return _SENTENCES[policy](text)


def _nchs(text: Text) -> Markdown:
    return text(
        "**What is shown.** An estimate is shown when it meets the presentation standard for "
        "proportions of the United States National Center for Health Statistics (2017)."
    )


_SENTENCES: dict[str, Callable[[Text], Markdown]] = {
    "nchs2017": _nchs,
    "nchs2017_sas": _nchs,
    "nchs2023_counts": lambda text: text(
        "**What is shown.** An estimate is shown when it meets the presentation standards for "
        "proportions (2017) and for counts (2023) of the United States National Center for Health "
        "Statistics."
    ),
    "dhs": lambda text: text(
        "**What is shown.** As in DHS reports, an estimate is shown from 25 answers and marked "
        "below 50."
    ),
    "mics": lambda text: text(
        "**What is shown.** As in MICS reports, an estimate is shown from 25 answers and marked "
        "below 50."
    ),
    "nsch": lambda text: text(
        "**What is shown.** As in the United States National Survey of Children's Health, an "
        "estimate is shown from 30 answers and marked where its interval is wider than 20 points "
        "or than 1.2 times the estimate."
    ),
    "statcan": lambda text: text(
        "**What is shown.** As at Statistics Canada, an estimate is shown from 10 answers and up "
        "to a relative standard error of 33.3 per cent, and marked above 16.5 per cent."
    ),
    "eu_silc": lambda text: text(
        "**What is shown.** As in European Union Statistics on Income and Living Conditions, an "
        "estimate is shown from 20 answers and up to half of the answers missing, and marked below "
        "50 answers or from one fifth missing."
    ),
    "vacs": lambda text: text(
        "**What is shown.** As in Violence Against Children and Youth Surveys, an estimate is "
        "shown from 25 answers and marked above a relative standard error of 30 per cent."
    ),
}
