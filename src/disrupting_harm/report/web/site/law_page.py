"""What the page on law holds: points of law, treaties, plans and services, each with its source."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.law_columns import PART
from disrupting_harm.evidence.measures.law import UNKNOWN
from disrupting_harm.evidence.sources import SIMULATED
from disrupting_harm.evidence.tables.instruments import CLOSED
from disrupting_harm.evidence.tables.legislation import AGES
from disrupting_harm.report.findings.evidence.helpline import describe_age
from disrupting_harm.report.findings.law import (
    COVERAGE,
    LEGISLATION,
    NOTHING,
    PLANS,
    SERVICES,
    TREATIES,
    UNDATED,
    Law,
    format_instrument,
    group_coverage,
)
from disrupting_harm.report.findings.references import References
from disrupting_harm.report.language.evidence_codes import label
from disrupting_harm.report.language.markdown import Markdown, escape
from disrupting_harm.report.language.translator import ADDRESSED, MARKDOWN, Translator
from disrupting_harm.report.reading.evidence_rows import Evidence, data_kinds, read_evidence
from disrupting_harm.report.reading.rows import PublicRow
from disrupting_harm.report.web.site.addressed_numbers import strip_markdown

LAW_PAGE = "law.html"
# Of what no source was found, which is no answer.
NOT_FOUND = "none"
# Of what a source that was read only in part may answer.
UNREAD = "unread"
_TABLES = (LEGISLATION, "legislation_claims", TREATIES, PLANS, SERVICES, COVERAGE)


@dataclass(frozen=True)
class ClaimSource:
    """Who says something, as of when, and where."""

    name: str
    as_of: str
    address: str


@dataclass(frozen=True)
class PointCell:
    """What sources answer on one point for one country; ``kind`` is the code of the answer."""

    code: str
    name: str
    kind: str
    answer: str


@dataclass(frozen=True)
class LawPoint:
    """A point of law in all countries; ``known`` says in how many of them it is known."""

    topic: str
    label: str
    known: str
    cells: tuple[PointCell, ...]


@dataclass(frozen=True)
class LawAnswer:
    """An answer with the act and the source that bear it; ``kind`` is empty where it is an age."""

    topic: str
    label: str
    kind: str
    answer: str
    act: str
    since: str
    source: ClaimSource


@dataclass(frozen=True)
class LawOfCountry:
    """The answers for one country: how many there are, each, and a sentence on what has none."""

    code: str
    name: str
    summary: str
    answers: tuple[LawAnswer, ...]
    unanswered: str
    disputes: tuple[str, ...]


@dataclass(frozen=True)
class TreatyGroup:
    """The countries that are the same to a treaty, each with the year of that where it is known.

    ``reasons`` say why it is not open to them; there are none where it is.
    """

    status: str
    countries: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Treaty:
    """A treaty with what countries are to it, and the sources that say so."""

    label: str
    known: str
    groups: tuple[TreatyGroup, ...]
    sources: tuple[ClaimSource, ...]


@dataclass(frozen=True)
class NamedItem:
    """A plan or a service of a country."""

    country: str
    title: str
    kind: str
    years: str
    status: str
    source: ClaimSource


@dataclass(frozen=True)
class NamedItems:
    """Plans or services, of how many countries one is known, and of which no source was found."""

    known: str
    items: tuple[NamedItem, ...]
    without: str


@dataclass(frozen=True)
class LawOfStudy:
    """What the page says; ``simulated`` is whether any of it is, which law never is."""

    points: tuple[LawPoint, ...]
    ages: tuple[LawPoint, ...]
    countries: tuple[LawOfCountry, ...]
    treaties: tuple[Treaty, ...]
    plans: NamedItems
    services: NamedItems
    tables: tuple[str, ...]
    simulated: bool


class _NamedSources(References):
    """Sources by their names: a page has no list of numbers."""

    def cite(self, source: str) -> Markdown:
        return escape(source.partition(". http")[0])


def read_law(
    public: Path,
    country_names: Mapping[str, str],
    names_in_text: Mapping[str, str],
    translator: Translator[str],
) -> LawOfStudy | None:
    """Return the law of all countries, in the order of ``country_names``; None without a table.

    Args:
        public: the public results.
        country_names: names of the countries by code.
        names_in_text: the same inside a sentence.
    """
    folder = public / "evidence"
    evidence = read_evidence(path for name in _TABLES if (path := folder / f"{name}.csv").is_file())
    coverage = group_coverage(evidence.of(WORLD))
    if not coverage:
        return None
    reader = _LawReader(evidence, coverage, country_names, names_in_text, translator)
    points = reader.read_points()
    return LawOfStudy(
        points=tuple(point for point in points if point.topic not in AGES),
        ages=tuple(point for point in points if point.topic in AGES),
        countries=tuple(map(reader.read_country, country_names)) if points else (),
        treaties=reader.read_treaties(),
        plans=reader.read_plans(),
        services=reader.read_services(),
        tables=tuple(name for name in _TABLES if name in evidence.tables),
        simulated=SIMULATED in data_kinds(row for rows in evidence.tables.values() for row in rows),
    )


def list_kinds_of_answers(law: LawOfStudy, translator: Translator[str]) -> list[tuple[str, str]]:
    """Return the kinds of answers on points of law that the study has, each with its words."""
    kinds = {cell.kind for point in law.points for cell in point.cells}
    return [
        (kind, label(translator, LEGISLATION, "answer", kind))
        for kind in ("yes", "partly", "no", "draft", UNKNOWN)
        if kind in kinds
    ] + [(kind, _explain_gap(kind, translator)) for kind in (UNREAD, NOT_FOUND) if kind in kinds]


def _explain_gap(kind: str, translator: Translator[str]) -> str:
    """Return why a point has no answer."""
    if kind == UNREAD:
        return translator("not known: a source was read only in part")
    return translator("no source found")


def read_law_summaries(law: LawOfStudy | None) -> dict[str, str]:
    """Return by country how many points of law sources answer, as a sentence."""
    return {country.code: country.summary for country in law.countries} if law else {}


class _LawReader:
    """Read the tables on law in one language."""

    def __init__(
        self,
        evidence: Evidence,
        coverage: Mapping[str, Mapping[str, PublicRow]],
        country_names: Mapping[str, str],
        names_in_text: Mapping[str, str],
        translator: Translator[str],
    ) -> None:
        self._evidence, self._coverage = evidence, coverage
        self._names, self._names_in_text = country_names, names_in_text
        self._translator = translator.with_markup(ADDRESSED)
        self._with_markup = translator.with_markup(MARKDOWN)

    def read_points(self) -> tuple[LawPoint, ...]:
        """Return each point with a cell for every country."""
        answers = {(row["topic"], row["country"]): row for row in self._evidence.rows(LEGISLATION)}
        claims = self._evidence.rows("legislation_claims")
        self._read_in_part = {claim["country"] for claim in claims if claim["checked_by"] == PART}
        return tuple(
            LawPoint(
                topic,
                label(self._translator, LEGISLATION, "topic", topic),
                self._format_known(row),
                tuple(self._build_cell(code, answers.get((topic, code))) for code in self._names),
            )
            for topic, row in self._coverage.get(LEGISLATION, {}).items()
        )

    def _build_cell(self, code: str, row: PublicRow | None) -> PointCell:
        if row is None:
            kind = UNREAD if code in self._read_in_part else NOT_FOUND
            return PointCell(code, self._names[code], kind, _explain_gap(kind, self._translator))
        return PointCell(code, self._names[code], row["answer"], self._format_short_answer(row))

    def _format_short_answer(self, row: PublicRow) -> str:
        if row["age"]:
            return self._translator.number(row.whole_number("age"))
        return label(self._translator, LEGISLATION, "answer", row["answer"])

    def _format_known(self, row: PublicRow) -> str:
        return self._translator(
            "known of {known} of {countries} {areas}",
            known=self._translator.number(row.whole_number("known")),
            countries=self._translator.number(row.whole_number("countries")),
        )

    def read_country(self, code: str) -> LawOfCountry:
        """Return what sources answer for a country, in the words of its report."""
        law = Law(
            self._with_markup,
            self._evidence.of(code),
            self._evidence.of(WORLD),
            code,
            self._names_in_text[code],
        )
        return LawOfCountry(
            code,
            self._names[code],
            strip_markdown(law.describe_answers()),
            tuple(
                LawAnswer(
                    row["topic"],
                    label(self._translator, LEGISLATION, "topic", row["topic"]),
                    "" if row["age"] else row["answer"],
                    strip_markdown(law.format_answer(row)),
                    strip_markdown(format_instrument(row)),
                    strip_markdown(Markdown(law.format_force(row))),
                    self._name_source(row),
                )
                for row in law.list_answers()
            ),
            law.list_unanswered(),
            tuple(map(strip_markdown, law.describe_disputes(_NamedSources()))),
        )

    def _name_source(self, row: PublicRow) -> ClaimSource:
        undated = row["as_of"] == UNDATED
        as_of = self._translator("undated") if undated else row["as_of"][:7]
        return ClaimSource(row["source"], as_of, row["address"])

    def read_treaties(self) -> tuple[Treaty, ...]:
        """Return the treaties with the countries by what they are to them, and those not known."""
        rows_by_treaty: dict[str, list[PublicRow]] = {}
        for row in self._evidence.rows(TREATIES):
            rows_by_treaty.setdefault(row["instrument"], []).append(row)
        return tuple(
            self._build_treaty(treaty, row, rows_by_treaty.get(treaty, []))
            for treaty, row in self._coverage.get(TREATIES, {}).items()
        )

    def _build_treaty(self, treaty: str, coverage: PublicRow, rows: Sequence[PublicRow]) -> Treaty:
        row_by_country = {row["country"]: row for row in rows}
        countries_by_status: dict[str, list[str]] = {}
        for code, name in self._names.items():
            row = row_by_country.get(code)
            year = f" ({row['year']})" if row and row["year"] else ""
            status = row["status"] if row else NOT_FOUND
            countries_by_status.setdefault(status, []).append(f"{name}{year}")
        statuses = ("party", "signed", "invited", "not_party", CLOSED, UNKNOWN, NOT_FOUND)
        reasons = dict.fromkeys(
            self._translator.of_study(row["note"]) for row in rows if row["status"] == CLOSED
        )
        return Treaty(
            label(self._translator, TREATIES, "instrument", treaty),
            self._format_known(coverage),
            tuple(
                TreatyGroup(
                    self._label_status(status),
                    tuple(countries_by_status[status]),
                    tuple(reasons) if status == CLOSED else (),
                )
                for status in statuses
                if status in countries_by_status
            ),
            tuple(dict.fromkeys(map(self._name_source, rows))),
        )

    def _label_status(self, status: str) -> str:
        if status == NOT_FOUND:
            status_label = self._translator("no source found")
        else:
            status_label = label(self._translator, TREATIES, "status", status)
        return status_label[:1].upper() + status_label[1:]

    def read_plans(self) -> NamedItems:
        """Return national plans and policies."""
        return self._read_items(
            PLANS,
            lambda row: (
                row["title"],
                "–".join(filter(None, (row["year_from"], row["year_to"]))) or NOTHING,
                label(self._translator, PLANS, "status", row["status"]),
            ),
        )

    def read_services(self) -> NamedItems:
        """Return hotlines and helplines; their numbers, which nobody confirmed, are left out."""
        return self._read_items(
            SERVICES,
            lambda row: (row["name"], row["since"] or NOTHING, describe_age(self._translator, row)),
        )

    def _read_items(
        self, table: str, describe: Callable[[PublicRow], tuple[str, str, str]]
    ) -> NamedItems:
        rows = [row for row in self._evidence.rows(table) if row["country"] in self._names]
        order = list(self._names)
        items = []
        for row in sorted(rows, key=lambda row: order.index(row["country"])):
            title, years, status = describe(row)
            kind = label(self._translator, table, "kind", row["kind"])
            items.append(
                NamedItem(
                    self._names[row["country"]], title, kind, years, status, self._name_source(row)
                )
            )
        coverage = next(iter(self._coverage.get(table, {}).values()), None)
        without = _list_missing(self._names, (row["country"] for row in rows))
        return NamedItems(
            self._format_known(coverage) if coverage else "",
            tuple(items),
            self._translator.enumeration(without) if without else "",
        )


def _list_missing(names: Mapping[str, str], codes: Iterable[str]) -> list[str]:
    found_codes = set(codes)
    return [name for code, name in names.items() if code not in found_codes]
