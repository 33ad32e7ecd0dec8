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
    "design.pps_design": ("PpsDesign",),
    "design.two_phase_design": ("TwoPhaseDesign",),
    "design.stacked_waves": ("stacked_design",),
    "estimates.linearisation": ("estimate",),
    "estimates.counts": ("design_effect_table", "weighted_counts"),
    "estimates.composites": ("Composite",),
    "estimates.covariance": ("joint_estimates",),
    "estimates.quantiles": ("estimate_quantiles",),
    "estimates.questions": ("estimate_categories",),
    "estimates.ratios": ("estimate_ratios",),
    "inference.overlapping_samples": ("shared_covariance",),
    "inference.contrasts": ("estimate_contrasts", "pairs_of_levels"),
    "estimates.dyads": ("compare_dyads", "kappa"),
    "replication.replicates": (
        "balanced_replicates",
        "calibrate_replicates",
        "jackknife",
        "rescaling_bootstrap",
        "stack_replicates",
        "supplied_replicates",
    ),
    "replication.replicate_design": ("ReplicateDesign",),
    "streaming.estimates": ("estimate_parquet",),
    "presentation.print_tables": ("format_estimates", "format_model"),
    "presentation.plots": ("plot_estimates",),
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
    "models.cox": ("fit_cox",),
    "models.survival": ("estimate_survival",),
    "models.margins": ("average_slope", "estimate_margins"),
    "models.multinomial": ("fit_multinomial",),
    "models.ordinal": ("fit_ordinal",),
    "models.predictions": ("predict",),
    "models.prevalence_ratios": ("adjusted_prevalence_ratios",),
    "weighting.base_weights": ("selection_weights",),
    "weighting.response_rates": (
        "compute_response_rates",
        "r_indicator",
        "read_dispositions",
        "response_rate_table",
    ),
    "weighting.nonresponse": ("adjust_for_nonresponse",),
    "weighting.nonresponse_propensity": ("adjust_by_propensity",),
    "weighting.trimming": ("trim", "trim_and_rake", "weight_caps"),
    "weighting.trimming_mse": ("mse_cap",),
    "weighting.trimming_rules": ("contribution_caps", "fixed_caps"),
    "calibration.raking": (
        "calibration_auxiliaries",
        "margin_targets",
        "poststratify",
        "rake",
    ),
    "calibration.calibrate": ("calibrate", "recalibrate"),
    "calibration.second_phase": ("calibrate_second_phase",),
    "calibration.calibrated_errors": ("calibrated_frame", "margin_indicators"),
    "weighting.diagnostics": ("kish_deff", "weight_quality"),
    "missing.bounds": ("estimate_answer_shares", "worst_case_bounds"),
    "missing.imputation": ("impute",),
    "missing.rubin": ("estimate_completed", "pool", "pool_wald"),
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
