# The actions that each country needs, in groups and in order, worked out of public tables alone.
#
# IN   <public>/countries/, <public>/evidence/
# OUT  <public>/comparison/needs.csv


if needs_table():

    rule needs:
        """which actions each country needs, from published tables alone"""
        input:
            survey=tables_by_country(),
            evidence=evidence_files(),
            recommendations=study_file(STUDY.config.report.recommendations),
            judgements=study_file(STUDY.config.comparison.comparability),
        output:
            needs_table(),
        log:
            "<logs>/needs.log",
        params:
            code=library("needs"),
            public=public_folder,
            countries=STUDY.ledger_facts(),
            listed=STUDY.listed_surveys,
            codebook=CODEBOOK,
            settings=SETTINGS,
        script:
            "../scripts/needs.py"
