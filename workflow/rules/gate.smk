# Which tables of a country may be published anew after the accepted releases, and the comparisons
# inside the country with those that stay; only where a release is updated. The environment names the
# file of its key.
#
# IN   <restricted>/prepared/, <restricted>/weights/, <restricted>/estimates/,
#      <restricted>/contrasts/, <restricted>/releases/
# OUT  <restricted>/gate/{country}/

if RELEASES:

    rule gate:
        input:
            sample="<restricted>/prepared/{country}/sample.parquet",
            indicators="<restricted>/prepared/{country}/indicators.parquet",
            parts="<restricted>/prepared/{country}/parts.parquet",
            weights="<restricted>/weights/{country}/weights.parquet",
            estimates="<restricted>/estimates/{country}.parquet",
            gaps="<restricted>/contrasts/{country}/gaps.parquet",
            standardised="<restricted>/contrasts/{country}/standardised.parquet",
            bounds="<restricted>/contrasts/{country}/bounds.parquet",
            ratios="<restricted>/contrasts/{country}/ratios.parquet",
            accepted=accepted_country,
        output:
            decisions="<restricted>/gate/{country}/decisions.csv",
            before="<restricted>/gate/{country}/before.parquet",
            kept="<restricted>/gate/{country}/kept.csv",
            gaps="<restricted>/gate/{country}/gaps.parquet",
            standardised="<restricted>/gate/{country}/standardised.parquet",
            bounds="<restricted>/gate/{country}/bounds.parquet",
            ratios="<restricted>/gate/{country}/ratios.parquet",
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
            comparison={
                key: SETTINGS["comparison"][key] for key in ("standard", "adjust_for")
            },
            simulated=STUDY.config.study.simulated,
        script:
            "../scripts/gate.py"
