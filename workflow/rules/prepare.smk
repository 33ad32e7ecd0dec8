# Raw file -> one typed row per child drawn.
#
# IN   the country's raw file, mapping, codebook, margins (checked here, before any estimate)
# OUT  <restricted>/prepared/{country}/


rule prepare:
    """a raw file with the study's columns and codes, faults counted"""
    input:
        raw=raw_file,
        margins=margins_file,
    output:
        sample="<restricted>/prepared/{country}/sample.parquet",
        answers="<restricted>/prepared/{country}/answers.parquet",
        indicators="<restricted>/prepared/{country}/indicators.parquet",
        asked="<restricted>/prepared/{country}/asked.parquet",
        parts="<restricted>/prepared/{country}/parts.parquet",
        dropped="<restricted>/prepared/{country}/dropped.csv",
        recodes="<restricted>/prepared/{country}/recodes.csv",
        item_answers="<restricted>/prepared/{country}/item_answers.csv",
    log:
        "<logs>/prepare/{country}.log",
    wildcard_constraints:
        country=of_countries(SURVEYS),
    priority: 30
    params:
        code=library("prepare"),
        mapping=country_mapping,
        codebook=DEFINITIONS,
        simulated=STUDY.config.study.simulated,
        source=STUDY.config.weighting.source,
        folder=subpath(output.sample, parent=True),
        lonely_psu=STUDY.config.estimation.lonely_psu,
        calibrated_errors=STUDY.config.estimation.calibrated_errors,
        margins=STUDY.config.weighting.margins,
    script:
        "../scripts/prepare.py"
