"""Sentences of the regional report, each built from rows of the public comparison."""

from collections.abc import Sequence
from itertools import combinations

from disrupting_harm.report.claims import HIGHEST, LOWEST, METHOD, SCOPE, sole_extremes
from disrupting_harm.report.incomparable import decisive
from disrupting_harm.report.markdown import Markdown
from disrupting_harm.report.references import References
from disrupting_harm.report.regional import silence
from disrupting_harm.report.regional.results import Row
from disrupting_harm.report.regional.wording import Wording
from disrupting_harm.study.statuses import AT_HOME, UNASKED_REASON


class RegionalSentences:
    """Write about the comparison; remembers the claims about order that it has written."""

    def __init__(self, wording: Wording, confidence: Markdown, references: References) -> None:
        self._wording = wording
        self._text = wording.text
        self._confidence = confidence
        self._references = references
        self.founded: set[str] = set()

    def range_of_estimates(self, indicator: str) -> Markdown:
        """Return between which values the estimates of the comparable countries lie."""
        rows = sorted(self._shown(indicator), key=lambda row: float(row["estimate"]))
        label = self._wording.labels.with_base(indicator)
        if not rows:
            published = self._wording.results.rows("prevalence", indicator=indicator)
            if any(row["estimate"] for row in published):
                return self._text("{label}: no estimate can be compared.", label=label)
            return self._text("{label}: no estimate can be shown.", label=label)
        low, high = (
            self._wording.value(indicator, row["estimate"], row["country"])
            for row in (rows[0], rows[-1])
        )
        share = self._wording.is_share(indicator)
        if len(rows) == 1:
            return self._text(
                "{label}: {low} per cent in {country}, the one {area} that can be shown and "
                "compared."
                if share
                else "{label}: {low} in {country}, the one {area} that can be shown and compared.",
                label=label,
                low=low,
                country=self._wording.in_text(rows[0]["country"]),
            )
        return self._text(
            "{label}: the estimates of {n} comparable {areas} lie between {low} and {high} per "
            "cent."
            if share
            else "{label}: the estimates of {n} comparable {areas} lie between {low} and {high}.",
            label=label,
            n=len(rows),
            low=low,
            high=high,
        )

    def average(self, indicator: str) -> Markdown:
        """Return the pooled estimates, each named by the question that it answers."""
        found = self._wording.results.averages(indicator)
        if not found:
            return self._text("There are too few comparable {areas} for averages.")
        sentences = {
            "population_weighted": "Where each child counts equally, the average is {value} per "
            "cent ({span}).",
            "equal_country": "Where each {area} counts equally, the average is {value} per cent "
            "({span}).",
            "random_effects": "In a typical {area} of this kind the share is {value} per cent "
            "({span}), and a similar {area} could lie anywhere from {prediction}.",
        }
        typical = found.get("random_effects")
        if typical and not typical["prediction_low"]:
            sentences["random_effects"] = (
                "In a typical {area} of these the share is {value} per cent ({span})."
            )
        parts = [
            self._text(
                sentences[estimand],
                value=self._wording.value(indicator, row["estimate"]),
                span=self._wording.interval(indicator, row),
                prediction=self._wording.span(
                    indicator, row, ends=("prediction_low", "prediction_high")
                ),
            )
            for estimand, row in found.items()
        ]
        if "random_effects" not in found:
            parts.append(
                self._text("The {areas} are too few to say what a typical {area} is like.")
            )
        if hidden := self._hidden(indicator):
            parts.append(
                self._text(
                    "No average holds {countries}, whose estimates are not printed.",
                    countries=self._wording.countries(hidden),
                )
            )
        return Markdown(" ".join(parts))

    def children(self, indicator: str) -> Markdown:
        """Return in how many pairs of countries the denominator turns the estimates round."""
        users, everyone = (
            {
                row["country"]: float(row["estimate"])
                for row in self._wording.results.rows(
                    "denominators", indicator=indicator, denominator=denominator
                )
                if row["estimate"]
            }
            for denominator in ("internet_using_children", "all_children")
        )
        pairs = list(combinations(sorted(users.keys() & everyone.keys()), 2))
        if not pairs:
            return Markdown("")
        turned = sum((users[a] - users[b]) * (everyone[a] - everyone[b]) < 0 for a, b in pairs)
        return self._text(
            "Pairs of {areas} whose estimates change order when shares are taken of all children "
            "of that age and not of internet-using children: {turned} of {pairs}.",
            turned=turned,
            pairs=len(pairs),
        )

    def order(self, indicator: str) -> Markdown:
        """Return what rank sets say: who may be first and last, and how wide the sets are."""
        sets = self._wording.results.rows(
            "rank_sets", indicator=indicator, method=METHOD, scope=SCOPE
        )
        if len(sets) < 2:
            return self._text("There is no order to speak of with fewer than two {areas}.")
        alone = sole_extremes(sets, indicator)
        hidden = self._hidden(indicator)
        parts = []
        for word, flag in ((HIGHEST, "may_be_highest"), (LOWEST, "may_be_lowest")):
            parts.append(self._extreme(word, alone.get(word), sets, flag, bool(hidden)))
            if word in alone:
                parts += silence.alone_until(self._wording, indicator, alone[word], word)
        widths = [int(row["rank_high"]) - int(row["rank_low"]) + 1 for row in sets]
        parts.append(
            self._text(
                "A {area}'s possible ranks span {mean} of {n} places on average.",
                mean=self._text.number(sum(widths) / len(widths), 1),
                n=len(sets),
            )
        )
        return Markdown(" ".join([*parts, *self._not_ranked(indicator, hidden)]))

    def _not_ranked(self, indicator: str, hidden: Sequence[str]) -> list[Markdown]:
        """Return who has no rank: those with a printed bound, then those who may be anywhere."""
        text, wording = self._text, self._wording
        bounds = {code: wording.bound(indicator, code) for code in hidden}
        bounded = [
            text("{country} ({bound})", country=wording.in_text(code), bound=bound)
            for code, bound in bounds.items()
            if bound
        ]
        unknown = [code for code, bound in bounds.items() if not bound]
        sentences = []
        if bounded:
            named = text.enumeration(sorted(bounded))
            sentences.append(
                text("Without a rank, as only a bound is printed: {countries}.", countries=named)
            )
        if unknown:
            sentences.append(
                text(
                    "Not shown, and possibly anywhere: {countries}.",
                    countries=wording.countries(unknown),
                )
            )
        return sentences

    def differences(self, indicator: str) -> Markdown:
        """Return how many pairs differ, and how many orders survive the worst case."""
        pairs = self._wording.results.rows("pairwise", indicator=indicator)
        if not pairs:
            return Markdown("")
        if len(pairs) == 1:
            return self._only_pair(pairs[0])
        differ = sum(row["differs"] == "True" for row in pairs)
        sentence = self._text(
            "Pairs of {areas} that differ after Holm's correction: {differ} of {pairs}.",
            differ=differ,
            pairs=len(pairs),
        )
        sentences = [sentence, *silence.steadfast(self._wording, indicator)]
        if self._wording.results.rows("bound_pairs", indicator=indicator):
            survive = self._wording.results.rows(
                "bound_pairs", indicator=indicator, survives="True"
            )
            sentences.append(
                self._text(
                    "Pairs that differ whatever those without a valid answer would have said: "
                    "{survive}.",
                    survive=len(survive),
                )
            )
        return Markdown(" ".join(sentences))

    def _only_pair(self, row: Row) -> Markdown:
        """Return the difference of the only two areas that can be compared, in points."""
        difference, interval = self._wording.points(row)
        message = (
            "{a} less {b}: {difference} percentage points ({interval}); they differ."
            if row["differs"] == "True"
            else "{a} less {b}: {difference} percentage points ({interval}); that they differ is "
            "not shown."
        )
        sentence = self._text(
            message,
            a=self._wording.country(row["country_a"]),
            b=self._wording.country(row["country_b"]),
            difference=difference,
            interval=interval,
        )
        return Markdown(" ".join([sentence, *silence.of_pair(self._wording, row)]))

    def gaps(self, indicator: str) -> Markdown:
        """Return, for each kind of gap, in how many countries it stands."""
        kinds = self._wording.results.gaps(indicator)
        if not kinds:
            return self._text("No gap between groups can be compared.")
        return Markdown(" ".join(self._gap(members) for members in kinds))

    def terms(self, domains: Sequence[str]) -> list[Markdown]:
        """Return the names of domains."""
        return [self._wording.labels.domain(name) for name in domains]

    def at_home(self) -> Markdown:
        """Return which countries the model of all children lacks, as their answers stay at home."""
        rows = self._wording.results.rows("adjusted_countries", note=AT_HOME)
        if not rows:
            return Markdown("")
        countries = self._wording.countries(sorted({row["country"] for row in rows}))
        return self._text(
            "Not in the model, as the children's answers stay at home: {countries}.",
            countries=countries,
        )

    def incomparable(self) -> list[Markdown]:
        """Return one sentence for each country that is set apart, with the reason."""
        reasons: dict[tuple[str, str, str], list[str]] = {}
        for row in self._wording.results.rows("comparability", comparable="no"):
            key = (row["country"], decisive(row["reason"]), row["source"])
            reasons.setdefault(key, []).append(row["indicator"])
        everything = len(self._wording.results.indicators())
        sentences = []
        for (code, reason, source), indicators in sorted(reasons.items(), key=self._by_name):
            shown = self._text.plain(reason)
            number = self._references.cite(source)
            if reason == UNASKED_REASON:
                labels = [self._wording.labels.short(name) for name in indicators]
                sentences.append(
                    self._text(
                        "Not asked in {country}: {indicators}.",
                        country=self._wording.in_text(code),
                        indicators=self._text.enumeration(labels),
                    )
                )
            elif len(indicators) == everything:
                sentences.append(
                    self._text(
                        "{country} is set apart: {reason}. {number}",
                        country=self._wording.first(code),
                        reason=shown,
                        number=number,
                    )
                )
            else:
                labels = [self._wording.labels.short(name) for name in indicators]
                sentences.append(
                    self._text(
                        "{country} is set apart for {indicators}: {reason}. {number}",
                        country=self._wording.first(code),
                        indicators=self._text.enumeration(labels),
                        reason=shown,
                        number=number,
                    )
                )
        return [Markdown(sentence.strip()) for sentence in sentences]

    def _extreme(
        self, word: str, alone: str | None, sets: Sequence[Row], flag: str, hidden: bool
    ) -> Markdown:
        place = self._text("first") if word == HIGHEST else self._text("last")
        # Estimates are hidden where almost nobody, or almost everybody, said yes: the first or last
        # of all may be one of them.
        if alone and hidden:
            return self._text(
                "Of the {areas} shown, {country} alone may stand {place}.",
                country=self._wording.in_text(alone),
                place=place,
            )
        if alone:
            sentence = self._text(
                "{country} has the " + word + " share of the {areas} compared.",
                country=self._wording.first(alone),
            )
            self.founded.add(str(sentence))
            return sentence
        possible = [row["country"] for row in sets if row[flag] == "True"]
        if len(possible) == len(sets):
            any_of = "Any of the {n} {areas} shown" if hidden else "Any of the {n} {areas}"
            return self._text(any_of + " may stand {place}.", n=len(sets), place=place)
        which = "Of the {areas} shown, {n}" if hidden else "{n} {areas}"
        return self._text(
            which + " may stand {place}: {countries}.",
            n=len(possible),
            place=place,
            countries=self._wording.countries(possible),
        )

    def _gap(self, rows: Sequence[Row]) -> Markdown:
        labels, first = self._wording.labels, rows[0]
        a, b = (labels.level(first["domain"], first[level]) for level in ("level_a", "level_b"))
        stand = [row for row in rows if row["differs"] == "True"]
        higher = sum(float(row["difference"]) > 0 for row in stand)
        if len(rows) == 1:
            return self._text(
                "{a} against {b}: the gap of the one {area} stands."
                if stand
                else "{a} against {b}: the gap of the one {area} does not stand.",
                a=a,
                b=b,
            )
        if not stand:
            return self._text(
                "{a} against {b}: the gap stands in none of {n} {areas}.", a=a, b=b, n=len(rows)
            )
        return self._text(
            "{a} against {b}: the gap stands in {stand} of {n} {areas}; the share for {a} is the "
            "higher one in {higher} of them.",
            a=a,
            b=b,
            stand=len(stand),
            n=len(rows),
            higher=higher,
        )

    def _shown(self, indicator: str) -> list[Row]:
        return [row for row in self._comparable(indicator) if row["estimate"]]

    def _hidden(self, indicator: str) -> list[str]:
        return [row["country"] for row in self._comparable(indicator) if not row["estimate"]]

    def _by_name(self, entry: tuple[tuple[str, str, str], list[str]]) -> tuple[str, str]:
        (code, reason, _), _ = entry
        return self._wording.country(code).casefold(), reason

    def _comparable(self, indicator: str) -> list[Row]:
        apart = {
            row["country"]
            for row in self._wording.results.rows(
                "comparability", indicator=indicator, comparable="no"
            )
        }
        rows = self._wording.results.rows("prevalence", indicator=indicator)
        return [row for row in rows if row["country"] not in apart]
