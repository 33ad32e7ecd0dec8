"""All questions of the regional report with their answers, in the order in which they are read."""

import re
from collections.abc import Iterator, Mapping, Sequence

from disrupting_harm.comparison.ledger import NOT_AVAILABLE
from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.documents.brief.country_text import (
    TileText,
    format_range_tile,
    format_share_tile,
)
from disrupting_harm.report.documents.regional.area_differences import (
    FLAG_OF_EXTREME,
    RANK_SET_KEYS,
    answer_whether_areas_differ,
)
from disrupting_harm.report.documents.regional.associations import answer_what_goes_together
from disrupting_harm.report.documents.regional.averages import (
    answer_how_many,
    describe_other_average,
    find_total_of_children,
    format_span_of_children,
)
from disrupting_harm.report.documents.regional.clear_gaps import (
    answer_where_other_answers_differ,
)
from disrupting_harm.report.documents.regional.group_differences import (
    answer_whether_groups_differ,
    describe_all_tests,
    find_leading_gap,
)
from disrupting_harm.report.documents.regional.headline_indicator import (
    Answer,
    Chapter,
    HeadlineIndicator,
    open_chapter,
)
from disrupting_harm.report.documents.regional.region_findings import RegionFindings
from disrupting_harm.report.documents.regional.silence_and_differences import (
    answer_what_silence_hides,
)
from disrupting_harm.report.documents.regional.tables import note_populations
from disrupting_harm.report.documents.regional.threats import RegionalThreats
from disrupting_harm.report.findings.comparison_sentences import RegionalSentences
from disrupting_harm.report.findings.headings import COLUMNS
from disrupting_harm.report.findings.order_claims import HIGHEST, METHOD, SCOPE
from disrupting_harm.report.findings.question_sentences import describe_origin
from disrupting_harm.report.findings.region_definition import Region
from disrupting_harm.report.language.comparison_text import ComparisonFormatter
from disrupting_harm.report.language.markdown import Markdown, format_reference, remove_addresses
from disrupting_harm.report.language.populations import find_invented_use
from disrupting_harm.report.language.ranges import read_range
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.reading.whole_percent import read_percent_interval
from disrupting_harm.study.configuration.config import Configuration

# What a question asks about, by the recall of the codebook: not when it was asked.
PERIODS = {
    "past_year": " about the year before",
    "past_three_months": " about the three months before",
    "lifetime": " about their lives until then",
    "last_time": " about the last time",
}


LEDGER_LABEL = "tbl-ledger"  # of the table of the surveys, in the annex


def answer_what_is_comparable(
    headline: HeadlineIndicator,
    ledger: Markdown,
    set_apart_sentences: list[Markdown],
    series: Sequence[str],
) -> Answer | None:
    """Return the answer from the ledger; None without one.

    Args:
        ledger: the table of what is known of each survey, which the annex prints.
        set_apart_sentences: a sentence on each area that is set apart.
        series: the summary indicators compared.
    """
    translator = headline.translator
    rows = headline.rows("comparability")
    if not rows:
        return None
    yes = [row for row in rows if row["comparable"] == "yes"]
    opening = _describe_comparability(headline, yes, rows)
    sentences = [*set_apart_sentences]
    if set_apart_sentences:
        sentences.append(translator("What is set apart is shown, and neither ranked nor averaged."))
    if headline.hidden and headline.shown:
        sentences.append(
            translator(
                "{n} of the {m} have an estimate.",
                n=headline.ranked(),
                m=headline.count(yes, "comparability", "comparable:yes"),
            )
        )
    paragraphs = [Markdown(" ".join(sentences))] if sentences else []
    if len(series) > 1:
        quoted_labels = [Markdown(f"“{headline.wording.labels.short(name)}”") for name in series]
        paragraphs.append(
            translator(
                "{indicators} count different experiences (annex): they are never compared with "
                "each other, and share no figure or average.",
                indicators=translator.enumeration(quoted_labels),
            )
        )
    return Answer(
        "comparable",
        _title_comparability(headline, yes, rows),
        opening,
        "ledger",
        headline.address_of_rows("comparability"),
        tuple(paragraphs),
        sure=translator(
            "**How sure?** What is missing in {table} is not known, and the comparison cannot "
            "account for it.",
            table=format_reference(LEDGER_LABEL),
        )
        if ledger
        else Markdown(""),
        margin=(
            translator(
                "**Asked:** {label}.", label=headline.wording.labels.indicator(headline.indicator)
            ),
        ),
    )


