# A country whose microdata stay at home, from the statistics that it sent: in the place of all stages
# from *prepare* to *publish*.
#
# IN   the country's folder of statistics
# OUT  <restricted>/release/, <restricted>/contrasts/{country}/, <public>/countries/{country}/

if JOINING:

    rule import_statistics:
        """estimates that an office sends in place of its microdata"""
        input:
            files=statistics_files,
        output:
            release="<restricted>/release/{country}.parquet",
            gaps="<restricted>/contrasts/{country}/gaps.parquet",
            standardised="<restricted>/contrasts/{country}/standardised.parquet",
            bounds="<restricted>/contrasts/{country}/bounds.parquet",
            ratios="<restricted>/contrasts/{country}/ratios.parquet",
            slopes="<restricted>/contrasts/{country}/slopes.parquet",
            table="<public>/countries/{country}/estimates.csv",
            quality="<public>/countries/{country}/quality.json",
            disclosure="<public>/countries/{country}/disclosure.json",
        log:
            "<logs>/import_statistics/{country}.log",
        wildcard_constraints:
            country=of_countries(JOINING),
        priority: 30
        params:
            code=library("import_statistics"),
            folder=statistics_folder,
            codebook=DEFINITIONS,
            rules=shared_rules(STUDY.config),
            gaps=STUDY.config.comparison.gaps,
            publication=SETTINGS["publication"],
            simulated=STUDY.config.study.simulated,
        script:
            "../scripts/import_statistics.py"
