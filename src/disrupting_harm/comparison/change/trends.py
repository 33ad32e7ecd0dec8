"""The models of trends of a country with three waves or more, on the answers of all its waves.

They are a statistician's table, and decide nothing: with the same answers a line and its bend often
say another thing than the changes between waves, of which alone is told (:mod:`.tables`).

Only headline proportions whose national estimate every wave shows, and between no two waves of
which there is a break, have one. Weights are scaled so that each wave counts the same: else a
pooled model follows the wave with the largest population.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from designbased.design.stacked_waves import stacked_design
from designbased.design.survey_design import SurveyDesign
from designbased.estimates.composites import complete_only
from designbased.models.trends import any_change, trend_model
from disrupting_harm.comparison.change.answers import Answers
from disrupting_harm.errors import StudyError
from disrupting_harm.publication.release import is_shown
from disrupting_harm.publication.reliability import floats
from disrupting_harm.study.change_contracts import TRENDS
from disrupting_harm.study.contract_columns import in_shape
from disrupting_harm.study.statuses import TOTAL

MODELS_NEED = 3
_NUMBERS = (
    *("any_change_f", "any_change_df1", "any_change_p", "df"),
    *("linear", "linear_se", "linear_p", "quadratic", "quadratic_se", "quadratic_p"),
)


def trends(
    country: str,
    frames: Sequence[pd.DataFrame],
    waves: Sequence[Answers],
    years: Sequence[float],
    indicators: Sequence[str],
    control: Mapping[str, Sequence[str]],
    data_kind: str,
    kept: bool = False,
) -> pd.DataFrame:
    """Fit the trends of a country.

    Args:
        country: its code.
        frames: design columns of each wave, the first one first.
        waves: its answers.
        years: when each wave was in the field.
        indicators: those that have a trend, see :func:`with_trend`.
        control: by indicator, the domains to control for.
        data_kind: ``simulated`` or ``observed``.
        kept: whether waves have PSUs in common; the model takes them as independent, and says so.

    Returns:
        The columns of :data:`TRENDS`; none with fewer than three waves. A model that cannot be
        fitted leaves its numbers empty and says why in ``note``.
    """
    if len(waves) < MODELS_NEED or not indicators:
        return in_shape(pd.DataFrame(), TRENDS)
    frame = pd.concat(
        [
            own.assign(trend_year=year, weight=own["weight"] / own["weight"].sum())
            for own, year in zip(frames, years, strict=True)
        ],
        ignore_index=True,
    )
    lonely = waves[-1].design.lonely_psu
    design = stacked_design(frame, "trend_year", recurring="independent", lonely_psu=lonely)
    outcomes, domains = (
        pd.concat(parts, ignore_index=True)
        for parts in (
            [complete_only(wave.outcomes, wave.composites) for wave in waves],
            [wave.domains for wave in waves],
        )
    )
    rows = [
        _trend(design, outcomes[name], frame["trend_year"], domains[list(control[name])])
        for name in indicators
    ]
    notes = "PSUs that were kept are taken as drawn anew" if kept else ""
    table = pd.DataFrame(rows).assign(
        country=country, indicator=list(indicators), waves=len(waves), data_kind=data_kind
    )
    table["note"] = ["; ".join(filter(None, [note, notes])) for note in table["note"]]
    return in_shape(table, TRENDS)


def with_trend(
    releases: Sequence[pd.DataFrame], ledger: pd.DataFrame, indicators: Sequence[str]
) -> list[str]:
    """Return the indicators that every wave shows for the whole country, without any break."""
    broken = set(ledger.loc[ledger["comparable"] == "no", "indicator"])
    shown = [
        set(wave.loc[is_shown(wave) & (wave["domain"] == TOTAL[0]), "indicator"])
        for wave in releases
    ]
    return [name for name in indicators if name not in broken and all(name in own for own in shown)]


def _trend(
    design: SurveyDesign, answer: "pd.Series[float]", year: pd.Series, control: pd.DataFrame
) -> dict[str, object]:
    controlled = {"controlled_for": ", ".join(map(str, control))}
    empty = dict.fromkeys(_NUMBERS, np.nan)
    try:
        test = any_change(design, answer, year)
        model = trend_model(design, answer, year, control if len(control.columns) else None)
    except StudyError as fault:
        return {**empty, "n": int(answer.notna().sum()), **controlled, "note": fault.found}
    found = {
        column: dict(zip(model["term"], floats(model, column), strict=True))
        for column in ("estimate", "se", "p_value")
    }
    return {
        "n": int(model["n"].iloc[0]),
        "any_change_f": test.statistic,
        "any_change_df1": float(test.df1),
        "any_change_p": test.p_value,
        **{
            name + suffix: found[column][name]
            for name in ("linear", "quadratic")
            for suffix, column in (("", "estimate"), ("_se", "se"), ("_p", "p_value"))
        },
        "df": float(model["df"].iloc[0]),
        **controlled,
        "note": "",
    }
