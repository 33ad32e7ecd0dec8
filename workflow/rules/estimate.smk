# All indicators x all domains of a country in one pass, at full precision.
#
# IN   <restricted>/prepared/{country}/, <restricted>/weights/{country}/weights.parquet; where a release
#      is updated <restricted>/gate/{country}/ and <restricted>/releases/
# OUT  <restricted>/estimates/{country}.parquet


rule estimate:
    """estimates of a country with their intervals, restricted"""
    input:
        sample="<restricted>/prepared/{country}/sample.parquet",
        indicators="<restricted>/prepared/{country}/indicators.parquet",
        parts="<restricted>/prepared/{country}/parts.parquet",
        weights="<restricted>/weights/{country}/weights.parquet",
        item_answers="<restricted>/prepared/{country}/item_answers.csv",
        gate=gate_files(),
        accepted=last_files("aggregates.parquet"),
    output:
        "<restricted>/estimates/{country}.parquet",
    log:
        "<logs>/estimate/{country}.log",
    wildcard_constraints:
        country=of_countries(SURVEYS),
    priority: 10
    params:
        code=library("estimate"),
        codebook=DEFINITIONS,
        estimation=SETTINGS["estimation"],
        margins=SETTINGS["weighting"]["margins"],
        reliability=STUDY.config.publication.reliability,
        moved=renamed(),
        simulated=STUDY.config.study.simulated,
    script:
        "../scripts/estimate.py"
