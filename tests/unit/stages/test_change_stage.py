"""Which PSUs two waves have in common: the tables of kept PSUs, step by step."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from designbased.design.survey_design import SurveyDesign
from disrupting_harm.comparison.waves.overlap import Answers
from disrupting_harm.core.errors import StudyError
from disrupting_harm.stages.change import _find_kept_positions, _read_kept_psus, _Survey
from disrupting_harm.study.countries import Country

HEADER = "stratum_before,psu_before,stratum,psu\n"


def survey(*psus: str, silent: tuple[str, ...] = ()) -> _Survey:
    """Return a wave of one stratum with two children in each PSU; nobody answers in silent ones."""
    frame = pd.DataFrame({"stratum": "h", "psu": np.repeat(psus, 2), "weight": 1.0})
    design = SurveyDesign.from_frame(frame)
    empty = pd.DataFrame(index=frame.index)
    known = {("h", psu) for psu in (*psus, *silent)}
    return _Survey(Answers(design, empty, empty, {}, {}), frame, known)


def waves(tmp_path: Path, *tables: str | None):
    """Return the rows of a country and its tables of kept PSUs; None: a wave without one."""
    rows, files = [Country(country="N-1")], []
    for number, table in enumerate(tables):
        path = tmp_path / f"kept_{number}.csv"
        rows.append(Country(country="N", kept_psus=path if table else None))
        if table:
            path.write_text(HEADER + table, encoding="utf-8")
            files.append(str(path))
    return rows, files


def test_kept_psus_have_their_places_in_both_designs(tmp_path: Path):
    first, second = survey("a", "b", "c"), survey("x", "y", silent=("z",))
    rows, files = waves(tmp_path, "h,c,h,x\nh,a,h,y\nh,b,h,z\n")
    steps = _read_kept_psus(rows, files, [first, second])
    # b was drawn again and nobody was interviewed there.
    assert _find_kept_positions(first, second, steps).tolist() == [[0, 1], [2, 0]]


def test_first_and_last_share_what_was_kept_both_times(tmp_path: Path):
    surveys = [survey("a", "b", "c"), survey("k", "l", "m"), survey("x", "y", "z")]
    rows, files = waves(tmp_path, "h,a,h,k\nh,b,h,l\n", "h,l,h,z\nh,m,h,x\n")
    steps = _read_kept_psus(rows, files, surveys)
    assert _find_kept_positions(surveys[0], surveys[2], steps).tolist() == [[1, 2]]


def test_without_a_table_no_psu_is_shared_whatever_the_codes(tmp_path: Path):
    surveys = [survey("a", "b"), survey("a", "b"), survey("a", "b")]
    rows, files = waves(tmp_path, None, "h,a,h,a\n")
    steps = _read_kept_psus(rows, files, surveys)
    assert _find_kept_positions(*surveys[:2], steps[:1]) is None
    assert _find_kept_positions(*surveys[1:], steps[1:]).tolist() == [[0, 0]]
    assert _find_kept_positions(surveys[0], surveys[2], steps) is None


def test_a_psu_that_nobody_knows_is_refused(tmp_path: Path):
    rows, files = waves(tmp_path, "h,a,h,q\n")
    with pytest.raises(StudyError, match="this wave has no PSU q in stratum h"):
        _read_kept_psus(rows, files, [survey("a", "b"), survey("x", "y")])
