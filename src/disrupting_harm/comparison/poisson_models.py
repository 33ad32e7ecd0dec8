"""Modified Poisson models of one indicator: their rows, and notes where no model can be fitted.

A note never holds a count: "0 of 23 children" would disclose what is hidden.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from designbased.calibration.calibrated_errors import CalibratedFrame
from designbased.design.survey_design import SurveyDesign
from designbased.models.regression import Family, ModelFit, fit_again, fit_model
from disrupting_harm.core.errors import StudyError

# Ratios of fewer yes answers than this are not given.
MIN_YES = 10

FEW_YES = f"fewer than {MIN_YES} yes answers in a group compared"
NO_LEVEL = "no answers in a group compared"
NO_MODEL = "no model: the answers can be predicted perfectly, or do not vary enough"
NO_DEGREES = "no interval: too few PSUs for the model"
SAME_ANSWERS = "not in the model: the indicator is made of the same answers"
TERM_NOT_ASKED = "not in the model: the survey did not ask it"
COUNTRY_NOT_ASKED = "not in the model: the survey did not ask all that is adjusted for"
NOT_ADJUSTED = "not adjusted for what the survey did not ask: {terms}"


def unasked_terms(terms: pd.DataFrame) -> list[str]:
    """Return the terms of which no row has a level: the survey did not ask for them."""
    return [str(name) for name in terms if terms[name].isna().all()]


def _restrict_term(term: pd.Series, used: NDArray[np.bool_]) -> pd.Series:
    """Return a term with the used rows alone, and the categories that these have."""
    codes = np.where(used, term.cat.codes, -1)
    categories = pd.Categorical.from_codes(codes, term.cat.categories, term.cat.ordered)
    if not np.bincount(codes + 1, minlength=len(categories.categories) + 1)[1:].all():
        categories = categories.remove_unused_categories()
    return pd.Series(categories, index=term.index, name=term.name)


@dataclass(frozen=True, eq=False)
class ModelRows:
    """The rows and terms of one indicator's model.

    Attributes:
        used: (n,) rows with a valid answer and a level of every term.
        outcome: (n,) zeros and ones; NaN for rows not used.
        terms: (n, T) categorical; NaN for rows not used, categories without rows removed. Terms
            with fewer than two categories left are not among them.
    """

    used: NDArray[np.bool_]
    outcome: "pd.Series[float]"
    terms: pd.DataFrame

    @classmethod
    def select(
        cls, design: SurveyDesign, outcome: "pd.Series[float]", terms: pd.DataFrame
    ) -> "ModelRows":
        """Leave out rows with a missing value, then levels without rows."""
        used = outcome.notna().to_numpy() & terms.notna().all(axis=1).to_numpy()
        used &= design.weight > 0
        restricted = {name: _restrict_term(term, used) for name, term in terms.items()}
        varying = {name: term for name, term in restricted.items() if len(term.cat.categories) > 1}
        return cls(used, outcome.where(used), pd.DataFrame(varying, index=terms.index))

    def fit(
        self, design: SurveyDesign, family: Family, calibration: CalibratedFrame | None = None
    ) -> ModelFit | None:
        """Fit ``outcome ~ terms``; None where these answers allow no such model."""
        if not self.used.any():
            return None
        # Names of the codebook may be words of the language that formulas are written in.
        data = self.terms.set_axis([f"term_{k}" for k in range(self.terms.shape[1])], axis=1)
        formula = f"outcome ~ {' + '.join(data.columns) or '1'}"
        try:
            rows = data.assign(outcome=self.outcome)
            return fit_model(design, rows, formula, family, self.used, calibration=calibration)
        except StudyError:
            # The frames are whole, so what is left is separation, answers that are all the same or
            # levels that coincide: a finding about these answers, not a fault.
            return None

    @staticmethod
    def fit_again(fit: ModelFit, family: Family) -> ModelFit | None:
        """Fit the same model with another family; None where these answers do not allow it."""
        try:
            return fit_again(fit, family)
        except StudyError:
            return None

    def columns(self, fit: ModelFit, term: str) -> slice:
        """The coefficients of a term: one per category but the first."""
        return fit.model.terms[f"term_{list(self.terms.columns).index(term)}"]
