# Options of one question in their order, and what children and their caregivers say of the same.
#
# IN   <restricted>/prepared/{country}/, <restricted>/weights/{country}/weights.parquet,
#      <restricted>/release/{country}.parquet
# OUT  <restricted>/questions/{country}/, <public>/countries/{country}/questions.csv, dyads.csv


rule questions:
    """answers to one question in order, and what children and caregivers say of the same"""
    input:
        sample="<restricted>/prepared/{country}/sample.parquet",
        indicators="<restricted>/prepared/{country}/indicators.parquet",
        weights="<restricted>/weights/{country}/weights.parquet",
        release="<restricted>/release/{country}.parquet",
        gate=gate_files(),
        accepted=last_files(*(f"{name}.csv" for name in QUESTION_TABLES)),
    output:
        **(
            {"public_dyads": "<public>/countries/{country}/dyads.csv"}
            if "dyads" in QUESTION_TABLES
            else {}
        ),
        options="<restricted>/questions/{country}/options.parquet",
        order="<restricted>/questions/{country}/order.parquet",
        dyads="<restricted>/questions/{country}/dyads.parquet",
        public_options="<public>/countries/{country}/questions.csv",
    log:
        "<logs>/questions/{country}.log",
    wildcard_constraints:
        country=of_countries(WITH_MICRODATA),
    priority: 10
    params:
        code=library("questions"),
        codebook=DEFINITIONS,
        estimation=SETTINGS["estimation"],
        margins=SETTINGS["weighting"]["margins"],
        publication=SETTINGS["publication"],
        simulated=STUDY.config.study.simulated,
    script:
        "../scripts/questions.py"
