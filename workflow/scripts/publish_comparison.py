"""Write the comparison tables as printed."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.publish_comparison import publish_comparison

    run(publish_comparison, tables=dict(snakemake.input.items()))
