"""What silence would turn round, beside the claims of the regional report.

Silence is never estimated: sentences say "if", and name nobody who should have spoken.
"""

from disrupting_harm.provenance.addresses import (
    address_of,
    address_part,
    number_of,
    with_address_of,
)
from disrupting_harm.report.documents.regional.headline_indicator import Answer, HeadlineIndicator
from disrupting_harm.report.findings.order_claims import HIGHEST, METHOD, SCOPE
from disrupting_harm.report.language.comparison_text import MISSING, ComparisonFormatter
from disrupting_harm.report.language.markdown import (
    Markdown,
    cite_number,
    escape,
    format_caption,
    format_pipe_table,
    remove_addresses,
)
from disrupting_harm.report.reading.rows import PublicRow

CLAIMS, RANKS = "silence_claims", "silence_ranks"
# The two columns beside a claim, and what they mean.
HEADER = ("Uncertain from, %", "Turns at, %")
SILENCE_LEGEND = (
    "Uncertain from, turns at: the share of those to whom it happened on the lower side who would "
    "have had to keep silent, and nobody on the higher side, for the difference to be no longer "
    "certain, and for the order to turn."
)


def has_tipping_points(wording: ComparisonFormatter, indicator: str) -> bool:
    """Return whether the comparison says what silence would turn round of an indicator."""
    return bool(wording.results.rows(RANKS, indicator=indicator))


def describe_silence_limit(
    wording: ComparisonFormatter, indicator: str, country: str, word: str
) -> list[Markdown]:
    """Return up to which silence a country alone may be first, or last; nothing if not told.

    Args:
        country: that is alone where nobody is silent.
        word: ``highest`` or ``lowest``.
    """
    silence_ranks = wording.results.rows(RANKS, indicator=indicator, country=country)
    if not silence_ranks:
        return []
    until = silence_ranks[0]["highest_until" if word == HIGHEST else "lowest_until"]
    if not until or float(until) == 0:
        return [
            wording.translator(
                "A small share of silence, in some {areas} and not in others, would make this "
                "uncertain."
            )
        ]
    return [
        wording.translator(
            "This holds as long as no more than {share} per cent of those to whom it happened kept "
            "silent in any {area}.",
            share=wording.translator.percent(number_of(until)),
        )
    ]


def describe_tipping_of_pair(wording: ComparisonFormatter, row: PublicRow) -> list[Markdown]:
    """Return the tipping points of the difference of two countries; nothing if not told."""
    claim = _find_claim(
        wording, row, {"country_a": row["country_a"], "country_b": row["country_b"]}
    )
    if claim is None or not claim["order_turns"]:
        return []
    higher, lower = ("country_a", "country_b")[:: 1 if claim["above"] == "a" else -1]
    goes = claim.number("claim_goes")
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
        wording.translator(
            message,
            goes=wording.translator.percent(goes),
            turns=wording.translator.percent(claim.number("order_turns")),
            higher=wording.in_text(row[higher]),
            lower=wording.in_text(row[lower]),
        )
    ]


def count_possible_first(headline: HeadlineIndicator) -> dict[str, Markdown] | None:
    """Return how many areas may be first: ``n`` with nobody silent, ``m`` with up to ``share``.

    None where silence is not told of, or no two areas have a rank.
    """
    sets = headline.rows("rank_sets", method=METHOD, scope=SCOPE)
    shares = _silence_shares(headline.wording, headline.indicator)
    if not shares or len(sets) < 2:
        return None
    without = [row for row in sets if row["may_be_highest"] == "True"]
    conditions = (f"method:{METHOD}", f"scope:{SCOPE}", "may_be_highest:True")
    return {
        "n": headline.count(without, "rank_sets", *conditions),
        "m": _count_first_with_silence(headline, shares[-1]),
        "share": headline.translator.percent(number_of(shares[-1])),
    }


