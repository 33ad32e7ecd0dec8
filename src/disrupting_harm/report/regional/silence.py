"""What silence would turn round, beside the claims of the regional report.

Silence is never estimated: sentences say "if", and name nobody who should have spoken.
"""

from disrupting_harm.provenance.addresses import number_of, part
from disrupting_harm.report.claims import HIGHEST, METHOD, SCOPE
from disrupting_harm.report.markdown import Markdown, captioned, pipe_table
from disrupting_harm.report.regional.question import Answer, Subject
from disrupting_harm.report.regional.results import Row
from disrupting_harm.report.regional.wording import MISSING, Wording

CLAIMS, RANKS = "silence_claims", "silence_ranks"
# The two columns beside a claim, and what they mean.
HEADER = ("Uncertain from, %", "Turns at, %")
LEGEND = (
    "Uncertain from, turns at: the share of those to whom it happened on the lower side who would "
    "have had to keep silent, and nobody on the higher side, for the difference to be no longer "
    "certain, and for the order to turn."
)


def is_told(wording: Wording, indicator: str) -> bool:
    """Return whether the comparison says what silence would turn round of an indicator."""
    return bool(wording.results.rows(RANKS, indicator=indicator))


def alone_until(wording: Wording, indicator: str, country: str, word: str) -> list[Markdown]:
    """Return up to which silence a country alone may be first, or last; nothing if not told.

    Args:
        wording: of the report.
        indicator: of which.
        country: that is alone where nobody is silent.
        word: ``highest`` or ``lowest``.
    """
    own = wording.results.rows(RANKS, indicator=indicator, country=country)
    if not own:
        return []
    until = own[0]["highest_until" if word == HIGHEST else "lowest_until"]
    if not until or float(until) == 0:
        return [
            wording.text(
                "A small share of silence, in some {areas} and not in others, would make this "
                "uncertain."
            )
        ]
    return [
        wording.text(
            "This holds as long as no more than {share} per cent of those to whom it happened kept "
            "silent in any {area}.",
            share=wording.text.percent(number_of(until)),
        )
    ]


def of_pair(wording: Wording, row: Row) -> list[Markdown]:
    """Return the tipping points of the difference of two countries; nothing if not told."""
    claim = _claim(wording, row, {"country_a": row["country_a"], "country_b": row["country_b"]})
    if claim is None or not claim["order_turns"]:
        return []
    higher, lower = ("country_a", "country_b")[:: 1 if claim["above"] == "a" else -1]
    goes = number_of(claim["claim_goes"])
    message = (
        "If {goes} per cent of those in {lower} to whom it happened, and nobody in {higher}, kept "
        "silent, the difference would no longer be certain; at {turns} per cent the order would "
        "turn."
        if goes > 0
        else "If a small share of those in {lower} to whom it happened, and nobody in {higher}, "
        "kept silent, the difference would no longer be certain; at {turns} per cent the order "
        "would turn."
    )
    return [
        wording.text(
            message,
            goes=wording.text.percent(goes),
            turns=wording.text.percent(number_of(claim["order_turns"])),
            higher=wording.in_text(row[higher]),
            lower=wording.in_text(row[lower]),
        )
    ]


def silent(subject: Subject) -> Answer | None:
    """Return what silence could hide, from the ranks with silence; None where they are not told."""
    text = subject.text
    shares = _shares(subject.wording, subject.indicator)
    sets = subject.rows("rank_sets", method=METHOD, scope=SCOPE)
    if not shares or not sets:
        return None
    told = (f"method:{METHOD}", f"scope:{SCOPE}", "may_be_highest:True")
    none = [row for row in sets if row["may_be_highest"] == "True"]
    most: list[Row] = []
    steps = []
    for share in shares:
        most = subject.rows(RANKS, silence=share, may_be_highest="True")
        count = subject.count(most, RANKS, f"silence:{part(share)}", "may_be_highest:True")
        steps.append((text.percent(number_of(share)), count))
    values = {
        "n": subject.count(none, "rank_sets", *told),
        "m": steps[-1][1],
        "ranked": subject.ranked(),
        "share": steps[-1][0],
    }
    lead = (
        text(
            "With nobody silent, {n} of the {ranked} {areas} may stand first; if up to {share} "
            "per cent of those to whom it happened kept silent, {m} may.",
            **values,
        )
        if len(most) > len(none)
        else text(
            "Not who may stand first: {n} of the {ranked} {areas}, even if up to {share} per cent "
            "of those to whom it happened kept silent.",
            **values,
        )
    )
    return Answer(
        "silence",
        text("What could silence hide?"),
        lead,
        "rank sets with silence",
        subject.where(RANKS),
        (
            text(
                "May stand first: {steps}.",
                steps=text.enumeration(
                    [
                        text("{count} at up to {share} per cent", count=count, share=share)
                        for share, count in steps
                    ]
                ),
            ),
            text(
                "Some of those to whom it happened tell nobody, not even in a survey. Equal "
                "silence everywhere changes no order; more of it in one {area} may."
            ),
            text("How much there is, nobody knows. Nobody is to blame for keeping silent."),
        ),
        (f"silence-{subject.indicator}",),
        sure=text(
            "**How sure?** The shares of silence are assumptions and not estimates: the ranks hold "
            "whatever the share is in each {area}, from none to the one named."
        ),
        margin=(
            text(
                "**Computed:** possible ranks of all {areas} at once, with its own share of "
                "silence in each."
            ),
        ),
    )


def tipping_cells(wording: Wording, row: Row, **sides: str) -> tuple[Markdown, Markdown]:
    """Return the cells under :data:`HEADER` of a claim.

    Args:
        wording: of the report.
        row: of the public table of the comparison; its indicator.
        sides: the columns by which the claim is known.
    """
    claim = _claim(wording, row, sides)
    if claim is None or not claim["order_turns"]:
        return MISSING, MISSING
    goes, turns = (
        wording.text.percent(number_of(claim[name])) for name in ("claim_goes", "order_turns")
    )
    return goes, turns


def ranks_table(wording: Wording, indicator: str, label: str, origin: str) -> Markdown:
    """Return how many countries may be first and last with silence up to each share."""
    text = wording.text
    rows = []
    for share in _shares(wording, indicator):
        own = wording.results.rows(RANKS, indicator=indicator, silence=share)
        widths = [int(row["rank_high"]) - int(row["rank_low"]) + 1 for row in own]
        rows.append(
            (
                text.percent(number_of(share)),
                *(
                    Markdown(str(sum(row[flag] == "True" for row in own)))
                    for flag in ("may_be_highest", "may_be_lowest")
                ),
                text.number(sum(widths) / len(widths), 1),
            )
        )
    if not rows:
        return Markdown("")
    header = (
        *(text("Silent, up to, %"), text("{Areas} that may stand first")),
        *(text("{Areas} that may stand last"), text("Places that ranks span")),
    )
    caption = captioned(
        text("{label}: ranks with silence.", label=wording.labels.indicator(indicator)),
        [
            text(
                "Whatever share of those to whom it happened kept silent in each {area}, from none "
                "to the one in the row. The shares are assumptions and not estimates."
            ),
            origin,
        ],
    )
    return pipe_table(header, rows, (22, 26, 26, 26), caption=caption, label=label)


def _shares(wording: Wording, indicator: str) -> list[str]:
    found = {row["silence"] for row in wording.results.rows(RANKS, indicator=indicator)}
    return sorted(found, key=float)


def _claim(wording: Wording, row: Row, sides: dict[str, str]) -> Row | None:
    return wording.results.row(CLAIMS, indicator=row["indicator"], **sides)
