# A simulated population per country, and a sample drawn from it; only where the study is simulated.
#
# OUT  <restricted>/simulated/{country}/: raw file, margins, true values

if STUDY.config.simulation:

    rule simulate:
        """a simulated population of a country, and a survey of it"""
        output:
            sample="<restricted>/simulated/{country}/sample.csv",
            margins="<restricted>/simulated/{country}/margins.csv",
            truth="<restricted>/simulated/{country}/truth.parquet",
            frame="<restricted>/simulated/{country}/frame.json",
        log:
            "<logs>/simulate/{country}.log",
        wildcard_constraints:
            country=of_countries(SURVEYS),
        priority: 40
        params:
            code=library("simulate"),
            population=country_population,
            settings=country_simulation,
            codebook=DEFINITIONS,
            mapping=country_mapping,
            margins=STUDY.config.weighting.margins,
            seed=STUDY.config.seed,
        script:
            "../scripts/simulate.py"
