# The explorer: one page a language that holds every published estimate and needs no network.
#
# IN   <public>/estimates.csv, <public>/comparison/; of countries with several surveys those of
#      earlier ones and <public>/countries/{country}/changes.csv
# OUT  <public>/explorer/

EXPLORER = template_names("explorer/*", "parts/methods.qmd.j2")


rule explorer:
    """the pages on which every published estimate can be chosen"""
    input:
        estimates="<public>/estimates.csv",
        comparison=comparison_tables(),
        earlier=collect(
            "<public>/countries/{survey}/estimates.csv", survey=STUDY.earlier
        ),
        changes=change_tables(),
        languages=language_files(project_languages),
        templates=templates(*EXPLORER),
    output:
        explorer_files(),
    log:
        "<logs>/explorer.log",
    params:
        code=library("explorer"),
        earlier={country: STUDY.waves(country)[:-1] for country in WITH_WAVES},
        public=public_folder,
        countries=COUNTRY_ROWS,
        codebook=CODEBOOK,
        settings=SETTINGS,
        templates=all_templates,
        texts=texts("explorer", project_languages, EXPLORER),
        reviews=reviews(project_languages),
    script:
        "../scripts/explorer.py"
