"""Decide which tables of a country may be published anew, and keep the others."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.gate import decide_country

    files, made, params = snakemake.input, snakemake.output, snakemake.params
    contrasts = ("gaps", "standardised", "bounds", "ratios")
    decide_country(
        country=snakemake.wildcards.country,
        children={
            name: files[name] for name in ("sample", "indicators", "parts", "weights", "estimates")
        },
        contrasts={name: files[name] for name in contrasts},
        results=params.results,
        guarded=[".", params.study_folder, params.results],
        codebook=params.codebook,
        rules=params.rules,
        comparison=params.comparison,
        simulated=params.simulated,
        outcome={name: made[name] for name in ("decisions", "before", "kept")},
        outputs={name: made[name] for name in contrasts},
    )
