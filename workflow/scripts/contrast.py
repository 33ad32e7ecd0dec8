"""Compare groups inside one country."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.contrast import contrast_country

    contrast_country(
        country=snakemake.wildcards.country,
        sample=snakemake.input.sample,
        indicators=snakemake.input.indicators,
        asked=snakemake.input.asked,
        parts=snakemake.input.parts,
        weights=snakemake.input.weights,
        item_answers=snakemake.input.item_answers,
        codebook=snakemake.params.codebook,
        estimation=snakemake.params.estimation,
        margins=snakemake.params.margins,
        comparison=snakemake.params.comparison,
        reliability=snakemake.params.reliability,
        gate=list(snakemake.input.gate),
        results=snakemake.params.results,
        moved=snakemake.params.moved,
        simulated=snakemake.params.simulated,
        outputs={
            name: snakemake.output[name] for name in ("gaps", "standardised", "bounds", "ratios")
        },
    )
