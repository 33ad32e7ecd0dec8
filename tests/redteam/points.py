"""Nineteen points at which a release could tell too much, each a check that returns what it found.

Every check reads public files and the codebook alone. What it returns is empty where nothing is at
fault; else each text names the place.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from itertools import count

import numpy as np
import pandas as pd
from bounds import Rules
from explained import of_tables, told
from opened import public_texts
from packed_tables import tables_of
from programme import intervals
from question_tables import options, pairs
from relations import relations
from released import CELL, NATION, Published
from renames import named_today, unsaid
from svg_marks import read_dots
from workbooks import cells

# A count of so many children, or of fewer, must not be told; a difference of fewer tells of them.
FEW, SMALL, CHANGED = 4, 10, 10
# A group in which fewer were asked has no interval as wide as that.
ASKED = 5
# Tables of comparisons that rest on groups, with the columns that name these.
LEVELS = {
    "gaps": ("domain", ("level_a", "level_b")),
    "gap_pairs": ("domain", ("level_a", "level_b")),
    "adjusted": ("term", ("level", "reference")),
}
# Shares, and the columns in which they stand in whole per cents.
WHOLE = {"estimate": "whole", "ci_low": "whole_low", "ci_high": "whole_high"}
# A dot may stand beside its number by as many points of a per cent: drawings have thousandths.
AT = 0.02
COUNTRIES = ("country", "country_a", "country_b", "without")
# Of hidden countries these have rows, which say that they are hidden.
SPEAK_OF_ALL = ("prevalence", "comparability", "pooled", "total")
# Numbers that the study was given, or that are rounded by a rule of their own.
GIVEN = {"population", "children", "children_low", "children_high"}


def linked_intervals(study: Published, cells: pd.DataFrame | None = None) -> list[str]:
    """1. Rows of the codebook, together, leave no small hidden number narrower than four."""
    cells = study.cells if cells is None else cells
    return [
        f"{'/'.join(key)}: {one.low:.1f} to {one.high:.1f} of at most {one.answers:.1f}"
        for key, one in intervals(study, cells, FEW).items()
        if one.answers >= ASKED and (one.low < SMALL or one.answers - one.high < SMALL)
    ]


def exact_splits(study: Published) -> list[str]:
    """2. No confidential number is the rest of numbers that are shown.

    A number that is too uncertain may be: nobody is protected by its star. The shown half of the
    same answer then says that the other one is uncertain.
    """
    return [*_halves(study), *_single_rests(study)]


def _halves(study: Published) -> Iterator[str]:
    reasons = study.table("estimates.csv").set_index(CELL)["reason"]
    known = {row[:4]: row for row in study.cells[[*CELL, "shown", "confidential"]].itertuples(
        index=False, name=None)}  # fmt: skip
    pairs = relations(study.codebook, study.proportions).halves
    for hidden, shown in [pair for a, b in pairs for pair in ((a, b), (b, a))]:
        for (country, indicator, *group), row in known.items():
            other = (country, shown, *group)
            if indicator != hidden or row[4] or not known.get(other, [False] * 5)[4]:
                continue
            if row[5] or "complement_unreliable" not in reasons[other]:
                yield f"{country}/{hidden}/{'/'.join(group)}: 100 less {shown}"


def _single_rests(study: Published) -> Iterator[str]:
    """Children of no known level are one more part of a sum; many of them hide another.

    Where nobody was asked, as of a question for older children, there is nobody to tell of. A
    printed share tells the number who said yes to half a unit of its last digit, no better: a rest
    is told to be small where it is so whatever the shares were before they were rounded. A cover
    of exactly ten would else look small.
    """
    unplaced = _unplaced(study)
    for (country, indicator), own in study.cells.groupby(["country", "indicator"], sort=False):
        shown, confidential = own["shown"].to_dict(), own["confidential"].to_dict()
        n = own["n"].to_dict()
        least, most = ((own["n"] * own[end]).to_dict() for end in ("low", "high"))
        for whole, parts in _sums(study, own):
            hidden = [place for place in (whole, *parts) if not shown[place]]
            many = unplaced.get((country, *_sum_of(own, whole, parts)), np.inf) >= SMALL
            others = [n[part] for part in parts if part not in hidden]
            nobody = whole not in hidden and n[whole] == sum(others)
            if len(hidden) != 1 or not confidential[hidden[0]] or many or nobody:
                continue
            told = [place for place in (whole, *parts) if place not in hidden]
            added = [place for place in told if place == whole or whole in hidden]
            taken = [place for place in told if place not in added]
            answers = sum(n[place] for place in added) - sum(n[place] for place in taken)
            rest = sum(most[place] for place in added) - sum(least[place] for place in taken)
            without = answers - sum(least[place] for place in added)
            without += sum(most[place] for place in taken)
            # What covers a small number may be worked back, if it is large itself.
            if min(rest, without) < SMALL:
                group = "/".join(own.loc[hidden[0], ["domain", "level"]])
                yield f"{country}/{indicator}/{group}: the only one hidden in its sum"


def _unplaced(study: Published) -> dict[tuple[str, ...], float]:
    """Return how many children of a whole are in none of its levels, where some n tell it."""
    found: dict[tuple[str, ...], float] = {}
    for (country, _), own in study.cells.groupby(["country", "indicator"], sort=False):
        n = own["n"].to_dict()
        for whole, parts in _sums(study, own):
            rest = n[whole] - sum(n[part] for part in parts)
            if not np.isnan(rest):
                key = (country, *_sum_of(own, whole, parts))
                found[key] = max(found.get(key, 0.0), rest)
    return found


def _sum_of(own: pd.DataFrame, whole: int, parts: list[int]) -> tuple[str, str, str]:
    """Return the group of a sum, and the domain of its parts."""
    return own.at[whole, "domain"], own.at[whole, "level"], own.at[parts[0], "domain"]


def _sums(study: Published, own: pd.DataFrame) -> Iterator[tuple[int, list[int]]]:
    """Yield the rows of wholes and their parts, of one indicator in one country."""
    place = {(row.domain, row.level): row.Index for row in own.itertuples()}
    for domain in own["domain"].unique():
        if domain != NATION[0] and NATION in place:
            yield place[NATION], [at for (name, _), at in place.items() if name == domain]
    for crossed, parents in study.crosses.items():
        for side, parent in enumerate(parents):
            for (domain, level), at in place.items():
                parts = [
                    inner
                    for (name, both), inner in place.items()
                    if name == crossed and both.split("|")[side] == level
                ]
                if domain == parent and parts:
                    yield at, parts


def follow_ups(study: Published) -> list[str]:
    """3. How many were asked on is not printed where how many said yes is confidential."""
    gates = relations(study.codebook, study.proportions).asked_of
    cells = study.cells
    hidden = set(cells.loc[cells["confidential"], CELL].itertuples(index=False, name=None))
    printed = cells[cells["n"].notna() & cells["indicator"].isin(gates)]
    return [
        f"{row.country}/{row.indicator}/{row.domain}/{row.level}: n tells {gates[row.indicator]}"
        for row in printed.itertuples()
        if (row.country, gates[row.indicator], row.domain, row.level) in hidden
    ]


def bounds_by_size(study: Published) -> list[str]:
    """4. A bound follows from the n that is printed, and from how the group was sampled.

    Beside a bound no ``n`` is printed; that of the group's other questions which were put to the
    same children stands for it. Coarser ones may be of numbers that are not few
    (:func:`bounds.wrong_bounds` looks behind them).
    """
    rules = Rules.of(study.rules.get("disclosure", {}))
    cells = study.cells.assign(put_to=[_put_to(study, one) for one in study.cells["indicator"]])
    asked = cells.groupby(["country", "domain", "level", "put_to"])["n"].max()
    bounded = cells[cells["sign"].str.startswith(("<", ">"))]
    groups = {
        (country, group.pop("domain"), group.pop("level")): group
        for country in bounded["country"].unique()
        for group in study.quality(country)["groups"]
    }
    found = []
    for row in bounded.itertuples():
        size = asked.get((row.country, row.domain, row.level, row.put_to), np.nan)
        printed = row.high if row.sign.startswith("<") else 1 - row.low
        where = f"{'/'.join(row[1:5])}: {row.sign}"
        if min(abs(share - printed) for share in rules.grid) > 1e-9:
            found.append(f"{where}, which is none of the bounds")
        elif not np.isnan(size):
            least = rules.smallest(size, groups[row.country, row.domain, row.level])
            if not printed >= least - 1e-9:
                found.append(f"{where}, too fine for {size:g} children")
    return found


def _put_to(study: Published, name: str) -> str:
    """Return a name of the children to whom a question was put; its own where they are its own."""
    entry = study.indicators[name]
    parts = {_put_to(study, part) for part in entry.get("any_of", [])}
    if len(parts) > 1:
        return name
    return parts.pop() if parts else str(entry.get("universe", []))


def empty_levels(study: Published) -> list[str]:
    """5. A level in which nobody was interviewed stands nowhere, and every other one everywhere."""
    found, cells = [], study.cells
    there = {
        (country, domain): set(rows["level"])
        for (country, domain), rows in cells.groupby(["country", "domain"])
    }
    for (country, indicator, domain), rows in cells.groupby(["country", "indicator", "domain"]):
        lacking = there[country, domain] - set(rows["level"])
        found += [f"{country}/{indicator}/{domain}: no row of {level}" for level in sorted(lacking)]
    for path, table in study.tables().items():
        for domain, levels in _level_columns(table):
            for row in table.to_dict("records"):
                known = there.get((row.get("country"), row[domain]))
                found += [
                    f"{path}: {row['country']} has no {row[domain]} {row[name]}"
                    for name in levels
                    if known is not None and row[name] not in known
                ]
    return found


def _level_columns(table: pd.DataFrame) -> list[tuple[str, tuple[str, ...]]]:
    """Return the column of domains and those of levels of a table of countries."""
    if "country" not in table:
        return []
    pairs = [("domain", ("level",)), ("domain", ("level_a", "level_b"))]
    pairs.append(("term", ("level", "reference")))
    return [(name, levels) for name, levels in pairs if {name, *levels} <= {*table.columns}]


def derived_numbers(study: Published) -> list[str]:
    """6. Nothing that is printed was made of a number that is hidden."""
    cells = study.cells
    hidden = set(cells.loc[~cells["shown"], CELL].itertuples(index=False, name=None))
    found = []
    for path, table in study.tables().items():
        name = path.rpartition("/")[2].removesuffix(".csv").partition("-")[0]
        if not path.startswith(("comparison/", "figures/comparison/")) or name in SPEAK_OF_ALL:
            continue
        domain, levels = LEVELS.get(name, ("", ()))
        for row in table.to_dict("records"):
            if not any(
                row.get(column) for column in ("estimate", "difference", "ratio", "rank_low")
            ):
                continue
            groups = [(row[domain], row[level]) for level in levels] if domain in row else [NATION]
            codes = [row[column] for column in COUNTRIES if row.get(column)]
            behind = {(code, row["indicator"], *group) for code in codes for group in groups}
            found += [f"{path}: made of {'/'.join(cell)}" for cell in sorted(behind & hidden)]
    return found


def figures(study: Published) -> list[str]:
    """7. A figure of estimates has a dot for each shown number of its table, at its place."""
    found = []
    cells = study.table("estimates.csv")
    numbers = {
        "/".join([row.country, row.indicator, *_name_group(row.domain, row.level)]): row.estimate
        for row in cells[cells["indicator"].isin(study.proportions)].itertuples()
    }
    judged = 0
    for path in sorted(study.folder.glob("figures/*/*/*.csv")):
        table = study.table(str(path.relative_to(study.folder)))
        picture = path.with_name(f"{path.stem}-phone.svg")
        addresses = [*table["address"]]
        if not addresses or not picture.exists() or not {*addresses} <= numbers.keys():
            continue
        judged += 1
        printed = sorted((one, 100 * float(numbers[one])) for one in addresses if numbers[one])
        drawn = sorted(read_dots(picture))
        where = str(picture.relative_to(study.folder))
        if [one for one, _ in drawn] != [one for one, _ in printed]:
            found.append(f"{where}: {len(drawn)} dots for {len(printed)} numbers")
        elif any(abs(a - b) > AT for (_, a), (_, b) in zip(drawn, printed, strict=True)):
            found.append(f"{where}: a dot is at another place than its number")
    return found if judged else ["no figure of estimates could be judged"]


def _name_group(domain: str, level: str) -> list[str]:
    """Return the part of an address that names a group; none for all children."""
    return [] if domain == NATION[0] else [f"{domain}:{level.replace('|', '+')}"]


def small_changes(before: Published, after: Published) -> list[str]:
    """8. No number of answers changed by one to nine from one release to the next."""
    was = named_today(before, after)
    both = was.merge(after.cells, on=CELL, suffixes=("_before", "_after"))
    step = (both["n_after"] - both["n_before"]).abs()
    return [
        f"{'/'.join(row)}: n differs by fewer than {CHANGED}"
        for row in both.loc[step.between(1, CHANGED - 1), CELL].itertuples(index=False, name=None)
    ]


def both_releases(before: Published, after: Published) -> list[str]:
    """9. What one release shows of a table does not give back what the other one hides of it.

    A table is taken for the same where no number of answers that both print differs.
    """
    was = named_today(before, after)
    both = after.cells.merge(was, on=CELL, how="left", suffixes=("", "_before"))
    table = [both[name] for name in ("country", "indicator", "domain")]
    printed = both["n"].notna() & both["n_before"].notna()
    moved = printed & (both["n"] != both["n_before"])
    alike = ~moved.groupby(table).transform("any") & printed.groupby(table).transform("any")
    known = alike & ~both["shown"] & both["shown_before"].eq(True)
    told = ["n", "population", "estimate", "low", "high", "sign"]
    union = after.cells.copy()
    union.loc[known.to_numpy(), told] = both.loc[
        known, [f"{name}_before" for name in told]
    ].to_numpy()
    union = union.astype(after.cells.dtypes.to_dict())
    union.loc[known.to_numpy(), ["shown", "confidential"]] = [True, False]
    return linked_intervals(after, union)


def refusals(study: Published) -> list[str]:
    """10. Of no sensitive question it is told that one to four of a group did not answer.

    Neither by the number of answers nor by their weight, as one child weighs about as another.
    """
    cells = study.cells[study.cells["n"].notna() & (study.cells["domain"] != NATION[0])]
    asked = cells["indicator"].map(lambda name: _asked(study, name))
    group = [*(cells[name] for name in ("country", "domain", "level")), asked]
    most = cells[["n", "population"]].groupby(group).transform("max")
    lacking = most - cells[["n", "population"]]
    lacking["population"] /= most["population"] / most["n"]
    sensitive = [name for name, entry in study.indicators.items() if entry.get("sensitive")]
    sensitive = cells["indicator"].isin(sensitive)
    said = {
        "n": lacking["n"].between(1, FEW),
        "population": lacking["population"].round().between(1, FEW),
    }
    return [
        f"{'/'.join(row)}: {name} tells that one to four gave no answer"
        for name, few in said.items()
        for row in cells.loc[few & sensitive, CELL].itertuples(index=False, name=None)
    ]


def _asked(study: Published, name: str) -> str:
    """Return which children a question is put to, as one text."""
    entry = study.indicators[name]
    parts = entry.get("any_of")
    return _asked(study, parts[0]) if parts else json.dumps(entry.get("universe", []))


def forbidden_texts(study: Published) -> list[str]:
    """11. No long number, path of a machine, time of day, extreme weight or hash of a raw file."""
    found = []
    for path in ["estimates.csv", *_comparisons(study)]:
        table = study.table(path)
        for name in table.columns.difference([*GIVEN]):
            long = table.loc[table[name].map(_digits) >= 5, name]
            found += [f"{path}, {name}: {text} has five digits" for text in long.head(1)]
    hashes = {hashlib.sha256(p.read_bytes()).hexdigest() for p in study.folder.rglob("*.*")}
    allowed = hashes | {*study.manifest.get("inputs", {}).values()}
    # The hash of the code tells nothing of data.
    allowed |= {study.manifest.get("code", {}).get("tree", "")}
    secret = {*study.manifest.get("inputs", {})} & {*study.manifest.get("restricted_inputs", [])}
    found += [f"manifest.json: the hash of {name}" for name in sorted(secret)]
    # A page of PDF says what the same page in HTML says.
    for path, text in public_texts(study.folder, pages=False):
        for what, pattern in _FORBIDDEN.items():
            if what == "a weight" and not path.endswith((".csv", ".json")):
                continue
            # The styles of documents are made by others, once for all studies.
            if path == "_shared/reference.docx":
                continue
            hit = pattern.search(text)
            found += [f"{path}: {what}, {hit[0]!r}"] if hit else []
        if set(_HASH.findall(text)) - allowed and path != "manifest.json":
            found.append(f"{path}: the hash of a file that is not public")
    manifest = json.dumps({k: v for k, v in study.manifest.items() if k != "outputs"})
    if set(_HASH.findall(manifest)) - allowed:
        found.append("manifest.json: the hash of a file that is neither public nor configuration")
    return found


_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_FORBIDDEN = {
    "a path": re.compile(r"(?<![\w./:])/(?:home|root|tmp|Users|mnt|var|private|work)/\w[^\s\"<]*"),
    "a time": re.compile(
        r"\b\d{4}-\d\d-\d\dT(?!00:00:00)\d\d:\d\d|D:\d{8}(?!000000)\d{6}|\b(?!00:00:00)\d\d:\d\d:\d\d\b"
    ),
    "a weight": re.compile(r"\b(?:min|max|smallest|largest|lowest|highest)_weight\b"),
    "a name of a row": re.compile(r"\b(?:child_id|respondent_id|household_id)[\"',:]"),
}


def _comparisons(study: Published) -> list[str]:
    return [f"comparison/{p.name}" for p in sorted(study.folder.glob("comparison/*.csv"))]


def _digits(text: str) -> int:
    """Return the significant digits of a number, zeros at its end left out; 0 of another text."""
    number = re.fullmatch(r"-?(\d+)(?:\.(\d*))?(?:e-?\d+)?", text)
    return len((number[1] + (number[2] or "")).strip("0")) if number else 0


def canaries(study: Published, words: Collection[str]) -> list[str]:
    """12. Nothing that was marked in a raw file is anywhere in a public one."""
    pattern = re.compile("|".join(map(re.escape, words)))
    return [f"{path}: a mark" for path, text in public_texts(study.folder) if pattern.search(text)]


def questions(study: Published) -> list[str]:
    """13. Options of a question say no more of hidden ones than the estimates do."""
    return [*options(study)]


def respondents(study: Published) -> list[str]:
    """14. Pairs of a child and a caregiver leave the yes of either side open by ten."""
    return [*pairs(study)]


def workbooks(study: Published) -> list[str]:
    """15. Workbooks hold the numbers of the public tables as printed, each once, and no other."""
    return [*cells(study)]


def explorers(study: Published) -> list[str]:
    """16. A page of the explorer holds rows of the public tables as they stand, and no other.

    Its tables for readers without a script print no number of a row that has none.
    """
    found = []
    for path in sorted(study.folder.glob("explorer/*.html")):
        page = path.read_text(encoding="utf-8")
        found += [
            f"explorer/{path.name}, {where}: a table has a number" for where in _still(study, page)
        ]
        for name, table in tables_of(page).items():
            known = {
                row
                for public in _behind(study, name)
                if table
                for row in study.table(public)[[*table]].itertuples(index=False, name=None)
            }
            found += [
                f"explorer/{path.name}, {name}: {' '.join(row)[:60]} is no row of the table"
                for row in zip(*table.values(), strict=True)
                if row not in known
            ]
    return found


def _still(study: Published, page: str) -> list[str]:
    """Return country and indicator of what is printed for readers without a script, but hidden."""
    rows = study.table("estimates.csv")
    total = (rows["domain"] == NATION[0]) & (rows["level"] == NATION[1])
    shown = rows[total & (rows["estimate"] != "")]
    known = set(shown[["country", "indicator"]].itertuples(index=False, name=None))
    printed, indicator = set(), ""
    for head, country in re.findall(
        r"data-n=\*/([^>]+)>|<tr data-n=(\w[^>]*)>[^\n]*<td>[^\n]*\d", page
    ):
        indicator = head or indicator
        if country:
            printed.add((country, indicator))
    return sorted(map("/".join, printed - known))


def _behind(study: Published, name: str) -> list[str]:
    """Return the public tables whose rows a table of the explorer may hold."""
    if name == "estimates":
        return ["estimates.csv"]
    file = {"earlier": "estimates", "changes": "changes"}.get(name)
    pattern = f"countries/*/{file}.csv" if file else f"comparison/{name}.csv"
    return sorted(p.relative_to(study.folder).as_posix() for p in study.folder.glob(pattern))


def explained(study: Published) -> list[str]:
    """17. Pages of how numbers were made say of a cell what its row of the table says."""
    return [*told(study), *of_tables(study)]


def renamed(before: Published, after: Published) -> list[str]:
    """18. No number is there under a new name that the release before had under another."""
    return [*unsaid(before, after)]


def whole_per_cents(study: Published) -> list[str]:
    """21. A whole per cent stands beside a share that is shown, and differs from it by half of one.

    Beside a tenth of a per cent it may differ by half a tenth more, which tells that half tenth;
    point 1 counts with it.
    """
    return [
        f"{path}, line {line}: {whole} is {per_cent} beside {share or 'a hidden share'}"
        for path, table in study.tables().items()
        for name, whole in WHOLE.items()
        if {name, whole} <= {*table.columns}
        for line, share, per_cent in zip(count(2), table[name], table[whole], strict=False)
        if per_cent and (not share or abs(100 * float(share) - int(per_cent)) > 0.55 + 1e-9)
    ]


def of_one(study: Published) -> dict[str, list[str]]:
    """Run the checks of one release."""
    checks = {
        "1 linked intervals": linked_intervals,
        "2 exact splits": exact_splits,
        "3 follow-ups": follow_ups,
        "4 bounds by size": bounds_by_size,
        "5 empty levels": empty_levels,
        "6 derived numbers": derived_numbers,
        "7 figures": figures,
        "10 refusals": refusals,
        "11 forbidden texts": forbidden_texts,
        "13 questions": questions,
        "14 respondents": respondents,
        "15 workbooks": workbooks,
        "16 explorers": explorers,
        "17 explained": explained,
        "21 whole per cents": whole_per_cents,
    }
    return {name: check(study) for name, check in checks.items()}


def of_two(before: Published, after: Published) -> dict[str, list[str]]:
    """Run the checks of a release and the one before."""
    return {
        "8 small changes": small_changes(before, after),
        "9 both releases": both_releases(before, after),
        "18 renamed": renamed(before, after),
    }
