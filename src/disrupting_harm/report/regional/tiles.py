"""The key figures of the regional report: at most six, each with what it is of."""

from collections.abc import Sequence

from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.brief.composition import TileText, range_tile, tile_text
from disrupting_harm.report.claims import HIGHEST, METHOD, SCOPE
from disrupting_harm.report.ranges import range_of
from disrupting_harm.report.regional.differ import FLAGS, RANKED
from disrupting_harm.report.regional.groups import leading_gap
from disrupting_harm.report.regional.how_many import children, span_of_children
from disrupting_harm.report.regional.question import Subject
from disrupting_harm.report.regional.threats import RegionalThreats
from disrupting_harm.report.text import Text
from disrupting_harm.report.whole import whole_of


def tiles(
    text: Text, subject: Subject | None, domains: Sequence[str], threats: RegionalThreats
) -> list[TileText]:
    """Return the key figures that the study has.

    Args:
        text: messages.
        subject: the indicator; None without a survey.
        domains: of which gaps are told.
        threats: what is reported.
    """
    found = _of_survey(subject, domains) if subject else []
    if last := threats.last_year():
        year, total, rows = last
        said = text(
            "CyberTip reports in {year}, counted by {body}: reports about users of any age, "
            "no count of children",
            year=year,
            body=text.plain(rows[0]["counted_by"]),
        )
        found.append(TileText(total, said, ""))
    return found


def _of_survey(subject: Subject, domains: Sequence[str]) -> list[TileText]:
    text, found = subject.text, []
    averages = subject.wording.results.averages(subject.indicator)
    by_child = averages.get("population_weighted")
    if by_child:
        said = text("{said}; {areas} count by their number of {respondents}", said=subject.said)
        if ends := range_of(by_child):
            found.append(range_tile(text, ends, said))
        elif share := whole_of(by_child):
            found.append(tile_text(text, share, said))
    if total := children(subject):
        said = text(
            "{respondents} in {n} {areas}, scaled from these answers ({low} to {high})",
            n=text.number(number_of(total["countries"])),
            low=text.compact(number_of(total["children_low"])),
            high=text.compact(number_of(total["children_high"])),
        )
        found.append(TileText(span_of_children(subject, total), said, ""))
    pairs = subject.rows("pairwise")
    if len(pairs) > 1:
        number = text(
            "{clear} of {pairs}",
            clear=subject.count(
                [row for row in pairs if row["clear"] == "True"], "pairwise", "clear:True"
            ),
            pairs=subject.count(pairs, "pairwise"),
        )
        found.append(TileText(number, text("pairs of {areas} differ clearly"), ""))
    sets = subject.rows("rank_sets", method=METHOD, scope=SCOPE)
    if len(sets) > 2:
        flag = FLAGS[HIGHEST]
        may = [row for row in sets if row[flag] == "True"]
        number = text(
            "{n} of {m}",
            n=subject.count(may, "rank_sets", *RANKED, f"{flag}:True"),
            m=subject.ranked(),
        )
        said = (
            text(
                "{areas} with an estimate to compare may stand first; the surveys do not say which"
            )
            if len(may) > 1
            else text("{areas} with an estimate to compare may stand first, and no other")
        )
        found.append(TileText(number, said, ""))
    if gap := leading_gap(subject, domains):
        found.append(TileText(*gap, ""))
    return found
