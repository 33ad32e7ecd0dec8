# Data books for statisticians: all that is published of a country, and the comparison, as workbooks
# and, where the study asks for it, on paper.
#
# IN   <public>/countries/, <public>/evidence/, <public>/comparison/, <public>/estimates.csv; on paper
#      what documents share
# OUT  <public>/databooks/{country}/, <public>/databooks/all/

DATABOOK = databook_templates(
    "databook/country.qmd.j2",
    "databook/about.qmd.j2",
    "databook/workbook_first.qmd.j2",
    "databook/workbook_methods.qmd.j2",
)
REGIONAL_DATABOOK = databook_templates(
    "databook/region.qmd.j2",
    "databook/region_about.qmd.j2",
    "databook/region_first.qmd.j2",
    "databook/region_methods.qmd.j2",
)
# Workbooks have no letters, styles or filter of documents.
SHARED_ON_PAPER = shared_files() if DATABOOK_PDF else []


rule databook:
    """a country's workbook of tables in one language"""
    input:
        survey=country_results("estimates.csv", "quality.json", "disclosure.json"),
        comparison=published_comparison(["denominators"]) if STUDY.has_survey else [],
        questions=question_tables,
        evidence=evidence_files(),
        brief=study_file(STUDY.config.report.brief),
        recommendations=study_file(STUDY.config.report.recommendations),
        languages=language_files(country_languages),
        shared=SHARED_ON_PAPER,
        templates=templates(*DATABOOK),
    output:
        "<public>/databooks/{country}/languages.json",
    log:
        "<logs>/databook/{country}.log",
    params:
        code=library("databook", "report/rendering/formats.lua"),
        folder=subpath(output[0], parent=True),
        public=public_folder,
        country=country_row,
        codebook=CODEBOOK,
        settings=country_settings,
        templates=all_templates,
        texts=texts("databook", country_languages, DATABOOK),
        reviews=reviews(country_languages),
        pdf=DATABOOK_PDF,
        renderer=renderer_here if DATABOOK_PDF else "none",
    script:
        "../scripts/databook.py"


if STUDY.has_survey:

    rule regional_databook:
        """the workbook of the comparison"""
        input:
            comparison=comparison_tables() + needs_table(),
            estimates="<public>/estimates.csv",
            evidence=evidence_files(),
            recommendations=study_file(STUDY.config.report.recommendations),
            shared=SHARED_ON_PAPER,
            templates=templates(*REGIONAL_DATABOOK),
        output:
            "<public>/databooks/all/languages.json",
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
            pdf=DATABOOK_PDF,
            renderer=renderer_here if DATABOOK_PDF else "none",
        script:
            "../scripts/regional_databook.py"
