"""``explain --restricted --trace`` counts what stands in the raw file, to the printed number."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from checkout import Checkout
from mini_study import CONFIG

COMPLETE, PARTIAL, GIRL = "1", "2", "2"
DONT_KNOW, PREFER_NOT_TO_SAY, LOST, BLANK = "88", "99", "-9", ""


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def trace(checkout: Checkout, address: str, *words: str) -> list[dict[str, object]]:
    done = checkout.say("explain", address, "--restricted", "--trace", "--json", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["steps"]


@pytest.mark.parametrize(
    ("indicator", "put_to", "column", "missing"),
    [
        ("told_nobody", ("e0", "1"), "e3_0", (DONT_KNOW, PREFER_NOT_TO_SAY, LOST)),
        # Of a helpline who does not know has not heard.
        ("knows_helpline", ("r1", GIRL), "f3", (PREFER_NOT_TO_SAY, LOST)),
    ],
)
def test_each_step_is_a_count_of_the_raw_file(
    small: Checkout, indicator: str, put_to: tuple[str, str], column: str, missing: tuple[str, ...]
) -> None:
    raw = read(small.folder / "results/restricted/simulated/KEN/sample.csv")
    interviewed = [row for row in raw if row["result"] in (COMPLETE, PARTIAL)]
    girls = [row for row in interviewed if row["r1"] == GIRL]
    asked = [row for row in girls if row[put_to[0]] == put_to[1] and row[column] != BLANK]
    answered = [row for row in asked if row[column] not in missing]
    public = "results/public/countries/KEN/estimates.csv"
    (printed,) = (
        row
        for row in read(small.folder / public)
        if (row["indicator"], row["domain"], row["level"]) == (indicator, "sex", "girl")
    )
    steps = trace(small, f"KEN/{indicator}/sex:girl")
    persons = {step["step"]: step["persons"] for step in steps}
    assert persons == {
        "drawn": len(raw),
        "interviewed": len(interviewed),
        "of the group": len(girls),
        "asked": len(asked),
        "answered": len(answered),
        "estimated": len(answered),
        "decided": int(printed["n"]),
        "printed": int(printed["n"]),
    }
    assert len(raw) > len(interviewed) > len(girls) > len(answered)
    reasons = {step["step"]: step["reason"] for step in steps}
    outcomes = Counter(row["result"] for row in raw)
    names = (("3", "refusal"), ("4", "non_contact"), ("5", "other"))
    parts = [f"{outcomes[code]} {name}" for code, name in names]
    assert reasons["interviewed"] == f"not interviewed: {', '.join(parts)}"
    assert reasons["answered"] == f"no valid answer: {len(asked) - len(answered)}"
    assert reasons["printed"] == printed["shown"]
    for step in steps:
        assert (small.folder / "results" / str(step["file"]).partition(", ")[0]).is_file()
        assert step["rule"]


def test_kinds_of_missing_answers_are_told_of_everyone(mini_copy: Checkout) -> None:
    steps = trace(mini_copy, "N/daily", "--config", CONFIG)
    assert [step["persons"] for step in steps] == [540] * 7
    assert steps[1]["reason"] == "it does not tell of others"
    done = mini_copy.say("explain", "N/daily", "--restricted", "--trace", "--config", CONFIG)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("N/daily/estimate: ")
    assert lines[1].split() == ["540", "drawn", *["a", "row", "of", "the", "raw", "file", "each"]]
    # No answer, and nobody's identifier, is printed.
    assert "CANARY" not in done.stdout


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        (("N/daily", "--trace"), "it needs --restricted"),
        (("N/daily", "--restricted", "--trace", "--export", "x"), "goes without --export"),
        (("N/quality/psus", "--restricted", "--trace"), "it is no estimate of a survey"),
        (("compare/pairwise/daily/N/S/ratio", "--restricted", "--trace"), "it is no estimate"),
        (("N/nothing/estimate", "--restricted", "--trace"), "address 'N/nothing/estimate'"),
    ],
)
def test_what_cannot_be_traced_is_refused(
    mini: Checkout, words: tuple[str, ...], finding: str
) -> None:
    done = mini.say("explain", *words, "--config", CONFIG)
    assert (done.returncode, done.stdout) == (1, "")
    assert finding in done.stderr
