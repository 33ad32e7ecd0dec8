"""Estimate the options of one question, and what pairs of respondents say."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.questions import question_country

    question_country(
        country=snakemake.wildcards.country,
        sample=snakemake.input.sample,
        indicators=snakemake.input.indicators,
        weights=snakemake.input.weights,
        codebook=snakemake.params.codebook,
        estimation=snakemake.params.estimation,
        margins=snakemake.params.margins,
        simulated=snakemake.params.simulated,
        outputs={name: snakemake.output[name] for name in ("options", "order", "dyads")},
    )
