"""Read, check and type the raw file of one country."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.prepare import prepare

    run(prepare, margins=snakemake.input.get("margins"), margin_names=snakemake.params.margins)
