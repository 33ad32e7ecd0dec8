"""Rows on what countries need in sentences: the action, what it rests on, and what others have."""

from collections.abc import Mapping

from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.report.findings.recommendations import Recommendations
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.reading.needed_actions import AHEAD, START_HERE
from disrupting_harm.report.web.explained.row_sentences import RowText
from disrupting_harm.study.study import Study

Row = Mapping[str, str]
_VERDICTS = {
    ("survey", START_HERE): "clearly behind the mean of others: start here",
    ("survey", AHEAD): "clearly ahead of the mean of others, and needed",
    ("review", START_HERE): "more than half of the others have it: start here",
}


def describe_needs(
    rows: Mapping[str, Row],
    recommendations: Recommendations,
    study: Study,
    published: PublishedFiles,
) -> dict[str, RowText]:
    """Return the sentences of rows of the public table of needs by their addresses."""
    titles = {action.id: action.text.rstrip(".") for _, action in recommendations.actions}
    translator = build_english(study.config.study.areas)
    share = f"of {len(study.countries)} {study.config.study.areas} need it"
    texts = {}
    for address, row in rows.items():
        country = study.countries.get(row["country"])
        name = translator.country(row["country"], country.name if country else None)
        verdict = _VERDICTS.get((row["kind"], row["group"]), "needed")
        texts[address] = RowText(
            f"{name}: “{titles.get(row['action'], row['action'])}”, {verdict}",
            [("", f"{_describe_basis(row, published)} {row['needed_in']} {share}.")],
            _link_basis(row["address"]),
        )
    return texts


def _describe_basis(row: Row, published: PublishedFiles) -> str:
    """Return what the action rests on, and how that was compared."""
    if row["kind"] == "count":
        return "It rests on what a source counted or found, which is compared with nothing."
    if row["kind"] == "review":
        return (
            f"It rests on a review or an assessment. Of {row['others']} others of which that is "
            f"known, {row['in_place']} have it in place."
        )
    shown = published.addressed_rows(row["country"], ESTIMATES)[row["address"].rpartition("/")[0]]
    number = f"It rests on a share of the survey, {shown['shown']}%."
    if not row["gap"]:
        return f"{number} It was compared with nothing."
    low, high = row["mean_whole_low"], row["mean_whole_high"]
    mean = f"{low}%" if low == high else f"{low} to {high}%, as some are hidden"
    points, least = int(row["points"]), int(row["points_low"])
    unit = "point" if abs(points) == 1 else "points"
    size = f"{abs(points)} {unit} {'worse' if points >= 0 else 'better'}"
    at_least = f", at least {least}" if row["group"] == START_HERE and least > 0 else ""
    clear = "clear" if row["clear"] == "True" else "not clear"
    return f"{number} The mean of {row['others']} others is {mean}: {size}{at_least}; {clear}."


def _link_basis(address: str) -> tuple[str, str]:
    """Return where the number of the condition is explained."""
    country, _, number = address.partition("/")
    if number.endswith("/shown"):
        return f"{country}.html#{number.partition('/')[0]}", "How that number was made"
    return f"evidence/{country}.html#{number.rpartition('/')[0]}", "Where that comes from"
