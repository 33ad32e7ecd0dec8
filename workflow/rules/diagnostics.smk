# Weights, design effects, non-response and missing answers on one page, for statisticians and reviewers.
#
# IN   <restricted>/prepared/{country}/, <restricted>/weights/{country}/,
#      <restricted>/estimates/{country}.parquet
# OUT  <restricted>/diagnostics/{country}.pdf, <restricted>/diagnostics/{country}.csv


rule diagnostics:
    """weights, design effects and missing answers of a country on one page"""
    input:
        sample="<restricted>/prepared/{country}/sample.parquet",
        answers="<restricted>/prepared/{country}/answers.parquet",
        weights="<restricted>/weights/{country}/weights.parquet",
        margins="<restricted>/weights/{country}/margins.csv",
        estimates="<restricted>/estimates/{country}.parquet",
    output:
        page="<restricted>/diagnostics/{country}.pdf",
        fieldwork="<restricted>/diagnostics/{country}.csv",
    log:
        "<logs>/diagnostics/{country}.log",
    wildcard_constraints:
        country=of_countries(SURVEYS),
    params:
        code=library("diagnostics"),
        row=country_row,
    script:
        "../scripts/diagnostics.py"
