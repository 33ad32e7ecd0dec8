# Evidence beside the survey: files are checked and typed, then published by rules of their own.
#
# IN   the evidence files of the configuration; <public>/countries/{country}/estimates.csv
# OUT  <restricted>/evidence/, <public>/evidence/

if STUDY.config.evidence.simulation:

    rule simulate_evidence:
        """simulated records of police, services and reviews"""
        input:
            settings=study_file(STUDY.config.evidence.simulation),
            areas=study_file(STUDY.config.evidence.capacity_areas),
        output:
            sources="<restricted>/simulated/evidence/sources.csv",
            tables=collect(
                "<restricted>/simulated/evidence/{table}.csv", table=SIMULATED
            ),
        log:
            "<logs>/simulate_evidence.log",
        params:
            code=library("evidence"),
            countries=COUNTRY_ROWS,
            seed=STUDY.config.seed,
            folder=subpath(output.sources, parent=True),
        script:
            "../scripts/simulate_evidence.py"


if EVIDENCE:

    rule evidence:
        """all evidence besides the survey, checked against its rules"""
        input:
            tables=evidence_tables(),
            sources=evidence_sources(),
            areas=study_file(STUDY.config.evidence.capacity_areas),
        output:
            sources="<restricted>/evidence/sources.parquet",
            tables=collect("<restricted>/evidence/{table}.parquet", table=EVIDENCE),
        log:
            "<logs>/evidence.log",
        params:
            code=library("evidence"),
            names=list(EVIDENCE),
            countries=list(STUDY.listed),
            other_countries=STUDY.config.evidence.other_countries,
            date=SETTINGS["study"]["date"],
            indicators=STUDY.codebook.proportions if STUDY.has_survey else None,
            folder=subpath(output.sources, parent=True),
        script:
            "../scripts/evidence.py"

    rule publish_evidence:
        """evidence as it may be published"""
        input:
            tables=collect("<restricted>/evidence/{table}.parquet", table=EVIDENCE),
            sources="<restricted>/evidence/sources.parquet",
            areas=study_file(STUDY.config.evidence.capacity_areas),
            labels=study_file(STUDY.config.evidence.labels),
        output:
            evidence_files(),
        log:
            "<logs>/publish_evidence.log",
        params:
            code=library("evidence"),
            names=list(EVIDENCE),
            countries=COUNTRY_ROWS,
            study=SETTINGS["study"],
            small_counts=STUDY.config.evidence.small_counts,
            folder=subpath(output[0], parent=True),
        script:
            "../scripts/publish_evidence.py"


# A job of its own: the one table of evidence that changes with the survey.
if triangulation_file():

    rule triangulate:
        """what several sources say of one fact, side by side"""
        input:
            tables=collect(
                "<restricted>/evidence/{table}.parquet",
                table=select_triangulated_tables(EVIDENCE),
            ),
            sources="<restricted>/evidence/sources.parquet",
            forms=study_file(STUDY.config.evidence.triangulation),
            estimates=collect(
                country_results("estimates.csv"),
                country=COUNTRIES,
            ),
        output:
            triangulation_file(),
        log:
            "<logs>/triangulate.log",
        params:
            code=library("evidence"),
            names=select_triangulated_tables(EVIDENCE),
            countries=COUNTRY_ROWS,
            study=SETTINGS["study"],
            small_counts=STUDY.config.evidence.small_counts,
        script:
            "../scripts/triangulate.py"
