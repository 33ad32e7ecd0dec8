"""All questions of the regional report with their answers, in the order in which they are read."""

import re
from collections.abc import Iterator, Sequence

from disrupting_harm.errors import StudyError
from disrupting_harm.report.brief.composition import TileText
from disrupting_harm.report.findings.region import Region
from disrupting_harm.report.headings import COLUMNS
from disrupting_harm.report.markdown import Markdown, without_addresses
from disrupting_harm.report.regional.comparable import comparable
from disrupting_harm.report.regional.differ import differ
from disrupting_harm.report.regional.groups import groups
from disrupting_harm.report.regional.how_many import how_many
from disrupting_harm.report.regional.question import Answer, Subject
from disrupting_harm.report.regional.results import Row
from disrupting_harm.report.regional.sentences import RegionalSentences
from disrupting_harm.report.regional.silence import silent
from disrupting_harm.report.regional.threats import RegionalThreats
from disrupting_harm.report.regional.tiles import tiles
from disrupting_harm.report.regional.whom import whom
from disrupting_harm.report.regional.wording import Wording
from disrupting_harm.study.config import Configuration

_CITED = re.compile(r'\[([^\[\]]*)\]\{n="')
_OPENER = re.compile(r"^::: \{\.opener\}\n+(.*)$", re.MULTILINE)


class Answers:
    """The answers of one study.

    Args:
        wording: numbers and names as printed.
        leading: the summary indicators, or the first share compared; empty without a survey.
        config: of the study.
        region: the study's words for its main indicator.
        say: sentences on what is compared.
        threats: what is reported.
        ledger: the table of what is known of each survey; empty without a survey.
    """

    def __init__(
        self,
        wording: Wording,
        leading: Sequence[str],
        config: Configuration,
        region: Region | None,
        say: RegionalSentences,
        threats: RegionalThreats,
        ledger: str,
    ) -> None:
        # Sentences that call one area the highest or lowest, which the rank sets bear.
        self.founded: set[str] = set()
        self._text = wording.text
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
        self, subject: Subject, config: Configuration, asked: dict[str, str]
    ) -> list[Answer | None]:
        text = self._text
        alpha = text.percent(config.comparison.alpha)
        return [
            how_many(subject, text("How many {respondents}?")),
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
        return tiles(self._text, self.subject, self._domains, self._threats)

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
    wording: Wording, leading: Sequence[str], config: Configuration, region: Region | None
) -> Subject | None:
    if not leading:
        return None
    text = wording.text
    population = text.of_study(config.study.population)
    compared = set(wording.results.indicators())
    if region and region.indicator in compared:
        meaning = text.of_study(region.meaning) if region.meaning else Markdown("")
        said = text.of_study(region.said)
        return Subject(wording, region.indicator, said, population, meaning, region.wider)
    said = text("said yes to: {label}", label=wording.labels.with_base(leading[0]))
    return Subject(wording, leading[0], said, population)