def _title_comparability(
    headline: HeadlineIndicator, yes: Sequence[PublicRow], rows: Sequence[PublicRow]
) -> Markdown:
    if len(rows) == 1:
        return headline.translator("What may be compared?")
    if len(yes) == len(rows):
        return headline.translator(
            "All {m} {areas} can be compared", m=headline.count(rows, "comparability")
        )
    return headline.translator(
        "{n} of {m} {areas} can be compared",
        n=headline.count(yes, "comparability", "comparable:yes"),
        m=headline.count(rows, "comparability"),
    )


def _describe_comparability(
    headline: HeadlineIndicator, yes: Sequence[PublicRow], rows: Sequence[PublicRow]
) -> Markdown:
    """Return how many of the areas may be compared, and what is the same in them."""
    translator = headline.translator
    if len(rows) == 1:
        name = headline.wording.in_text(rows[0]["country"])
        return translator("Nothing: {country} is the only {area} of this study.", country=name)
    recall = headline.wording.labels.definition(headline.indicator).recall
    values = {
        "period": translator(PERIODS[recall]) if recall in PERIODS else Markdown(""),
        "n": headline.count(yes, "comparability", "comparable:yes"),
        "m": headline.count(rows, "comparability"),
    }
    ages = {row["age_range"] for row in yes}
    if len(ages) > 1 or NOT_AVAILABLE in ages:
        if len(yes) == len(rows):
            return translator("All {m} {areas}: they asked the same question{period}.", **values)
        return translator("{n} of {m} {areas}: they asked the same question{period}.", **values)
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


def format_key_figures(
    translator: Translator[Markdown],
    headline: HeadlineIndicator | None,
    domains: Sequence[str],
    threats: RegionalThreats,
) -> list[TileText]:
    """Return the key figures that the study has: at most six, each with what it is of.

    Args:
        headline: the indicator; None without a survey.
        domains: of which gaps are told.
    """
    tile_texts = _format_survey_tiles(headline, domains) if headline else []
    if reports_of_year := threats.find_last_year():
        year, total, rows = reports_of_year
        caption = translator(
            "CyberTip reports in {year}, counted by {body}: reports about users of any age, "
            "no count of children",
            year=year,
            body=translator.translate_or_keep(rows[0]["counted_by"]),
        )
        tile_texts.append(TileText(total, caption, ""))
    return tile_texts


def _format_survey_tiles(headline: HeadlineIndicator, domains: Sequence[str]) -> list[TileText]:
    translator, tile_texts = headline.translator, []
    averages = headline.wording.results.averages(headline.indicator)
    by_child = averages.get("population_weighted")
    if by_child:
        caption = translator(
            "{said}; {areas} count by their number of {respondents}", said=headline.said
        )
        if ends := read_range(by_child):
            tile_texts.append(format_range_tile(translator, ends, caption))
        elif share := read_percent_interval(by_child):
            tile_texts.append(format_share_tile(translator, share, caption))
    if total := find_total_of_children(headline):
        caption = translator(
            "{respondents} in {n} {areas}, scaled from these answers ({low} to {high})",
            n=translator.number(total.number("countries")),
            low=translator.compact(total.number("children_low")),
            high=translator.compact(total.number("children_high")),
        )
        tile_texts.append(TileText(format_span_of_children(headline, total), caption, ""))
    pairs = headline.rows("pairwise")
    if len(pairs) > 1:
        number = translator(
            "{clear} of {pairs}",
            clear=headline.count(
                [row for row in pairs if row["clear"] == "True"], "pairwise", "clear:True"
            ),
            pairs=headline.count(pairs, "pairwise"),
        )
        tile_texts.append(TileText(number, translator("pairs of {areas} differ clearly"), ""))
    rank_sets = headline.rows("rank_sets", method=METHOD, scope=SCOPE)
    if len(rank_sets) > 2:
        flag = FLAG_OF_EXTREME[HIGHEST]
        possible_rows = [row for row in rank_sets if row[flag] == "True"]
        number = translator(
            "{n} of {m}",
            n=headline.count(possible_rows, "rank_sets", *RANK_SET_KEYS, f"{flag}:True"),
            m=headline.ranked(),
        )
        caption = (
            translator(
                "{areas} with an estimate to compare may stand first; the surveys do not say which"
            )
            if len(possible_rows) > 1
            else translator("{areas} with an estimate to compare may stand first, and no other")
        )
        tile_texts.append(TileText(number, caption, ""))
    if gap := find_leading_gap(headline, domains):
        tile_texts.append(TileText(*gap, ""))
    return tile_texts


