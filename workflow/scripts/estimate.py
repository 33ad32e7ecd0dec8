"""Estimate every indicator in every domain of one country."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.estimate import estimate_country

    estimate_country(
        country=snakemake.wildcards.country,
        sample=snakemake.input.sample,
        indicators=snakemake.input.indicators,
        parts=snakemake.input.parts,
        weights=snakemake.input.weights,
        item_answers=snakemake.input.item_answers,
        codebook=snakemake.params.codebook,
        estimation=snakemake.params.estimation,
        margins=snakemake.params.margins,
        reliability=snakemake.params.reliability,
        gate=list(snakemake.input.gate),
        accepted=next(iter(snakemake.input.accepted), None),
        moved=snakemake.params.moved,
        simulated=snakemake.params.simulated,
        output=snakemake.output[0],
    )
