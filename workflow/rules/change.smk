# The waves of a country compared with each other; only of countries with several.
#
# IN   <restricted>/release/, <public>/countries/{survey}/quality.json of all its surveys
# OUT  <restricted>/change/{country}/, <public>/countries/{country}/changes.csv and waves.csv

if WITH_WAVES:

    rule change:
        input:
            releases=of_waves(f"{RESTRICTED}/release/{{survey}}.parquet"),
            quality=of_waves(f"{PUBLIC}/countries/{{survey}}/quality.json"),
            judgements=comparability_file,
        output:
            changes="<restricted>/change/{country}/changes.parquet",
            waves="<restricted>/change/{country}/waves.parquet",
        log:
            "<logs>/change/{country}.log",
        wildcard_constraints:
            country=of_countries(WITH_WAVES),
        priority: 10
        params:
            code=library("change"),
            rows=wave_rows,
            mappings=wave_mappings,
            listed=STUDY.listed_surveys,
            codebook=CODEBOOK,
            alpha=STUDY.config.comparison.alpha,
            confidence=STUDY.config.estimation.confidence,
            simulated=STUDY.config.study.simulated,
        script:
            "../scripts/change.py"

    rule publish_change:
        input:
            changes="<restricted>/change/{country}/changes.parquet",
            waves="<restricted>/change/{country}/waves.parquet",
        output:
            changes="<public>/countries/{country}/changes.csv",
            waves="<public>/countries/{country}/waves.csv",
        log:
            "<logs>/publish_change/{country}.log",
        wildcard_constraints:
            country=of_countries(WITH_WAVES),
        priority: 10
        params:
            code=library("publish_change"),
            codebook=DEFINITIONS,
            publication=SETTINGS["publication"],
            simulated=STUDY.config.study.simulated,
        script:
            "../scripts/publish_change.py"
