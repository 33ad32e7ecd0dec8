"""What a file in ``evidence/tables/`` has to define; what is missing is an error at import.

No pandas here: the Snakefile loads this module and the tables at every call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.capacity_areas import CapacityAreas
from disrupting_harm.evidence.columns import Column, Field, Sheet, Value
from disrupting_harm.evidence.forms import Forms

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
class Known:
    """What a study knows when rows are read.

    Attributes:
        countries: codes known beside those of ISO 3166-1.
        capacity_items: the area of each item of capacity; None: any items.
    """

    countries: Sequence[str] = ()
    capacity_items: Mapping[str, str] | None = None


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
class Public:
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
    def names(self) -> list[str]:
        """Return the names of the columns."""
        return [field.name for field in self.fields]

    def field(self, name: str) -> Field:
        """Return the column of that name."""
        return next(field for field in self.fields if field.name == name)

    def of(self, columns: Sequence[Column] = (), key: Sequence[str] = ()) -> Public:
        """Return the public table with its :attr:`fields` and its :attr:`key`.

        Args:
            columns: columns of the table that was read.
            key: its key.

        Raises:
            StudyError: a piece lacks; it is named.
        """
        where = f"public table of evidence '{self.name}'"
        read = {column.name: column.field() for column in columns}
        read |= {one.name: one for one in (c.label_field() for c in columns) if one.meaning}
        fields = []
        for column in self.columns:
            for one in [column] if isinstance(column, Field) else column.split():
                found = read.get(one) if isinstance(one, str) else one
                if found is None:
                    raise _lacks(where, f"column '{one}'", "the table that is read has none")
                if not found.meaning:
                    raise _lacks(where, f"column '{found.name}'", "nothing says what it means")
                fields.append(found)
        names = [field.name for field in fields]
        ruled = [self.amount, "status"] if self.amount else []
        for name in (*ruled, *sum(self.in_order, ()), *self.address.split()):
            if name not in names:
                raise _lacks(where, f"column '{name}'", "a rule names it, but it is no column")
        named = self.key.split() or list(key)
        for name in named:
            if name not in names:
                raise _lacks(where, "key", f"it has no column '{name}', which names its rows")
        if self.address and not self.in_documents:
            raise _lacks(where, "address", "documents do not read the table")
        for piece, given in (("name", self.name), ("title", self.title), ("columns", fields)):
            if not given:
                raise _lacks(where, piece, "it is empty")
        if not named:
            raise _lacks(where, "key", "nothing says what names a row")
        return replace(self, fields=tuple(fields), key=" ".join(named))


@dataclass(frozen=True)
class Simulated:
    """What the simulation of a table says of itself.

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
        place: its place among the tables, in workbooks, pages and lists.
        file: what the configuration says of its file.
        protection: what protects the people behind its counts.
        public: the public tables made of it.
        make: makes these, by name, of facts that may be published.
        check: returns what is wrong in a row beyond its cells, or None.
        fact_label: what a fact of it is called in a list of facts that several sources tell; ""
            where one source alone may tell it.
        simulation: what its simulation says of itself; None where it is never simulated.
    """

    place: int
    file: str
    protection: Protection
    public: tuple[Public, ...]
    make: Callable[[Frame, Context], dict[str, Frame]]
    check: Callable[[Mapping[str, Value], Known], Fault | None] | None = None
    fact_label: str = ""
    simulation: Simulated | None = None

    def __post_init__(self) -> None:
        where = f"evidence table '{self.name}'"
        for piece in ("title", "meaning", "columns", "key", "file", "public"):
            if not getattr(self, piece):
                raise _lacks(where, piece, "it is empty")
        if not self.protection.why:
            raise _lacks(where, "protection", "nothing says why small counts are shown or hidden")
        if self.microdata and self.protection.hide is None:
            raise _lacks(where, "protection", "microdata may not leave as they are")
        for name in (*self.key, *([self.amount, "status"] if self.amount else []), "source_id"):
            if name not in self.names:
                raise _lacks(where, f"column '{name}'", "key, amount or provenance need it")
        for column in self.columns:
            if column.kind == "code" and not column.codes:
                raise _lacks(where, f"column '{column.name}'", "it has no codes")
            for code in column.labels:
                if column.codes and code not in column.codes:
                    raise _lacks(where, f"column '{column.name}'", f"'{code}' is none of its codes")
        object.__setattr__(
            self, "public", tuple(one.of(self.columns, self.key) for one in self.public)
        )

    @property
    def fact(self) -> list[str]:
        """Return the columns that name a fact, whoever tells it."""
        return [name for name in self.key if name != "source_id"]

    @property
    def conflicts(self) -> bool:
        """Return whether several sources may tell a fact of it."""
        return bool(self.fact_label)

    @property
    def where_it_is(self) -> str:
        """Return the column of the country."""
        return "country" if "country" in self.names else "scope"


@dataclass(frozen=True, kw_only=True)
class Joint:
    """A public table that is made of several tables of evidence.

    Attributes:
        name: its name, as of its file here.
        place: its place among the tables.
        public: the public table.
        is_made: whether it is made, of the tables of a study and whether it has forms of abuse.
        make: makes it of the tables, their facts, their public tables and the context.
    """

    name: str
    place: int
    public: tuple[Public]
    is_made: Callable[[Sequence[Table], bool], bool]
    make: Callable[[Sequence[Table], Frames, Frames, Context], Frame]

    def __post_init__(self) -> None:
        object.__setattr__(self, "public", tuple(one.of() for one in self.public))


def _lacks(where: str, piece: str, found: str) -> StudyError:
    return StudyError(f"{where}, {piece}", found, "Say it in its file in evidence/tables/")
