"""Between which numbers of children do printed numbers leave a hidden one? Linear programmes.

Unknown are, for every indicator and group, how many children answered and how many of these said
yes, both as weighted numbers: these add up, and a printed per cent is their ratio. A hidden
number is as well protected as the distance of its least and its greatest value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from relations import Relations, relations
from released import NATION, Published
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

# More may have answered a question of which nothing is printed than any of which something is.
MORE = 1.02
# Of sensitive questions the most of all that were put alike is printed; so many of them answered.
ANSWERED = 0.85
Group = tuple[str, str]
Key = tuple[str, Group]


@dataclass(frozen=True)
class Interval:
    """What is left of a hidden cell, in children: of yes answers, and of answers at most."""

    low: float
    high: float
    answers: float

    @property
    def width(self) -> float:
        return self.high - self.low


def intervals(study: Published, cells: pd.DataFrame, enough: float) -> dict[tuple, Interval]:
    """Return what is left of confidential cells, those that stay wider than ``enough`` left out.

    Args:
        study: for the codebook and the facts of quality.
        cells: as :attr:`Published.cells`.
        enough: a width in children.
    """
    found = {}
    ties = relations(study.codebook, study.proportions)
    for country, own in cells.groupby("country", sort=False):
        case = _Country(study, str(country), own, ties)
        for names in _blocks(case.names, ties):
            for key, interval in _Block(case, names, ties).narrow(enough).items():
                found[country, key[0], *key[1]] = interval
    return found


def _blocks(names: list[str], ties: Relations) -> Iterator[list[str]]:
    """Yield the indicators that are tied to each other, directly or by others."""
    block = {name: {name} for name in names}
    for a, b in ties.pairs():
        if a in block and b in block and block[a] is not block[b]:
            joined = block[a] | block[b]
            block |= dict.fromkeys(joined, joined)
    for joined in {id(one): one for one in block.values()}.values():
        yield [name for name in names if name in joined]


class _Country:
    """What is printed of one country."""

    def __init__(self, study: Published, country: str, cells: pd.DataFrame, ties: Relations):
        self.crosses = study.crosses
        everyone = cells[~cells["indicator"].isin(ties.asked_of)]
        size = everyone.groupby(["domain", "level"], sort=False)[["n", "population"]].max()
        self.groups: list[Group] = list(
            dict.fromkeys(zip(cells["domain"], cells["level"], strict=True))
        )
        nation = size.loc[NATION]
        # A group of which nothing is printed may be as large as the country.
        size = size.reindex(pd.MultiIndex.from_tuples(self.groups)).fillna(nation)
        self.population = size["population"].to_dict()
        self.weight = (size["population"] / size["n"]).to_dict()
        kept = cells[cells["indicator"].isin(study.proportions)]
        self.cells = {
            (row.indicator, (row.domain, row.level)): row for row in kept.itertuples(index=False)
        }
        self.names = list(dict.fromkeys(kept["indicator"]))
        self.sensitive = {n for n, one in study.indicators.items() if one.get("sensitive")}
        self.half = study.rules.get("rounding", {}).get("population_to", 100) / 2
        self.imputed = {
            entry["indicator"]: entry["share"] for entry in study.quality(country)["imputed"]
        }
        self.unknown = {domain: self._unknown(domain) for domain, _ in self.groups}

    def levels(self, domain: str) -> list[Group]:
        return [group for group in self.groups if group[0] == domain]

    def _unknown(self, domain: str) -> float:
        """Return how many children may belong to no level: the most seen in a printed table."""
        levels, most = self.levels(domain), -np.inf
        for name in set(self.names) - self.sensitive:
            rows = [self.cells.get((name, group)) for group in (NATION, *levels)]
            if all(row is not None and row.shown for row in rows):
                parts = sum(row.population for row in rows[1:])
                most = max(most, rows[0].population - parts)
        if most == -np.inf:
            return self.population[NATION]
        return MORE * max(most, 0.0) + self.half * (len(levels) + 1)


@dataclass
class _Rows:
    """Rows of a programme: low <= sum of terms <= high."""

    terms: list[dict[int, float]] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, terms: dict[int, float], low: float = -np.inf, high: float = np.inf) -> None:
        self.terms.append(terms)
        self.low.append(low)
        self.high.append(high)

    def above_and_below(self, columns: int) -> tuple[csr_array, np.ndarray]:
        """Return A and b of A x <= b."""
        row = np.repeat(np.arange(len(self.terms)), [len(terms) for terms in self.terms])
        column = np.fromiter((c for terms in self.terms for c in terms), int)
        value = np.fromiter((v for terms in self.terms for v in terms.values()), float)
        matrix = csr_array((value, (row, column)), shape=(len(self.terms), columns))
        low, high = np.array(self.low), np.array(self.high)
        both = vstack([matrix[np.isfinite(high)], -matrix[np.isfinite(low)]], format="csr")
        return both, np.concatenate([high[np.isfinite(high)], -low[np.isfinite(low)]])


class _Block:
    """The programme of indicators that are tied to each other, in one country."""

    def __init__(self, case: _Country, names: list[str], ties: Relations) -> None:
        self._case, self._names, self._ties = case, names, ties
        self._keys = [key for key in case.cells if key[0] in set(names)]
        self._yes = {key: 2 * place for place, key in enumerate(self._keys)}
        self._rows = _Rows()
        self._limits = [(0.0, 0.0)] * (2 * len(self._keys))
        for key in self._keys:
            self._printed(key)
        for name in names:
            self._adds_up(name)
        for group in case.groups:
            self._tied(group)

    def narrow(self, enough: float) -> dict[Key, Interval]:
        """Return the confidential cells that are known to within ``enough`` children."""
        targets = [key for key in self._keys if self._case.cells[key].confidential]
        found: dict[Key, Interval] = {}
        if not targets:
            return found
        matrix, limit = self._rows.above_and_below(len(self._limits))
        bounds = np.array(self._limits)
        # Every solution is a possible world for all cells, not only for the one that was aimed at.
        least = np.full(len(bounds), np.inf)
        most = -least

        def solve(column: int, sign: float) -> None:
            aim = np.zeros(len(bounds))
            aim[column] = sign
            done = linprog(aim, A_ub=matrix, b_ub=limit, bounds=bounds, method="highs")
            if not done.success:
                raise ValueError(f"{self._names}: the printed numbers contradict each other")
            np.minimum(least, done.x, out=least)
            np.maximum(most, done.x, out=most)

        for key in targets:
            yes, weight = self._yes[key], self._case.weight[key[1]]
            for sign in (-1.0, 1.0):
                if most[yes] - least[yes] < enough * weight:
                    solve(yes, sign)
            if most[yes] - least[yes] < enough * weight:
                solve(yes + 1, -1.0)
                ends = np.array([least[yes], most[yes], most[yes + 1]]) / weight
                found[key] = Interval(*ends)
        return found

    def _printed(self, key: Key) -> None:
        """Yes answers are a share of the answers, within what is printed."""
        cell, group = self._case.cells[key], key[1]
        yes = self._yes[key]
        largest = MORE * self._case.population[group] + self._case.half
        known = not np.isnan(cell.population)
        least = cell.population - self._case.half if known else 0.0
        least *= ANSWERED if key[0] in self._case.sensitive else 1.0
        self._limits[yes] = (0.0, largest)
        self._limits[yes + 1] = (least, cell.population + self._case.half if known else largest)
        self._rows.add({yes: 1.0, yes + 1: -max(cell.low, 0.0)}, low=0.0)
        self._rows.add({yes: 1.0, yes + 1: -min(cell.high, 1.0)}, high=0.0)

    def _adds_up(self, name: str) -> None:
        """Levels add up to the country, crossed levels to those that they cross."""
        case = self._case
        for domain in dict.fromkeys(domain for domain, _ in case.groups):
            if domain != NATION[0]:
                self._sum(name, NATION, case.levels(domain), case.unknown[domain])
        for crossed, parents in case.crosses.items():
            loose = max((case.unknown.get(each, 0.0) for each in (crossed, *parents)), default=0.0)
            for side, parent in enumerate(parents):
                for group in case.levels(parent):
                    inside = [g for g in case.levels(crossed) if g[1].split("|")[side] == group[1]]
                    self._sum(name, group, inside, loose)

    def _sum(self, name: str, whole: Group, parts: list[Group], loose: float) -> None:
        there = [part for part in parts if (name, part) in self._yes]
        if not there or (name, whole) not in self._yes:
            return
        for shift in (0, 1):
            terms = {self._yes[name, part] + shift: -1.0 for part in there}
            self._rows.add({self._yes[name, whole] + shift: 1.0, **terms}, 0.0, loose)

    def _tied(self, group: Group) -> None:
        """Rows of the codebook, in one group."""
        yes = {name: self._yes[name, group] for name in self._names if (name, group) in self._yes}
        ties = self._ties
        for whole, parts in ties.parts.items():
            inside = [part for part in parts if part in yes]
            if whole not in yes:
                continue
            for part in inside:
                self._rows.add({yes[whole]: 1.0, yes[part]: -1.0}, low=0.0)
            if len(inside) == len(parts):
                share = self._case.imputed.get(whole, 0.0) + 0.005
                filled = share * self._case.population[NATION]
                self._rows.add({yes[whole]: 1.0, **{yes[p]: -1.0 for p in inside}}, high=filled)
        for a, b in _among(ties.below, yes):
            self._rows.add({yes[b]: 1.0, yes[a]: -1.0}, low=0.0)
        for a, b in _among(ties.same, yes):
            self._rows.add({yes[a] + 1: 1.0, yes[b] + 1: -1.0}, 0.0, 0.0)
        for a, b in _among(ties.apart, yes):
            self._rows.add({yes[a]: 1.0, yes[b]: 1.0, yes[a] + 1: -1.0}, high=0.0)
        for a, b in _among(ties.halves, yes):
            self._rows.add({yes[a]: 1.0, yes[b]: 1.0, yes[a] + 1: -1.0}, 0.0, 0.0)
        for asked, gate in _among(ties.asked_of.items(), yes):
            self._rows.add({yes[gate]: 1.0, yes[asked] + 1: -1.0}, low=0.0)
            whole = (self._yes.get((gate, NATION)), self._yes.get((asked, NATION)))
            if group != NATION and None not in whole:
                terms = {yes[gate]: 1.0, yes[asked] + 1: -1.0, whole[0]: -1.0, whole[1] + 1: 1.0}
                self._rows.add(terms, high=0.0)


def _among(pairs: Iterable[tuple[str, str]], names: dict[str, int]) -> list[tuple[str, str]]:
    return [(a, b) for a, b in pairs if a in names and b in names]
