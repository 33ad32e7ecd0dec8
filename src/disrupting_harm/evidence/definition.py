"""What a file in ``evidence/tables/`` has to define; what is missing is an error at import.

No pandas here: the Snakefile loads this module and the tables at every call.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.capacity_areas import CapacityAreas
from disrupting_harm.evidence.columns import Column, Field, Sheet, Value
from disrupting_harm.evidence.forms_of_abuse import Forms

if TYPE_CHECKING:
    import pandas as pd

    Frame = pd.DataFrame
else:
    Frame = Any
Frames = Mapping[str, Frame]
# What a study calls codes of its own, by table, column and code.
Labels = Mapping[str, Mapping[str, Mapping[str, str]]]


class Fault(NamedTuple):
    """What is wrong in a row: its column, what was found there and what to do."""

    column: str
    found: str
    remedy: str


@dataclass(frozen=True)
class KnownCodes:
    """What a study knows when rows are read.

    Attributes:
        countries: codes known beside those of ISO 3166-1.
        capacity_items: the area of each item of capacity; None: any items.
        indicators: proportions of the codebook; None: any.
    """

    countries: Sequence[str] = ()
    capacity_items: Mapping[str, str] | None = None
    indicators: Collection[str] | None = None


@dataclass(frozen=True)
class Context:
    """What public tables are made of beside the facts.

    Attributes:
        countries: rows of the countries file.
        order: the sources, the preferred first.
        areas: areas of capacity; None without them.
        labels: what the study calls codes of its own.
        forms: forms of abuse; None without triangulation.
        estimates: public estimates of the survey; None without one.
        population: of whom these speak, as printed.
        simulated: whether the survey is simulated.
    """

    countries: Sequence[Mapping[str, Any]]
    order: Sequence[str]
    areas: CapacityAreas | None
    labels: Labels
    forms: Forms | None
    estimates: Frame | None
    population: str
    simulated: bool


@dataclass(frozen=True)
class SmallCounts:
    """From which count on people are printed.

    Attributes:
        people: children, their families and offenders; at least 3, or nothing would be protected.
        professionals: frontline workers and interviews with ``roles``; 1, or at least 3.
        roles: roles in interviews of people who spoke for their profession.
        identifiable: roles of so few people that everybody knows who they are; they stay out.
    """

    people: int = 10
    professionals: int = 10
    roles: tuple[str, ...] = ()
    identifiable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Protection:
    """What protects the people behind a table's counts, beside the rule on who may see a source.

    Attributes:
        why: why small counts are hidden, or need not be.
        hide: returns the facts with small counts hidden, or counts in place of microdata.
    """

    why: str
    hide: Callable[[Frame, SmallCounts], Frame] | None = None


@dataclass(frozen=True)
class PublicTable:
    """A public table.

    Attributes:
        name: name of its file.
        title: what it is, as a reader who takes it away is told.
        columns: its columns in order; those of the table that was read by their names alone, with
            spaces between them.
        amount: column of numbers whose emptiness its status explains; None without such a rule.
        in_order: columns of which none may be smaller than the one before.
        kind_of_evidence: what it is evidence of, in a list of all kinds; "" where another says so.
        in_documents: whether documents and figures read it.
        address: columns that tell rows of one country apart, with spaces between them, by which
            recommendations name a row in words; "" where none may.
        key: columns that together name a row, with spaces between them; "" for those of the table
            that was read.
        fields: the columns, once the table is known.
    """

    name: str
    title: str
    columns: tuple[str | Field, ...]
    amount: str | None = None
    in_order: tuple[tuple[str, ...], ...] = ()
    kind_of_evidence: str = ""
    in_documents: bool = True
    address: str = ""
    key: str = ""
    fields: tuple[Field, ...] = ()

    @property
    def column_names(self) -> list[str]:
        """Return the names of the columns."""
        return [field.name for field in self.fields]

    def field(self, name: str) -> Field:
        """Return the column of that name."""
        return next(field for field in self.fields if field.name == name)

    def with_fields(self, columns: Sequence[Column] = (), key: Sequence[str] = ()) -> PublicTable:
        """Return the public table with its :attr:`fields` and its :attr:`key`.

        ``columns`` and ``key`` are those of the table that was read.

        Raises:
            StudyError: a piece lacks; it is named.
        """
        location = f"public table of evidence '{self.name}'"
        field_by_name = {column.name: column.make_public_field() for column in columns}
        label_fields = [column.make_label_field() for column in columns]
        field_by_name |= {field.name: field for field in label_fields if field.meaning}
        fields = []
        for names_or_field in self.columns:
            if isinstance(names_or_field, Field):
                fields.append(names_or_field)
                continue
            for name in names_or_field.split():
                if name not in field_by_name:
                    finding = "the table that is read has none"
                    raise _describe_gap(location, f"column '{name}'", finding)
                fields.append(field_by_name[name])
        for field in fields:
            if not field.meaning:
                finding = "nothing says what it means"
                raise _describe_gap(location, f"column '{field.name}'", finding)
        column_names = [field.name for field in fields]
        columns_with_rule = [self.amount, "status"] if self.amount else []
        for name in (*columns_with_rule, *sum(self.in_order, ()), *self.address.split()):
            if name not in column_names:
                finding = "a rule names it, but it is no column"
                raise _describe_gap(location, f"column '{name}'", finding)
        key_columns = self.key.split() or list(key)
        for name in key_columns:
            if name not in column_names:
                finding = f"it has no column '{name}', which names its rows"
                raise _describe_gap(location, "key", finding)
        if self.address and not self.in_documents:
            raise _describe_gap(location, "address", "documents do not read the table")
        for piece, value in (("name", self.name), ("title", self.title), ("columns", fields)):
            if not value:
                raise _describe_gap(location, piece, "it is empty")
        if not key_columns:
            raise _describe_gap(location, "key", "nothing says what names a row")
        return replace(self, fields=tuple(fields), key=" ".join(key_columns))


@dataclass(frozen=True)
class SimulationText:
    """What a simulated table is called where its facts are printed.

    Attributes:
        counted: what its rows say was counted.
        title: title of the source that they name.
        open: whether real figures of this kind are open to everyone.
    """

    counted: str
    title: str
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class Table(Sheet):
    """All that is said of one table of evidence, from its file to its public tables.

    Attributes:
        position: its place among the tables, in workbooks, pages and lists.
        file: what the configuration says of its file.
        protection: what protects the people behind its counts.
        public: the public tables made of it.
        make: makes these, by name, of facts that may be published.
        check: returns what is wrong in a row beyond its cells, or None.
        check_rows: yields what is wrong between rows: the place of a row among all, and its fault.
        warn: yields what a reader of the log should look at in rows that are read.
        fact_label: what a fact of it is called in a list of facts that several sources tell; ""
            where one source alone may tell it.
        simulation: what its simulation says of itself; None where it is never simulated.
    """

    position: int
    file: str
    protection: Protection
    public: tuple[PublicTable, ...]
    make: Callable[[Frame, Context], dict[str, Frame]]
    check: Callable[[Mapping[str, Value], KnownCodes], Fault | None] | None = None
    check_rows: Callable[[Sequence[Mapping[str, Value]]], Iterator[tuple[int, Fault]]] | None = None
    warn: Callable[[Sequence[Mapping[str, Value]]], Iterator[str]] | None = None
    fact_label: str = ""
    simulation: SimulationText | None = None

    def __post_init__(self) -> None:
        location = f"evidence table '{self.name}'"
        for piece in ("title", "meaning", "columns", "key", "file", "public"):
            if not getattr(self, piece):
                raise _describe_gap(location, piece, "it is empty")
        if not self.protection.why:
            raise _describe_gap(
                location, "protection", "nothing says why small counts are shown or hidden"
            )
        if self.microdata and self.protection.hide is None:
            raise _describe_gap(location, "protection", "microdata may not leave as they are")
        for name in (*self.key, *([self.amount, "status"] if self.amount else []), "source_id"):
            if name not in self.column_names:
                raise _describe_gap(
                    location, f"column '{name}'", "key, amount or provenance need it"
                )
        for column in self.columns:
            if column.kind == "code" and not column.codes:
                raise _describe_gap(location, f"column '{column.name}'", "it has no codes")
            for code in column.labels:
                if column.codes and code not in column.codes:
                    raise _describe_gap(
                        location, f"column '{column.name}'", f"'{code}' is none of its codes"
                    )
        object.__setattr__(
            self,
            "public",
            tuple(public_table.with_fields(self.columns, self.key) for public_table in self.public),
        )

    @property
    def fact_columns(self) -> list[str]:
        """Return the columns that name a fact, whoever tells it."""
        return [name for name in self.key if name != "source_id"]

    @property
    def may_conflict(self) -> bool:
        """Return whether several sources may tell a fact of it."""
        return bool(self.fact_label)

    @property
    def country_column(self) -> str:
        """Return the column of the country."""
        return "country" if "country" in self.column_names else "scope"


@dataclass(frozen=True, kw_only=True)
class JointTable:
    """A public table that is made of several tables of evidence.

    Attributes:
        name: its name, as of its file here.
        position: its place among the tables.
        public: the public table.
        is_made: whether it is made, of the tables of a study and whether it has forms of abuse.
        make: makes it of the tables, their facts, their public tables and the context.
    """

    name: str
    position: int
    public: tuple[PublicTable]
    is_made: Callable[[Sequence[Table], bool], bool]
    make: Callable[[Sequence[Table], Frames, Frames, Context], Frame]

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "public", tuple(public_table.with_fields() for public_table in self.public)
        )


def _describe_gap(location: str, piece: str, finding: str) -> StudyError:
    return StudyError(f"{location}, {piece}", finding, "Say it in its file in evidence/tables/")
