"""Recompute weights and the headline table by a second, independent library."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.audit import audit

    audit(
        countries=snakemake.params.countries,
        samples=snakemake.input.samples,
        indicators=snakemake.input.indicators,
        parts=snakemake.input.parts,
        units=snakemake.input.units,
        weights=snakemake.input.weights,
        margins=snakemake.input.get("margins", []),
        estimates=snakemake.input.estimates,
        decisions=snakemake.input.decisions,
        codebook=snakemake.params.codebook,
        weighting=snakemake.params.weighting,
        lonely_psu=snakemake.params.lonely_psu,
        calibrated_errors=snakemake.params.calibrated_errors,
        weights_output=snakemake.output.weights_table,
        table_output=snakemake.output.table,
        summary_output=snakemake.output.summary,
    )
