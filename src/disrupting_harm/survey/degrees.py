"""Degrees of freedom of a domain, by the names of their rules."""

from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from disrupting_harm.errors import StudyError
from disrupting_harm.survey.design import Integers, SurveyDesign

DfRule: TypeAlias = Literal["full", "strata_with_domain", "domain_only"]


def check_df_rule(rule: str) -> None:
    """Refuse a rule without a definition."""
    if rule not in get_args(DfRule):
        raise StudyError(
            "df", f"the value {rule!r}", f"Choose one of {', '.join(get_args(DfRule))}"
        )


def domain_df(
    design: SurveyDesign, present: NDArray[np.bool_], rule: DfRule = "domain_only"
) -> Integers:
    """Count the degrees of freedom of domains.

    Args:
        design: the design with P PSUs.
        present: (P, ...) PSUs with a row of positive weight in the domain.
        rule: ``"domain_only"``, PSUs in the domain less strata with such PSUs (NHANES and NCHS; R
            ``degf`` of a subset); ``"strata_with_domain"``, all PSUs less strata, of the strata
            with such PSUs (Stata ``svy, subpop``; West, Berglund & Heeringa 2008); ``"full"``, all
            PSUs less all strata.

    Returns:
        (...) degrees of freedom; zero for a domain without cases, also with ``"full"``.
    """
    strata = np.logical_or.reduceat(present, design.stratum_start, axis=0)
    if rule == "domain_only":
        return np.asarray(present.sum(axis=0) - strata.sum(axis=0))
    if rule == "full":
        return np.where(strata.any(axis=0), design.df, 0)
    spare = np.maximum(design.stratum_psus_weighted - 1, 0)
    return np.tensordot(spare, strata.astype(np.intp), axes=1)
