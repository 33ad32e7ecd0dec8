# Country reports in all of a country's languages, and the site that leads to everything.
#
# IN   <public>/countries/, <public>/figures/, <public>/comparison/, <public>/evidence/
# OUT  <public>/reports/{country}/, <public>/index.html, <public>/comparison.html


rule report:
    input:
        survey=country_results("estimates.csv", "quality.json"),
        evidence=evidence_files(),
        figures="<public>/figures/{country}",
        texts=country_texts,
        templates=templates(
            f"{STUDY.config.study.template}/*", "parts/*", "styles/*", "language/*"
        ),
        code=library(
            "report",
            *(f"report/rendering/**/*.{kind}" for kind in ("lua", "typ", "html")),
        ),
    output:
        directory("<public>/reports/{country}"),
    log:
        "<logs>/report/{country}.log",
    params:
        public=public_folder,
        country=country_row,
        codebook=CODEBOOK,
        settings=SETTINGS,
        templates=templates_folder,
    script:
        "../scripts/report.py"


rule regional:
    input:
        comparison=comparison_tables(),
        evidence=evidence_files(),
        figures=regional_figures(),
        templates=templates("regional/*", "parts/*", "styles/*", "language/*"),
        code=library(
            "regional",
            *(f"report/rendering/**/*.{kind}" for kind in ("lua", "typ", "html")),
        ),
    output:
        directory("<public>/regional"),
    log:
        "<logs>/regional.log",
    params:
        public=public_folder,
        countries=COUNTRY_ROWS,
        codebook=CODEBOOK,
        settings=SETTINGS,
        templates=templates_folder,
    script:
        "../scripts/regional.py"


rule site:
    input:
        survey=survey_tables(),
        comparison=comparison_tables(),
        evidence=evidence_files(),
        figures=regional_figures(),
        regional="<public>/regional",
        reports=collect("<public>/reports/{country}", country=COUNTRIES),
        templates=templates("site/*"),
        code=library("site"),
    output:
        site_files(),
    log:
        "<logs>/site.log",
    params:
        public=public_folder,
        countries=COUNTRY_ROWS,
        codebook=CODEBOOK,
        settings=SETTINGS,
        templates=templates_folder,
    script:
        "../scripts/site.py"
