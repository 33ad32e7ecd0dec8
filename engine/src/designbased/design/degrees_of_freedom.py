"""Degrees of freedom of a domain, by the names of their rules."""

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from designbased.arrays import Integers
from designbased.errors import InputError

if TYPE_CHECKING:
    from designbased.design.survey_design import SurveyDesign

DfRule: TypeAlias = Literal["full", "strata_with_domain", "domain_only"]


def check_df_rule(rule: str) -> None:
    """Refuse a rule without a definition."""
    if rule not in get_args(DfRule):
        raise InputError(
            "df", f"the value {rule!r}", f"Choose one of {', '.join(get_args(DfRule))}"
        )


class DomainDf:
    """Running degrees of freedom of domains, from PSUs that come one group at a time."""

    def __init__(self, design: "SurveyDesign", rule: DfRule) -> None:
        self._design, self._rule = design, rule
        self._stratum_df = np.maximum(design.stratum_psus_weighted - 1, 0)
        # The last stratum so far, and the domains that it has answers in.
        self._stratum = -1
        self._in_stratum: NDArray[np.bool_] = np.array(False)
        self.df: Integers = np.array(0)

    def add(self, first: int, last: int, present: NDArray[np.bool_]) -> None:
        """Add the PSUs from ``first`` to before ``last``, which follow those added before.

        Args:
            present: (last - first, ...) those with a row of positive weight in the domain.
        """
        of_psus = self._design.psu_stratum[first:last]
        start = np.flatnonzero(np.diff(of_psus, prepend=-1))
        strata = np.logical_or.reduceat(present, start, axis=0)
        earlier = self._in_stratum if of_psus[0] == self._stratum else np.array(False)
        strata[0] &= ~earlier
        if self._rule == "domain_only":
            self.df = self.df + present.sum(axis=0) - strata.sum(axis=0)
        elif self._rule == "full":
            self.df = np.where(strata.any(axis=0), self._design.df, self.df)
        else:
            stratum_df = self._stratum_df[of_psus[start]]
            self.df = self.df + np.tensordot(stratum_df, strata.astype(np.intp), axes=1)
        self._stratum = int(of_psus[-1])
        self._in_stratum = strata[-1] | earlier if len(start) == 1 else strata[-1]


def domain_df(
    design: "SurveyDesign", present: NDArray[np.bool_], rule: DfRule = "domain_only"
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
    df = DomainDf(design, rule)
    df.add(0, design.n_psus, present)
    return df.df