def answer_what_silence_hides(headline: HeadlineIndicator) -> Answer | None:
    """Return what silence could hide, from the ranks with silence; None where they are not told."""
    translator = headline.translator
    counts = count_possible_first(headline)
    if counts is None:
        return None
    lead = (
        translator(
            "If everybody told, any of {n} {areas} may be the highest. If up to {share} in 100 of "
            "those to whom it happened kept silent, any of {m} may be.",
            **counts,
        )
        if remove_addresses(counts["m"]) != remove_addresses(counts["n"])
        else translator(
            "Even if up to {share} in 100 of those to whom it happened kept silent, only {n} of "
            "the {areas} may be the highest.",
            **counts,
        )
    )
    return Answer(
        "silence",
        translator("What silence hides"),
        lead,
        "rank sets with silence",
        headline.address_of_rows(RANKS),
        (
            translator(
                "Some {respondents} do not tell a survey either. How many, nobody knows, and none "
                "of them is to blame. Equal silence everywhere changes no order; more of it in one "
                "{area} may.",
            ),
        ),
        ("silence-counts", f"silence-{headline.indicator}"),
        sure=translator("**How sure?** These shares of silence are assumptions, not estimates."),
    )


def _count_first_with_silence(headline: HeadlineIndicator, share: str) -> Markdown:
    """Return how many areas may be first with silence up to a share."""
    rows = headline.rows(RANKS, silence=share, may_be_highest="True")
    return headline.count(rows, RANKS, f"silence:{address_part(share)}", "may_be_highest:True")


def format_tipping_cells(
    wording: ComparisonFormatter, row: PublicRow, **claim_key: str
) -> tuple[Markdown, Markdown]:
    """Return the cells under :data:`HEADER` of a claim.

    Args:
        row: of the public table of the comparison; its indicator.
        claim_key: the columns by which the claim is known.
    """
    claim = _find_claim(wording, row, claim_key)
    if claim is None or not claim["order_turns"]:
        return MISSING, MISSING
    goes, turns = (
        wording.translator.percent(claim.number(name)) for name in ("claim_goes", "order_turns")
    )
    return goes, turns


def format_silence_ranks(
    wording: ComparisonFormatter, indicator: str, label: str, origin: str
) -> Markdown:
    """Return how many countries may be first and last with silence up to each share."""
    translator = wording.translator
    rows = []
    for share in _silence_shares(wording, indicator):
        rows_of_share = wording.results.rows(RANKS, indicator=indicator, silence=share)
        widths = [
            row.whole_number("rank_high") - row.whole_number("rank_low") + 1
            for row in rows_of_share
        ]
        rows.append(
            (
                translator.percent(number_of(share)),
                *(
                    Markdown(str(sum(row[flag] == "True" for row in rows_of_share)))
                    for flag in ("may_be_highest", "may_be_lowest")
                ),
                translator.number(sum(widths) / len(widths), 1),
            )
        )
    if not rows:
        return Markdown("")
    header = (
        *(translator("Silent, up to, %"), translator("{Areas} that may stand first")),
        *(translator("{Areas} that may stand last"), translator("Places that ranks span")),
    )
    caption = format_caption(
        translator("{label}: ranks with silence.", label=wording.labels.indicator(indicator)),
        [
            translator(
                "Whatever share of those to whom it happened kept silent in each {area}, from none "
                "to the one in the row. The shares are assumptions and not estimates."
            ),
            origin,
        ],
    )
    return format_pipe_table(header, rows, (22, 26, 26, 26), caption=caption, label=label)


def _silence_shares(wording: ComparisonFormatter, indicator: str) -> list[str]:
    shares = {row["silence"] for row in wording.results.rows(RANKS, indicator=indicator)}
    return sorted(shares, key=float)


def _find_claim(
    wording: ComparisonFormatter, row: PublicRow, claim_key: dict[str, str]
) -> PublicRow | None:
    return wording.results.row(CLAIMS, indicator=row["indicator"], **claim_key)


# Tables of differences, for the data book: gaps, orderings, silence, and like with like.
LEGEND = (
    "Each interval is as wide as its step of Holm's method asks; it leaves out zero, and that of a "
    "ratio 1, exactly where a difference is clear."
)


