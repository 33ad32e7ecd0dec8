# How each number was made: pages with an anchor for each address.
#
# IN   <public>/countries/{country}/, <public>/addresses-moved.csv; <public>/comparison/,
#      <public>/evidence/
# OUT  <public>/explained/

if STUDY.has_survey:

    rule explained:
        """how each published number of a survey was made"""
        input:
            survey=country_results("estimates.csv", "quality.json", "disclosure.json"),
            comparison=published_comparison(["denominators"]),
            questions=question_tables,
            change=change_tables_of,
            moved=moved_table(),
            templates=templates("explained/*"),
        output:
            "<public>/explained/{country}.html",
        log:
            "<logs>/explained/{country}.log",
        wildcard_constraints:
            country=of_countries([*COUNTRIES, *STUDY.earlier]),
        params:
            code=library("explained"),
            public=public_folder,
            country=country_row,
            codebook=CODEBOOK,
            settings=SETTINGS,
            templates=all_templates,
            inputs=country_data_names,
            compares=len(COUNTRIES) > 1,
        script:
            "../scripts/explained.py"


# One job for both: a page is soon written, and triangulation changes with the survey, too.
rule explained_tables:
    """how each number of the comparison and of other sources was made"""
    input:
        comparison=comparison_tables() + needs_table(),
        # A gap stands with the numbers of its two groups.
        survey=survey_tables(),
        evidence=evidence_files() + triangulation_file(),
        recommendations=study_file(STUDY.config.report.recommendations),
        templates=templates("explained/*"),
    output:
        explained_tables(),
    log:
        "<logs>/explained_tables.log",
    params:
        code=library("explained"),
        indicators=STUDY.codebook.headlines(),
        areas=areas_of_evidence(),
        countries=COUNTRY_ROWS,
        codebook=CODEBOOK,
        settings=SETTINGS,
        public=public_folder,
        templates=all_templates,
    script:
        "../scripts/explained_tables.py"
