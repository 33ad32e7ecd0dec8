"""Write the brief on all countries together in the study's languages."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.project_brief import write_briefs_of_study

    run(write_briefs_of_study)
