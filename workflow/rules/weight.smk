# Selection probabilities -> non-response -> trimming and raking -> weights with diagnostics.
#
# IN   <restricted>/prepared/{country}/sample.parquet, the country's margins file
# OUT  <restricted>/weights/{country}/


rule weight:
    input:
        sample="<restricted>/prepared/{country}/sample.parquet",
        margins=margins_file,
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
    script:
        "../scripts/weight.py"
