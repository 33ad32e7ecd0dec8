"""Survey statistics: arrays and designs in, numbers out.

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
    "estimates.linearisation": ("estimate",),
    "estimates.counts": ("weighted_counts",),
    "estimates.composites": ("Composite",),
    "estimates.covariance": ("joint_estimates",),
    "inference.overlapping_samples": ("shared_covariance",),
    "inference.contrasts": ("pairs_of_levels",),
    "estimates.dyads": ("kappa",),
    "replication.replicates": (
        "balanced_replicates",
        "jackknife",
        "rescaling_bootstrap",
        "supplied_replicates",
    ),
    "replication.replicate_estimates": (
        "ReplicateDesign",
        "replicate_estimate",
        "replicate_quantiles",
    ),
    "streaming.estimates": ("estimate_parquet",),
    "inference.association": ("association_test", "association_tests"),
    "inference.t_tests": ("difference_tests", "mean_tests", "paired_tests"),
    "models.regression": ("fit_model",),
    "models.fay_herriot": ("fay_herriot",),
    "models.trends": (
        "any_change",
        "orthogonal_years",
        "trend_model",
        "wald_test",
        "wald_tests",
    ),
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
    "calibration_auxiliaries": ("calibration.raking", "auxiliaries"),
    "compare_dyads": ("estimates.dyads", "dyads"),
    "compute_response_rates": ("weighting.response_rates", "response_rates"),
    "design_effect_table": ("estimates.counts", "design_effects"),
    "estimate_categories": ("estimates.questions", "categories"),
    "estimate_contrasts": ("inference.contrasts", "contrasts"),
    "estimate_margins": ("models.prevalence_ratios", "predictive_margins"),
    "estimate_quantiles": ("estimates.quantiles", "quantiles"),
    "estimate_ratios": ("estimates.ratios", "ratios"),
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)


def __dir__() -> list[str]:
    return __all__
