# The explorer: one page a language that holds every published estimate and needs no network.
#
# IN   <public>/estimates.csv, <public>/comparison/
# OUT  <public>/explorer/


rule explorer:
    input:
        estimates="<public>/estimates.csv",
        comparison=comparison_tables(),
        texts=project_texts(),
        templates=templates("explorer/*", "parts/methods.qmd.j2"),
    output:
        explorer_files(),
    log:
        "<logs>/explorer.log",
    params:
        code=library("explorer"),
        public=public_folder,
        countries=COUNTRY_ROWS,
        codebook=CODEBOOK,
        settings=SETTINGS,
        templates=all_templates,
    script:
        "../scripts/explorer.py"
