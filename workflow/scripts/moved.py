"""Write what became of addresses that accepted releases had."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.moved import write_moved

    write_moved(
        before=snakemake.input.before,
        estimates=snakemake.input.estimates,
        rules=snakemake.params.rules,
        public=snakemake.params.public,
    )
