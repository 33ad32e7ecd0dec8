"""Where countries stand in a finished study, against the published tables read as text."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

from checkout import Checkout

NAMES = {"KEN": "Kenya", "KHM": "Cambodia"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def list_pairs(public: Path, country: str, indicator: str) -> Iterator[tuple[str, float, bool]]:
    """Yield the other country of each tested pair, its difference from it, and whether clear."""
    for row in read(public / "comparison" / "pairwise.csv"):
        pair = [row["country_a"], row["country_b"]]
        if row["indicator"] == indicator and country in pair:
            sign = 1 if pair[0] == country else -1
            (other,) = {*pair} - {country}
            yield other, sign * float(row["difference"]), row["clear"] == "True"


def find_faults(public: Path, country: str) -> list[str]:
    """Return what a figure draws or says otherwise than the tables of the comparison."""
    folder = public / "figures" / "comparison" / country / "en"
    (entry,) = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    prevalence = {
        f"compare/prevalence/{row['indicator']}/{row['country']}": row
        for row in read(public / "comparison" / "prevalence.csv")
    }
    apart = {
        (row["indicator"], row["country"])
        for row in read(public / "comparison" / "comparability.csv")
        if row["comparable"] == "no"
    }
    if not entry["files"]:
        shown = [
            row["indicator"]
            for row in prevalence.values()
            if row["country"] == country and row["estimate"]
        ]
        return [f"{one}: can be compared" for one in shown if (one, country) not in apart]
    faults = []
    looks: dict[str, dict[str, str]] = {}
    for mark in read(folder / "standing.csv"):
        row = prevalence[mark["address"]]
        if (row["indicator"], row["country"]) in apart:
            faults.append(f"{mark['address']}: cannot be compared")
        if mark["sign"]:
            ends = [row["bound_low"], row["bound_high"]]
            if mark["sign"] != "bound" or row["estimate"] or mark["value"]:
                faults.append(f"{mark['address']}: is no bound")
        else:
            ends = [row["ci_low"], row["ci_high"]]
            looks.setdefault(row["indicator"], {})[row["country"]] = mark["look"]
            # Other countries have a line without a dot.
            estimate = f"{100 * float(row['estimate']):.1f}" if row["country"] == country else ""
            if mark["value"] != estimate:
                faults.append(f"{mark['address']}: is drawn at {mark['value']}")
        printed = [float(mark[end]) for end in ("low", "high")]
        if any(abs(a - 100 * float(b)) > 0.005 for a, b in zip(printed, ends, strict=True)):
            faults.append(f"{mark['address']}: its line is {printed}")
    said = []
    for indicator, look in looks.items():
        tested = {other: (by, clear) for other, by, clear in list_pairs(public, country, indicator)}
        clear = {other for other, (_, is_clear) in tested.items() if is_clear}
        if {other for other, name in look.items() if name == "differs"} != clear:
            faults.append(f"{indicator}: dark lines are not the clear pairs")
        if {*look} - {country} != {*tested}:
            faults.append(f"{indicator}: lines are not the tested pairs")
        higher = sum(tested[other][0] > 0 for other in clear)
        undecided = sorted(NAMES[other] for other in {*tested} - clear)
        said.append(word_counts(higher, len(clear) - higher, [*tested], undecided))
    return faults + [f"missing: {text}" for text in said if text not in entry["alt"]]


def word_counts(higher: int, lower: int, others: list[str], undecided: list[str]) -> str:
    """Return the English sentences on a number of tested countries; four at most are named."""
    total = len(others)
    if total == 1:
        words = "Clearly higher than in" if higher else "Clearly lower than in"
        return f"{words if higher or lower else 'No clear difference from'} {NAMES[others[0]]}."
    if len(undecided) == total:
        return f"No clear difference from any of the {total} other countries."
    if total in (higher, lower):
        word = "higher" if higher else "lower"
        return f"Clearly {word} than in each of the {total} other countries."
    if higher and lower:
        above = f"Clearly higher than in {higher} of {total} other countries"
        counted = f"{above}, and clearly lower than in {lower}."
    else:
        word = "higher" if higher else "lower"
        counted = f"Clearly {word} than in {higher or lower} of {total} other countries."
    if not undecided:
        return counted
    *names, last = undecided if len(undecided) <= 4 else [str(len(undecided))]
    listed = f"{', '.join(names)} and {last}" if names else last
    return f"{counted} No clear difference from {listed}."


def test_each_country_stands_where_the_tables_have_it(small: Checkout) -> None:
    public = small.folder / "results" / "public"
    countries = sorted(path.parent.name for path in
                       public.glob("figures/comparison/*/languages.json"))  # fmt: skip
    assert countries == ["KEN", "KHM"]
    for country in countries:
        assert find_faults(public, country) == []


def test_another_verdict_of_a_pair_is_found(small: Checkout, tmp_path: Path) -> None:
    public = small.folder / "results" / "public"
    for name in ("prevalence", "comparability", "pairwise"):
        path = tmp_path / "comparison" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        text = (public / "comparison" / f"{name}.csv").read_text(encoding="utf-8")
        path.write_text(text.replace(",False,", ",True,"), encoding="utf-8")
    figures = tmp_path / "figures" / "comparison" / "KEN" / "en"
    figures.mkdir(parents=True)
    for name in ("figures.json", "standing.csv"):
        (figures / name).write_bytes(
            (public / "figures" / "comparison" / "KEN" / "en" / name).read_bytes()
        )
    assert any("dark lines" in fault for fault in find_faults(tmp_path, "KEN"))
