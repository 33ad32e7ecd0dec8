"""The needs of each country worked out once more, from public files and the study's own alone.

Nothing of the workflow is imported: conditions are read from the file of recommendations, shares,
bounds and evidence from public tables, and what is not compared from the file of judgements. From
the root of a checkout with results::

    python tests/needs_by_hand.py results/public config
"""

import csv
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.optimize import brentq
from scipy.special import expit, logit
from scipy.stats import norm

Row = dict[str, str]
BY_YEAR = {"offence_rates": ["category", "technology", "stage"], "hotlines": ["kind", "measure"]}
COUNTED_OF = {"mentioned": "interviews", "count": "n"}
BANDS = ["few_or_none", "some", "most_or_all"]
GROUPS = ["start_here", "also_needed", "ahead"]


def read(path: Path) -> list[Row]:
    """Return the rows of a table; none of one that a study lacks."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Study:
    """Public tables and files of a study."""

    def __init__(self, public: Path, config: Path) -> None:
        actions = yaml.safe_load((config / "recommendations.yaml").read_text(encoding="utf-8"))
        self.owners = [group["id"] for group in actions["groups"]]
        self.actions = {
            action["id"]: action | {"owner": group["id"]}
            for group in actions["groups"]
            for action in group["recommendations"]
        }
        self.disagreements = actions.get("disagreements", [])
        self.shares: dict[tuple[str, str], Row] = {}
        for path in sorted((public / "countries").glob("*/estimates.csv")):
            for row in read(path):
                if row["domain"] == "total":
                    self.shares[row["indicator"], row["country"]] = row
        self.countries = sorted({country for _, country in self.shares})
        self.evidence = {path.stem: read(path) for path in (public / "evidence").glob("*.csv")}
        self.apart = {
            (line["indicator"], line["country"])
            for line in read(config / "comparability.csv")
            if line["comparable"] == "no"
        }

    def rows_meeting(self, when: dict[str, Any], country: str) -> list[Row]:
        """Return the rows of evidence of a country that meet a condition."""
        table, where = when["table"], when.get("where", {})
        rows = [row for row in self.evidence.get(table, []) if row["country"] == country]
        if table in BY_YEAR:
            named = [name for name in BY_YEAR[table] if name in where]
            rows = [row for row in rows if all(row[name] in where[name] for name in named)]
            last = max((row["year"] for row in rows), default="")
            rows = [row for row in rows if row["year"] == last]
        rows = [row for row in rows if all(row[name] in values for name, values in where.items())]
        return [row for row in rows if "column" not in when or lies_within(when, row)]

    def disputed(self, country: str) -> list[Row]:
        """Return the rows on which sources of a country disagree, of both sides."""
        found: list[Row] = []
        for dispute in self.disagreements:
            sides = [self.rows_meeting(dispute[side], country) for side in ("rows", "against")]
            if all(sides):
                found += [row for side in sides for row in side]
        return found

    def needs(self) -> list[tuple[str, str]]:
        """Return each country with each action whose condition it meets."""
        found = []
        for country in self.countries:
            disputed = self.disputed(country)
            for name, action in self.actions.items():
                when = action["when"]
                if "unless" in action and self.rows_meeting(action["unless"], country):
                    continue
                if "indicator" in when:
                    row = self.shares.get((when["indicator"], country))
                    met = row is not None and share_lies_within(when, row)
                else:
                    met = any(row not in disputed for row in self.rows_meeting(when, country))
                if met:
                    found.append((country, name))
        return found

    def kind(self, name: str) -> str:
        """Return what an action rests on."""
        when = self.actions[name]["when"]
        if "indicator" in when:
            return "survey"
        items = when.get("where", {}).get("item", [])
        score = when["table"] == "capacity" and when.get("column") == "score" and "at_most" in when
        absent = when["table"] == "policy" and when["where"].get("answer") == ["not_in_place"]
        return "review" if len(items) == 1 and (score or absent) else "count"

    def known(self, name: str) -> set[str]:
        """Return the countries of which a review says whether they have what an action asks for."""
        when = self.actions[name]["when"]
        unknown, found = ("", "not_known"), set()
        for country in self.countries:
            cells = [
                row["score"] if when["table"] == "capacity" else row["answer"]
                for row in self.evidence.get(when["table"], [])
                if row["country"] == country and row["item"] in when["where"]["item"]
            ]
            if cells and not any(cell in unknown for cell in cells):
                found.add(country)
        return found

    def in_place(self, name: str) -> set[str]:
        """Return the countries of which a review says that they have what an action asks for."""
        when = self.actions[name]["when"]
        found = set()
        for country in self.countries:
            rows = [
                row
                for row in self.evidence.get(when["table"], [])
                if row["country"] == country and row["item"] in when["where"]["item"]
            ]
            yes = [
                float(row["score"] or 0) >= 3
                if when["table"] == "capacity"
                else row["answer"] == "in_place"
                for row in rows
            ]
            if rows and all(yes):
                found.add(country)
        return found


def lies_within(when: dict[str, Any], row: Row) -> bool:
    """Return whether a number, or all of the third in which it lies, is within the limits."""
    column = when["column"]
    if row[column]:
        low = high = float(row[column])
    elif row.get("band"):
        total = 100.0 if column == "share_percent" else float(row[COUNTED_OF[column]])
        low, high = (total * (BANDS.index(row["band"]) + end) / 3 for end in (0, 1))
    else:
        return False
    return low >= when.get("at_least", -math.inf) and high <= when.get("at_most", math.inf)


def share_lies_within(when: dict[str, Any], row: Row) -> bool:
    """Return whether the whole printed interval, or the bound, is within the limits."""
    names = ("bound_low", "bound_high") if row["bound_low"] else ("ci_low", "ci_high")
    if not row[names[0]]:
        return False
    low, high = (float(row[name]) for name in names)
    return low >= when.get("at_least", -math.inf) and high <= when.get("at_most", math.inf)


class Gap:
    """A country's share against the mean of the others, at the end of their bounds that is nearest.

    ``terms`` are weight, share, its log-odds and their error; of a mean of bounds there is none.
    """

    def __init__(self, sign: int, own: Row, shown: list[Row], hidden: list[Row]) -> None:
        self.others = len(shown) + len(hidden)
        ends = [
            sum(float(row[name] or empty) for row in hidden)
            for name, empty in (("bound_low", 0), ("bound_high", 1))
        ]
        rest = sum(float(row["estimate"]) for row in shown)
        self.means = [(rest + end) / self.others for end in ends]
        self.terms = [(sign, *on_log_scale(own))]
        self.terms += [(-sign / self.others, *on_log_scale(row)) for row in shown]
        if hidden:
            equal = self.others * float(own["estimate"]) - rest
            total = min(max(equal, ends[0]), ends[1])
            self.terms.append((-sign / self.others, total, math.nan, 0.0))
        self.gap = sum(weight * share for weight, share, *_ in self.terms)

    def limit(self, z: float, side: int) -> float:
        """Return a limit by the recovered variances: side -1 is the lower one, 1 the upper one."""
        squares = 0.0
        for weight, share, log_odds, error in self.terms:
            if error:
                end = expit(log_odds + (side if weight > 0 else -side) * z * error)
                squares += (weight * (end - share)) ** 2
        return self.gap + side * math.sqrt(squares)

    def p_value(self) -> float:
        """Return the error at which the limits touch zero."""
        side = -1 if self.gap > 0 else 1
        if abs(self.gap) < 1e-14:
            return 1.0
        z = brentq(lambda z: self.limit(z, side), 0, 1000, xtol=1e-14)
        return float(2 * norm.sf(z))


def on_log_scale(row: Row) -> tuple[float, float, float]:
    """Return a printed share with its log-odds and their error."""
    share, low, high = (float(row[name]) for name in ("estimate", "ci_low", "ci_high"))
    error = (high - low) / 2 / norm.ppf(0.975)
    middle = (low + high) / 2 if share in (0, 1) else share
    return share, float(logit(middle)), error / (middle * (1 - middle))


def compare_gaps(study: Study) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the test of each action of the survey in each comparable country."""
    gaps: dict[tuple[str, str], Gap] = {}
    for name, action in study.actions.items():
        when = action["when"]
        if "indicator" not in when:
            continue
        compared = [
            row
            for (indicator, country), row in study.shares.items()
            if indicator == when["indicator"]
            and row["status"] != "not_asked"
            and not {(indicator, country), ("*", country)} & study.apart
        ]
        shown = [row for row in compared if row["estimate"]]
        hidden = [row for row in compared if not row["estimate"]]
        for own in shown:
            gap = Gap(
                1 if "at_least" in when else -1,
                own,
                [row for row in shown if row is not own],
                hidden,
            )
            if len(shown) > 5 and gap.means[1] - gap.means[0] <= 0.1:
                gaps[own["country"], name] = gap
    p = {key: gap.p_value() for key, gap in gaps.items()}
    levels, adjusted, largest, rejected = {}, {}, 0.0, 0
    for step, key in enumerate(sorted(p, key=lambda key: p[key])):
        largest = max(largest, min(1.0, p[key] * (len(p) - step)))
        adjusted[key] = largest
        rejected += largest <= 0.05
        # The errors of Holm's steps; what is not rejected keeps that of the step where it stopped.
        levels[key] = 0.05 / (len(p) - step if largest <= 0.05 else len(p) - rejected)
    return {
        key: {
            "gap": gap,
            "p": p[key],
            "p_holm": adjusted[key],
            "level": levels[key],
            "clear": adjusted[key] <= 0.05,
            "low": gap.limit(float(norm.isf(levels[key] / 2)), -1),
            "high": gap.limit(float(norm.isf(levels[key] / 2)), 1),
        }
        for key, gap in gaps.items()
    }


