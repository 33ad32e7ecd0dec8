"""Weight the interviewed children of one country."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.weight import weight_country

    weight_country(
        sample=snakemake.input.sample,
        margins=snakemake.input.get("margins"),
        indicators=snakemake.input.get("indicators"),
        weighting=snakemake.params.weighting,
        key_indicators=snakemake.params.key_indicators,
        weights_output=snakemake.output.weights,
        units_output=snakemake.output.units,
        diagnostics_output=snakemake.output.diagnostics,
        margins_output=snakemake.output.margins,
        steps_output=snakemake.output.steps,
        collapses_output=snakemake.output.collapses,
        picture_output=snakemake.output.picture,
    )
