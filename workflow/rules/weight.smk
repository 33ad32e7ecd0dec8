# Selection probabilities -> non-response -> trimming and raking -> weights with diagnostics.
#
# IN   <restricted>/prepared/{country}/sample.parquet, the country's margins file; the indicators
#      where trimming weighs their errors
# OUT  <restricted>/weights/{country}/

KEY_INDICATORS = [
    entry.id
    for entry in STUDY.codebook.indicators
    if entry.headline and entry.statistic == "proportion"
]


def trimming_indicators(wildcards):
    """The country's indicators where trimming looks at them; else an empty list."""
    trimming = STUDY.config.weighting.trimming
    if trimming is None or trimming.method != "mse":
        return []
    return f"{RESTRICTED}/prepared/{wildcards.country}/indicators.parquet"


rule weight:
    input:
        sample="<restricted>/prepared/{country}/sample.parquet",
        margins=margins_file,
        indicators=trimming_indicators,
        code=library("weight"),
    output:
        weights="<restricted>/weights/{country}/weights.parquet",
        diagnostics="<restricted>/weights/{country}/diagnostics.json",
        margins="<restricted>/weights/{country}/margins.csv",
        steps="<restricted>/weights/{country}/steps.csv",
        collapses="<restricted>/weights/{country}/collapses.csv",
        picture="<restricted>/weights/{country}/weights.png",
    log:
        "<logs>/weight/{country}.log",
    priority: 20
    params:
        weighting=SETTINGS["weighting"],
        key_indicators=KEY_INDICATORS,
    script:
        "../scripts/weight.py"
