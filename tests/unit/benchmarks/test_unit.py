"""Rows of the page of benchmarks in units of a fixed job, and the days of a page."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


def test_rows_share_the_units_around_them_until_a_minute_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import unit
    from report import Row, basis, units

    seconds, clock = iter([4.0, 5.0, 8.0]), iter([0.0, 10.0, 70.0, 70.0, 80.0])
    monkeypatch.setattr(unit, "measure_unit", lambda: next(seconds))
    monkeypatch.setattr(unit.time, "monotonic", lambda: next(clock))

    def measured() -> Iterator[Row]:
        yield Row("first", 9.0, None, "one run")
        yield Row("second", 0.09, None, "one run")
        yield Row("third", 13_000.0, None, "")

    found = list(unit.in_units(measured()))
    assert [row.unit for row in found] == [(4.0, 5.0), (4.0, 5.0), (5.0, 8.0)]
    assert [units(row) for row in found] == ["2.00", "0.0200", "2,000"]
    assert basis(found[0]) == "one run; units of 4.0 s before and 5.0 s after"
    assert basis(found[2]) == "units of 5.0 s before and 8.0 s after"
    assert basis(found[0]._replace(unit=unit.Unit(4.0, 4.4))) == "one run"


def test_other_work_is_no_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    import unit

    other = subprocess.CompletedProcess([], 0, '{"seconds": {"all": 1.0}, "result": "other"}')
    monkeypatch.setattr(unit.subprocess, "run", lambda *_, **__: other)
    with pytest.raises(SystemExit, match="libraries differ from requirements-dev"):
        unit.measure_unit()


def test_a_page_says_which_sections_were_measured_on_which_day(tmp_path: Path) -> None:
    from report import Row, Section, write_section

    page = tmp_path / "page.md"
    page.write_text("# Page\n\n## Kept\n\nMeasured on 24 November 2026.\n", encoding="utf-8")
    row = Row("job", 1.0, None, "")
    write_section(page, Section("New", "Text. Measured on 01 December 2026.", [row]))
    text = page.read_text(encoding="utf-8")
    assert "**This page mixes 2 days**, from 24 November 2026 to 01 December 2026" in text
    assert "| 24 November 2026 | Kept |\n| 01 December 2026 | New |" in text
    assert "| job | seconds |\n|---|---:|\n| job | 1.000 |" in text
    write_section(page, Section("Kept", "Measured on 01 December 2026.", [row]))
    again = page.read_text(encoding="utf-8")
    assert "All sections were measured on one day." in again
    assert "| 01 December 2026 | Kept; New |" in again
    assert again.count("## ") == 3


def test_a_study_in_turn_with_an_earlier_commit_is_told_by_middle_runs_and_ratios(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import whole_study
    from unit import Unit

    def run(name: str, seconds: float, unit: float) -> whole_study.Run:
        stages = {"report": seconds / 2, "figures": seconds / 4, "site": 0.5}
        return whole_study.Run(name, seconds, 60.0, stages, Unit(unit, unit))

    before = [
        run("commit abc", 40.0, 4.0),
        run("commit abc", 60.0, 5.0),
        run("commit abc", 44.0, 4),
    ]
    today = [run("today", 20.0, 4.0), run("today", 20.0, 5.0), run("today", 22.0, 4.0)]
    monkeypatch.setattr(whole_study, "runs_in_turn", lambda *_: [before, today])
    section = whole_study.whole_study("abc", 3)
    assert [(row.name, row.seconds, row.ratio) for row in section.rows] == [
        ("commit abc", 44.0, 2.0),
        ("today", 20.0, None),
        ("report", 10.0, 2.2),
        ("figures", 5.0, 2.2),
        ("all other stages", 0.5, 1.0),
        ("Snakemake, start and end", 4.5, pytest.approx(10.5 / 4.5)),
    ]
    assert section.rows[0].basis.startswith("3 runs of 40.0 to 60.0 s; 60 s by the clock")
    monkeypatch.setattr(whole_study, "runs_in_turn", lambda *_: [today])
    assert {row.ratio for row in whole_study.whole_study().rows} == {None}
