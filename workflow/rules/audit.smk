# Two more, independent estimators; then the manifests of the whole run.
#
# IN   restricted and public results
# OUT  <restricted>/audit/, <public>/datapackage.json and <public>/schemas/,
#      <public>/checklists.json and .md, <public>/analysis.svg, <public>/manifest.json,
#      <restricted>/manifest.json and README.md


if WITH_MICRODATA and STUDY.has_survey:

    rule audit:
        """the estimates again by two independent estimators; what differs stops the run"""
        input:
            samples=collect(
                "<restricted>/prepared/{country}/sample.parquet",
                country=SURVEYS,
            ),
            indicators=collect(
                "<restricted>/prepared/{country}/indicators.parquet",
                country=SURVEYS,
            ),
            parts=collect(
                "<restricted>/prepared/{country}/parts.parquet", country=SURVEYS
            ),
            weights=collect(
                "<restricted>/weights/{country}/weights.parquet",
                country=SURVEYS,
            ),
            units=collect(
                "<restricted>/weights/{country}/units.parquet", country=SURVEYS
            ),
            margins=all_margins_files(),
            estimates=collect(
                "<restricted>/estimates/{country}.parquet", country=SURVEYS
            ),
            decisions=collect(gate_file("decisions.csv"), country=WITH_MICRODATA),
        output:
            table="<restricted>/audit/second_estimator.csv",
            weights_table="<restricted>/audit/weights.csv",
            summary="<restricted>/audit/summary.json",
        log:
            "<logs>/audit.log",
        params:
            code=library("audit"),
            countries=SURVEYS,
            codebook=DEFINITIONS,
            weighting=SETTINGS["weighting"],
            estimation=SETTINGS["estimation"],
        script:
            "../scripts/audit.py"


if not IN_BUCKET:

    rule manifest:
        """hashes, versions and settings of all that is published"""
        input:
            definitions=definition_files(),
            data=data_files(),
            made=all_results(),
            audit=audit_summary(),
            texts=[
                path
                for named in (
                    STUDY.config.report.recommendations,
                    STUDY.config.report.brief,
                    STUDY.config.report.findings,
                    STUDY.config.simulation,
                )
                for path in study_file(named)
            ],
            works=study_file(STUDY.config.report.references),
            sources=study_file(STUDY.config.evidence.sources),
            templates=templates(
                "numbers.yml", "numbers-on-site.yml", "locale/*/language.yml"
            ),
            guide=templates("restricted/README.md"),
        output:
            datapackage="<public>/datapackage.json",
            page="<public>/checklists.md",
            checklists="<public>/checklists.json",
            diagram="<public>/analysis.svg",
            # Not removed before the job: it says which files an earlier run has made.
            manifest=update("<public>/manifest.json"),
            restricted="<restricted>/manifest.json",
            guide="<restricted>/README.md",
        log:
            "<logs>/manifest.log",
        params:
            code=library("manifest", "provenance/checklists.yaml"),
            results=results_folder,
            settings=STUDY.config.model_dump(mode="json"),
            codebook=CODEBOOK,
            countries=COUNTRY_ROWS,
            surveys=[*COUNTRIES, *STUDY.earlier],
            records=all_records(),
            stages=list_stages(),
            definition_names=input_names(definition_files()),
            data_names=input_names(data_files()),
        script:
            "../scripts/manifest.py"
