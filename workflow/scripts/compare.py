"""Compare the countries in all ways that the study asks for."""

from disrupting_harm.core.job import logged_job

with logged_job(snakemake.log[0]):
    from disrupting_harm.stages.compare import compare_countries

    compare_countries(
        releases=snakemake.input.releases,
        within={
            name: snakemake.input[name] for name in ("gaps", "standardised", "bounds", "ratios")
        },
        ledger=snakemake.input.ledger,
        estimates=snakemake.input.get("estimates", []),
        countries=snakemake.params.countries,
        codebook=snakemake.params.codebook,
        comparison=snakemake.params.comparison,
        publication=snakemake.params.publication,
        ethics=snakemake.params.ethics,
        confidence=snakemake.params.confidence,
        seed=snakemake.params.seed,
        simulated=snakemake.params.simulated,
        outputs=dict(snakemake.output.items()),
    )
