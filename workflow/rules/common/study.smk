# What the study gives its rules: the files that it names, and its rows and mappings.

from disrupting_harm.aggregates.agreement import find_statistics_files


def study_folder(wildcards):
    """The folder of the configuration file."""
    return str(STUDY.path.parent)


def raw_file(wildcards):
    """The country's raw file."""
    return str(STUDY.raw_file(wildcards.country))


def margins_file(wildcards):
    """The country's margins file; an empty list where nothing is raked."""
    margins = STUDY.margins_file(wildcards.country)
    return str(margins) if margins else []


def all_margins_files():
    """The margins files in the order of the microdata; an empty list where nothing is raked."""
    files = [STUDY.margins_file(survey) for survey in SURVEYS]
    return [str(margins) for margins in files if margins]


def statistics_folder(wildcards):
    """The folder of a country's statistics."""
    return str(STUDY.statistics_folder(wildcards.country))


def statistics_files(wildcards):
    """The files through which a country joins whose microdata stay at home."""
    folder = STUDY.statistics_folder(wildcards.country)
    return [str(path) for path in find_statistics_files(folder)]


def comparability_file(wildcards):
    """What the study itself says about comparability; an empty list where it has no such file."""
    judgements = STUDY.config.comparison.comparability
    return str(STUDY.resolve(judgements)) if judgements else []


def kept_psus(wildcards):
    """The tables of kept PSUs of a country's waves, the first wave first; those that it has."""
    rows = [STUDY.row(survey) for survey in STUDY.waves(wildcards.country)[1:]]
    return [str(STUDY.resolve(row.kept_psus)) for row in rows if row.kept_psus]


def study_file(path):
    """A file that the configuration may name; an empty list where it does not."""
    return [] if path is None else [str(STUDY.resolve(path))]


def written_files(wildcards):
    """What authors have written for a country's reports."""
    folder = SLOTS / wildcards.country if SLOTS else Path()
    return sorted(map(str, folder.glob("*/*.md"))) if SLOTS else []


def evidence_tables():
    """Tables of evidence as users filled them, or as they are simulated."""
    return list(EVIDENCE.values())


def evidence_sources():
    """Tables of sources: the study's own first, then that of simulated tables."""
    simulated = ["<restricted>/simulated/evidence/sources.csv"]
    return study_file(STUDY.config.evidence.sources) + (
        simulated if STUDY.config.evidence.simulation else []
    )


def definition_files():
    """The configuration and everything it names that defines the study."""
    config = STUDY.config
    evidence = config.evidence
    named = [config.countries, config.codebook, config.mapping, config.simulation]
    named += [STUDY.row(survey).mapping for survey in (*COUNTRIES, *STUDY.earlier)]
    named += [config.comparison.comparability, evidence.capacity_areas]
    named += [evidence.sources, evidence.labels, evidence.triangulation]
    named += [evidence.simulation]
    named += [config.report.recommendations, config.report.findings]
    named += [config.report.brief]
    resolved = {str(STUDY.resolve(path)) for path in named if path is not None}
    resolved |= {str(path) for path in SLOTS.glob("*/*/*.md")} if SLOTS else set()
    return sorted({str(STUDY.path), *resolved})


def data_files():
    """Raw and margins files of all countries, and tables of evidence that are the user's."""
    files = [STUDY.resolve(path) for path in STUDY.config.evidence.tables.values()]
    if STUDY.has_survey:
        files += [STUDY.raw_file(survey) for survey in SURVEYS]
        files += [STUDY.margins_file(survey) for survey in SURVEYS]
        for country in JOINING:
            files += find_statistics_files(STUDY.statistics_folder(country))
    return sorted({str(path) for path in files if path})


def country_data_names(wildcards):
    """How manifests name the files of data of a country, or of an earlier survey."""
    country = wildcards.country
    files = (
        find_statistics_files(STUDY.statistics_folder(country))
        if country in JOINING
        else [STUDY.raw_file(country), STUDY.margins_file(country)]
    )
    return input_names([str(path) for path in files if path])


def input_names(files):
    """How the manifests name files that were read: without folders of this machine."""
    packaged = {
        str(STUDY.raw_file(survey)): str(STUDY.row(survey).raw)
        for survey in (*COUNTRIES, *STUDY.earlier)
        if str(STUDY.row(survey).raw).startswith("package:")
    }
    return [
        packaged.get(path)
        or (os.path.relpath(path, STUDY.path.parent) if os.path.isabs(path) else path)
        for path in files
    ]


def of_waves(pattern):
    """A file of each survey of a country, the first wave first; a function of wildcards."""
    return lambda wildcards: [
        pattern.format(survey=survey) for survey in STUDY.waves(wildcards.country)
    ]


def wave_rows(wildcards):
    """The rows of a country's surveys in the countries file, the first wave first."""
    return [
        STUDY.row(survey).model_dump(mode="json")
        for survey in STUDY.waves(wildcards.country)
    ]


def wave_mappings(wildcards):
    """The mappings of a country's surveys, the first wave first."""
    return [
        STUDY.mappings[survey].model_dump(mode="json")
        for survey in STUDY.waves(wildcards.country)
    ]


def country_row(wildcards):
    """The row of a country, or of an earlier wave, in the countries file."""
    return STUDY.row(wildcards.country).model_dump(mode="json")


def country_study(wildcards):
    """The section ``study``, with what the country's own survey is called."""
    survey = STUDY.countries[wildcards.country].named_survey
    return {**SETTINGS["study"], **({"survey": survey} if survey else {})}


def country_settings(wildcards):
    """All settings, with what the country's own survey is called."""
    if STUDY.countries[wildcards.country].named_survey is None:
        return SETTINGS
    return LongParameter({**SETTINGS, "study": country_study(wildcards)})


def country_mapping(wildcards):
    """The country's mapping of raw columns."""
    return STUDY.mappings[wildcards.country].model_dump(mode="json")


def undescribed_design(wildcards):
    """What the country's file does not tell of how its rows were drawn."""
    return STUDY.mappings[wildcards.country].undescribed


def country_languages(wildcards):
    """The languages of a country's reports and figures."""
    return STUDY.countries[wildcards.country].languages


def brief_languages(wildcards):
    """The languages of a country's brief."""
    return STUDY.countries[wildcards.country].languages_of_brief


def project_languages(wildcards):
    """The languages of the study as a whole."""
    return STUDY.config.report.project_languages


def country_simulation(wildcards):
    """The country's simulation settings."""
    return SIMULATION[wildcards.country].model_dump(mode="json")


def country_population(wildcards):
    """The country's code and what its simulated population is sized by."""
    row = country_row(wildcards)
    return {key: row[key] for key in ("country", "children", "internet_use_rate")}
