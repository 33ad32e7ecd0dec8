"""Survey statistics: arrays and designs in, numbers out.

    from disrupting_harm.survey import SurveyDesign, estimate

    design = SurveyDesign.from_frame(frame, weight="weight", stratum="stratum", psu="psu")
    table = estimate(design, frame[["answer"]], frame[["region"]].astype("category"))

Every public name of the engine can be imported from here. A module is loaded when one of its names
is first used, so a table of estimates does not wait for the libraries of regression models.
"""

from importlib import import_module
from typing import Any

_NAMES = {
    "design.survey_design": ("SurveyDesign",),
    "design.stacked_waves": ("stacked_design",),
    "tables.linearise": ("estimate",),
    "tables.counts": ("weighted_counts",),
    "tables.composite": ("Composite",),
    "tables.covariance": ("joint_estimates",),
    "tables.shared_psus": ("shared_covariance",),
    "tables.contrasts": ("pairs_of_levels",),
    "tables.dyads": ("kappa",),
    "replication.replicate_design": ("ReplicateDesign",),
    "replication.replicates": (
        "balanced_replicates",
        "jackknife",
        "rescaling_bootstrap",
        "supplied_replicates",
    ),
    "replication.replicate_estimates": ("replicate_estimate",),
    "replication.replicate_quantiles": ("replicate_quantiles",),
    "streaming.estimates": ("estimate_parquet",),
    "tables.association": ("association_test", "association_tests"),
    "tables.t_tests": ("difference_tests", "mean_tests", "paired_tests"),
    "models.glm": ("fit_model",),
    "models.fay_herriot": ("fay_herriot",),
    "models.wald": ("wald_test", "wald_tests"),
    "models.trends": ("any_change", "orthogonal_years", "trend_model"),
    "models.prevalence_ratios": ("adjusted_prevalence_ratios",),
    "weighting.base_weights": ("selection_weights",),
    "weighting.response_rates": ("dispositions", "r_indicator", "response_rate_table"),
    "weighting.nonresponse": ("adjust_for_nonresponse",),
    "weighting.nonresponse_propensity": ("adjust_by_propensity",),
    "weighting.trimming": ("trim", "trim_and_rake", "weight_caps"),
    "weighting.trimming_mse": ("mse_cap",),
    "weighting.trimming_rules": ("contribution_caps", "fixed_caps"),
    "calibration.raking": ("margin_targets", "poststratify", "rake"),
    "calibration.calibrate": ("calibrate", "recalibrate"),
    "calibration.calibrated_errors": ("calibrated_frame", "margin_indicators"),
    "weighting.diagnostics": ("kish_deff", "weight_quality"),
    "missing.bounds": ("answer_shares", "worst_case_bounds"),
    "missing.imputation": ("impute",),
    "missing.rubin": ("estimate_completed", "pool", "pool_wald"),
}
_HOMES = {name: (module, name) for module, names in _NAMES.items() for name in names}
# A package cannot hold a module and a function of the same name, so these have another one here.
_HOMES |= {
    "calibration_auxiliaries": ("calibration.auxiliaries", "auxiliaries"),
    "compare_dyads": ("tables.dyads", "dyads"),
    "compute_response_rates": ("weighting.response_rates", "response_rates"),
    "design_effect_table": ("tables.design_effects", "design_effects"),
    "estimate_categories": ("tables.categories", "categories"),
    "estimate_contrasts": ("tables.contrasts", "contrasts"),
    "estimate_margins": ("models.predictive_margins", "predictive_margins"),
    "estimate_quantiles": ("tables.quantiles", "quantiles"),
    "estimate_ratios": ("tables.ratios", "ratios"),
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)


def __dir__() -> list[str]:
    return __all__
