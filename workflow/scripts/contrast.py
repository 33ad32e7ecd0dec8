"""Compare groups inside one country."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.contrast import contrast_country

    run(
        contrast_country,
        outputs={
            name: snakemake.output[name]
            for name in ("gaps", "standardised", "bounds", "ratios", "slopes")
        },
    )
