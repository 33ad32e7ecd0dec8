"""Draw the evidence of all countries together."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.evidence_figures import draw_regional_evidence_figures

    draw_regional_evidence_figures(
        countries=snakemake.params.countries,
        study=snakemake.params.study,
        confidence=snakemake.params.confidence,
        public=snakemake.params.public,
        folder=snakemake.params.folder,
    )
