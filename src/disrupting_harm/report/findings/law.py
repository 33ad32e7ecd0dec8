"""What sources say about the law of one country, its treaties, plans and services.

Each answer stands with the date of its source and a link to the page; what no source answers is
"not known". Of how many countries each point is known, the regional report says.
"""

from collections.abc import Iterable, Sequence

from disrupting_harm.evidence.law_columns import PART
from disrupting_harm.evidence.measures.law import UNKNOWN
from disrupting_harm.evidence.tables.instruments import CLOSED
from disrupting_harm.evidence.tables.legislation import AGES, WITH_SCOPE
from disrupting_harm.provenance.addresses import cell_count, row_count
from disrupting_harm.provenance.row_addresses import address_of_row
from disrupting_harm.report.findings.headings import join_sentences
from disrupting_harm.report.findings.references import References
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.markdown import Markdown, escape, format_pipe_table
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.report.reading.evidence_rows import Evidence
from disrupting_harm.report.reading.rows import PublicRow

LEGISLATION, CLAIMS, TREATIES = "legislation", "legislation_claims", "instruments"
PLANS, SERVICES, COVERAGE = "policies", "service_register", "law_coverage"
UNDATED = "undated"
NOTHING = "–"
# In the name of a source that is one.
BLOG = "blog)"


