"""Compare the headline indicators of all countries."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.compare import compare_countries

    compare_countries(
        releases=snakemake.input.releases,
        codebook=snakemake.params.codebook,
        alpha=snakemake.params.alpha,
        confidence=snakemake.params.confidence,
        simulated=snakemake.params.simulated,
        prevalence_output=snakemake.output.prevalence,
        pairwise_output=snakemake.output.pairwise,
    )
