# A second, independent estimator; then the manifests of the whole run.
#
# IN   restricted and public results
# OUT  <restricted>/audit/, <public>/datapackage.json, <public>/manifest.json,
#      <restricted>/manifest.json


if WITH_MICRODATA and STUDY.has_survey:

    rule audit:
        input:
            samples=collect(
                "<restricted>/prepared/{country}/sample.parquet",
                country=WITH_MICRODATA,
            ),
            indicators=collect(
                "<restricted>/prepared/{country}/indicators.parquet",
                country=WITH_MICRODATA,
            ),
            parts=collect(
                "<restricted>/prepared/{country}/parts.parquet", country=WITH_MICRODATA
            ),
            weights=collect(
                "<restricted>/weights/{country}/weights.parquet",
                country=WITH_MICRODATA,
            ),
            units=collect(
                "<restricted>/weights/{country}/units.parquet", country=WITH_MICRODATA
            ),
            margins=all_margins_files(),
            estimates=collect(
                "<restricted>/estimates/{country}.parquet", country=WITH_MICRODATA
            ),
        output:
            table="<restricted>/audit/second_estimator.csv",
            weights_table="<restricted>/audit/weights.csv",
            summary="<restricted>/audit/summary.json",
        log:
            "<logs>/audit.log",
        params:
            code=library("audit"),
            countries=WITH_MICRODATA,
            codebook=DEFINITIONS,
            weighting=SETTINGS["weighting"],
            lonely_psu=STUDY.config.estimation.lonely_psu,
            calibrated_errors=STUDY.config.estimation.calibrated_errors,
        script:
            "../scripts/audit.py"


rule manifest:
    input:
        definitions=definition_files(),
        data=data_files(),
        made=all_results(),
        audit=(
            "<restricted>/audit/summary.json"
            if WITH_MICRODATA and STUDY.has_survey
            else []
        ),
    output:
        datapackage="<public>/datapackage.json",
        # Not removed before the job: it says which files an earlier run has made.
        manifest=update("<public>/manifest.json"),
        restricted="<restricted>/manifest.json",
    log:
        "<logs>/manifest.log",
    params:
        code=library("manifest"),
        results=results_folder,
        settings=SETTINGS,
        countries=COUNTRIES,
        records=all_records,
        definition_names=input_names(definition_files()),
        data_names=input_names(data_files()),
    script:
        "../scripts/manifest.py"