def thousandths(value: float, way: str, clear: bool) -> float:
    """Return a number as printed: outwards where it is not clear, else the nearest but zero."""
    settled = round(value * 1000, 9)
    if not clear and way:
        return (math.floor(settled) if way == "down" else math.ceil(settled)) / 1000
    nearest = float(np.rint(settled)) / 1000
    return math.copysign(0.001, value) if clear and nearest == 0 else nearest


def rank(study: Study) -> dict[str, list[dict[str, str]]]:
    """Return the rows of needs that each country should have, in order."""
    tests, needs = compare_gaps(study), study.needs()
    needed_in = Counter(name for _, name in needs)
    having = {name: study.in_place(name) for name in study.actions if study.kind(name) == "review"}
    ranked: dict[str, list[dict[str, str]]] = {}
    for country in study.countries:
        rows = []
        for name in [name for code, name in needs if code == country]:
            test, others = tests.get((country, name)), len(study.countries) - 1
            count = len(having[name] - {country}) if name in having and others else None
            group = "also_needed"
            most_have_it = others >= 5 and (count or 0) > others / 2
            if most_have_it or (test and test["clear"] and test["gap"].gap > 0):
                group = "start_here"
            elif test and test["clear"]:
                group = "ahead"
            row: dict[str, Any] = {"action": name, "kind": study.kind(name), "group": group}
            row |= {"needed_in": str(needed_in[name]), "clear": str(bool(test and test["clear"]))}
            row["in_place"] = "" if count is None else str(count)
            row["others"] = str(test["gap"].others) if test else ""
            if count is not None:
                row["others"] = str(len(study.known(name) - {country}))
            points = math.floor(round(100 * test["low"], 8)) if test else 0
            row["points_low"] = str(points) if test else ""
            numbers: dict[str, float] = {}
            if test:
                numbers = {
                    "gap": thousandths(test["gap"].gap, "", test["clear"]),
                    "points": float(np.rint(round(100 * test["gap"].gap, 9))),
                    "gap_low": thousandths(test["low"], "down", test["clear"]),
                    "gap_high": thousandths(test["high"], "up", test["clear"]),
                    "mean_low": float(np.rint(round(1000 * test["gap"].means[0], 9))) / 1000,
                    "mean_high": float(np.rint(round(1000 * test["gap"].means[1], 9))) / 1000,
                    "mean_whole_low": float(np.rint(round(100 * test["gap"].means[0], 9))),
                    "mean_whole_high": float(np.rint(round(100 * test["gap"].means[1], 9))),
                    "p_value": round(test["p"], 3),
                    "p_holm": round(test["p_holm"], 3),
                    "step_alpha": float(np.rint(round(test["level"] * 1e5, 9))) / 1e5,
                }
            row["numbers"] = numbers
            strength = count if row["kind"] == "review" else points
            starts = group == "start_here"
            action = study.actions[name]
            row["order"] = (
                GROUPS.index(group),
                (row["kind"] == "review", -(strength or 0)) if starts else (False, 0),
                -numbers["gap"] if starts and row["kind"] == "survey" else 0,
                0 if starts else study.owners.index(action["owner"]),
                action["text"].casefold(),
            )
            rows.append(row)
        rows.sort(key=lambda row: row["order"])
        for at, row in enumerate(rows):
            ties = [
                place
                for place, other in enumerate(rows)
                if row["group"] == "start_here" and other["order"][:2] == row["order"][:2]
            ]
            row["position"] = str(min(ties, default=at) + 1)
            row["joined"] = str(len(ties) > 1)
        ranked[country] = rows
    return ranked