class Law:
    """Write the chapter on law of one country.

    Args:
        evidence: the public evidence of the country.
        world: that of all countries together, with the coverage of each point.
        code: the country's code.
        country: its name, as it stands in a sentence.
    """

    def __init__(
        self,
        translator: Translator[Markdown],
        evidence: Evidence,
        world: Evidence,
        code: str,
        country: str,
    ) -> None:
        self._translator = translator
        self._evidence = evidence
        self._coverage = group_coverage(world)
        self._code = code
        self._country = country
        self._answers = {row["topic"]: row for row in evidence.rows(LEGISLATION)}

    def __bool__(self) -> bool:
        return bool(self._coverage)

    @property
    def has_points(self) -> bool:
        """Whether the study has a table of points of law."""
        return LEGISLATION in self._coverage

    @property
    def has_part(self) -> bool:
        """Whether a source was not read to its end: what no other source answers it may answer."""
        return any(claim["checked_by"] == PART for claim in self._evidence.rows(CLAIMS))

    def describe_answers(self) -> Markdown:
        """Return how many points sources answer, and how, as sentences; ages are no such points."""
        translator = self._translator
        topics = [topic for topic in self._coverage[LEGISLATION] if topic not in AGES]
        rows_by_answer = {
            answer: [
                row
                for topic, row in self._answers.items()
                if topic in topics and row["answer"] == answer
            ]
            for answer in ("yes", "partly", "no", "draft")
        }
        counts = {
            answer: translator.number(row_count(len(rows), self._name_rows(topics, answer)))
            for answer, rows in rows_by_answer.items()
        }
        total = translator.number(
            cell_count([f"{address_of_row(COVERAGE, row)}/known" for row in self._rows_of(topics)])
        )
        rows_known = [row for rows in rows_by_answer.values() for row in rows]
        if not rows_known and self.has_part:
            not_known = translator(
                "For {country}, {total} questions of law are not known: a law was found, but read "
                "only in part.",
                total=total,
                country=self._country,
            )
            return join_sentences([not_known, self._describe_ages(self._coverage[LEGISLATION])])
        if not rows_known:
            return translator(
                "No source was found that answers one of {total} questions of law for {country}.",
                total=total,
                country=self._country,
            )
        sentences = [
            translator(
                "Sources answer {known} of {total} questions of law for {country}: {yes} with yes, "
                "{partly} in part and {no} with no.",
                known=translator.number(
                    cell_count([_address_of_answer(row) for row in rows_known])
                ),
                total=total,
                country=self._country,
                yes=counts["yes"],
                partly=counts["partly"],
                no=counts["no"],
            )
        ]
        if rows_by_answer["draft"]:
            sentences.append(
                translator(
                    "Of questions answered with a draft, which is no law: {count}.",
                    count=counts["draft"],
                )
            )
        sentences.append(self._describe_ages(self._answers))
        if any(BLOG in row["source"] for row in rows_known):
            sentences.append(translator("Some answers rest on a blog: read the law itself first."))
        return join_sentences(sentences)

    def _describe_ages(self, topics: Iterable[str]) -> Markdown:
        """Return that ages are not counted; nothing where none is among the points listed."""
        if not any(topic in AGES for topic in topics):
            return Markdown("")
        return self._translator("Ages are listed, too, and not counted.")

    def _name_rows(self, topics: Sequence[str], answer: str) -> str:
        """Return the rows of all topics with an answer, as the address of their count."""
        return ",".join(
            f"{self._code}/{LEGISLATION}/topic:{topic}/answer:{answer}" for topic in topics
        )

    def _rows_of(self, topics: Sequence[str]) -> list[PublicRow]:
        return [self._coverage[LEGISLATION][topic] for topic in topics]

    def format_points(self, references: References) -> Markdown:
        """Return the table of the points that a source answers, each with its number."""
        translator = self._translator
        points = self._coverage[LEGISLATION]
        lines = [
            self._format_point(topic, self._answers[topic], references)
            for topic in points
            if topic in self._answers
        ]
        if not lines:
            return Markdown("")
        header = (
            translator("Question of law"),
            translator("Answer"),
            translator("Act and article"),
            translator("Since"),
            translator("Source, as of"),
        )
        return _format_filled_columns(
            header,
            lines,
            (27, 24, 28, 7, 14),
            caption=translator(
                "What sources say about the law of {country}.", country=self._country
            ),
            label="tbl-law",
        )

    def list_unanswered(self) -> Markdown:
        """Return the points that no source answers, as a sentence."""
        points = [
            Markdown(label(self._translator, LEGISLATION, "topic", topic))
            for topic in self._coverage[LEGISLATION]
            if topic not in self._answers
        ]
        if not points:
            return Markdown("")
        listed = Markdown("; ".join(points))
        if self.has_part:
            return self._translator(
                "**Not known, as a source was read only in part:** {points}.", points=listed
            )
        return self._translator("**No source was found for:** {points}.", points=listed)

    def list_answers(self) -> list[PublicRow]:
        """Return the points that a source answers, in the order of all points."""
        return [
            self._answers[topic] for topic in self._coverage[LEGISLATION] if topic in self._answers
        ]

    def _format_point(self, topic: str, row: PublicRow, references: References) -> Sequence[str]:
        return (
            label(self._translator, LEGISLATION, "topic", topic),
            self.format_answer(row),
            format_instrument(row),
            self.format_force(row),
            format_source(self._translator, row, references),
        )

    def format_answer(self, row: PublicRow) -> Markdown:
        """Return an answer in bold, or the age, with what the law covers where it is not all."""
        translator = self._translator
        if row["age"]:
            return Markdown(f"**{translator.number(row.whole_number('age'))}**")
        if row["answer"] == UNKNOWN:
            return translator("Not known")
        answer = Markdown(f"**{label(translator, LEGISLATION, 'answer', row['answer'])}**")
        if row["answer"] not in WITH_SCOPE:
            return answer
        return translator("{label}: {note}", label=answer, note=translator.of_study(row["scope"]))

    def format_force(self, row: PublicRow) -> str:
        """Return the year since when a law holds, or that it does not hold."""
        if row["status"] in ("", "in_force"):
            return row["in_force_from"][:4] or NOTHING
        return label(self._translator, LEGISLATION, "status", row["status"])

    def describe_disputes(self, references: References) -> list[Markdown]:
        """Return on which points sources differ, and why one of them is chosen."""
        translator = self._translator
        sentences = []
        for topic, row in self._answers.items():
            others = [
                claim
                for claim in self._evidence.rows(CLAIMS)
                if claim["topic"] == topic
                and (claim["answer"], claim["age"]) != (row["answer"], row["age"])
            ]
            for other in others[:1]:
                said = translator(
                    "{point}: “{answer}” in source {source}, “{other_answer}” in source {other}.",
                    point=label(translator, LEGISLATION, "topic", topic),
                    source=cite(row, references),
                    answer=label(translator, LEGISLATION, "answer", row["answer"]),
                    other=cite(other, references),
                    other_answer=label(translator, LEGISLATION, "answer", other["answer"]),
                )
                sentences.append(Markdown(f"{said} {translator.of_study(row['reason'])}"))
        return sentences

    def format_treaties(self, references: References) -> Markdown:
        """Return the table of treaties of which it is known what the country is to them.

        One that is not open to it says nothing of the country.
        """
        translator = self._translator
        lines = [
            (
                label(translator, TREATIES, "instrument", row["instrument"]),
                label(translator, TREATIES, "status", row["status"]),
                row["year"] or NOTHING,
                format_source(translator, row, references),
            )
            for row in self._evidence.rows(TREATIES)
            if row["status"] != CLOSED
        ]
        if not lines:
            return Markdown("")
        header = (
            translator("Treaty"),
            translator("Status"),
            translator("Year"),
            translator("Source, as of"),
        )
        return _format_filled_columns(
            header,
            lines,
            (54, 22, 9, 15),
            caption=translator("Where {country} stands on treaties.", country=self._country),
            label="tbl-treaties",
        )

    def format_plans_and_services(self, references: References) -> Markdown:
        """Return the table of plans, hotlines and helplines; no number that nobody confirmed."""
        translator = self._translator
        lines = [
            (
                Markdown(f"*{escape(row['title'])}*"),
                label(translator, PLANS, "kind", row["kind"]),
                "–".join(filter(None, (row["year_from"], row["year_to"]))) or NOTHING,
                Markdown(f"**{label(translator, PLANS, 'status', row['status'])}**"),
                format_source(translator, row, references),
            )
            for row in self._evidence.rows(PLANS)
        ]
        lines += [
            (
                escape(row["name"]),
                label(translator, SERVICES, "kind", row["kind"]),
                row["since"] or NOTHING,
                Markdown(NOTHING),
                format_source(translator, row, references),
            )
            for row in self._evidence.rows(SERVICES)
        ]
        if not lines:
            return Markdown("")
        header = (
            translator("Name"),
            translator("What it is"),
            translator("Years"),
            translator("Status"),
            translator("Source, as of"),
        )
        return _format_filled_columns(
            header,
            lines,
            (39, 20, 13, 14, 14),
            caption=translator("Plans, hotlines and helplines that sources name."),
            label="tbl-plans",
        )