# The question whom shares are of: children who use the internet, or all children of that age.
USERS, EVERYONE = "internet_using_children", "all_children"


def answer_of_whom(headline: HeadlineIndicator) -> Answer | None:
    """Return the answer from both denominators; None without the second."""
    translator = headline.translator
    users, everyone = (
        {row["country"]: row for row in headline.rows("denominators", denominator=name)}
        for name in (USERS, EVERYONE)
    )
    shown_of_all = [row for row in everyone.values() if row.is_shown]
    if not shown_of_all:
        return None
    furthest = _find_furthest_apart(users, everyone)
    sentences = [
        *([_describe_example(headline, users[furthest], everyone[furthest])] if furthest else []),
        translator(
            "Both numbers are right. The first is of those online; the second, of all. Always say "
            "which one you mean."
        ),
        translator(
            "Of all {respondents}, those who are not online count as a no: nobody asked them."
        ),
        *_compare_possible_first(headline, users, everyone),
    ]
    return Answer(
        "divide",
        translator("Two shares of the same {respondents}"),
        translator("Where few {respondents} are online, the share of all {respondents} is lower")
        if furthest
        else translator("Two shares of the same {respondents}"),
        "denominators" if furthest else "plain",
        headline.address_of_rows("denominators", f"denominator:{EVERYONE}"),
        (Markdown(" ".join(sentences)),),
        (f"denominators-{headline.indicator}",),
        sure=_describe_certainty(headline, shown_of_all),
        margin=tuple(note_populations(headline.wording, shown_of_all)),
    )


def _find_furthest_apart(
    users: Mapping[str, PublicRow], everyone: Mapping[str, PublicRow]
) -> str | None:
    """Return the area whose two shares lie furthest apart, with nothing in common.

    None where the intervals of all overlap.
    """
    distances = []
    for code in sorted(users.keys() & everyone.keys()):
        of_users, of_all = users[code].interval(), everyone[code].interval()
        if of_users and of_all and of_all.high < of_users.low:
            distances.append((of_users.low - of_all.high, code))
    return max(distances)[1] if distances else None


def _describe_example(
    headline: HeadlineIndicator, of_users: PublicRow, of_all: PublicRow
) -> Markdown:
    """Return both shares of an area, and how many there are online."""
    return headline.translator(
        "In {country}, {users} of {respondents} who use the internet said so. Of all {respondents} "
        "it is {everyone}, because {online} in 100 are online.",
        country=headline.wording.in_text(of_users["country"]),
        users=headline.share(of_users),
        everyone=headline.share(of_all),
        online=headline.translator.percent(of_all.number("internet_use_rate")),
    )


def _compare_possible_first(
    headline: HeadlineIndicator, users: Mapping[str, PublicRow], everyone: Mapping[str, PublicRow]
) -> list[Markdown]:
    """Return which areas may be first under both denominators; nothing of fewer than two."""
    names = [
        headline.wording.countries([row["country"] for row in rows])
        for table in (users, everyone)
        if (rows := [row for row in table.values() if row["rank_low"] == "1"])
    ]
    if len(names) < 2 or len(users) < 2:
        return []
    return [
        headline.translator(
            "By the share of users, {names} may be the highest; by that of all {respondents}, "
            "{others}.",
            names=names[0],
            others=names[1],
        )
    ]


