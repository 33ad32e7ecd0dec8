"""Make the raw file of one simulated country."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.simulate import simulate_country

    simulate_country(
        population=snakemake.params.population,
        settings=snakemake.params.settings,
        codebook=snakemake.params.codebook,
        mapping=snakemake.params.mapping,
        margins=snakemake.params.margins,
        seed=snakemake.params.seed,
        sample_output=snakemake.output.sample,
        margins_output=snakemake.output.margins,
        truth_output=snakemake.output.truth,
        frame_output=snakemake.output.frame,
    )
