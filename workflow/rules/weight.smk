# Selection probabilities -> non-response -> trimming and raking -> weights with diagnostics.
#
# IN   <restricted>/prepared/{country}/sample.parquet, the country's margins file; the indicators
#      where trimming uses their errors
# OUT  <restricted>/weights/{country}/


rule weight:
    """weights of a country, from selection to totals, with diagnostics"""
    input:
        sample="<restricted>/prepared/{country}/sample.parquet",
        margins=margins_file,
        indicators=trimming_indicators,
    output:
        weights="<restricted>/weights/{country}/weights.parquet",
        units="<restricted>/weights/{country}/units.parquet",
        diagnostics="<restricted>/weights/{country}/diagnostics.json",
        margins="<restricted>/weights/{country}/margins.csv",
        steps="<restricted>/weights/{country}/steps.csv",
        collapses="<restricted>/weights/{country}/collapses.csv",
    log:
        "<logs>/weight/{country}.log",
    wildcard_constraints:
        country=of_countries(SURVEYS),
    priority: 20
    params:
        code=library("weight"),
        weighting=SETTINGS["weighting"],
        key_indicators=KEY_INDICATORS,
    script:
        "../scripts/weight.py"