class DifferenceTables:
    """Make the tables of what differs between countries, and between the groups of each.

    ``origin`` ends every caption: the source of the estimates, and whether they are simulated.
    """

    def __init__(self, wording: ComparisonFormatter, confidence: Markdown, origin: str) -> None:
        self._wording = wording
        self._translator = wording.translator
        self._interval = wording.translator("{confidence} per cent interval", confidence=confidence)
        self._origin = origin

    def gaps(self, indicator: str, label: str) -> Markdown:
        """Return within-country gaps that are clear, if any."""
        translator, wording = self._translator, self._wording
        with_silence = has_tipping_points(wording, indicator)
        rows = [
            (
                self._gap_name(row),
                wording.country(row["country"]),
                *wording.points(row),
                wording.ratios(row, ("ratio", "ratio_low", "ratio_high"))[0],
                _format_p_value(row["p_holm"]),
                *(self._tipping_cells_of_gap(row) if with_silence else ()),
            )
            for members in wording.results.gaps(indicator)
            for row in wording.sort_by_country_name(members)
            if row["clear"] == "True"
        ]
        if not rows:
            return Markdown("")
        header = (
            *(
                translator("Gap"),
                translator("{Area}"),
                translator("Difference"),
                translator("Interval"),
            ),
            *(translator("Ratio"), translator("p (Holm)")),
            *(self._tipping_header() if with_silence else ()),
        )
        caption = translator(
            "{label}: gaps within {areas} that stand after Holm's correction, in percentage "
            "points.",
            label=wording.labels.indicator(indicator),
        )
        widths = (21, 14, 12, 16, 8, 9, 10, 10) if with_silence else (27, 19, 14, 20, 9, 11)
        return format_pipe_table(
            header,
            rows,
            widths,
            caption=format_caption(caption, [*self._legend_sentences(with_silence), self._origin]),
            label=label,
            text_columns=(0, 1),
        )

    def orderings(self, indicator: str, label: str) -> Markdown:
        """Return pairs of countries whose order survives the worst case of missing answers."""
        translator, wording = self._translator, self._wording
        with_silence = has_tipping_points(wording, indicator)
        rows = [
            (
                *self._format_ordering(indicator, row),
                *(self._tipping_cells_of_pair(row) if with_silence else ()),
            )
            for row in wording.results.rows("bound_pairs", indicator=indicator, survives="True")
        ]
        if not rows:
            return Markdown("")
        header = (
            *(
                translator("Higher"),
                translator("Lower"),
                translator("Difference"),
                translator("Interval"),
            ),
            *(self._tipping_header() if with_silence else ()),
        )
        caption = translator(
            "{label}: differences between two {areas} that stand after Holm's correction, "
            "whatever those without a valid answer would have said; percentage points.",
            label=wording.labels.indicator(indicator),
        )
        widths = (23, 23, 13, 19, 11, 11) if with_silence else (30, 30, 16, 24)
        return format_pipe_table(
            header,
            sorted(rows),
            widths,
            caption=format_caption(caption, [*self._legend_sentences(with_silence), self._origin]),
            label=label,
            text_columns=(0, 1),
        )

    def silence(self, indicator: str, label: str) -> Markdown:
        """Return the table of :func:`format_silence_ranks`."""
        return format_silence_ranks(self._wording, indicator, label, self._origin)

    def adjusted(self, indicator: str, label: str) -> Markdown:
        """Return crude, standardised and adjusted results by country, one row each, if any."""
        translator, wording = self._translator, self._wording
        standard, models = (
            {row["country"]: row for row in wording.results.rows(name, indicator=indicator)}
            for name in ("standardised", "adjusted_countries")
        )
        codes = [
            row["country"] for row in wording.sort_by_country_name([*(models | standard).values()])
        ]
        if not codes:
            return Markdown("")
        header = [translator("{Area}")]
        if standard:
            header += [translator("Crude, %"), translator("Standardised, %"), self._interval]
        if models:
            header += [translator("Adjusted ratio"), translator("Interval")]
        rows = [
            (
                wording.country(code),
                *(self._format_standardised(standard.get(code)) if standard else ()),
                *(self._format_adjusted(models.get(code)) if models else ()),
            )
            for code in codes
        ]
        widths = (28, *[72 // (len(header) - 1)] * (len(header) - 1))
        caption = translator(
            "{label}: results as if the {areas}' {respondents} were alike, where ratios are to the "
            "geometric mean of the {areas}. Whole numbers where decimals could tell of groups that "
            "are not shown. –: not shown, not asked, or too few answers.",
            label=wording.labels.indicator(indicator),
        )
        notes = [*([translator(LEGEND)] if models else []), self._origin]
        return format_pipe_table(
            header, rows, widths, caption=format_caption(caption, notes), label=label
        )

    def _gap_name(self, row: PublicRow) -> Markdown:
        """Return what a gap sets against what, e.g. Girls against boys."""
        labels = self._wording.labels
        first_group, second_group = (
            labels.level(row["domain"], row[level]) for level in ("level_a", "level_b")
        )
        return self._translator(
            "{domain}: {first} against {second}",
            domain=labels.domain(row["domain"]),
            first=first_group,
            second=second_group,
        )

    def _format_ordering(self, indicator: str, row: PublicRow) -> tuple[Markdown, ...]:
        """Return a surviving ordering, the higher country first, with its difference."""
        wording = self._wording
        pair = (row["country_a"], row["country_b"])
        test = wording.results.row(
            "pairwise", indicator=indicator, country_a=pair[0], country_b=pair[1]
        )
        assert test is not None, "a pair with bounds was compared"
        higher, lower = pair
        if row["higher"] == lower:
            higher, lower = lower, higher
            ends = {"difference": "difference", "ci_low": "ci_high", "ci_high": "ci_low"}
            test = PublicRow(
                {
                    name: with_address_of(_negate_text(test[source_column]), test[source_column])
                    for name, source_column in ends.items()
                }
            )
        return (wording.country(higher), wording.country(lower), *wording.points(test))

    def _tipping_header(self) -> list[Markdown]:
        return [self._translator(name) for name in HEADER]

    def _legend_sentences(self, with_silence: bool) -> list[Markdown]:
        sentences = [self._translator(LEGEND)]
        return [*sentences, self._translator(SILENCE_LEGEND)] if with_silence else sentences

    def _tipping_cells_of_pair(self, row: PublicRow) -> tuple[Markdown, Markdown]:
        claim_key = {name: row[name] for name in ("country_a", "country_b")}
        return format_tipping_cells(self._wording, row, **claim_key)

    def _tipping_cells_of_gap(self, row: PublicRow) -> tuple[Markdown, Markdown]:
        claim_key = {name: row[name] for name in ("domain", "level_a", "level_b")}
        return format_tipping_cells(self._wording, row, country_a=row["country"], **claim_key)

    def _format_standardised(self, row: PublicRow | None) -> tuple[Markdown, ...]:
        if row is None or not row.is_shown:
            return (MISSING,) * 3
        translator, digits = self._translator, row.decimals
        crude, estimate, low, high = (
            translator.percent(row.number(name), digits)
            for name in ("crude", "estimate", "ci_low", "ci_high")
        )
        return crude, estimate, Markdown(f"{low} to {high}")

    def _format_adjusted(self, row: PublicRow | None) -> tuple[Markdown, Markdown]:
        if row is None:
            return MISSING, MISSING
        ratio, low, high = self._wording.ratios(row, ("ratio", "ci_low", "ci_high"))
        return ratio, MISSING if MISSING in (low, high) else Markdown(f"{low} to {high}")


def _negate_text(value: str) -> str:
    return value.removeprefix("-") if value.startswith("-") else f"-{value}"


def _format_p_value(value: str) -> Markdown:
    if not value:
        return MISSING
    formatted = "<0.001" if float(value) < 0.001 else f"{float(value):.3f}"
    return cite_number(escape(formatted), address_of(value))
