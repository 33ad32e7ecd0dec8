"""Compare countries in one model of all countries' children."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.adjust import adjust_countries

    adjust_countries(
        countries=snakemake.params.countries,
        samples=snakemake.input.samples,
        indicators=snakemake.input.indicators,
        parts=snakemake.input.parts,
        weights=snakemake.input.weights,
        releases=snakemake.input.releases,
        ledger=snakemake.input.ledger,
        decisions=snakemake.input.decisions,
        accepted=next(iter(snakemake.input.accepted), None),
        moved=snakemake.params.moved,
        codebook=snakemake.params.codebook,
        estimation=snakemake.params.estimation,
        margins=snakemake.params.margins,
        comparison=snakemake.params.comparison,
        simulated=snakemake.params.simulated,
        output=snakemake.output[0],
    )
