"""Publish what may leave of questions with several options, and of pairs of respondents."""

from disrupting_harm.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.questions import publish_questions

    publish_questions(
        options=snakemake.input.options,
        order=snakemake.input.order,
        dyads=snakemake.input.dyads,
        release=snakemake.input.release,
        publication=snakemake.params.publication,
        estimation=snakemake.params.estimation,
        updated=snakemake.params.updated,
        simulated=snakemake.params.simulated,
        outputs={name: snakemake.output[name] for name in ("questions", "dyads")},
    )
