# Data books for statisticians: all that is published of a country, and the comparison, as workbooks
# and on paper.
#
# IN   <public>/countries/, <public>/evidence/, <public>/comparison/, what documents share
# OUT  <public>/databooks/{country}/, <public>/databooks/all/

DATABOOK = document_templates("databook/country.qmd.j2")


rule databook:
    input:
        survey=country_results("estimates.csv", "quality.json", "disclosure.json"),
        questions=question_tables,
        evidence=evidence_files(),
        languages=language_files(country_languages),
        shared=shared_files(),
        templates=templates(*DATABOOK),
    output:
        "<public>/databooks/{country}/renderer.json",
    log:
        "<logs>/databook/{country}.log",
    params:
        code=library("databook", "report/rendering/formats.lua"),
        folder=subpath(output[0], parent=True),
        public=public_folder,
        country=country_row,
        codebook=CODEBOOK,
        settings=SETTINGS,
        templates=all_templates,
        texts=texts("databook", country_languages, DATABOOK),
        renderer=renderer_here,
    script:
        "../scripts/databook.py"


if STUDY.has_survey:

    rule regional_databook:
        input:
            comparison=comparison_tables(),
            shared=shared_files(),
            templates=templates(*document_templates("databook/region.qmd.j2")),
        output:
            "<public>/databooks/all/renderer.json",
        log:
            "<logs>/regional_databook.log",
        params:
            code=library(
                "regional_databook",
                "report/rendering/formats.lua",
                "report/documents/databook/regional_sheets.yaml",
            ),
            folder=subpath(output[0], parent=True),
            public=public_folder,
            countries=COUNTRY_ROWS,
            codebook=CODEBOOK,
            settings=SETTINGS,
            templates=all_templates,
            renderer=renderer_here,
        script:
            "../scripts/regional_databook.py"
