"""Write what all documents of a release share."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.shared import write_shared_files

    write_shared_files(
        organisations=snakemake.params.organisations,
        simulated=snakemake.params.simulated,
        address=snakemake.params.address,
        templates=snakemake.params.templates,
        folder=snakemake.params.public,
    )
