"""Take in the statistics of a country whose microdata stay at home."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.import_statistics import import_statistics

    run(import_statistics)
