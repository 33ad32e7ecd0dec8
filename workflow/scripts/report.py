"""Write the documents of one country in all its languages."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.report import write_country_reports

    run(write_country_reports)
