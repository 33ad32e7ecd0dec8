"""A sample that tests of one country's comparisons share."""

import pandas as pd
import pytest
from clustered import clustered

from designbased.design.survey_design import SurveyDesign


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return clustered()


@pytest.fixture(scope="module")
def design(data: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign.from_frame(data)
