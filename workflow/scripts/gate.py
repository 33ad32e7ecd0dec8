"""Decide which tables of a country may be published anew, and keep the others."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.gate import decide_country

    decide_country(
        country=snakemake.wildcards.country,
        children={
            name: snakemake.input[name]
            for name in ("sample", "indicators", "parts", "weights", "estimates")
        },
        contrasts={
            name: snakemake.input[name] for name in ("gaps", "standardised", "bounds", "ratios")
        },
        results=snakemake.params.results,
        guarded=[".", snakemake.params.study_folder, snakemake.params.results],
        codebook=snakemake.params.codebook,
        rules=snakemake.params.rules,
        comparison=snakemake.params.comparison,
        simulated=snakemake.params.simulated,
        outcome={name: snakemake.output[name] for name in ("decisions", "before", "kept")},
        outputs={
            name: snakemake.output[name] for name in ("gaps", "standardised", "bounds", "ratios")
        },
    )
