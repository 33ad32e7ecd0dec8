# The only way from restricted to public results: reliability, disclosure control, rounding.
#
# IN   <restricted>/estimates/, <restricted>/comparison/, <restricted>/evidence/
# OUT  <public>/countries/{country}/, <public>/estimates.csv, <public>/comparison/, <public>/evidence/


rule publish:
    """a country's estimates as they may be published"""
    input:
        estimates="<restricted>/estimates/{country}.parquet",
        diagnostics="<restricted>/weights/{country}/diagnostics.json",
        margins="<restricted>/weights/{country}/margins.csv",
        sample="<restricted>/prepared/{country}/sample.parquet",
        item_answers="<restricted>/prepared/{country}/item_answers.csv",
        dropped="<restricted>/prepared/{country}/dropped.csv",
        gate=gate_files(),
        accepted=last_files(
            "aggregates.parquet",
            "quality.json",
            "disclosure.json",
            "item_answers.csv",
        ),
    output:
        release="<restricted>/release/{country}.parquet",
        table="<public>/countries/{country}/estimates.csv",
        quality="<public>/countries/{country}/quality.json",
        disclosure="<public>/countries/{country}/disclosure.json",
    log:
        "<logs>/publish/{country}.log",
    wildcard_constraints:
        country=of_countries(SURVEYS),
    priority: 10
    params:
        code=library("publish"),
        codebook=DEFINITIONS,
        publication=SETTINGS["publication"],
        release_dates={release.name: release.date for release in RELEASES},
        ethics=SETTINGS["ethics"],
        estimation=SETTINGS["estimation"],
        date=SETTINGS["study"]["date"],
        simulated=STUDY.config.study.simulated,
        undescribed=undescribed_design,
    script:
        "../scripts/publish.py"


rule publish_all:
    """the table of all published estimates"""
    input:
        tables=collect("<public>/countries/{country}/estimates.csv", country=COUNTRIES),
    output:
        "<public>/estimates.csv",
    log:
        "<logs>/publish_all.log",
    params:
        code=library("publish"),
    script:
        "../scripts/publish_all.py"


rule publish_comparison:
    """the comparison as it may be published"""
    input:
        **{name: f"<restricted>/comparison/{name}.parquet" for name in TABLES},
    output:
        **{
            name: f"<public>/comparison/{name}.csv"
            for name in COMPARISON_TABLES
            if name not in COMPARED_IN_REPORT
        },
    log:
        "<logs>/publish_comparison.log",
    priority: 10
    params:
        code=library("publish_comparison"),
        codebook=DEFINITIONS,
        publication=SETTINGS["publication"],
        simulated=STUDY.config.study.simulated,
    script:
        "../scripts/publish_comparison.py"


use rule publish_comparison as publish_for_reports with:
    """the comparison that documents read, as it may be published"""
    input:
        **{
            name: f"<restricted>/comparison/{name}.parquet"
            for name in COMPARED_IN_REPORT
        },
    output:
        **{
            name: f"<public>/comparison/{name}.csv"
            for name in COMPARISON_TABLES
            if name in COMPARED_IN_REPORT
        },
    log:
        "<logs>/publish_for_reports.log",
