# Country reports in all of a country's languages, the regional report, and the site.
#
# IN   <public>/countries/, <public>/figures/, <public>/comparison/, <public>/evidence/
# OUT  <public>/_quarto.yml, <public>/_shared/, <public>/fonts/,
#      <public>/reports/{country}/, <public>/briefs/{country}/, <public>/*.html, <public>/countries/*.html,
#      <public>/{language}/*.html, <public>/{language}/countries/*.html

# Templates of each kind of document, and of the site.
REPORT = document_templates(f"{STUDY.config.study.template}/report.qmd.j2")
BRIEF = document_templates("brief/brief.qmd.j2")
PROJECT_BRIEF = document_templates("brief/project.qmd.j2")
SITE = template_names("site/*", "parts/methods.qmd.j2")
# What files that all documents share say of the study: a new title does not make them again.
SHARED_FACTS = ("organisations", "simulated", "address", "licence", "contact")


# What all documents share: settings, filter, templates, fonts.
rule shared:
    """fonts, styles and templates that all documents share"""
    input:
        templates=templates("styles/*", "locale/*/language.yml"),
    output:
        shared_files(),
    log:
        "<logs>/shared.log",
    params:
        code=library(
            "shared", "report/rendering/filter/*.lua", "report/language/typefaces/*"
        ),
        public=public_folder,
        study={key: SETTINGS["study"][key] for key in SHARED_FACTS},
        templates=all_templates,
    script:
        "../scripts/shared.py"


rule report:
    """a country's report in one language: HTML, PDF and Word"""
    input:
        survey=country_results("estimates.csv", "quality.json", "disclosure.json"),
        changes=change_files("changes.csv"),
        comparison=compared_tables(),
        needs=needs_table(),
        questions=question_tables,
        evidence=evidence_files(),
        figures="<public>/figures/{country}/languages.json",
        standing=standing_figure,
        recommendations=study_file(STUDY.config.report.recommendations),
        findings=study_file(STUDY.config.report.findings),
        written=written_files,
        judgements=study_file(STUDY.config.comparison.comparability),
        references=study_file(STUDY.config.report.references),
        brief=study_file(STUDY.config.report.brief),
        languages=language_files(country_languages),
        shared=shared_files(),
        templates=templates(*REPORT, METHODS_WORKS),
    output:
        "<public>/reports/{country}/renderer.json",
    log:
        "<logs>/report/{country}.log",
    params:
        code=library("report", "report/rendering/formats.lua"),
        folder=subpath(output[0], parent=True),
        public=public_folder,
        country=country_row,
        slots=str(SLOTS or ""),
        countries=STUDY.ledger_facts(),
        listed=STUDY.listed_surveys,
        codebook=CODEBOOK,
        settings=country_settings,
        templates=all_templates,
        texts=texts("report", country_languages, REPORT),
        reviews=reviews(country_languages),
        renderer=renderer_here,
    script:
        "../scripts/report.py"


if STUDY.config.report.brief:

    rule brief:
        """a country's brief of two pages in one language"""
        input:
            survey=country_results("estimates.csv", "quality.json", "disclosure.json"),
            comparison=published_comparison(
                (
                    "denominators",
                    "bounds",
                    "comparability",
                    "gaps",
                    "pairwise",
                    "prevalence",
                )
            ),
            needs=needs_table(),
            evidence=evidence_files(),
            brief=study_file(STUDY.config.report.brief),
            recommendations=study_file(STUDY.config.report.recommendations),
            languages=language_files(brief_languages),
            shared=shared_files(),
            templates=templates(*BRIEF),
        output:
            "<public>/briefs/{country}/renderer.json",
        log:
            "<logs>/brief/{country}.log",
        params:
            code=library("brief", "report/rendering/formats.lua"),
            folder=subpath(output[0], parent=True),
            public=public_folder,
            country=country_row,
            countries=COUNTRY_ROWS,
            codebook=CODEBOOK,
            settings=country_settings,
            templates=all_templates,
            texts=texts("brief", brief_languages, BRIEF),
            reviews=reviews(brief_languages),
            renderer=renderer_here,
        script:
            "../scripts/brief.py"

    # Of one country there is nothing besides its own brief.
    if len(COUNTRIES) > 1:

        rule project_brief:
            """the brief on all countries in one language"""
            input:
                survey=survey_tables(),
                comparison=comparison_tables(),
                needs=needs_table(),
                evidence=evidence_files(),
                brief=study_file(STUDY.config.report.brief),
                recommendations=study_file(STUDY.config.report.recommendations),
                languages=language_files(project_languages),
                shared=shared_files(),
                templates=templates(*PROJECT_BRIEF),
            output:
                "<public>/briefs/all/renderer.json",
            log:
                "<logs>/project_brief.log",
            params:
                code=library("project_brief", "report/rendering/formats.lua"),
                folder=subpath(output[0], parent=True),
                public=public_folder,
                countries=COUNTRY_ROWS,
                codebook=CODEBOOK,
                settings=SETTINGS,
                templates=all_templates,
                texts=texts("project_brief", project_languages, PROJECT_BRIEF),
                reviews=reviews(project_languages),
                renderer=renderer_here,
            script:
                "../scripts/project_brief.py"


if regional_report():

    rule regional:
        """the regional report: all countries side by side"""
        input:
            comparison=comparison_tables(),
            needs=needs_table(),
            survey=region_estimates() + qualities(),
            evidence=evidence_files(),
            figures=regional_figures(),
            references=study_file(STUDY.config.report.references),
            findings=study_file(STUDY.config.report.findings),
            recommendations=study_file(STUDY.config.report.recommendations),
            shared=shared_files(),
            templates=templates(
                *document_templates("regional/report.qmd.j2"), METHODS_WORKS
            ),
        output:
            "<public>/regional/renderer.json",
        log:
            "<logs>/regional.log",
        params:
            code=library("regional", "report/rendering/formats.lua"),
            folder=subpath(output[0], parent=True),
            public=public_folder,
            countries=COUNTRY_ROWS,
            codebook=CODEBOOK,
            settings=SETTINGS,
            templates=all_templates,
            renderer=renderer_here,
        script:
            "../scripts/regional.py"


rule site:
    """the web pages of the study in all languages"""
    input:
        survey=survey_tables(),
        questions=all_question_tables(),
        comparison=comparison_tables(),
        needs=needs_table(),
        evidence=evidence_files(),
        triangulation=triangulation_file(),
        figures=regional_figures(),
        standing=standing_figures(),
        regional=regional_report(),
        reports=collect("<public>/reports/{country}/renderer.json", country=COUNTRIES),
        briefs=briefs(),
        databooks=databooks(),
        brief=study_file(STUDY.config.report.brief),
        recommendations=study_file(STUDY.config.report.recommendations),
        simulation=study_file(STUDY.config.simulation),
        languages=language_files(project_languages),
        templates=templates(*SITE),
        changes=change_tables(),
    output:
        site_files(),
    log:
        "<logs>/site.log",
    params:
        code=library("site"),
        earlier={country: STUDY.waves(country)[:-1] for country in WITH_WAVES},
        follows=identity_of_last_release(),
        public=public_folder,
        countries=COUNTRY_ROWS,
        codebook=CODEBOOK,
        settings=SETTINGS,
        templates=all_templates,
        texts=texts("site", project_languages, SITE),
        reviews=reviews(project_languages),
    script:
        "../scripts/site.py"
