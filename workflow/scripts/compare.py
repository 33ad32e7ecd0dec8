"""Compare the countries in all ways that the study asks for."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.compare import compare_countries

    run(
        compare_countries,
        within={
            name: snakemake.input[name]
            for name in ("gaps", "standardised", "bounds", "ratios", "slopes")
        },
    )
