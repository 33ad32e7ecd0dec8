# Countries with intervals and pairwise differences, from unrounded estimates that may be published.
#
# IN   <restricted>/release/
# OUT  <restricted>/comparison/


rule compare:
    input:
        releases=collect("<restricted>/release/{country}.parquet", country=COUNTRIES),
        code=library("compare"),
    output:
        prevalence="<restricted>/comparison/prevalence.parquet",
        pairwise="<restricted>/comparison/pairwise.parquet",
    log:
        "<logs>/compare.log",
    params:
        codebook=DEFINITIONS,
        alpha=STUDY.config.comparison.alpha,
        confidence=STUDY.config.estimation.confidence,
        simulated=STUDY.config.study.simulated,
    script:
        "../scripts/compare.py"
