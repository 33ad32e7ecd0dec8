"""Compare the waves of a country."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.change import compare_waves

    run(
        compare_waves,
        files={
            name: list(snakemake.input[name])
            for name in ("releases", "quality", "samples", "indicators", "parts", "weights")
        },
    )
