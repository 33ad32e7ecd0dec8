# How each number of a survey was made: one page, without a script, with an anchor for each address.
#
# IN   <public>/countries/{country}/, <public>/addresses-moved.csv
# OUT  <public>/explained/{country}.html


rule explained:
    input:
        survey=country_results("estimates.csv", "quality.json", "disclosure.json"),
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
    script:
        "../scripts/explained.py"
