# Countries compared in one model per indicator of all their children, adjusted for age, sex and so on.
#
# IN   <restricted>/prepared/, <restricted>/weights/, <restricted>/release/,
#      <restricted>/comparison/comparability.parquet
# OUT  <restricted>/comparison/adjusted_countries.parquet


rule adjust:
    """countries compared in one model per indicator, adjusted for age, sex and more"""
    input:
        samples=collect(
            "<restricted>/prepared/{country}/sample.parquet", country=WITH_MICRODATA
        ),
        indicators=collect(
            "<restricted>/prepared/{country}/indicators.parquet",
            country=WITH_MICRODATA,
        ),
        parts=collect(
            "<restricted>/prepared/{country}/parts.parquet", country=WITH_MICRODATA
        ),
        weights=collect(
            "<restricted>/weights/{country}/weights.parquet", country=WITH_MICRODATA
        ),
        releases=collect("<restricted>/release/{country}.parquet", country=COUNTRIES),
        ledger="<restricted>/comparison/comparability.parquet",
        decisions=collect(gate_file("decisions.csv"), country=COUNTRIES),
        accepted=accepted_tables("comparison", "adjusted_countries")[-1:],
    output:
        "<restricted>/comparison/adjusted_countries.parquet",
    log:
        "<logs>/adjust.log",
    priority: 10
    params:
        code=library("adjust"),
        countries=WITH_MICRODATA,
        moved=renamed(),
        codebook=DEFINITIONS,
        estimation=SETTINGS["estimation"],
        margins=SETTINGS["weighting"]["margins"],
        comparison={key: SETTINGS["comparison"][key] for key in ("adjust_for", "alpha")},
        simulated=STUDY.config.study.simulated,
    script:
        "../scripts/adjust.py"
