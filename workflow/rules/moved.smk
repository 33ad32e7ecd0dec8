# What became of addresses that accepted releases had; only where a release is updated.
#
# IN   <restricted>/releases/, <public>/countries/
# OUT  <public>/addresses-moved.csv

if RELEASES:

    rule moved:
        """addresses that an earlier release had, and where they lead now"""
        input:
            before=released_countries(),
            estimates=collect(
                "<public>/countries/{survey}/estimates.csv",
                survey=[*COUNTRIES, *STUDY.earlier],
            ),
        output:
            "<public>/addresses-moved.csv",
        log:
            "<logs>/moved.log",
        params:
            code=library("moved"),
            rules=SETTINGS["publication"]["release"],
            public=public_folder,
        script:
            "../scripts/moved.py"
