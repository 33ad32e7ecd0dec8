import pandas as pd
import pytest

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.microdata.margins import read_margins, refuse_estimated_totals

INTERVIEWED = pd.DataFrame(
    {"sex": ["boy", "girl", "boy", None], "area": ["urban", "rural", "rural", "urban"]}
)
GOOD = "margin,category,total\nsex,boy,60\nsex,girl,40\narea,urban,70.5\narea,rural,29.5\n"


@pytest.fixture
def margins(tmp_path):
    def read(content: str, names: tuple[str, ...] = ("sex", "area")):
        path = tmp_path / "margins.csv"
        path.write_text(content, encoding="utf-8")
        return read_margins(path, names, INTERVIEWED)

    return read


def test_margins_come_in_the_order_named_and_others_are_left_out(margins):
    found = margins(GOOD, ("area", "sex"))
    assert found["margin"].tolist() == ["area", "area", "sex", "sex"]
    assert found["category"].tolist() == ["urban", "rural", "boy", "girl"]
    assert found["total"].tolist() == [70.5, 29.5, 60, 40]
    assert margins(GOOD, ("sex",))["margin"].unique().tolist() == ["sex"]
    assert margins(GOOD, ()).empty


def test_totals_may_differ_by_rounding_alone(margins):
    assert len(margins(GOOD.replace("29.5", "29.50005"))) == 4
    with pytest.raises(
        StudyError, match=r"'sex' and 'area': their totals differ: 100 and 100\.001"
    ):
        margins(GOOD.replace("29.5", "29.501"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("total", "population", r"column 'total': there is no such column.*Name the column"),
        ("60", "many", r"column 'total': a cell that is no finite number in data row 1"),
        ("60", "", r"column 'total': a missing number.*data row 1\. Fill it"),
        ("60", "-60", r"column 'total': a total that is not above zero in data row 1"),
        ("60", "0", r"not above zero.*merge the category"),
        ("area", "region", r"margin 'area': missing; the file has region, sex\. Add its rows"),
        ("sex,girl,40\n", "", r"margin 'sex': no total for 'girl', which the sample has\. Add"),
        ("girl", "girls", r"margin 'sex': no total for 'girl'"),
        ("sex,girl,40", "sex,girl,30\nsex,other,10", r"a total for 'other', but nobody in the"),
        ("girl,40", "girl,0.4", r"'girl': a total of 0\.4, but 1 interview\. Give the number of"),
        ("boy,60", "boy,1", r"category 'boy': a total of 1, but 2 interviews"),
        ("60", "1e13", r"column 'total': a number out of all proportion in data row 1"),
        ("girl", "boy", r"margin 'sex': category 'boy' stands more than once\. Remove"),
    ],
)
def test_faults(margins, old, new, message):
    with pytest.raises(StudyError, match=message):
        margins(GOOD.replace(old, new))


BASES = (
    "margin,category,total,basis\nsex,boy,60,known\nsex,girl,40,\n"
    "area,urban,70,estimated\narea,rural,30,estimated\n"
)


def test_totals_that_are_estimates_are_refused_for_calibrated_errors(margins, tmp_path):
    assert len(margins(BASES)) == 4
    path = tmp_path / "margins.csv"
    refuse_estimated_totals(path, ("sex",))
    with pytest.raises(StudyError, match=r"'basis', margin 'area': .*estimated.*data rows 3, 4"):
        refuse_estimated_totals(path, ("sex", "area"))
    path.write_text(GOOD)
    refuse_estimated_totals(path, ("sex", "area"))


def test_a_basis_is_known_or_estimated(margins):
    with pytest.raises(StudyError, match=r"column 'basis': a word that is no basis in data row 1"):
        margins(BASES.replace("known", "census"))
