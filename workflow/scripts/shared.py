"""Write what all documents of a release share."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.shared import write_shared_files

    run(write_shared_files, folder=snakemake.params.public)
