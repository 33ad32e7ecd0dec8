# The waves of a country compared with each other; only of countries with several.
#
# IN   <restricted>/release/, prepared/ and weights/, <public>/countries/{survey}/quality.json of all
#      its surveys; the tables of kept PSUs
# OUT  <restricted>/change/{country}/, <public>/countries/{country}/changes.csv, waves.csv, trends.csv

if WITH_WAVES:

    rule change:
        """what changed between two waves of a country, restricted"""
        input:
            releases=of_waves(f"{RESTRICTED}/release/{{survey}}.parquet"),
            quality=of_waves(f"{PUBLIC}/countries/{{survey}}/quality.json"),
            samples=of_waves(f"{RESTRICTED}/prepared/{{survey}}/sample.parquet"),
            indicators=of_waves(f"{RESTRICTED}/prepared/{{survey}}/indicators.parquet"),
            parts=of_waves(f"{RESTRICTED}/prepared/{{survey}}/parts.parquet"),
            weights=of_waves(f"{RESTRICTED}/weights/{{survey}}/weights.parquet"),
            kept_psus=kept_psus,
            judgements=comparability_file,
        output:
            changes="<restricted>/change/{country}/changes.parquet",
            waves="<restricted>/change/{country}/waves.parquet",
            trends="<restricted>/change/{country}/trends.parquet",
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
            estimation=SETTINGS["estimation"],
            margins=SETTINGS["weighting"]["margins"],
            comparison={
                key: SETTINGS["comparison"][key]
                for key in ("alpha", "standard", "adjust_for")
            },
            simulated=STUDY.config.study.simulated,
        script:
            "../scripts/change.py"

    rule publish_change:
        """the change between waves, as it may be published"""
        input:
            changes="<restricted>/change/{country}/changes.parquet",
            waves="<restricted>/change/{country}/waves.parquet",
            trends="<restricted>/change/{country}/trends.parquet",
        output:
            changes="<public>/countries/{country}/changes.csv",
            waves="<public>/countries/{country}/waves.csv",
            trends="<public>/countries/{country}/trends.csv",
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
