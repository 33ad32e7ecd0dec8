"""All questions of the regional report with their answers, in the order in which they are read."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from disrupting_harm.core.errors import StudyError
from disrupting_harm.provenance.addresses import number_of
from disrupting_harm.report.documents.brief.country_text import (
    TileText,
    format_range_tile,
    format_share_tile,
)
from disrupting_harm.report.documents.regional.averages import children, how_many, span_of_children
from disrupting_harm.report.documents.regional.group_differences import (
    FLAGS,
    RANKED,
    differ,
    groups,
    leading_gap,
)
from disrupting_harm.report.documents.regional.nonresponse import silent
from disrupting_harm.report.documents.regional.one_question import Answer, HeadlineIndicator
from disrupting_harm.report.documents.regional.threats import RegionalThreats
from disrupting_harm.report.findings.comparison_sentences import RegionalSentences
from disrupting_harm.report.findings.definition import Region
from disrupting_harm.report.findings.headings import COLUMNS
from disrupting_harm.report.findings.order_claims import HIGHEST, METHOD, SCOPE
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.markdown import Markdown, without_addresses
from disrupting_harm.report.language.populations import invented_use
from disrupting_harm.report.language.ranges import range_of
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.comparison_results import Row
from disrupting_harm.report.reading.whole_percent import whole_of
from disrupting_harm.study.configuration.config import Configuration

# The question what may be compared.


# What a question asks about, by the recall of the codebook: not when it was asked.
PERIODS = {
    "past_year": " about the year before",
    "past_three_months": " about the three months before",
    "lifetime": " about their lives until then",
    "last_time": " about the last time",
}


def comparable(
    subject: HeadlineIndicator, table: Markdown, apart: list[Markdown], series: Sequence[str]
) -> Answer | None:
    """Return the answer from the ledger; None without one.

    Args:
        table: what is known of each survey.
        apart: a sentence on each area that is set apart.
        series: the summary indicators compared.
    """
    translator = subject.translator
    rows = subject.rows("comparability")
    if not rows:
        return None
    yes = [row for row in rows if row["comparable"] == "yes"]
    lead = _lead(subject, yes, rows)
    known = [*apart]
    if apart:
        known.append(translator("What is set apart is shown, and neither ranked nor averaged."))
    if subject.hidden and subject.shown:
        known.append(
            translator(
                "{n} of the {m} have an estimate.",
                n=subject.ranked(),
                m=subject.count(yes, "comparability", "comparable:yes"),
            )
        )
    paragraphs = [Markdown(" ".join(known))] if known else []
    if len(series) > 1:
        names = [Markdown(f"“{subject.wording.labels.short(name)}”") for name in series]
        paragraphs.append(
            translator(
                "{indicators} count different experiences (annex): they are never compared with "
                "each other, and share no figure or average.",
                indicators=translator.enumeration(names),
            )
        )
    return Answer(
        "comparable",
        translator("What may be compared?"),
        lead,
        "ledger",
        subject.where("comparability"),
        tuple(paragraphs),
        table=table,
        sure=translator(
            "**How sure?** What is missing in the table is not known, and the comparison cannot "
            "account for it."
        ),
        margin=(
            translator(
                "**Asked:** {label}.", label=subject.wording.labels.indicator(subject.indicator)
            ),
        ),
    )


def _lead(subject: HeadlineIndicator, yes: Sequence[Row], rows: Sequence[Row]) -> Markdown:
    """Return how many of the areas may be compared, and what is the same in them."""
    translator = subject.translator
    if len(rows) == 1:
        name = subject.wording.in_text(rows[0]["country"])
        return translator("Nothing: {country} is the only {area} of this study.", country=name)
    recall = subject.wording.labels.definition(subject.indicator).recall
    values = {
        "period": translator(PERIODS[recall]) if recall in PERIODS else Markdown(""),
        "n": subject.count(yes, "comparability", "comparable:yes"),
        "m": subject.count(rows, "comparability"),
    }
    if len(yes) == len(rows):
        return translator(
            "All {m} {areas}: they asked the same question{period}, of {respondents} of the same "
            "ages.",
            **values,
        )
    return translator(
        "{n} of {m} {areas}: they asked the same question{period}, of {respondents} of the same "
        "ages.",
        **values,
    )


# The key figures of the regional report: at most six, each with what it is of.


def tiles(
    translator: Translator[Markdown],
    subject: HeadlineIndicator | None,
    domains: Sequence[str],
    threats: RegionalThreats,
) -> list[TileText]:
    """Return the key figures that the study has.

    Args:
        subject: the indicator; None without a survey.
        domains: of which gaps are told.
    """
    found = _of_survey(subject, domains) if subject else []
    if last := threats.last_year():
        year, total, rows = last
        said = translator(
            "CyberTip reports in {year}, counted by {body}: reports about users of any age, "
            "no count of children",
            year=year,
            body=translator.plain(rows[0]["counted_by"]),
        )
        found.append(TileText(total, said, ""))
    return found


def _of_survey(subject: HeadlineIndicator, domains: Sequence[str]) -> list[TileText]:
    translator, found = subject.translator, []
    averages = subject.wording.results.averages(subject.indicator)
    by_child = averages.get("population_weighted")
    if by_child:
        said = translator(
            "{said}; {areas} count by their number of {respondents}", said=subject.said
        )
        if ends := range_of(by_child):
            found.append(format_range_tile(translator, ends, said))
        elif share := whole_of(by_child):
            found.append(format_share_tile(translator, share, said))
    if total := children(subject):
        said = translator(
            "{respondents} in {n} {areas}, scaled from these answers ({low} to {high})",
            n=translator.number(number_of(total["countries"])),
            low=translator.compact(number_of(total["children_low"])),
            high=translator.compact(number_of(total["children_high"])),
        )
        found.append(TileText(span_of_children(subject, total), said, ""))
    pairs = subject.rows("pairwise")
    if len(pairs) > 1:
        number = translator(
            "{clear} of {pairs}",
            clear=subject.count(
                [row for row in pairs if row["clear"] == "True"], "pairwise", "clear:True"
            ),
            pairs=subject.count(pairs, "pairwise"),
        )
        found.append(TileText(number, translator("pairs of {areas} differ clearly"), ""))
    sets = subject.rows("rank_sets", method=METHOD, scope=SCOPE)
    if len(sets) > 2:
        flag = FLAGS[HIGHEST]
        may = [row for row in sets if row[flag] == "True"]
        number = translator(
            "{n} of {m}",
            n=subject.count(may, "rank_sets", *RANKED, f"{flag}:True"),
            m=subject.ranked(),
        )
        said = (
            translator(
                "{areas} with an estimate to compare may stand first; the surveys do not say which"
            )
            if len(may) > 1
            else translator("{areas} with an estimate to compare may stand first, and no other")
        )
        found.append(TileText(number, said, ""))
    if gap := leading_gap(subject, domains):
        found.append(TileText(*gap, ""))
    return found


# The question whom shares are of: children who use the internet, or all children of that age.


USERS, EVERYONE = "internet_using_children", "all_children"


def whom(subject: HeadlineIndicator) -> Answer | None:
    """Return the answer from the rank sets under both denominators; None without the second."""
    translator, wording = subject.translator, subject.wording
    users, everyone = (subject.rows("denominators", denominator=name) for name in (USERS, EVERYONE))
    first, second = _may_be_first(users), _may_be_first(everyone)
    if not any(row["estimate"] for row in everyone) or not first or not second:
        return None
    values = {
        "ranked": subject.count(users, "denominators", f"denominator:{USERS}"),
        "n": subject.count(first, "denominators", f"denominator:{USERS}", "rank_low:1"),
        "m": subject.count(second, "denominators", f"denominator:{EVERYONE}", "rank_low:1"),
    }
    names = [{row["country"] for row in rows} for rows in (first, second)]
    if names[0] == names[1]:
        lead = translator(
            "Not for who may stand first: the same {n} of the {ranked} {areas}, whether shares are "
            "of those who use the internet or of all {respondents}.",
            **values,
        )
    else:
        lead = translator(
            "Yes. Of {respondents} who use the internet, {n} of the {ranked} {areas} may stand "
            "first; of all {respondents}, {m} may.",
            **values,
        )
    example = _example(subject, users, everyone)
    return Answer(
        "divide",
        translator("Does it matter of whom the share is?"),
        lead,
        "rank sets",
        subject.where("denominators", "rank_low:1"),
        (
            Markdown(
                " ".join(
                    [
                        *([example] if example else []),
                        translator(
                            "Of all {respondents}, those who do not use the internet count as a "
                            "no: nobody asked them. Where few are online the two shares lie far "
                            "apart."
                        ),
                        translator("Always name the population with the number."),
                    ]
                )
            ),
            translator(
                "May stand first, of all {respondents}: {names}.",
                names=wording.countries([*names[1]]),
            ),
        ),
        (f"denominators-{subject.indicator}",),
        sure=_how_sure(subject, everyone),
        margin=(
            translator(
                "**Compared:** possible ranks of all {areas} at once, each denominator by itself."
            ),
            translator(
                "**Sources:** of the numbers of {respondents}, above the first table of the annex."
            ),
        ),
    )


def _how_sure(subject: HeadlineIndicator, everyone: Sequence[Row]) -> Markdown:
    """Return where the shares of children online come from, and how their error is known."""
    told = {row["rate_uncertainty"] for row in everyone if row["estimate"]}
    invented = invented_use([row for row in everyone if row["estimate"]])
    if told == {"invented"} and invented:
        return subject.translator(
            "**How sure?** The shares of {respondents} online come from other sources; those of "
            "{countries}, and the margins of error of all, are invented for this simulation.",
            countries=subject.wording.countries(invented),
        )
    if told == {"invented"}:
        return subject.translator(
            "**How sure?** The shares of {respondents} online come from other sources; their error "
            "is invented for this simulation."
        )
    return subject.translator(
        "**How sure?** The shares of {respondents} online come from other sources; the intervals "
        "hold their error as far as it is known."
    )


def _may_be_first(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["rank_low"] == "1"]


def _example(
    subject: HeadlineIndicator, users: Sequence[Row], everyone: Sequence[Row]
) -> Markdown | None:
    """Return the two areas that do not differ among users and lie furthest apart of all children.

    Apart means that the two intervals have no value in common.
    """
    of_all = {row["country"]: row for row in everyone if row["estimate"]}
    of_users = {row["country"]: row for row in users if row["estimate"]}
    alike = {
        frozenset((row["country_a"], row["country_b"]))
        for row in subject.rows("pairwise", clear="False")
    }
    distances = []
    for a, b in combinations(sorted(of_all.keys() & of_users.keys()), 2):
        if frozenset((a, b)) not in alike:
            continue
        low, high = sorted((of_all[a], of_all[b]), key=lambda row: float(row["estimate"]))
        distance = float(high["ci_low"]) - float(low["ci_high"])
        if distance > 0:
            distances.append((distance, low["country"], high["country"]))
    if not distances:
        return None
    _, a, b = max(distances)
    wording = subject.wording
    return subject.translator(
        "For example, {a} and {b} do not clearly differ among users: {a_users} and {b_users}. Of "
        "all {respondents} it is {a_all} in the first and {b_all} in the second.",
        a=wording.in_text(a),
        b=wording.in_text(b),
        a_users=subject.share(of_users[a]),
        b_users=subject.share(of_users[b]),
        a_all=subject.share(of_all[a]),
        b_all=subject.share(of_all[b]),
    )


_CITED = re.compile(r'\[([^\[\]]*)\]\{n="')
_OPENER = re.compile(r"^::: \{\.opener\}\n+(.*)$", re.MULTILINE)


class Answers:
    """The answers of one study.

    Args:
        wording: numbers and names as printed.
        leading: the summary indicators, or the first share compared; empty without a survey.
        region: the study's words for its main indicator.
        say: sentences on what is compared.
        ledger: the table of what is known of each survey; empty without a survey.
    """

    def __init__(
        self,
        wording: ComparisonFormatter,
        leading: Sequence[str],
        config: Configuration,
        region: Region | None,
        say: RegionalSentences,
        threats: RegionalThreats,
        ledger: str,
    ) -> None:
        # Sentences that call one area the highest or lowest, which the rank sets bear.
        self.founded: set[str] = set()
        self._translator = wording.translator
        self._threats = threats
        self._domains: Sequence[str] = ()
        self.subject = _subject(wording, leading, config, region)
        if self.subject:
            known = {row["domain"] for row in self.subject.rows("gaps")}
            asked = region.gaps if region and region.indicator == self.subject.indicator else {}
            domains = [name for name in config.comparison.gaps if name in known]
            self._domains = [name for name in domains if name in asked] if asked else domains
            found = self._of_survey(self.subject, config, asked)
            found.append(comparable(self.subject, Markdown(ledger), say.incomparable(), leading))
            found.insert(-1, threats.answer())
        else:
            found = [threats.answer()]
        self.all: list[Answer] = [answer for answer in found if answer]

    def _of_survey(
        self, subject: HeadlineIndicator, config: Configuration, asked: dict[str, str]
    ) -> list[Answer | None]:
        translator = self._translator
        alpha = translator.percent(config.comparison.alpha)
        return [
            how_many(subject, translator("How many {respondents}?")),
            differ(subject, self.founded, alpha),
            *groups(subject, self._domains, asked, alpha),
            whom(subject),
            silent(subject),
        ]

    @property
    def hidden(self) -> Markdown:
        """How hidden areas count in the averages; empty where nobody is hidden."""
        return self.subject.hidden_in_averages() if self.subject else Markdown("")

    @property
    def meaning(self) -> Markdown:
        """What the main indicator counts; empty where the study does not say."""
        return self.subject.meaning if self.subject else Markdown("")

    @property
    def tiles(self) -> list[TileText]:
        """The key figures."""
        return tiles(self._translator, self.subject, self._domains, self._threats)

    def average(self) -> Row | None:
        """Return the average in which each respondent counts the same, if there is one."""
        if self.subject is None:
            return None
        found = self.subject.wording.results.averages(self.subject.indicator)
        return found.get("population_weighted")

    def headings(self, language: str) -> Iterator[dict[str, str]]:
        """Yield the lines of the table of headings: each answer, and what bears it."""
        for answer in self.all:
            lead = without_addresses(answer.lead)
            printed = "; ".join(_CITED.findall(answer.lead))
            said = ("regional", language, lead, answer.rule, answer.numbers, printed, "borne")
            yield dict(zip(COLUMNS, said, strict=True))


def refuse_unknown_leads(text: str, answers: Sequence[Answer], where: str) -> None:
    """Stop where an answer stands in the document that no public table gave.

    Args:
        text: the document as filled, without addresses.
        answers: of its questions.
        where: name of the document for the error.

    Raises:
        StudyError: with the first such sentence.
    """
    known = {without_addresses(answer.lead) for answer in answers}
    for lead in _OPENER.findall(text):
        if lead not in known:
            raise StudyError(
                f"{where}, answer '{lead}'",
                "it opens a chapter, and no table of the comparison gave it",
                "Let the report write the answers, or put the sentence elsewhere",
            )


def _subject(
    wording: ComparisonFormatter,
    leading: Sequence[str],
    config: Configuration,
    region: Region | None,
) -> HeadlineIndicator | None:
    if not leading:
        return None
    translator = wording.translator
    population = translator.of_study(config.study.population)
    compared = set(wording.results.indicators())
    if region and region.indicator in compared:
        meaning = translator.of_study(region.meaning) if region.meaning else Markdown("")
        said = translator.of_study(region.said)
        return HeadlineIndicator(wording, region.indicator, said, population, meaning, region.wider)
    said = translator("said yes to: {label}", label=wording.labels.with_base(leading[0]))
    return HeadlineIndicator(wording, leading[0], said, population)
