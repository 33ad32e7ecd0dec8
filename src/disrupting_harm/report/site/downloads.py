"""The list of public tables that readers can download, with a description of each."""

from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.report.words import Words
from disrupting_harm.spreadsheets import read_rows


@dataclass(frozen=True)
class Link:
    """A link to a file below the public folder; ``mark`` says whether nobody counted its numbers.

    ``mark`` is empty for files that hold no figures, and for tables of a real survey.
    """

    href: str
    text: str
    mark: str = ""


def downloads(public: Path, words: Words, simulated: bool) -> list[Link]:
    """Return links to the tables in the public folder that have a row.

    Args:
        public: the public results.
        words: the reader's language, with the study's word for an area.
        simulated: whether the survey is simulated.
    """
    tables = _survey_tables(words)
    tables |= {f"evidence/{name}": words(public.title) for name, public in PUBLIC.items()}
    return [
        Link(f"{name}.csv", text, _mark(public / f"{name}.csv", simulated, words))
        for name, text in tables.items()
        if _has_rows(public / f"{name}.csv")
    ]


def _survey_tables(words: Words) -> dict[str, str]:
    return {
        "estimates": words("All published estimates"),
        "comparison/prevalence": words("Headline indicators by {area}"),
        "comparison/pairwise": words("Differences and ratios between pairs of {areas}"),
        "comparison/against_region": words("{Areas} against the mean of their region"),
        "comparison/gaps": words("Gaps between groups within {areas}"),
        "comparison/gap_pairs": words("Gaps compared between pairs of {areas}"),
        "comparison/rank_sets": words("Ranks that each {area} may have"),
        "comparison/pooled": words("Averages of the {areas}, in three ways"),
        "comparison/leave_one_out": words("The random-effects average without each {area}"),
        "comparison/standardised": words("Standardised estimates"),
        "comparison/bounds": words("Worst-case bounds for missing answers"),
        "comparison/bound_pairs": words("Differences that survive the worst case"),
        "comparison/silence_claims": words("How much silence would turn each difference round"),
        "comparison/silence_ranks": words("Ranks that each {area} may have if some kept silent"),
        "comparison/denominators": words(
            "Shares of users and of all {respondents}, and numbers of {respondents}"
        ),
        "comparison/total": words("Numbers of {respondents} in all {areas} together"),
        "comparison/adjusted": words("Adjusted prevalence ratios within {areas}"),
        "comparison/adjusted_countries": words("Adjusted prevalence ratios of {areas}"),
        "comparison/comparability": words("What is comparable, and what is not"),
    }


def strands(public: Path, words: Words) -> list[str]:
    """Return the kinds of evidence of which the public folder has figures."""
    found = []
    for name, table in PUBLIC.items():
        path = public / "evidence" / f"{name}.csv"
        if table.kind_of_evidence and path.is_file() and _kinds(path):
            found.append(words(table.kind_of_evidence))
    return found


def has_simulated_evidence(public: Path) -> bool:
    """Return whether a table of evidence holds figures that nobody counted."""
    tables = (public / "evidence" / f"{name}.csv" for name in PUBLIC)
    return any("simulated" in _kinds(path) for path in tables if path.is_file())


def _mark(table: Path, simulated: bool, words: Words) -> str:
    """Return what to say of a table: evidence tells it row by row, the survey all at once."""
    if table.parent.name != "evidence":
        return words("simulated") if simulated else ""
    kinds = _kinds(table)
    if "simulated" in kinds and len(kinds) > 1:
        return words("partly simulated")
    if kinds == {"simulated"}:
        return words("simulated")
    return words("published") if kinds == {"published"} else ""


def _has_rows(table: Path) -> bool:
    """Return whether a table has a line below its columns; estimates may have very many."""
    if not table.is_file():
        return False
    with table.open(encoding="utf-8") as lines:
        return sum(1 for _ in islice(lines, 2)) > 1


def _kinds(table: Path) -> frozenset[str]:
    return _kinds_in(table, table.stat().st_mtime_ns)


@cache
def _kinds_in(table: Path, _written: int) -> frozenset[str]:
    """Read a table once for the pages of all languages."""
    return frozenset(row.get("data_kind", "") for row in read_rows(table)[1])
