"""Options of one question, and pairs of respondents: estimate them, publish what may leave."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.questions import question_country

    question_country(
        country=snakemake.wildcards.country,
        sample=snakemake.input.sample,
        indicators=snakemake.input.indicators,
        weights=snakemake.input.weights,
        release=snakemake.input.release,
        codebook=snakemake.params.codebook,
        estimation=snakemake.params.estimation,
        margins=snakemake.params.margins,
        publication=snakemake.params.publication,
        gate=list(snakemake.input.gate),
        accepted=dict(
            zip(("public_options", "public_dyads"), snakemake.input.accepted, strict=False)
        ),
        simulated=snakemake.params.simulated,
        outputs=dict(snakemake.output.items()),
    )
