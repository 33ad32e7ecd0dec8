# Evidence beside the survey: CyberTipline reports by country and year.
#
# IN   the evidence files of the configuration
# OUT  <public>/evidence/

if STUDY.config.evidence.cybertips:

    rule evidence:
        input:
            cybertips=str(STUDY.resolve(STUDY.config.evidence.cybertips)),
            code=library("evidence"),
        output:
            "<public>/evidence/cybertips.csv",
        log:
            "<logs>/evidence.log",
        params:
            countries=[
                STUDY.countries[country].model_dump(mode="json")
                for country in COUNTRIES
            ],
        script:
            "../scripts/evidence.py"
