# Comparisons inside one country that need its microdata: gaps between levels with the covariance
# of shared PSUs, direct standardisation, bounds for missing answers, adjusted prevalence ratios, and
# what goes with what.
#
# IN   <restricted>/prepared/{country}/, <restricted>/weights/{country}/weights.parquet; where a release
#      is updated <restricted>/gate/{country}/ and <restricted>/releases/
# OUT  <restricted>/contrasts/{country}/


rule contrast:
    """comparisons inside a country that need its microdata"""
    input:
        sample="<restricted>/prepared/{country}/sample.parquet",
        indicators="<restricted>/prepared/{country}/indicators.parquet",
        asked="<restricted>/prepared/{country}/asked.parquet",
        parts="<restricted>/prepared/{country}/parts.parquet",
        weights="<restricted>/weights/{country}/weights.parquet",
        item_answers="<restricted>/prepared/{country}/item_answers.csv",
        gate=gate_files(),
        accepted=accepted_contrasts,
    output:
        gaps="<restricted>/contrasts/{country}/gaps.parquet",
        standardised="<restricted>/contrasts/{country}/standardised.parquet",
        bounds="<restricted>/contrasts/{country}/bounds.parquet",
        ratios="<restricted>/contrasts/{country}/ratios.parquet",
        slopes="<restricted>/contrasts/{country}/slopes.parquet",
    log:
        "<logs>/contrast/{country}.log",
    wildcard_constraints:
        country=of_countries(WITH_MICRODATA),
    priority: 10
    params:
        code=library("contrast"),
        codebook=DEFINITIONS,
        estimation=SETTINGS["estimation"],
        margins=SETTINGS["weighting"]["margins"],
        comparison={
            key: SETTINGS["comparison"][key]
            for key in ("gaps", "standard", "adjust_for", "associations")
        },
        reliability=STUDY.config.publication.reliability,
        results=results_folder,
        moved=renamed(),
        simulated=STUDY.config.study.simulated,
    script:
        "../scripts/contrast.py"
