# Which tables of a country may be published anew after the accepted releases; only where a release is
# updated. It looks at who changed, so it comes before anything is estimated: of a country that is
# held nothing is. The environment names the file of the key.
#
# IN   <restricted>/prepared/, <restricted>/weights/, <restricted>/releases/
# OUT  <restricted>/gate/{country}/

if RELEASES:

    rule gate:
        """what a release may change of the one before it"""
        input:
            sample="<restricted>/prepared/{country}/sample.parquet",
            indicators="<restricted>/prepared/{country}/indicators.parquet",
            parts="<restricted>/prepared/{country}/parts.parquet",
            weights="<restricted>/weights/{country}/weights.parquet",
            accepted=accepted_country,
        output:
            decisions="<restricted>/gate/{country}/decisions.csv",
            before="<restricted>/gate/{country}/before.parquet",
        log:
            "<logs>/gate/{country}.log",
        wildcard_constraints:
            country=of_countries(WITH_MICRODATA),
        priority: 10
        params:
            code=library("gate"),
            results=results_folder,
            study_folder=study_folder,
            codebook=DEFINITIONS,
            rules=SETTINGS["publication"]["release"],
            simulated=STUDY.config.study.simulated,
        script:
            "../scripts/gate.py"
