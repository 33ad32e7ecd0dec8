"""Options of one question, and pairs of respondents: estimate them, publish what may leave."""

from disrupting_harm.core.job import stage

with stage(snakemake) as run:
    from disrupting_harm.stages.questions import question_country

    run(
        question_country,
        accepted=dict(
            zip(("public_options", "public_dyads"), snakemake.input.accepted, strict=False)
        ),
    )