def find_faults(public: Path, config: Path) -> list[str]:
    """Return where ``comparison/needs.csv`` differs from what public files give."""
    ranked = rank(Study(public, config))
    published: dict[str, list[Row]] = {country: [] for country in ranked}
    for row in read(public / "comparison" / "needs.csv"):
        published.setdefault(row["country"], []).append(row)
    faults = []
    for country, rows in published.items():
        expected = ranked.get(country, [])
        names = [row["action"] for row in rows]
        if names != [row["action"] for row in expected]:
            faults.append(f"{country}: {names}, expected {[row['action'] for row in expected]}")
            continue
        for row, right in zip(rows, expected, strict=True):
            faults += [
                f"{country}/{row['action']}/{name}: '{row[name]}', expected '{right[name]}'"
                for name in (
                    *("kind", "group", "position", "joined", "needed_in", "others"),
                    *("in_place", "clear", "points_low"),
                )
                if row[name] != right[name]
            ]
            faults += [
                f"{country}/{row['action']}/{name}: {row[name]}, expected {value}"
                for name, value in right["numbers"].items()
                if not row[name] or abs(float(row[name]) - value) > 1e-9
            ]
            faults += [
                f"{country}/{row['action']}/{name}: '{row[name]}' without a test"
                for name in ("gap", "mean_low", "p_holm")
                if row[name] and not right["numbers"]
            ]
    return faults


def choose_for_briefs(public: Path) -> dict[str, list[Row]]:
    """Return the three actions of each country's brief, by the table of needs."""
    chosen: dict[str, list[Row]] = {}
    rows = read(public / "comparison" / "needs.csv")
    for country in sorted({row["country"] for row in rows}):
        of_country = [row for row in rows if row["country"] == country]
        starting = [row for row in of_country if row["group"] == "start_here"]
        also = [row for row in of_country if row["group"] == "also_needed"]
        also.sort(key=lambda row: int(row["needed_in"]))
        chosen[country] = [*starting, *also][:3]
    return chosen


if __name__ == "__main__":
    found = find_faults(Path(sys.argv[1]), Path(sys.argv[2]))
    print("\n".join(found) or "all needs are as public files give them")
    sys.exit(bool(found))
