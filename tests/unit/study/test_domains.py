import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_study import CODEBOOK, codebook

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import SPECIAL_ANSWERS
from disrupting_harm.study.codebook.domains import build_domains

LEVELS = {
    "total": ["all"],
    "sex": ["boy", "girl"],
    "age_band": ["12-14", "15-17"],
    "sex_age": ["boy|12-14", "boy|15-17", "girl|12-14", "girl|15-17"],
}


def answers(sex: list[str], age: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"sex": sex, "age": age})


def test_levels_are_placed_in_the_codebooks_order_whatever_the_data_hold():
    found = build_domains(answers(["girl", "boy"], [14, 15]), codebook())
    assert {name: found[name].cat.categories.tolist() for name in found} == LEVELS
    assert found["sex_age"].tolist() == ["girl|12-14", "boy|15-17"]
    assert found["total"].tolist() == ["all", "all"]
    assert {name: list(codebook().levels(name)) for name in LEVELS} == LEVELS


def test_a_level_that_is_not_known_is_missing_in_crossings_too():
    found = build_domains(answers(["girl", "lost"], [np.nan, 12]), codebook())
    assert found["total"].notna().all()
    assert found["sex"].isna().tolist() == [False, True]
    assert found["age_band"].isna().tolist() == [True, False]
    assert found["sex_age"].isna().all()


def test_limits_of_bands_are_inclusive_and_numbers_between_bands_an_error():
    found = build_domains(answers(["boy"] * 4, [12, 14, 15, 17]), codebook())
    assert found["age_band"].tolist() == ["12-14", "12-14", "15-17", "15-17"]
    with pytest.raises(StudyError, match=r"'age_band'.*bands, in data row 1\. Add a band"):
        build_domains(answers(["boy", "boy"], [12, 14.5]), codebook())


def test_yes_no_items_make_domains():
    domains = [*CODEBOOK["domains"], {"id": "online", "label": "Online", "item": "online"}]
    book = Codebook.model_validate({**CODEBOOK, "domains": domains})
    frame = answers(["boy"] * 3, [12] * 3).assign(online=["no", "yes", "dont_know"])
    found = build_domains(frame, book)["online"]
    assert found.cat.categories.tolist() == ["yes", "no"]
    assert found.tolist()[:2] == ["no", "yes"]
    assert found.isna().tolist() == [False, False, True]


def test_an_item_that_is_not_there_is_named():
    with pytest.raises(StudyError, match=r"column 'age'.*domain 'age_band' needs it"):
        build_domains(pd.DataFrame({"sex": ["boy"]}), codebook())


def test_bands_that_overlap_are_refused():
    domain = {"id": "age_band", "label": "Age", "item": "age", "bands": {"a": [12, 14]}}
    for bands, fault in (({"b": [14, 15]}, "'a' and 'b' overlap"), ({"b": [17, 15]}, "'b'")):
        changed = {**domain, "bands": {**domain["bands"], **bands}}
        with pytest.raises(ValueError, match=fault):
            Codebook.model_validate(
                {**CODEBOOK, "domains": [CODEBOOK["domains"][0], changed], "indicators": []}
            )


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["boy", "girl", *SPECIAL_ANSWERS]),
            st.sampled_from([np.nan, 12, 13, 14, 15, 16, 17]),
        ),
        min_size=1,
    )
)
def test_a_crossing_is_the_pair_of_its_parts(rows):
    found = build_domains(answers(*map(list, zip(*rows, strict=True))), codebook()).astype(object)
    pairs = found["sex"] + "|" + found["age_band"]
    assert found["sex_age"].equals(pairs)
