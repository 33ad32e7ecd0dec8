"""Which hidden counts follow from everything that is printed? Linear programmes in children.

The reader knows more than anyone can: the codebook, the rules, every mark that stands in print, the
number of children behind each printed estimate, and how many answered each question that was put to
everyone. So he or she knows of each group how many children at most are in none of its parts (no
region, say): as many as of the question that most of them answered, and no other group matters.

Unknown are, for every question and group, how many children were asked and how many said yes. The
tables of the restricted release say what these numbers are. That serves for what the reader knows
of printed cells, for the verdict, and to widen what would contradict it (answers that are imputed
do not quite add up); it opens nothing.

Several releases are several such systems. Where as many answered and said yes in both, the reader
takes them for the same children.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from bounds import Rules, group_of
from relations import relations
from released import CONFIDENTIAL, NATION, UNRELIABLE
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

# Counts below it are hidden, and have to stay open by as many children.
SMALL = 10
ROUNDING = 1e-4
# Where nothing tells how many children there are.
MORE_THAN_ANY = 1e6
# Programmes that move all counts of a block at once, before each is moved alone.
TOGETHER = 10
Group = tuple[str, str]
Terms = Mapping[int, float]


@dataclass(frozen=True)
class ToldCount:
    """A hidden count that is known too closely: of ``asked`` children ``low`` to ``high``."""

    indicator: str
    group: Group
    asked: float
    low: float
    high: float

    @property
    def exactly(self) -> bool:
        """Whether one whole number is left."""
        return self.high - self.low < 0.5

    def __str__(self) -> str:
        place = "/".join((self.indicator, *self.group))
        return f"{place}: {self.low:.1f} to {self.high:.1f} of {self.asked:.0f}"


def countries_of(restricted: Path) -> list[str]:
    """Return the countries of the restricted folder of a finished study."""
    return sorted(path.stem for path in restricted.glob("release/*.parquet"))


def releases_of(restricted: Path, country: str) -> list[pd.DataFrame]:
    """Return what each accepted release and the last run published anew of a country."""
    files = sorted(restricted.glob(f"releases/*/{country}.aggregates.parquet"))
    accepted = {path.parent.name: pd.read_parquet(path) for path in files}
    last = pd.read_parquet(restricted / "release" / f"{country}.parquet")
    tables = accepted | {"": last.assign(release=last.get("release", ""))}
    anew = [table[table["release"] == name] for name, table in tables.items()]
    return [table for table in anew if len(table)]


def told_counts(
    releases: Sequence[pd.DataFrame], codebook: dict[str, Any], rules: Rules | None = None
) -> list[ToldCount]:
    """Return the hidden counts of one country that releases tell together.

    Args:
        releases: the restricted tables of each release, ``indicator, domain, level, n, n_yes,
            status, bound_low, bound_high``; the last one is the newest.
        codebook: as read from its file.
        rules: those of bounds, where there are any: then a bare ``c`` tells that there is none.
            This needs ``n_printed`` and the design of groups.
    """
    programme = Programme()
    respondents = _respondents(releases, codebook)
    systems = [
        _System(programme, table, codebook, rules, respondents[at:] + respondents[:at])
        for at, table in enumerate(releases)
    ]
    for system in systems:
        system.add_up(systems)
    for older, newer in combinations(systems, 2):
        for key in older.cells.keys() & newer.cells.keys():
            was, now = older.cells[key], newer.cells[key]
            if (was.n, was.n_yes) == (now.n, now.n_yes):
                programme.row({older.yes[key]: 1, newer.yes[key]: -1}, 0, 0)
                programme.row({older.asked_of(key): 1, newer.asked_of(key): -1}, 0, 0)
    hidden = {system.yes[key]: (key, system) for system in systems for key in system.hidden()}
    needed = {at: min(SMALL, system.cells[key].n) for at, (key, system) in hidden.items()}
    ends = programme.ends(needed)
    return [
        ToldCount(*key, system.cells[key].n, *ends[at])
        for at, (key, system) in hidden.items()
        if ends[at][1] - ends[at][0] < needed[at] - ROUNDING
    ]


def _of_children(release: pd.DataFrame, codebook: dict[str, Any]) -> pd.DataFrame:
    """Return the cells that count children: of shares, where the question was asked."""
    usual = "proportion"
    shares = [e["id"] for e in codebook["indicators"] if e.get("statistic", usual) == usual]
    return release[(release["status"] != "not_asked") & release["indicator"].isin(shares)]


def _put_to_everyone(codebook: dict[str, Any]) -> set[str]:
    """Return the indicators that follow no answer to another one, published or not."""
    entries = {entry["id"]: entry for entry in codebook["indicators"]}
    known = {item["id"] for item in codebook["items"] if item.get("respondent") == "sample"}

    def follows(name: str) -> bool:
        conditions = entries[name].get("universe", ())
        return any(each["item"] not in known for each in conditions) or any(
            map(follows, entries[name].get("any_of", ()))
        )

    return {name for name in entries if not follows(name)}


def _respondents(
    releases: Sequence[pd.DataFrame], codebook: dict[str, Any]
) -> list[dict[Group, int]]:
    """Return how many of each group answered the question that most did, by release."""
    everyone = _put_to_everyone(codebook)
    tables = [_of_children(table, codebook) for table in releases]
    asked = [table[table["indicator"].isin(everyone)] for table in tables]
    return [table.groupby(["domain", "level"])["n"].max().to_dict() for table in asked]


@dataclass
class Programme:
    """Unknown numbers between limits, and rows ``low <= sum of factors times numbers <= high``."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    true: list[float] = field(default_factory=list)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)

    def unknown(self, low: float, high: float, true: float) -> int:
        """Add a number; one that no table has is NaN."""
        self.low.append(float(np.fmin(low, true)))
        self.high.append(float(np.fmax(high, true)))
        self.true.append(true)
        return len(self.true) - 1

    def row(self, terms: Terms, low: float = -np.inf, high: float = np.inf) -> None:
        """Add a row, widened to hold the truth."""
        value = sum(factor * self.true[at] for at, factor in terms.items())
        self.rows.append((terms, float(np.fmin(low, value)), float(np.fmax(high, value))))

    def ends(self, needed: Mapping[int, float]) -> dict[int, tuple[float, float]]:
        """Return between which values numbers lie; no closer once they lie so far apart.

        Args:
            needed: the numbers that are asked for, and how far apart their values have to be.
        """
        low, high = np.array(self.low), np.array(self.high)
        fixed = high - low < ROUNDING * ROUNDING
        found = {at: (low[at], high[at]) for at in needed if fixed[at]}
        for block in self._blocks(fixed):
            wanted = {at: needed[at] for at in needed if at in block.place}
            found |= block.ends(wanted) if wanted else {}
        return found

    def _blocks(self, fixed: np.ndarray) -> Iterator["_Block"]:
        """Yield what hangs together once the numbers that are known are left out."""
        low, high = np.array(self.low), np.array(self.high)
        at = [(row, column) for row, (terms, *_) in enumerate(self.rows) for column in terms]
        factor = [each for terms, *_ in self.rows for each in terms.values()]
        shape = (len(self.rows), len(low))
        matrix = csr_array((factor, np.array(at).T), shape=shape)
        known = matrix @ np.where(fixed, low, 0.0)
        least = np.array([row[1] for row in self.rows]) - known
        most = np.array([row[2] for row in self.rows]) - known
        free = np.flatnonzero(~fixed)
        matrix = matrix[:, free]
        _, part = connected_components(abs(matrix).T @ abs(matrix), directed=False)
        for number in range(part.max(initial=-1) + 1):
            columns = np.flatnonzero(part == number)
            own = matrix[:, columns]
            rows = np.flatnonzero(np.diff(own.tocsr().indptr))
            limits = np.column_stack([low, high])[free[columns]]
            yield _Block(own[rows].toarray(), least[rows], most[rows], limits, free[columns])


