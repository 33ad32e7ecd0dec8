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
    "design": ("SurveyDesign",),
    "linearise": ("estimate",),
    "streaming": ("estimate_parquet",),
    "counts": ("weighted_counts",),
    "composites": ("Composite",),
    "covariance": ("joint_estimates",),
    "contrasts": ("pairs_of_levels",),
    "replicates": (
        "ReplicateDesign",
        "balanced_replicates",
        "jackknife",
        "rescaling_bootstrap",
        "supplied_replicates",
    ),
    "replicate_estimates": ("replicate_estimate",),
    "association": ("association_test", "association_tests"),
    "t_tests": ("difference_tests", "mean_tests", "paired_tests"),
    "glm": ("fit_model",),
    "wald": ("wald_test", "wald_tests"),
    "prevalence_ratios": ("adjusted_prevalence_ratios",),
    "base_weights": ("selection_weights",),
    "response_rates": ("dispositions", "r_indicator", "response_rate_table"),
    "nonresponse": ("adjust_for_nonresponse",),
    "nonresponse_propensity": ("adjust_by_propensity",),
    "trimming": ("trim", "trim_and_rake", "weight_caps"),
    "trimming_mse": ("mse_cap",),
    "trimming_rules": ("contribution_caps", "fixed_caps"),
    "raking": ("margin_targets", "poststratify", "rake"),
    "calibration": ("calibrate", "recalibrate"),
    "calibrated_errors": ("calibrated_frame", "margin_indicators"),
    "weight_diagnostics": ("kish_deff", "weight_quality"),
    "missing": ("answer_shares", "worst_case_bounds"),
    "imputation": ("impute",),
    "rubin": ("estimate_completed", "pool", "pool_wald"),
}
_HOMES = {name: (module, name) for module, names in _NAMES.items() for name in names}
# A package cannot hold a module and a function of the same name, so these have another one here.
_HOMES |= {
    "calibration_auxiliaries": ("auxiliaries", "auxiliaries"),
    "compute_response_rates": ("response_rates", "response_rates"),
    "design_effect_table": ("design_effects", "design_effects"),
    "estimate_contrasts": ("contrasts", "contrasts"),
    "estimate_margins": ("predictive_margins", "predictive_margins"),
    "estimate_quantiles": ("quantiles", "quantiles"),
    "estimate_ratios": ("ratios", "ratios"),
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(import_module(f"{__name__}.{module}"), attribute)


def __dir__() -> list[str]:
    return __all__
