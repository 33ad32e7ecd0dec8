"""Meanings of the columns of the public tables of change, by the name of the file."""

_WAVES = {
    "wave_from": ("string", "The earlier wave."),
    "wave_to": ("string", "The later wave."),
    "year_from": ("number", "When the earlier wave was in the field, in years."),
    "year_to": ("number", "When the later wave was in the field, in years."),
}

# In the tables of an earlier survey of a country.
EARLIER_WAVE = {
    "country": ("string", "Code of the country with the wave behind it: an earlier survey."),
}
CHANGE_TABLES: dict[str, dict[str, tuple[str, str]]] = {
    "changes.csv": {
        **_WAVES,
        "n_from": ("integer", "n of the earlier wave, as in its own table; empty where hidden."),
        "n_to": ("integer", "n of the later wave, as in its own table; empty where hidden."),
        "estimate_from": ("number", "Estimate of the earlier wave, as in its own table."),
        "estimate_to": ("number", "Estimate of the later wave, as in its own table."),
        "shown_from": ("string", "Estimate of the earlier wave as printed, or what stands there."),
        "shown_to": ("string", "Estimate of the later wave as printed, or what stands there."),
        "difference": (
            "number",
            "Estimate of the later wave minus that of the earlier, computed before rounding and "
            "rounded as the less exact of the two.",
        ),
        "ci_low": (
            "number",
            "Lower limit of the difference, of the error step_alpha: it leaves out zero exactly "
            "where the change is clear; outwards where it is not.",
        ),
        "ci_high": ("number", "Upper limit of the difference, of the same kind."),
        "ratio": ("number", "Estimate of the later wave over that of the earlier, rounded."),
        "p_value": ("number", "P value of no change, unadjusted, rounded."),
        "p_holm": (
            "number",
            "P value adjusted by Holm's method with weights, over the headline indicators and all "
            "pairs of waves compared, in one group, rounded.",
        ),
        "alpha_share": (
            "number",
            "The pair's part of the family's alpha, rounded: half of an indicator's for first and "
            "last, half for neighbours; 0 where the pair is not compared.",
        ),
        "step_alpha": (
            "number",
            "Error of the row's interval: the share of alpha that Holm's method tested it at, "
            "rounded.",
        ),
        "clear": ("boolean", "The verdict: p_holm is at most alpha."),
        "detectable_fall": (
            "number",
            "The smallest true fall that two surveys like these would find in four of five cases, "
            "by the pair's own part of alpha, rounded up; empty where none would be.",
        ),
        "detectable_rise": ("number", "The smallest true rise of that kind."),
        "fixed_difference": (
            "number",
            "The difference with the composition of the earlier wave, by the domain of "
            "comparison.standard; only of all respondents, and only where all groups of both waves "
            "are shown.",
        ),
        "fixed_low": (
            "number",
            "Lower limit of that difference, of the error step_alpha, rounded; it has no verdict.",
        ),
        "fixed_high": ("number", "Upper confidence limit of that difference, rounded."),
        "change": (
            "string",
            "rose or fell: clear. no clear change: tested and not clear, which does not say that "
            "there is none. Empty: no test.",
        ),
        "claim_goes": (
            "number",
            "Share of those to whom it happened who would have had to keep silent in the wave with "
            "the lower estimate, and none in the other, for the change to be no longer certain; "
            "rounded down. Of experiences that are hard to tell alone.",
        ),
        "order_turns": ("number", "The same share at which there would be no change, rounded."),
        "status": (
            "string",
            "present, caution: the change has numbers. break: what was asked, of whom or how is "
            "not the same. hidden: an estimate of one of the waves is not shown. not_asked: by "
            "one of them.",
        ),
        "reason": ("string", "Why there is a break."),
    },
    "trends.csv": {
        "waves": ("integer", "Waves in the model."),
        "any_change_p": (
            "number",
            "P value of the Wald test that all waves are equal, rounded. A model, no verdict: what "
            "is clear stands in changes.csv.",
        ),
        "linear_p": ("number", "P value of the linear trend on the log-odds, rounded."),
        "quadratic_p": ("number", "P value of the bend of the trend, rounded."),
        "controlled_for": ("string", "Domains that the model holds constant."),
    },
    "waves.csv": {
        "wave_year": ("number", "When the wave was in the field, in years."),
        "wording": ("string", "How the question was put, or not available."),
        "options": ("string", "Answers that a respondent could give beside those of the codebook."),
        "universe": ("string", "Who was asked."),
        "comparable": (
            "string",
            "yes or no: whether the wave is compared with the last one before that asked; empty "
            "for the first.",
        ),
        "reason": ("string", "Why not, what was judged, and what is not known."),
        "source": ("string", "Who says so."),
    },
}
