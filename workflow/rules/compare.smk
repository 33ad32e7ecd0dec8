# Comparisons of countries, from unrounded estimates that may be published and can be compared.
#
# IN   <restricted>/release/, <restricted>/contrasts/, <public>/countries/{country}/quality.json
# OUT  <restricted>/comparison/


rule ledger:
    """which countries can be compared on which indicator, and why others cannot"""
    input:
        quality=collect("<public>/countries/{country}/quality.json", country=COUNTRIES),
        judgements=comparability_file,
    output:
        "<restricted>/comparison/comparability.parquet",
    log:
        "<logs>/ledger.log",
    priority: 10
    params:
        code=library("ledger"),
        countries=COUNTRY_ROWS,
        listed=STUDY.listed_surveys,
        codebook=CODEBOOK,
        associations=SETTINGS["comparison"]["associations"],
        simulated=STUDY.config.study.simulated,
    script:
        "../scripts/ledger.py"


rule compare:
    """averages, pairs and ranks of all countries, restricted"""
    input:
        releases=collect("<restricted>/release/{country}.parquet", country=COUNTRIES),
        gaps=collect("<restricted>/contrasts/{country}/gaps.parquet", country=COUNTRIES),
        standardised=collect(
            "<restricted>/contrasts/{country}/standardised.parquet", country=COUNTRIES
        ),
        bounds=collect(
            "<restricted>/contrasts/{country}/bounds.parquet", country=COUNTRIES
        ),
        ratios=collect(
            "<restricted>/contrasts/{country}/ratios.parquet", country=COUNTRIES
        ),
        slopes=collect(
            "<restricted>/contrasts/{country}/slopes.parquet", country=COUNTRIES
        ),
        ledger="<restricted>/comparison/comparability.parquet",
        # Hidden groups too: for the model of groups, whose table is restricted, alone.
        estimates=collect(
            "<restricted>/estimates/{country}.parquet",
            country=WITH_MICRODATA if STUDY.config.comparison.model else [],
        ),
    output:
        **{
            name: f"<restricted>/comparison/{name}.parquet"
            for name in COMPARED
            if name not in COMPARED_IN_REPORT
        },
        modelled="<restricted>/comparison/modelled.parquet",
    log:
        "<logs>/compare.log",
    priority: 10
    params:
        code=library("compare"),
        countries=COUNTRY_ROWS,
        codebook=DEFINITIONS,
        comparison=SETTINGS["comparison"],
        publication=SETTINGS["publication"],
        ethics=SETTINGS["ethics"],
        confidence=STUDY.config.estimation.confidence,
        seed=STUDY.config.seed,
        simulated=STUDY.config.study.simulated,
    script:
        "../scripts/compare.py"


# Apart: country reports read these tables alone, and need not wait for the others.
use rule compare as compare_for_reports with:
    """the same for documents, from what is published of each country"""
    output:
        **{
            name: f"<restricted>/comparison/{name}.parquet"
            for name in COMPARED_IN_REPORT
            if name in COMPARED
        },
    log:
        "<logs>/compare_for_reports.log",
