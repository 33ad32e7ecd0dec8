"""Decide which tables of a country may be published anew."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.gate import decide_country

    decide_country(
        country=snakemake.wildcards.country,
        children={
            name: snakemake.input[name] for name in ("sample", "indicators", "parts", "weights")
        },
        results=snakemake.params.results,
        guarded=[".", snakemake.params.study_folder, snakemake.params.results],
        codebook=snakemake.params.codebook,
        rules=snakemake.params.rules,
        simulated=snakemake.params.simulated,
        outcome={name: snakemake.output[name] for name in ("decisions", "before")},
    )
