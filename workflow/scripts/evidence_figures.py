"""Draw the evidence of all countries together."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.evidence_figures import draw_regional_evidence_figures

    run(draw_regional_evidence_figures)
