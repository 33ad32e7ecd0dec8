"""Decide which tables of a country may be published anew."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.gate import decide_country

    run(
        decide_country,
        children={
            name: snakemake.input[name] for name in ("sample", "indicators", "parts", "weights")
        },
        guarded=[".", snakemake.params.study_folder, snakemake.params.results],
        outcome={name: snakemake.output[name] for name in ("decisions", "before")},
    )