def _describe_certainty(headline: HeadlineIndicator, everyone: Sequence[PublicRow]) -> Markdown:
    """Return where the shares of children online come from, and how their error is known."""
    uncertainties = {row["rate_uncertainty"] for row in everyone}
    invented = find_invented_use([*everyone])
    if uncertainties == {"invented"} and invented:
        return headline.translator(
            "**How sure?** How many {respondents} are online comes from other sources; of "
            "{countries} that is invented for this simulation, and so are the margins of error of "
            "all.",
            countries=headline.wording.countries(invented),
        )
    if uncertainties == {"invented"}:
        return headline.translator(
            "**How sure?** How many {respondents} are online comes from other sources; the error "
            "of that is invented for this simulation."
        )
    return headline.translator(
        "**How sure?** How many {respondents} are online comes from other sources; the intervals "
        "hold the error of that as far as it is known."
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
        national: the public estimates of whole areas.
        actions: what to do; None where nothing is needed.
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
        national: Sequence[PublicRow] = (),
        actions: Answer | None = None,
    ) -> None:
        # Sentences that call one area the highest or lowest, which the rank sets bear.
        self.founded: set[str] = set()
        self._translator = wording.translator
        self._threats, self._national = threats, national
        self._domains: Sequence[str] = ()
        self.subject = _find_headline_indicator(wording, leading, config, region)
        self.story: list[Answer] = []
        chapters: list[Chapter] = []
        if self.subject:
            domains_with_gaps = {row["domain"] for row in self.subject.rows("gaps")}
            question_headings = (
                region.gaps if region and region.indicator == self.subject.indicator else {}
            )
            domains = [name for name in config.comparison.gaps if name in domains_with_gaps]
            self._domains = (
                [name for name in domains if name in question_headings]
                if question_headings
                else domains
            )
            chapters = self._answer_from_survey(self.subject, config, question_headings, region)
            if region:
                writer = RegionFindings(self.subject, national)
                self.story = [writer.write_finding(entry, story=True) for entry in region.story]
        if actions:
            chapters.append(open_chapter([actions]))
        if answer := threats.answer():
            chapters.append(open_chapter([answer]))
        # Between the two stands what law says.
        self.findings = chapters
        self.background: list[Chapter] = []
        if self.subject:
            self.background += self._open_background(self.subject, config, region)
            if answer := answer_what_is_comparable(
                self.subject, Markdown(ledger), say.explain_incomparable(), leading
            ):
                self.background.append(open_chapter([answer]))
        self.chapters = [*self.findings, *self.background]
        self.all = [answer for chapter in chapters for answer in chapter.answers]

    def _answer_from_survey(
        self,
        headline: HeadlineIndicator,
        config: Configuration,
        question_headings: dict[str, str],
        region: Region | None,
    ) -> list[Chapter]:
        """Return the chapters: how many, the study's own, groups."""
        translator = self._translator
        alpha = translator.percent(config.comparison.alpha)
        all_tests = describe_all_tests(headline, config.comparison.alpha)
        many = [
            answer_how_many(headline, translator("How many {respondents}?")),
            *(
                [answer_whether_areas_differ(headline, self.founded, alpha, all_tests)]
                if len(headline.rows("comparability")) > 1
                else []
            ),
            answer_of_whom(headline),
        ]
        groups = answer_whether_groups_differ(headline, self._domains, question_headings, alpha)
        origin = describe_origin(translator, config.study.survey, config.study.simulated)
        if groups and (
            other_answers := answer_where_other_answers_differ(headline, self._domains, origin)
        ):
            groups.append(other_answers)
        writer = RegionFindings(headline, self._national)
        study_chapters = [
            Chapter(
                chapter.id,
                translator.of_study(chapter.title),
                translator.of_study(chapter.message),
                tuple(map(writer.write_finding, chapter.findings)),
            )
            for chapter in (region.chapters if region else ())
        ]
        title = (
            translator.of_study(region.groups)
            if region and region.groups
            else translator("Do groups of {respondents} differ?")
        )
        return [
            open_chapter([answer for answer in many if answer]),
            *study_chapters,
            *([open_chapter(groups, title, "whom")] if groups else []),
        ]

    def _open_background(
        self, headline: HeadlineIndicator, config: Configuration, region: Region | None
    ) -> list[Chapter]:
        """Return the chapters on silence and on what goes with what, where they are told."""
        together = answer_what_goes_together(
            headline.wording,
            region.associations if region else (),
            config.comparison.adjust_for,
            self._translator.percent(config.comparison.alpha),
        )
        answers = (answer_what_silence_hides(headline), together)
        return [open_chapter([answer]) for answer in answers if answer]

    @property
    def hidden(self) -> Markdown:
        """How hidden areas count in the averages; empty where nobody is hidden."""
        return self.subject.hidden_in_averages() if self.subject else Markdown("")

    @property
    def meaning(self) -> Markdown:
        """What the main indicator counts; empty where the study does not say."""
        return self.subject.meaning if self.subject else Markdown("")

    @property
    def other_average(self) -> Markdown:
        """The average that no chapter has; empty where there is none."""
        return describe_other_average(self.subject) if self.subject else Markdown("")

    @property
    def silence(self) -> Markdown:
        """How many areas may be the highest if some kept silent; empty where nothing tells."""
        answer = answer_what_silence_hides(self.subject) if self.subject else None
        return answer.lead if answer else Markdown("")

    @property
    def tiles(self) -> list[TileText]:
        """The key figures."""
        return format_key_figures(self._translator, self.subject, self._domains, self._threats)

    def average(self) -> PublicRow | None:
        """Return the average in which each respondent counts the same, if there is one."""
        if self.subject is None:
            return None
        averages = self.subject.wording.results.averages(self.subject.indicator)
        return averages.get("population_weighted")

    def headings(self, language: str) -> Iterator[dict[str, str]]:
        """Yield the lines of the table of headings: each answer, and what bears it."""
        for answer in [*self.story, *self.all]:
            opening = remove_addresses(answer.lead)
            cited_numbers = "; ".join(_CITED.findall(answer.lead))
            cells = (
                "regional",
                language,
                opening,
                answer.rule,
                answer.numbers,
                cited_numbers,
                "borne",
            )
            yield dict(zip(COLUMNS, cells, strict=True))


