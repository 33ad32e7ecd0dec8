"""Differences of the comparison in sentences: what was subtracted, tested and found."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from disrupting_harm.provenance.addresses import COMPARE
from disrupting_harm.provenance.explain.explain_survey import (
    HIDDEN_REASONS,
    format_limits,
    level_label,
)
from disrupting_harm.provenance.explain.lookup import PublishedFiles
from disrupting_harm.provenance.primary_keys import ESTIMATES
from disrupting_harm.report.language.collation import build_sort_key
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.web.explained.row_sentences import RowText
from disrupting_harm.study.statuses import is_total
from disrupting_harm.study.study import Study

Row = Mapping[str, str]
# Which word a difference takes: of shares, counted in points, and of means.
_WORDS = {True: ("points fewer", "points more"), False: ("lower", "higher")}
# P values are published with three decimals.
_LEAST_P = Decimal("0.001")


class DifferenceSentences:
    """Sentences of an indicator's differences, from public rows alone.

    Attributes:
        published: the public files.
        indicator: of the codebook.
    """

    def __init__(self, published: PublishedFiles, indicator: str, study: Study) -> None:
        self.published = published
        self.indicator = indicator
        self._study = study
        self._definition = study.codebook.indicator(indicator)
        self._is_share = self._definition.statistic == "proportion"
        self._translator = build_english(study.config.study.areas)

    def describe_rows(self, table: str, rows: Mapping[str, Row]) -> dict[str, RowText]:
        """Return the sentences of rows by their addresses; none for a table without differences."""
        describe = {
            "pairwise": self._describe_pair,
            "gaps": self._describe_gap,
            "against_region": self._describe_distance_to_mean,
            "prevalence": self._describe_estimate,
        }.get(table)
        if describe is None:
            return {}
        return {address: describe(row, list(rows.values())) for address, row in rows.items()}

    def _name_country(self, code: str) -> str:
        row = self._study.countries.get(code)
        return self._translator.country(code, row.name if row else None)

    def _describe_estimate(self, row: Row, rows: Sequence[Row]) -> RowText:
        name = self._name_country(row["country"])
        if not row["estimate"]:
            reason = HIDDEN_REASONS.get(row["status"], "there is no number")
            return RowText(f"{name}: {row['shown']}", [("", f"{reason[0].upper()}{reason[1:]}.")])
        number = self._format_estimate(row)
        return RowText(
            f"{name}: {number}",
            [("", f"{int(row['n']):,} answered. It is the number of the survey's own table.")],
            (f"{row['country']}.html#{self.indicator}", "How that number was made"),
        )

    def _describe_pair(self, row: Row, rows: Sequence[Row]) -> RowText:
        """Return the pair in the alphabetical order of its names, as pages of the site have it."""
        codes = [row["country_a"], row["country_b"]]
        ordered = sorted(codes, key=lambda code: build_sort_key(self._name_country(code)))
        estimates = {
            code: self.published.addressed_rows(COMPARE, "prevalence")[
                f"{COMPARE}/prevalence/{self.indicator}/{code}"
            ]
            for code in codes
        }
        names = [self._name_country(code) for code in ordered]
        sides = [
            f"{name} {self._format_estimate(estimates[code])}, of {int(estimates[code]['n']):,} "
            "answers"
            for name, code in zip(names, ordered, strict=True)
        ]
        return self._describe_difference(
            row,
            " minus ".join(names),
            sides,
            (estimate["shown"] for estimate in estimates.values()),
            "The two surveys are independent: the squares of their standard errors are added. The "
            "standard error itself is not published; step 4 shows its size.",
            ("pairs of countries", len(rows)),
            turned=ordered != codes,
        )

    def _describe_gap(self, row: Row, rows: Sequence[Row]) -> RowText:
        family = [each for each in rows if _names_same_gap(each, row)]
        survey_rows = {
            (each["domain"], each["level"]): each
            for each in self.published.addressed_rows(row["country"], ESTIMATES).values()
            if each["indicator"] == self.indicator and not is_total(each)
        }
        sides, labels, shown = [], [], []
        for column in ("level_a", "level_b"):
            label = level_label(row[column], row["domain"], self._study.codebook)
            estimate = survey_rows[row["domain"], row[column]]
            labels.append(label)
            shown.append(estimate["shown"])
            sides.append(
                f"{label} {self._format_estimate(estimate)}, of {int(estimate['n']):,} answers"
            )
        return self._describe_difference(
            row,
            f"{labels[0]} minus {_begin_small(labels[1])}, {self._name_country(row['country'])}",
            sides,
            shown,
            "Both live in the same places, so what they share is taken off the standard error. "
            "That is not published; step 4 shows its size.",
            ("countries with this gap", len(family)),
        )

    def _describe_distance_to_mean(self, row: Row, rows: Sequence[Row]) -> RowText:
        name = self._name_country(row["country"])
        if not row["step_alpha"]:
            alone = "No other country of the region has a number, so there is nothing to test."
            return RowText(f"{name}: the only one of {row['region']}", [("", alone)])
        mean = self._format_amount(Decimal(row["regional_mean"]), 1 if self._is_share else 2)
        estimates = {
            each["country"]: each
            for each in self.published.addressed_rows(COMPARE, "prevalence").values()
            if each["indicator"] == self.indicator and each["estimate"]
        }
        region = {each["country"] for each in rows if each["region"] == row["region"]}
        return self._describe_difference(
            row,
            f"{name} minus the mean of {row['region']}",
            [
                f"{name} {self._format_estimate(estimates[row['country']])}",
                f"the mean {mean}{'%' if self._is_share else ''}, each country counting the same",
            ],
            (estimates[country]["shown"] for country in region & estimates.keys()),
            "The country is part of the mean, which its standard error allows for. That is not "
            "published; step 4 shows its size.",
            ("countries of all regions", len(rows)),
        )

    def _describe_difference(
        self,
        row: Row,
        title: str,
        sides: Sequence[str],
        shown: Iterable[str],
        on_error: str,
        family: tuple[str, int],
        *,
        turned: bool = False,
    ) -> RowText:
        """Return the steps of a difference.

        Args:
            sides: the two numbers, the one that is subtracted last.
            shown: the estimates of which they are, as printed.
            on_error: what is said of the standard error.
            family: of what kind are the differences that are tested together, and how many.
            turned: whether the row has the signs the other way round.
        """
        cells = [row[column] for column in ("difference", "ci_low", "ci_high")]
        digits = count_digits(cells, shown, in_points=self._is_share)
        difference, low, high = map(Decimal, cells)
        if turned:
            difference, low, high = -difference, -high, -low
        clear = row["clear"] == "True"
        limits = self._format_range(low, high, digits)
        result = self._format_difference(difference, digits)
        alpha = Decimal(str(self._study.config.comparison.alpha))
        step = Decimal(row["step_alpha"])
        kind, members = family
        left = round(alpha / step)
        adjusted = f"adjusted P {_format_p_value(Decimal(row['p_holm']))}"
        verdict = (
            f"The {adjusted} is at most {alpha}: clear. "
            f"{'Higher' if difference > 0 else 'Lower'}: {_name_first(title)}."
            if clear
            else f"The {adjusted} is more than {alpha}: not clear. Chance alone may make such a "
            "difference, in either direction."
        )
        p_value = _format_p_value(Decimal(row["p_value"]))
        test = (
            f"{members} {kind} are judged together by Holm's method, the smallest P value first. "
            f"At this one's turn {left} were left, so its step allows an error of "
            f"{_format_percent(alpha)}% ÷ {left} = {_format_percent(step)}%. Its P value: "
            f"{p_value}. Times {left}, before rounding, and then never below an earlier one's or "
            f"above 1, that is an {adjusted}."
            if members > 1
            else f"It is judged alone, with an error of {_format_percent(alpha)}%. Its P value, "
            f"{p_value}, is also the {adjusted}."
        )
        return RowText(
            f"{title}: {result}, {'clear' if clear else 'not clear'} ({limits})",
            [
                ("The numbers", f"{'; '.join(sides)}."),
                ("The difference", f"Taken before rounding: {result}. {on_error}"),
                ("The test", test),
                (
                    "The interval",
                    f"As wide as the step asks, {_format_percent(1 - step)} per cent: {limits}. "
                    f"The value 0 lies {'outside' if clear else 'within'}.",
                ),
                ("The verdict", verdict),
            ],
            remark="The row has the countries, and so the signs, the other way round."
            if turned
            else "",
        )

    def _format_estimate(self, row: Row) -> str:
        low, high = format_limits(row, self._definition)
        return f"{row['shown']}{'%' if self._is_share else ''} ({low}–{high})"

    def _format_amount(self, amount: Decimal, digits: int) -> str:
        return f"{(100 if self._is_share else 1) * abs(amount):.{digits}f}"

    def _format_difference(self, difference: Decimal, digits: int) -> str:
        if not difference:
            return "no difference"
        word = _WORDS[self._is_share][difference > 0]
        return f"{self._format_amount(difference, digits)} {word}"

    def _format_range(self, low: Decimal, high: Decimal, digits: int) -> str:
        """Return the limits in words, "0.4 to 19.2 more" or "12.1 fewer to 5.4 more"."""
        words = [word.rpartition(" ")[2] for word in _WORDS[self._is_share]]
        ends = [self._format_amount(limit, digits) for limit in (low, high)]
        if low < 0 < high:
            return f"{ends[0]} {words[0]} to {ends[1]} {words[1]}"
        nearer_first = ends if low >= 0 else ends[::-1]
        return f"{' to '.join(nearer_first)} {words[low >= 0]}"


def count_digits(cells: Iterable[str], shown: Iterable[str], *, in_points: bool = True) -> int:
    """Return with how many decimals a difference and its limits are printed.

    They are those of the coarser of its numbers: a file has a difference without its last 0.

    Args:
        cells: the difference and its limits; they may be finer, to say what they leave out.
        shown: the numbers of which it is one, as they are printed.
        in_points: whether a difference of shares is printed in points.
    """
    of_cells = max(map(_count_decimals, cells))
    of_cells = max(of_cells - 2, 0) if in_points else of_cells
    return max(of_cells, min(map(_count_decimals, shown), default=0))


def _count_decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _names_same_gap(row: Row, other: Row) -> bool:
    return all(row[column] == other[column] for column in ("domain", "level_a", "level_b"))


def _begin_small(label: str) -> str:
    return label[0].lower() + label[1:]


def _name_first(title: str) -> str:
    return title.partition(" minus ")[0]


def _format_percent(share: Decimal) -> str:
    return f"{float(100 * share):g}"


def _format_p_value(p_value: Decimal) -> str:
    return f"{p_value:.3f}" if p_value >= _LEAST_P else f"under {_LEAST_P}"
