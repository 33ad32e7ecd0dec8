"""Recompute the headline table with a second estimator."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.audit import audit

    audit(
        countries=snakemake.params.countries,
        samples=snakemake.input.samples,
        indicators=snakemake.input.indicators,
        parts=snakemake.input.parts,
        weights=snakemake.input.weights,
        estimates=snakemake.input.estimates,
        codebook=snakemake.params.codebook,
        lonely_psu=snakemake.params.lonely_psu,
        calibrated_errors=snakemake.params.calibrated_errors,
        table_output=snakemake.output.table,
        summary_output=snakemake.output.summary,
    )