def _format_filled_columns(
    header: Sequence[str],
    lines: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    caption: str,
    label: str,
) -> Markdown:
    """Return a table of texts without the columns of which no row has anything."""
    filled = [
        index for index in range(len(header)) if any(line[index] != NOTHING for line in lines)
    ]
    room = sum(widths[index] for index in filled)
    return format_pipe_table(
        [header[index] for index in filled],
        [[line[index] for index in filled] for line in lines],
        [round(100 * widths[index] / room) for index in filled],
        caption=caption,
        label=label,
        text_columns=range(len(filled)),
    )


def group_coverage(world: Evidence) -> dict[str, dict[str, PublicRow]]:
    """Return the rows of coverage by table and point, in the order of the file."""
    coverage: dict[str, dict[str, PublicRow]] = {}
    for row in world.rows(COVERAGE):
        coverage.setdefault(row["table"], {})[row["item"]] = row
    return coverage


def format_instrument(row: PublicRow) -> Markdown:
    """Return a law with its year and article, in the words of its source."""
    if not row["instrument"]:
        return Markdown(NOTHING)
    year = f" ({row['instrument_year']})" if row["instrument_year"] else ""
    provision = f", {row['provision']}" if row["provision"] else ""
    return escape(f"{row['instrument']}{year}{provision}")


def format_source(
    translator: Translator[Markdown], row: PublicRow, references: References
) -> Markdown:
    """Return the month or year of a claim as a link to its page, with the number of its source."""
    as_of = translator("undated") if row["as_of"] == UNDATED else row["as_of"][:7]
    kind = f", {translator('blog')}" if BLOG in row["source"] else ""
    return Markdown(f"[{as_of}]({row['address']}) {cite(row, references)}{kind}")


def cite(row: PublicRow, references: References) -> Markdown:
    """Return the number of a claim's source in the list of references."""
    return references.cite(f"{row['source']}. {row['address']}")


def _address_of_answer(row: PublicRow) -> str:
    return f"{address_of_row(LEGISLATION, row)}/answer"