class _Block:
    """Numbers that are tied to each other."""

    def __init__(
        self,
        matrix: np.ndarray,
        least: np.ndarray,
        most: np.ndarray,
        limits: np.ndarray,
        columns: np.ndarray,
    ) -> None:
        self.place = {int(column): at for at, column in enumerate(columns)}
        below, above = np.isfinite(most), np.isfinite(least)
        self._matrix = csr_array(np.vstack([matrix[below], -matrix[above]]))
        self._limit = np.concatenate([most[below], -least[above]])
        self._limits = limits

    def ends(self, needed: Mapping[int, float]) -> dict[int, tuple[float, float]]:
        """Return the least and the greatest value of numbers, as :meth:`Programme.ends`."""
        places = [self.place[column] for column in needed]
        least, most = np.full(len(self._limits), np.inf), np.full(len(self._limits), -np.inf)

        def solve(aim: np.ndarray) -> None:
            done = linprog(aim, A_ub=self._matrix, b_ub=self._limit, bounds=self._limits)
            if done.status:
                raise ValueError(f"the truth fits, and no table does: {done.message}")
            # Each solution is a table that may be true, of all numbers.
            np.minimum(least, done.x, out=least)
            np.maximum(most, done.x, out=most)

        draw = np.random.default_rng(0)
        for turn in range(TOGETHER if len(places) > TOGETHER // 2 else 0):
            aim = np.zeros(len(least))
            aim[places] = [1.0, -1.0][turn] if turn < 2 else draw.choice([-1.0, 1.0], len(places))
            solve(aim)
        for at, width in zip(places, needed.values(), strict=True):
            for sign in (1.0, -1.0):
                if not most[at] - least[at] >= width:
                    solve(np.eye(1, len(least), at)[0] * sign)
        return {column: (least[at], most[at]) for column, at in zip(needed, places, strict=True)}


class _System:
    """What one release prints of one country, as numbers and rows of a programme."""

    def __init__(
        self,
        programme: Programme,
        release: pd.DataFrame,
        codebook: dict[str, Any],
        rules: Rules | None,
        respondents: Sequence[Mapping[Group, int]],
    ) -> None:
        self._programme, self._rules, self._respondents = programme, rules, respondents
        self._indicators = {entry["id"]: entry for entry in codebook["indicators"]}
        self._everyone = _put_to_everyone(codebook)
        kept = _of_children(release, codebook)
        self.cells = {
            (row.indicator, (row.domain, row.level)): row for row in kept.itertuples(index=False)
        }
        self._names = list(dict.fromkeys(kept["indicator"]))
        self._ties = relations(codebook, self._names)
        self._crosses = {d["id"]: d["cross"] for d in codebook["domains"] if "cross" in d}
        self._groups = list(dict.fromkeys(group for _, group in self.cells))
        # Indicators of one question are asked of the same children: they share the first's name.
        self._same = {name: name for name in self._names}
        for a, b in self._ties.same:
            self._same[b] = self._same[a] = min(self._same[a], self._same[b])
        self._asked: dict[tuple[str, Group], int] = {}
        self.yes: dict[tuple[str, Group], int] = {}
        for key in self.cells:
            self._cell(key)
        for group in self._groups:
            self._tied(group)
        for names in self._questions():
            self._answers_of(names)

    def asked_of(self, key: tuple[str, Group]) -> int:
        """Return the number of children who were asked."""
        return self._asked[self._same[key[0]], key[1]]

    def hidden(self) -> list[tuple[str, Group]]:
        """Return the cells that are hidden as too few said yes, or too few did not."""
        return [
            key
            for key, cell in self.cells.items()
            if cell.status == CONFIDENTIAL
            and cell.n > 0
            and min(cell.n_yes, cell.n - cell.n_yes) < SMALL
        ]

    def _cell(self, key: tuple[str, Group]) -> None:
        """Add who was asked and who said yes, as far as print and questions to all tell."""
        (name, group), cell, programme = key, self.cells[key], self._programme
        shared = (self._same[name], group)
        if shared not in self._asked:
            alike = [self.cells.get((one, group)) for one in self._alike(name)]
            known = name in self._everyone or any(one and _printed(one) for one in alike)
            most = max(cell.n, self._most(group))
            self._asked[shared] = programme.unknown(
                *((cell.n, cell.n) if known else (0, most)), float(cell.n)
            )
        asked = self._asked[shared]
        exact = float(cell.n_yes)
        ends = (exact, exact) if _printed(cell) else (0, programme.high[asked])
        yes = self.yes[key] = programme.unknown(*ends, exact)
        programme.row({asked: 1, yes: -1}, low=0)
        if cell.status == UNRELIABLE:
            # A mark of its own: ten said yes and ten did not.
            programme.row({yes: 1}, low=SMALL)
            programme.row({asked: 1, yes: -1}, low=SMALL)
        elif cell.status == CONFIDENTIAL and cell.bound_high < 1:
            programme.row({yes: 1, asked: -cell.bound_high}, high=0)
        elif cell.status == CONFIDENTIAL and cell.bound_low > 0:
            programme.row({yes: 1, asked: -cell.bound_low}, low=0)
        elif cell.status == CONFIDENTIAL and self._rules and name in self._everyone:
            self._bare(cell, yes, asked, self._rules)

    def _bare(self, cell: Any, yes: int, asked: int, rules: Rules) -> None:
        """Add what it tells that no bound is printed; of other questions that tells nothing."""
        smallest = rules.smallest(cell.n_printed, group_of(cell._asdict()))
        if not np.isnan(smallest):
            least = rules.bare(cell.n, smallest)
            self._programme.row({yes: 1, asked: -least}, low=0)
            self._programme.row({yes: -1, asked: 1 - least}, low=0)

    def _alike(self, name: str) -> list[str]:
        return [one for one in self._names if self._same[one] == self._same[name]]

    def _most(self, group: Group) -> float:
        """Return how many children of a group answered the question that most of them did.

        That is of this release, or of another one where this puts no question to everyone there.
        Of a group of which none tells it they are no more than in the country.
        """
        told = [
            most[place] for place in (group, NATION) for most in self._respondents if place in most
        ]
        return next(iter(told), MORE_THAN_ANY)

    def _sums(self) -> Iterator[tuple[Group, list[Group]]]:
        """Yield which groups are made of which others."""
        for domain in dict.fromkeys(domain for domain, _ in self._groups):
            inside = [group for group in self._groups if group[0] == domain]
            if domain in self._crosses:
                for side, parent in enumerate(self._crosses[domain]):
                    for whole in self._groups:
                        own = [g for g in inside if g[1].split("|")[side] == whole[1]]
                        if whole[0] == parent and own:
                            yield whole, own
            elif domain != NATION[0]:
                yield NATION, inside

    def add_up(self, systems: Sequence["_System"]) -> None:
        """Children of a whole are in one part or in none; in none are a few, the same for all.

        Where no question of a release tells how many, those of the others do.
        """
        for whole, parts in self._sums():
            told = [each.outside(whole, parts) for each in (self, *systems)]
            most = next((few for few in told if few < np.inf), np.inf)
            for name in self._names:
                if all((name, group) in self.cells for group in (whole, *parts)):
                    self._sum(name, whole, parts, most)

    def outside(self, whole: Group, parts: list[Group]) -> float:
        """Return how many of a whole are in none of its parts, as questions to everyone tell."""
        told = [
            self.cells[name, whole].n - sum(self.cells[name, part].n for part in parts)
            for name in self._names
            if name in self._everyone and all((name, g) in self.cells for g in (whole, *parts))
        ]
        return max(told, default=np.inf)

    def _sum(self, name: str, whole: Group, parts: list[Group], most: float) -> None:
        yes = {self.yes[name, whole]: 1.0} | {self.yes[name, part]: -1.0 for part in parts}
        asked = {self.asked_of((name, whole)): 1.0}
        asked |= {self.asked_of((name, part)): -1.0 for part in parts}
        self._programme.row(yes, low=0)
        self._programme.row(asked | {at: -factor for at, factor in yes.items()}, low=0)
        self._programme.row(asked, 0, most)

    def _tied(self, group: Group) -> None:
        """What the codebook says of a group."""
        yes = {name: self.yes[name, group] for name in self._names if (name, group) in self.yes}
        row, ties = self._programme.row, self._ties
        for whole, parts in ties.parts.items():
            inside = [yes[part] for part in parts if part in yes]
            if whole in yes and len(inside) == len(self._indicators[whole]["any_of"]):
                row(dict.fromkeys(inside, 1) | {yes[whole]: -1}, low=0)
                for part in inside:
                    row({yes[whole]: 1, part: -1}, low=0)
        for follow_up, gate in ties.asked_of.items():
            if follow_up in yes and gate in yes:
                lacking = {yes[gate]: 1, self.asked_of((follow_up, group)): -1}
                row(lacking, low=0)
                if group != NATION and (follow_up, NATION) in self.yes:
                    # Who was not asked in a group was not asked in the country.
                    all_lacking = {
                        self.yes[gate, NATION]: 1,
                        self.asked_of((follow_up, NATION)): -1,
                    }
                    row(all_lacking | {at: -factor for at, factor in lacking.items()}, low=0)

    def _questions(self) -> Iterator[list[str]]:
        """Yield the indicators of each question that has several."""
        for first in dict.fromkeys(self._same.values()):
            names = self._alike(first)
            if len(names) > 1:
                yield names

    def _answers_of(self, names: list[str]) -> None:
        """Each child gave one answer: those counted alike are a number of their own."""
        counted = {name: {*self._indicators[name]["numerator"][0]["among"]} for name in names}
        options = set().union(*counted.values())
        kinds = {frozenset(n for n in names if option in counted[n]) for option in options}
        for group in self._groups:
            if any((name, group) not in self.yes for name in names):
                continue
            parts = {kind: self._programme.unknown(0, np.inf, np.nan) for kind in kinds}
            whole = {self.asked_of((names[0], group)): 1.0}
            self._programme.row(whole | dict.fromkeys(parts.values(), -1.0), low=0)
            for name in names:
                own = {at: -1.0 for kind, at in parts.items() if name in kind}
                self._programme.row({self.yes[name, group]: 1.0} | own, 0, 0)


def _printed(cell: Any) -> bool:
    return cell.status not in (CONFIDENTIAL, UNRELIABLE)
