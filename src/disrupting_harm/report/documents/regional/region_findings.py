"""Findings that the study's own words ask for: headings that numbers bear, and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from disrupting_harm.provenance.addresses import address_of, cell_count, derive_number
from disrupting_harm.report.documents.regional.averages import (
    find_total_of_children,
    format_number_of_children,
)
from disrupting_harm.report.documents.regional.group_differences import (
    describe_broader_gaps,
    describe_widest_open,
    describe_widest_open_of,
)
from disrupting_harm.report.documents.regional.headline_indicator import (
    NOTHING,
    Answer,
    HeadlineIndicator,
)
from disrupting_harm.report.findings.headings import HALF, join_sentences
from disrupting_harm.report.findings.region_definition import (
    GAP,
    PLACEHOLDER,
    PLAIN,
    TOTAL,
    RegionalFinding,
)
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.whole_percent import format_span
from disrupting_harm.report.reading.gap_rows import list_group_keys, select_tested_gaps
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import PercentInterval, read_percent_interval
from disrupting_harm.study.statuses import HIDDEN_STATUSES

Values = dict[str, Markdown]
Claims = dict[str, Values]
PICTURE, PANELS, GAPS = "finding", "panels", "gaps"


@dataclass(frozen=True)
class ComparedShares:
    """The rows of an indicator in all areas that can be compared.

    ``hidden`` are those whose estimate is not shown; some have a bound.
    """

    shares: Sequence[PercentInterval]
    hidden: Sequence[PublicRow]

    @property
    def upper_limits(self) -> list[float] | None:
        """The limits below which every area lies, in per cent; None where one has none."""
        bounds = [row["bound_high"] for row in self.hidden]
        if not all(bounds):
            return None
        return [
            *(share.high for share in self.shares),
            *(100 * row.number("bound_high") for row in self.hidden),
        ]


class RegionFindings:
    """Write the findings of the first page and of the study's chapters.

    Args:
        main: the indicator that the report asks about.
        national: the public estimates of whole areas, of which indicators that are no headline
            have their numbers.
    """

    def __init__(self, main: HeadlineIndicator, national: Sequence[PublicRow]) -> None:
        self._main = main
        self._wording, self._translator = main.wording, main.translator
        self._national = national

    def write_finding(self, finding: RegionalFinding, *, story: bool = False) -> Answer:
        """Return a finding: its heading as lead, its sentences, its figure.

        Args:
            story: whether it is one of the first page, below which one figure has all.
        """
        values, claims = self._find_numbers(finding)
        lead, rule = self._choose_heading(finding, claims)
        sentences = [
            self._translator.fill_sentence(sentence, values)
            for sentence in finding.text
            if all(_join_name(name, part) in values for name, part in PLACEHOLDER.findall(sentence))
        ]
        sentences += self._describe_gap(finding)
        figures = [f"{PANELS}-{finding.id}"] if finding.panels else []
        if finding.gap and not finding.panels:
            figures.append(f"{GAPS}-{finding.gap.indicator}-{finding.gap.domain}")
        sure = (
            self._translator("**How sure?** {said}", said=self._translator.of_study(finding.sure))
            if finding.sure
            else NOTHING
        )
        return Answer(
            finding.id,
            NOTHING,
            lead,
            rule,
            self._select_indicator(finding.indicator).address_of_rows("pooled", "group:all"),
            (join_sentences(sentences),) if sentences else (),
            () if story else (*figures,),
            sure=NOTHING if story else sure,
        )

    def _select_indicator(self, indicator: str) -> HeadlineIndicator:
        """Return an indicator with its rows in the tables of the comparison."""
        main = self._main
        if indicator == main.indicator:
            return main
        return HeadlineIndicator(self._wording, indicator, main.said, main.population)

    def _choose_heading(
        self, finding: RegionalFinding, claims: Sequence[Claims]
    ) -> tuple[Markdown, str]:
        """Return the heading, and the rules of its claims: one of each kind that numbers bear."""
        chosen = [
            next((rule for rule in finding.heading if rule in borne), None) for borne in claims
        ]
        rules = [rule for rule in chosen if rule]
        parts = [
            self._translator.fill_sentence(finding.heading[rule], borne[rule])
            for rule, borne in zip(chosen, claims, strict=True)
            if rule
        ]
        if not parts:
            return self._translator.of_study(finding.heading[PLAIN]), PLAIN
        return Markdown(". ".join(parts)), ", ".join(rules)

    def _find_numbers(self, finding: RegionalFinding) -> tuple[Values, list[Claims]]:
        """Return what fills the sentences, and the claims that the numbers bear."""
        values: Values = {}
        of_shares: Claims = {}
        for name in finding.indicators:
            values |= self._fill_shares(name, finding)
            if name == finding.indicator:
                of_shares = self._find_claims_of_shares(name, finding)
        of_gap: Claims = {}
        if finding.gap:
            counts, of_gap = self._count_gap(finding)
            values |= {_join_name(GAP, name): count for name, count in counts.items()}
        values |= self._fill_total(finding.indicator)
        return values, [of_shares, of_gap]

    def _fill_shares(self, name: str, finding: RegionalFinding) -> Values:
        """Return the average of an indicator, its span, and its pairs, as far as they are there."""
        values: Values = {}
        average = self._wording.results.averages(name).get("equal_country")
        if average:
            values[name] = self._main.share(average)
        compared = self._select_compared_shares(name, finding)
        if len(compared.shares) > 1:
            span = format_span(self._translator, compared.shares)
            values |= {_join_name(name, end): printed for end, printed in span.items()}
            values[_join_name(name, "shown")] = self._count_shares(compared.shares)
        subject = self._select_indicator(name)
        if pairs := subject.rows("pairwise"):
            clear = [row for row in pairs if row["clear"] == "True"]
            values[_join_name(name, "pairs")] = subject.count(pairs, "pairwise")
            values[_join_name(name, "clear")] = subject.count(clear, "pairwise", "clear:True")
        return values

    def _select_compared_shares(self, name: str, finding: RegionalFinding) -> ComparedShares:
        """Return the shares of an indicator in the areas that can be compared."""
        if name in self._wording.results.indicators():
            subject = self._select_indicator(name)
            rows = [
                row for row in subject.rows("prevalence") if row["country"] not in subject.apart
            ]
        else:
            beside = [
                self._select_indicator(other)
                for other in finding.indicators
                if other in self._wording.results.indicators()
            ] or [self._main]
            apart = {code for subject in beside for code in subject.apart}
            rows = [
                row
                for row in self._national
                if row["indicator"] == name and row["country"] not in apart
            ]
        shares = [share for row in rows if (share := read_percent_interval(row))]
        return ComparedShares(shares, [row for row in rows if row["status"] in HIDDEN_STATUSES])

    def _count_shares(self, shares: Sequence[PercentInterval]) -> Markdown:
        cells = [address_of(share.estimate) for share in shares]
        return self._translator.number(cell_count(cells))

    def _find_claims_of_shares(self, name: str, finding: RegionalFinding) -> Claims:
        """Return what the estimates of all areas and their average bear."""
        claims: Claims = {}
        compared = self._select_compared_shares(name, finding)
        values = self._fill_shares(name, finding)
        counts = {
            part: values[full]
            for part in ("clear", "pairs")
            if (full := _join_name(name, part)) in values
        }
        clear = [
            row for row in self._select_indicator(name).rows("pairwise") if row["clear"] == "True"
        ]
        if clear and len(counts) == 2:
            claims["pairs"] = counts
        if clear and len(compared.shares) > 1 and all(share.low > 0 for share in compared.shares):
            ends = {end: values[_join_name(name, end)] for end in ("low", "high")}
            claims["everywhere"] = {"n": self._count_shares(compared.shares), **ends}
        limits = compared.upper_limits
        if limits and len(compared.shares) > 1 and max(limits) < HALF:
            cells = [address_of(share.estimate) for share in compared.shares]
            cells += [address_of(row["bound_high"]) for row in compared.hidden]
            claims["nowhere_half"] = {"n": self._translator.number(cell_count(cells))}
        average = self._wording.results.averages(name).get("equal_country")
        share = read_percent_interval(average) if average else None
        if share and share.high < HALF:
            claims["fewer_than_half"] = {}
        if share and (tenths := _find_tenths(share)):
            claims["in_10"] = {"x": self._translator.number(tenths)}
        return claims

    def _count_gap(self, finding: RegionalFinding) -> tuple[Values, Claims]:
        """Return in how many areas a gap is tested and clear, and what that bears."""
        rows = self._select_gap_rows(finding)
        if len(rows) < 2:
            return {}, {}
        assert finding.gap is not None, "a gap has rows"
        subject = self._select_indicator(finding.gap.indicator)
        keys = list_group_keys(rows[0])
        clear = [row for row in rows if row["clear"] == "True"]
        counts = {
            "clear": subject.count(clear, "gaps", *keys, "clear:True"),
            "tested": subject.count(rows, "gaps", *keys, "p_holm:any"),
        }
        higher = [row for row in clear if row.number("difference") > 0]
        if not clear:
            return counts, {"none": {"tested": counts["tested"]}}
        if len(higher) == len(clear):
            return counts, {"more": counts}
        return counts, {} if higher else {"less": counts}

    def _select_gap_rows(self, finding: RegionalFinding) -> list[PublicRow]:
        gap = finding.gap
        if gap is None:
            return []
        rows = self._select_indicator(gap.indicator).rows(
            "gaps", domain=gap.domain, level_a=gap.levels[0], level_b=gap.levels[1]
        )
        return select_tested_gaps(rows)

    def _describe_gap(self, finding: RegionalFinding) -> list[Markdown]:
        """Return what a gap leaves open, and what a broader indicator says."""
        rows = self._select_gap_rows(finding)
        if not rows or finding.gap is None:
            return []
        subject = self._select_indicator(finding.gap.indicator)
        if subject is not self._main:
            return describe_widest_open_of(subject, rows)
        return describe_widest_open(subject, rows) + describe_broader_gaps(
            subject, finding.gap.domain
        )

    def _fill_total(self, indicator: str) -> Values:
        """Return the number of people in all areas compared, where there is one."""
        subject, translator = self._select_indicator(indicator), self._translator
        total = find_total_of_children(subject)
        if total is None:
            return {}
        numbers: Mapping[str, Markdown] = {
            "children": format_number_of_children(subject, total),
            "low": translator.compact(total.number("children_low")),
            "high": translator.compact(total.number("children_high")),
            "areas": translator.number(total.number("countries")),
        }
        return {_join_name(TOTAL, name): number for name, number in numbers.items()}


def _join_name(name: str, part: str) -> str:
    return f"{name}.{part}" if part else name


def _find_tenths(share: PercentInterval) -> int | None:
    """Return the x of "about x in 10": the estimate and both its limits round to it."""
    tenths = {round(number / 10) for number in (share.low, share.estimate, share.high)}
    if len(tenths) > 1 or not tenths & set(range(1, 10)):
        return None
    return derive_number("tenths", tenths.pop(), [share.estimate])  # type: ignore[no-any-return]