def refuse_unknown_leads(document_text: str, chapters: Sequence[Chapter], document: str) -> None:
    """Stop where an answer stands in the document that no public table gave.

    Args:
        document_text: the document as filled, without addresses.
        chapters: whose leads they are.
        document: name of the document for the error.

    Raises:
        StudyError: with the first such sentence.
    """
    known_leads = {remove_addresses(chapter.lead) for chapter in chapters}
    for lead in _OPENER.findall(document_text):
        if lead not in known_leads:
            raise StudyError(
                f"{document}, answer '{lead}'",
                "it opens a chapter, and no table of the comparison gave it",
                "Let the report write the answers, or put the sentence elsewhere",
            )


def _find_headline_indicator(
    wording: ComparisonFormatter,
    leading: Sequence[str],
    config: Configuration,
    region: Region | None,
) -> HeadlineIndicator | None:
    if not leading:
        return None
    translator = wording.translator
    population = translator.of_study(config.study.population)
    compared_indicators = set(wording.results.indicators())
    if region and region.indicator in compared_indicators:
        meaning = translator.of_study(region.meaning) if region.meaning else Markdown("")
        statement = translator.of_study(region.said)
        happened = translator.of_study(region.happened) if region.happened else Markdown("")
        return HeadlineIndicator(
            wording, region.indicator, statement, population, meaning, region.wider, happened
        )
    statement = translator("are counted as: {label}", label=wording.labels.with_base(leading[0]))
    return HeadlineIndicator(wording, leading[0], statement, population)
