"""Write which countries can be compared on which indicator."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.ledger import write_ledger

    write_ledger(
        countries=snakemake.params.countries,
        listed=snakemake.params.listed,
        quality=snakemake.input.quality,
        judgements=snakemake.input.judgements or None,
        codebook=snakemake.params.codebook,
        simulated=snakemake.params.simulated,
        output=snakemake.output[0],
    )
