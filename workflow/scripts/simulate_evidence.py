"""Simulate the tables of evidence that are not public."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.evidence import simulate_tables

    simulate_tables(
        countries=snakemake.params.countries,
        settings=snakemake.input.settings[0],
        areas=snakemake.input.areas[0],
        seed=snakemake.params.seed,
        folder=snakemake.params.folder,
    )
