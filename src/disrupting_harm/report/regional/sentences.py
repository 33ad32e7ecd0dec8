"""Sentences of the regional report, each built from rows of the public comparison."""

from collections.abc import Sequence

from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.regional.claims import (
    HIGHEST,
    LOWEST,
    METHOD,
    SCOPE,
    sole_extremes,
)
from disrupting_harm.report.regional.results import NOT_AVAILABLE, Row
from disrupting_harm.report.regional.wording import Wording


class RegionalSentences:
    """Write about the comparison; remembers the claims about order that it has written."""

    def __init__(self, wording: Wording, confidence: Markdown) -> None:
        self._wording = wording
        self._text = wording.text
        self._confidence = confidence
        self.founded: set[str] = set()

    def range_of_estimates(self, indicator: str) -> Markdown:
        """Return between which values the estimates of the comparable countries lie."""
        rows = sorted(self._shown(indicator), key=lambda row: float(row["estimate"]))
        label = self._wording.labels.indicator(indicator)
        if not rows:
            return self._text("{label}: no estimate can be shown.", label=label)
        low, high = (
            self._wording.value(indicator, row["estimate"], row["country"])
            for row in (rows[0], rows[-1])
        )
        if len(rows) == 1:
            return self._text(
                "{label}: {low} per cent in {country}, the one country that can be shown.",
                label=label, low=low, country=self._wording.country(rows[0]["country"]),
            )  # fmt: skip
        return self._text(
            "{label}: the estimates of {n} comparable countries lie between {low} and {high} per "
            "cent.",
            label=label, n=len(rows), low=low, high=high,
        )  # fmt: skip

    def average(self, indicator: str) -> Markdown:
        """Return the three pooled estimates in one sentence, named."""
        found = {
            row["estimand"]: row
            for row in self._wording.results.rows("pooled", indicator=indicator, group="all")
            if row["estimate"]
        }
        if len(found) < 3:
            return self._text("There are too few comparable countries for averages.")
        value = {
            name: self._wording.value(indicator, row["estimate"]) for name, row in found.items()
        }
        span = {name: self._wording.interval(indicator, row) for name, row in found.items()}
        typical = found["random_effects"]
        return self._text(
            "Where each child counts equally, the average is {child} per cent ({child_span}); "
            "where each country counts equally, it is {country} ({country_span}). In a typical "
            "country of this kind it is {typical} ({typical_span}), and a similar country could "
            "lie anywhere from {prediction}.",
            child=value["population_weighted"], child_span=span["population_weighted"],
            country=value["equal_country"], country_span=span["equal_country"],
            typical=value["random_effects"], typical_span=span["random_effects"],
            prediction=self._wording.span(
                indicator, typical, ends=("prediction_low", "prediction_high")
            ),
        )  # fmt: skip

    def children(self, indicator: str) -> Markdown:
        """Return how many children a pooled count speaks of, by country ranges."""
        rows = self._wording.results.rows(
            "denominators", indicator=indicator, denominator="all_children"
        )
        users = {
            row["country"]: row
            for row in self._wording.results.rows(
                "denominators", indicator=indicator, denominator="internet_using_children"
            )
        }
        known = [row for row in rows if row["estimate"] and users[row["country"]]["estimate"]]
        if len(known) < 2:
            return Markdown("")
        by_all = sorted(known, key=lambda row: float(row["estimate"]))
        by_users = sorted(known, key=lambda row: float(users[row["country"]]["estimate"]))
        moved = sum(a["country"] != b["country"] for a, b in zip(by_all, by_users, strict=True))
        return self._text(
            "The denominator matters. Of {n} countries, {moved} stand in another place when shares "
            "are taken of all children of that age and not of internet-using children.",
            n=len(known), moved=moved,
        )  # fmt: skip

    def order(self, indicator: str) -> Markdown:
        """Return what rank sets say: who may be first and last, and how wide the sets are."""
        sets = self._wording.results.rows(
            "rank_sets", indicator=indicator, method=METHOD, scope=SCOPE
        )
        if len(sets) < 2:
            return self._text("There is no order to speak of with fewer than two countries.")
        alone = sole_extremes(sets, indicator)
        parts = [
            self._extreme(word, alone.get(word), sets, flag)
            for word, flag in ((HIGHEST, "may_be_highest"), (LOWEST, "may_be_lowest"))
        ]
        widths = [int(row["rank_high"]) - int(row["rank_low"]) + 1 for row in sets]
        parts.append(
            self._text(
                "A country's possible ranks span {mean} of {n} places on average.",
                mean=self._text.number(sum(widths) / len(widths), 1),
                n=len(sets),
            )
        )
        return Markdown(" ".join(parts))

    def differences(self, indicator: str) -> Markdown:
        """Return how many pairs differ, and how many orders survive the worst case."""
        pairs = self._wording.results.rows("pairwise", indicator=indicator)
        if not pairs:
            return Markdown("")
        differ = sum(row["differs"] == "True" for row in pairs)
        survive = len(
            self._wording.results.rows("bound_pairs", indicator=indicator, survives="True")
        )
        return self._text(
            "Of {pairs} pairs of countries, {differ} differ after Holm's correction. {survive} of "
            "these differences stand whatever those without a valid answer would have said.",
            pairs=len(pairs), differ=differ, survive=survive,
        )  # fmt: skip

    def gaps(self, indicator: str) -> Markdown:
        """Return, for each kind of gap, in how many countries it stands."""
        rows = self._wording.results.rows("gaps", indicator=indicator)
        kinds: dict[tuple[str, str, str], list[Row]] = {}
        for row in rows:
            kinds.setdefault((row["domain"], row["level_a"], row["level_b"]), []).append(row)
        return Markdown(" ".join(self._gap(members) for members in kinds.values()))

    def terms(self, domains: Sequence[str]) -> list[Markdown]:
        """Return the names of domains."""
        return [self._wording.labels.domain(name) for name in domains]

    def incomparable(self) -> list[Markdown]:
        """Return one sentence for each country that is set apart, with the reason."""
        reasons: dict[tuple[str, str], list[str]] = {}
        for row in self._wording.results.rows("comparability", comparable="no"):
            decisive = [
                part for part in row["reason"].split("; ") if not part.startswith(NOT_AVAILABLE)
            ]
            key = (row["country"], "; ".join(decisive))
            reasons.setdefault(key, []).append(row["indicator"])
        everything = len(self._wording.results.indicators())
        sentences = []
        for (code, reason), indicators in sorted(reasons.items()):
            country, shown = self._wording.country(code), self._text.plain(reason)
            if len(indicators) == everything:
                sentences.append(
                    self._text("{country} is set apart: {reason}.", country=country, reason=shown)
                )
            else:
                labels = [self._wording.labels.short(name) for name in indicators]
                sentences.append(
                    self._text(
                        "{country} is set apart for {indicators}: {reason}.",
                        country=country,
                        indicators=self._text.enumeration(labels),
                        reason=shown,
                    )
                )
        return sentences

    def _extreme(self, word: str, alone: str | None, sets: Sequence[Row], flag: str) -> Markdown:
        if alone:
            sentence = self._text(
                "{country} has the " + word + " share of the countries compared.",
                country=self._wording.country(alone),
            )
            self.founded.add(str(sentence))
            return sentence
        possible = [row["country"] for row in sets if row[flag] == "True"]
        place = self._text("first") if word == HIGHEST else self._text("last")
        if len(possible) == len(sets):
            return self._text(
                "Any of the {n} countries may stand {place}.", n=len(sets), place=place
            )
        return self._text(
            "{n} countries may stand {place}: {countries}.",
            n=len(possible), place=place, countries=self._wording.countries(possible),
        )  # fmt: skip

    def _gap(self, rows: Sequence[Row]) -> Markdown:
        labels, first = self._wording.labels, rows[0]
        a, b = (labels.level(first["domain"], first[level]) for level in ("level_a", "level_b"))
        stand = [row for row in rows if row["differs"] == "True"]
        higher = sum(float(row["difference"]) > 0 for row in stand)
        values = {"a": a, "b": b, "n": len(rows)}
        if not stand:
            return self._text("{a} against {b}: no gap stands in any of {n} countries.", **values)
        return self._text(
            "{a} against {b}: the gap stands in {stand} of {n} countries, in {higher} of them with "
            "the higher share for {a}.",
            stand=len(stand),
            higher=higher,
            **values,
        )

    def _shown(self, indicator: str) -> list[Row]:
        apart = {
            row["country"]
            for row in self._wording.results.rows(
                "comparability", indicator=indicator, comparable="no"
            )
        }
        rows = self._wording.results.rows("prevalence", indicator=indicator)
        return [row for row in rows if row["estimate"] and row["country"] not in apart]
