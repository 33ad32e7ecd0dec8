"""A finished run beside printed figures, which are computed here from the raw file by hand."""

import csv
import math
from collections import defaultdict
from pathlib import Path

import pytest
from checkout import Checkout
from mini_study import CONFIG

from disrupting_harm.__main__ import main
from disrupting_harm.audit.printed_figures import read_printed_figures
from disrupting_harm.core.errors import StudyError

HEADER = "area,indicator,domain,level,value,se,digits,unit\n"


def daily_use(raw: Path) -> tuple[float, float]:
    """Return the share of daily users, and its linearised standard error, both in per cent."""
    children = [
        (row["stratum"], row["psu"], float(row["w"]), int(row["q1"]))
        for row in csv.DictReader(raw.read_text(encoding="utf-8").splitlines())
    ]
    weight = math.fsum(w for _, _, w, _ in children)
    share = math.fsum(w * yes for _, _, w, yes in children) / weight
    psus: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for stratum, psu, w, yes in children:
        psus[stratum][psu] += w * (yes - share) / weight
    variance = 0.0
    for totals in psus.values():
        n, mean = len(totals), math.fsum(totals.values()) / len(totals)
        variance += n / (n - 1) * math.fsum((total - mean) ** 2 for total in totals.values())
    return 100 * share, 100 * math.sqrt(variance)


def printed(folder: Path, *rows: str) -> str:
    path = folder / "published.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return str(path)


def test_what_was_printed_is_found_again(
    mini: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(mini.folder)
    share, se = daily_use(Path("mini/N.csv"))
    path = printed(tmp_path, f"N,daily,total,all,{share:.2f},{se:.3f},,percent")
    assert read_printed_figures(Path(path))[1].digits == 3
    assert main(["backtest", path, "--config", CONFIG]) == 0
    assert capsys.readouterr().out == f"{path}: 2 printed figures, the run gives all of them\n"

    wrong = printed(
        tmp_path,
        f"N,daily,total,all,{share + 0.1:.1f},{se:.1f},1,percent",
        f"N,daily,sex,none,{share:.1f},,1,percent",
    )
    assert main(["backtest", wrong, "--config", CONFIG]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"row 2: N daily total all, value: printed {share + 0.1:.1f}, here {share:.1f}",
        "row 3: N daily sex none, value: the run has no such cell",
        f"{wrong}: 3 printed figures, 2 differ",
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("N,daily,total,all,about 5,,,percent", "row 2, column 'value': 'about 5' is not a number"),
        ("N,daily,total,all,5,,,per cent", "row 2, column 'unit': 'per cent' is not one of"),
        ("N,daily,total,all,5,,one,", "row 2, column 'digits': 'one' is not a number of decimals"),
        ("N,daily,total,all,,,,", "it has no printed figure"),
    ],
)
def test_a_fault_of_the_file_names_its_place(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(StudyError) as fault:
        read_printed_figures(Path(printed(tmp_path, row)))
    assert said in str(fault.value)


def test_unknown_and_missing_columns(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("country,indicator,domain,levle,value\nN,a,b,c,1\n", encoding="utf-8")
    with pytest.raises(StudyError, match=r"unknown column 'levle'\. Did you mean 'level'"):
        read_printed_figures(path)
    path.write_text("country,indicator,domain,value\nN,a,b,1\n", encoding="utf-8")
    with pytest.raises(StudyError, match="the column 'level' is missing"):
        read_printed_figures(path)
