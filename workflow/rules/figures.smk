# Figures as SVG with their marks as CSV, caption and alt text, in each of a country's languages.
#
# IN   <public>/countries/{country}/, <public>/estimates.csv, <public>/evidence/, <public>/comparison/
# OUT  <public>/figures/


rule figures:
    """the figures of a country in one language"""
    input:
        table=country_results("estimates.csv"),
        changes=change_files("changes.csv"),
        waves=wave_tables,
        questions=options_table,
        evidence=evidence_files(),
        findings=study_file(STUDY.config.report.findings),
        languages=language_files(country_languages),
    output:
        "<public>/figures/{country}/languages.json",
    log:
        "<logs>/figures/{country}.log",
    params:
        code=library("figures"),
        folder=subpath(output[0], parent=True),
        country=country_row,
        codebook=CODEBOOK,
        study=country_study,
        confidence=STUDY.config.estimation.confidence,
        templates=all_templates,
        modules=stage_modules("figures"),
        texts=texts("figures", country_languages),
    script:
        "../scripts/figures.py"


if STUDY.has_survey:

    rule comparison_figures:
        """the figures of the comparison in one language"""
        input:
            tables=drawn_tables,
            groups=drawn_groups,
        output:
            "<public>/figures/comparison/figures-{kind}.json",
        log:
            "<logs>/comparison_figures/{kind}.log",
        priority: 10
        params:
            code=library("comparison_figures"),
            kind="{kind}",
            folder=subpath(output[0], parent=True),
            countries=COUNTRY_ROWS,
            codebook=CODEBOOK,
            study=SETTINGS["study"],
            confidence=STUDY.config.estimation.confidence,
        script:
            "../scripts/comparison_figures.py"

    if STUDY.config.report.findings:

        rule region_figures:
            """figures of the regional report"""
            input:
                tables=region_tables(),
                estimates="<public>/estimates.csv",
                findings=study_file(STUDY.config.report.findings),
                recommendations=study_file(STUDY.config.report.recommendations),
                needs=needs_table(),
                evidence=evidence_files() if STUDY.config.report.recommendations else [],
            output:
                "<public>/figures/regional/figures.json",
            log:
                "<logs>/region_figures.log",
            params:
                code=library("region_figures"),
                folder=subpath(output[0], parent=True),
                countries=COUNTRY_ROWS,
                codebook=CODEBOOK,
                study=SETTINGS["study"],
                confidence=STUDY.config.estimation.confidence,
            script:
                "../scripts/region_figures.py"

    # Apart from a country's other figures: one raw file changes comparisons, and these alone.
    rule standing:
        """the figure on where a country stands, in one language"""
        input:
            tables=standing_tables,
            findings=study_file(STUDY.config.report.findings),
            languages=language_files(country_languages),
        output:
            "<public>/figures/comparison/{country}/languages.json",
        log:
            "<logs>/standing/{country}.log",
        params:
            code=library("standing"),
            folder=subpath(output[0], parent=True),
            country=country_row,
            names={row["country"]: row["name"] for row in COUNTRY_ROWS},
            codebook=CODEBOOK,
            study=country_study,
            confidence=STUDY.config.estimation.confidence,
            templates=all_templates,
            modules=stage_modules("standing"),
            texts=texts("standing", country_languages),
        script:
            "../scripts/standing.py"


if EVIDENCE:

    rule evidence_figures:
        """the figures on evidence besides the survey, in one language"""
        input:
            evidence=evidence_files(),
        output:
            "<public>/figures/evidence/figures.json",
        log:
            "<logs>/evidence_figures.log",
        params:
            code=library("evidence_figures"),
            folder=subpath(output[0], parent=True),
            public=public_folder,
            countries=COUNTRY_ROWS,
            study=SETTINGS["study"],
            confidence=STUDY.config.estimation.confidence,
        script:
            "../scripts/evidence_figures.py"
