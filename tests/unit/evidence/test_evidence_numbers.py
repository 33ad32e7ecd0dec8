"""Numbers as people type them: the right number, or a refusal that says why."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disrupting_harm.evidence.typed_numbers import (
    NO_NUMBER,
    CellError,
    read_date,
    read_decimal_number,
    read_whole_number,
    read_year,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1234", 1234),
        (" 1234\u00a0", 1234),
        ("\ufeff12", 12),
        ("1,234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234", 1234),
        ("1'234", 1234),
        ("1’234", 1234),
        ("1,234,567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1.234,00", 1234),
        ("1,234.0", 1234),
        ("12.0", 12),
        ("0", 0),
        ("007", 7),
        ("៣៧", 37),
        ("๓๗", 37),
        ("٣٧", 37),
        ("١٬٢٣٤", 1234),
        (1234, 1234),
        (1234.0, 1234),
    ],
)
def test_counts_that_can_be_read_in_one_way(typed, number):
    assert read_whole_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1.234", "'1.234' can be read as 1234 and as a decimal number"),
        (1.234, "1.234 is no whole number; perhaps 1234 was meant"),
        (12.3456, "12.3456 is no whole number"),
        ("12,5", "12,5 is no whole number"),
        ("1,23", "1,23 is no whole number"),
        ("12,34,567", "'12,34,567' is no whole number"),
        ("1,234.567", "1,234.567 is no whole number"),
        ("0,123", "'0,123' is no whole number"),
        ("1,234 567", "'1,234 567' is no whole number"),
        ("12 cases", "'12 cases' is no whole number"),
        ("1e3", "'1e3' is no whole number"),
        ("12²", "'12²' is no whole number"),
        ("-5", "'-5' is below zero"),
        ("−5", "'-5' is below zero"),
        (-5, "-5 is below zero or no number"),
        (float("nan"), "nan is below zero or no number"),
        ("<5", "'<5' is no exact number"),
        ("about 50", "'about 50' is no exact number"),
        ("10-15", "'10-15' is a range"),
        ("10 – 15", "'10 – 15' is a range"),
        ("37 %", "'37 %' is a percentage"),
        (True, "TRUE, a truth value"),
        (datetime(2019, 1, 1), "a date (2019-01-01) in a column of numbers"),
    ],
)
def test_counts_that_are_refused(typed, found):
    with pytest.raises(CellError) as error:
        read_whole_number(typed)
    assert error.value.found == found


@pytest.mark.parametrize("typed", ["n/a", "N/A", " - ", "–", "nil", "None", "not recorded", "NA"])
def test_no_number_leads_to_the_status(typed):
    for read in (read_whole_number, lambda text: read_decimal_number(text, 100)):
        with pytest.raises(CellError) as error:
            read(typed)
        assert "'status'" in error.value.remedy
        assert "zero_reported" in error.value.remedy


def test_words_for_no_number_in_the_languages_of_the_study():
    assert {"គ្មាន", "không có", "tidak ada", "ไม่มี", "sem dados"} <= NO_NUMBER


@given(st.integers(0, 10**10), st.sampled_from([",", " ", "\u00a0", "'"]))
def test_grouped_counts_come_back(number, separator):
    assert read_whole_number(f"{number:,}".replace(",", separator)) == number


@given(st.integers(1000, 999_999))
def test_a_point_before_three_digits_is_never_read(number):
    with pytest.raises(CellError, match=str(number)):
        read_whole_number(f"{number:,}".replace(",", "."))


@given(st.text(max_size=8))
def test_any_text_is_a_count_or_refused(text):
    refusal = None
    try:
        number = read_whole_number(text)
    except CellError as error:
        refusal = error
    assert refusal.found if refusal else number >= 0


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("12", 12.0),
        ("0,125", 0.125),
        ("1.125", 1.125),
        ("37 %", 37.0),
        ("37,5%", 37.5),
        ("១២,៥", 12.5),
        ("١٢٫٥", 12.5),
        (12, 12.0),
        (12.5, 12.5),
    ],
)
def test_percent(typed, number):
    assert read_decimal_number(typed, 100, percent=True) == number


def test_a_cell_shown_as_per_cent():
    assert read_decimal_number(0.29, 100, percent=True, shown_percent=True) == 29
    assert read_decimal_number(0.29, 100, percent=True) == 0.29
    with pytest.raises(CellError, match="200 %"):
        read_decimal_number(2, 3, shown_percent=True)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1,234", "'1,234' can be read as 1234 and as 1.234"),
        ("4", "4 lies outside 0 to 3"),
        (-1, "-1 lies outside 0 to 3"),
        (float("nan"), "nan lies outside 0 to 3"),
        ("50%", "'50%' is a percentage"),
        ("high", "'high' is no number"),
        ("1.2.3", "'1.2.3' is no number"),
    ],
)
def test_scores_that_are_refused(typed, found):
    with pytest.raises(CellError) as error:
        read_decimal_number(typed, 3)
    assert error.value.found == found


@pytest.mark.parametrize("typed", [2019, 2019.0, "2019", " 2019 ", "២០១៩", "2019.0"])
def test_years(typed):
    assert read_year(typed) == 2019


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (datetime(2019, 1, 1), "a date (2019-01-01), not a year"),
        (date(2019, 1, 1), "a date (2019-01-01), not a year"),
        (datetime(1905, 7, 11), "the number 2019, shown as the date 1905-07-11"),
        ("2019-01-01", "a date ('2019-01-01'), not a year"),
        ("2562", "2562 is a year of the Buddhist calendar"),
        ("2018/19", "'2018/19' spans two years"),
        ("2018-2019", "'2018-2019' spans two years"),
        ("19", "'19' is no year from 1950 to 2100"),
        (2019.5, "'2019.5' is no year from 1950 to 2100"),
        ("n/a", "'n/a' is no year"),
    ],
)
def test_years_that_are_refused(typed, found):
    with pytest.raises(CellError) as error:
        read_year(typed)
    assert error.value.found == found


def test_dates():
    assert read_date(datetime(2021, 3, 15)) == "2021-03-15"
    assert read_date("2021-3-15") == "2021-03-15"
    assert read_date("2021-03") == "2021-03"
    for typed in ("15/03/2021", "03/04/2021", "2021-13-01", "2021-02-30", "March 2021", 2021):
        with pytest.raises(CellError, match="no date"):
            read_date(typed)
