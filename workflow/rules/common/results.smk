# What the rules make: public tables and documents by their paths, and all that is declared.

from snakemake.io import strip_wildcard_constraints

from disrupting_harm.core.job_records import record_path
from disrupting_harm.evidence.columns import WORLD
from disrupting_harm.evidence.tables_of_study import list_public_tables
from disrupting_harm.provenance.addresses import EVERYWHERE
from disrupting_harm.report.reading.country_results import COMPARED as READ_BY_REPORTS
from disrupting_harm.report.rendering import list_shared_files
from disrupting_harm.report.rendering.qr_code import PICTURES

# A report waits for these tables of the comparison: those that it reads, and those of its figure.
# Needs are made of public tables, by a rule of their own.
COMPARED_IN_REPORT = [
    name for name in TABLES if name in {*READ_BY_REPORTS, *STANDING_TABLES}
]


def public_folder(wildcards):
    """The folder of public results, for stages that find their files by name."""
    return PUBLIC


def results_folder(wildcards):
    """The folder of all results."""
    return str(STUDY.config.results)


def change_files(*names):
    """Public tables of change; a function of wildcards, none of a country with one wave."""
    return lambda wildcards: [
        f"{PUBLIC}/countries/{wildcards.country}/{name}"
        for name in names
        if wildcards.country in WITH_WAVES
    ]


def wave_tables(wildcards):
    """The public estimates of a country's surveys, the first wave first; none of one wave."""
    if wildcards.country not in WITH_WAVES:
        return []
    surveys = STUDY.waves(wildcards.country)
    return [f"{PUBLIC}/countries/{survey}/estimates.csv" for survey in surveys]


def country_results(*names):
    """Public survey results of a country by file name; none without a survey."""
    return [
        f"<public>/countries/{{country}}/{name}" for name in names if STUDY.has_survey
    ]


def question_tables(wildcards):
    """Public tables of a country's questions and pairs; none where the microdata are at home."""
    return [path for path in all_question_tables() if f"/{wildcards.country}/" in path]


def change_tables_of(wildcards):
    """Public tables of change of a country with several waves; none of one survey."""
    names = ("changes", "trends", "waves") if wildcards.country in WITH_WAVES else ()
    return [f"<public>/countries/{wildcards.country}/{name}.csv" for name in names]


def options_table(wildcards):
    """A country's public table of questions; none where the microdata are at home."""
    return [
        path for path in question_tables(wildcards) if path.endswith("questions.csv")
    ]


def all_question_tables():
    """Public tables of questions and pairs of all countries whose microdata are here."""
    if not STUDY.has_survey:
        return []
    return [
        f"<public>/countries/{country}/{name}.csv"
        for country in WITH_MICRODATA
        for name in QUESTION_TABLES
    ]


def shared_files():
    """What all documents share; the QR code of an address only where the study has one."""
    code = PICTURES if STUDY.config.study.address else ()
    return [f"<public>/{name}" for name in (*list_shared_files(), *code)]


def survey_tables():
    """Public survey results of all countries; none without a survey."""
    return ["<public>/estimates.csv", *tables_by_country()] if STUDY.has_survey else []


def tables_by_country():
    """Public survey results of each country, without the table of all; none without a survey."""
    names = ("estimates.csv", "quality.json", "disclosure.json")
    countries = COUNTRIES if STUDY.has_survey else []
    return [f"<public>/countries/{code}/{name}" for code in countries for name in names]


def briefs():
    """What each brief leaves behind, with that on all of several; none in a study without briefs."""
    if not STUDY.config.report.brief:
        return []
    countries = [*COUNTRIES, "all"] if len(COUNTRIES) > 1 else COUNTRIES
    return collect("<public>/briefs/{country}/renderer.json", country=countries)


def regional_report():
    """What the regional report leaves behind; none of one country, whose own report has all of it."""
    needed = len(COUNTRIES) > 1 or EVIDENCE
    return ["<public>/regional/renderer.json"] if needed else []


def databooks():
    """What each data book leaves behind; with a survey that of the comparison, too."""
    countries = [*COUNTRIES, "all"] if STUDY.has_survey else COUNTRIES
    return collect("<public>/databooks/{country}/languages.json", country=countries)


def change_tables():
    """Public tables of change of all countries with several waves."""
    return collect("<public>/countries/{country}/changes.csv", country=WITH_WAVES)


def audit_summary():
    """What the second estimator says; an empty list without microdata."""
    audited = WITH_MICRODATA and STUDY.has_survey
    return "<restricted>/audit/summary.json" if audited else []


def all_tables():
    """All public tables, which no job makes without the restricted ones, and the audit."""
    survey = survey_tables() + all_question_tables() + change_tables()
    evidence = evidence_files() + triangulation_file()
    compared = comparison_tables() + needs_table()
    return [*survey, *compared, *evidence, audit_summary()]


def site_files():
    """Pages of the site in all its languages, their style sheet and their scripts."""
    pages = ["index.html", "data.html", "methods.html"]
    if STUDY.has_survey and len(COUNTRIES) > 1:
        pages.append("comparison.html")
    if has_law(EVIDENCE):
        pages.append("law.html")
    pages += [f"countries/{country}.html" for country in COUNTRIES]
    others = [code for code in STUDY.config.report.project_languages if code != "en"]
    folders = ("", *(f"{language}/" for language in others))
    files = ("site.css", "site-filter.js", "site-copy.js", "site-compare.js")
    paths = [f"{folder}{page}" for folder in folders for page in pages]
    return [f"<public>/{name}" for name in (*paths, *files)]


def explorer_files():
    """Pages of the explorer, one a language of the study."""
    languages = STUDY.config.report.project_languages
    return [f"<public>/explorer/{language}.html" for language in languages]


def comparison_tables():
    """Public comparison tables of this study; none without a survey."""
    names = COMPARISON_TABLES if STUDY.has_survey else ()
    return [f"<public>/comparison/{name}.csv" for name in names]


def needs_table():
    """The public table of what each country needs; an empty list in a study without actions."""
    has_actions = STUDY.config.report.recommendations
    return ["<public>/comparison/needs.csv"] if has_actions else []


def areas_of_evidence():
    """Countries, the world and ``all`` (tables without a country), as addresses name them."""
    return [*COUNTRIES, WORLD, EVERYWHERE] if EVIDENCE else []


def explained_tables():
    """Pages of how the numbers of the comparison and of evidence were made, functions in R."""
    pages = [f"compare/{name}" for name in STUDY.codebook.headlines()]
    pages += [f"evidence/{area}" for area in areas_of_evidence()]
    pages += ["compare/needs"] if needs_table() else []
    functions = (
        ["<public>/explained/compare/functions.R"] if STUDY.codebook.headlines() else []
    )
    return [f"<public>/explained/{page}.html" for page in pages] + functions


def compared_tables():
    """Public comparison tables that country reports read; none of a report without findings."""
    if not STUDY.has_survey or not STUDY.config.report.findings:
        return []
    return published_comparison(COMPARED_IN_REPORT)


def published_comparison(names):
    """Those of some public comparison tables that this study has."""
    found = [name for name in names if name in COMPARISON_TABLES]
    return [f"<public>/comparison/{name}.csv" for name in found]


def drawn_tables(wildcards):
    """Public comparison tables that a kind of figures is drawn of."""
    return [f"{PUBLIC}/comparison/{name}.csv" for name in TABLES_OF[wildcards.kind]]


def standing_tables(wildcards):
    """Public comparison tables that the figure of a country among all is drawn of."""
    return [f"{PUBLIC}/comparison/{name}.csv" for name in STANDING_TABLES]


def standing_figure(wildcards):
    """What tells that it was drawn where a country stands; nothing for a report without findings."""
    drawn = standing_figures() if STUDY.config.report.findings else []
    return [path for path in drawn if Path(path).parent.name == wildcards.country]


def standing_figures():
    """What tells that it was drawn where each country stands; none in a study of evidence alone."""
    countries = COUNTRIES if STUDY.has_survey else []
    return expand(
        f"{PUBLIC}/figures/comparison/{{country}}/languages.json", country=countries
    )


def region_tables():
    """Public comparison tables that figures of the study's own words on all areas are drawn of."""
    return published_comparison(REGION_TABLES)


def qualities():
    """What is public of each country's raw file; none without a survey."""
    countries = COUNTRIES if STUDY.has_survey else []
    return collect("<public>/countries/{country}/quality.json", country=countries)


def region_estimates():
    """The public estimates that the regional report reads; none without findings of a survey."""
    has_findings = STUDY.has_survey and STUDY.config.report.findings
    return ["<public>/estimates.csv"] if has_findings else []


def drawn_groups(wildcards):
    """Public estimates where figures of a kind say why a gap between groups is not tested."""
    return [f"{PUBLIC}/estimates.csv"] if wildcards.kind == "gaps" else []


def trimming_indicators(wildcards):
    """The country's indicators where trimming looks at them; else an empty list."""
    trimming = STUDY.config.weighting.trimming
    if trimming is None or trimming.method != "mse":
        return []
    return f"{RESTRICTED}/prepared/{wildcards.country}/indicators.parquet"


def regional_figures():
    """Lists of the figures on all countries together that this study has."""
    kinds = FIGURE_KINDS if STUDY.has_survey else ()
    compared = [f"<public>/figures/comparison/figures-{kind}.json" for kind in kinds]
    if compared and STUDY.config.report.findings:
        compared.append("<public>/figures/regional/figures.json")
    return compared + (["<public>/figures/evidence/figures.json"] if EVIDENCE else [])


def evidence_files():
    """Public tables of evidence alone, CyberTip reports first."""
    names = list_public_tables(EVIDENCE, forms=False)
    return [f"<public>/evidence/{name}.csv" for name in names]


def triangulation_file():
    """The public table of evidence beside the survey; an empty list without forms of abuse."""
    with_forms = STUDY.config.evidence.triangulation is not None
    names = list_public_tables(EVIDENCE, with_forms)
    return ["<public>/evidence/triangulation.csv"] if "triangulation" in names else []


def of_countries(countries):
    """The constraint of a rule that works on some of the countries, or on none."""
    return "|".join(countries) or "(?!)"


def every_job(rule, pattern):
    """A rule's path with each of its countries, or kinds of figures, in place of its wildcard."""
    allowed = rule.wildcard_constraints.get("country", of_countries(COUNTRIES))
    surveys = (*COUNTRIES, *STUDY.earlier)
    countries = [survey for survey in surveys if survey in allowed.split("|")]
    return expand(
        strip_wildcard_constraints(pattern), country=countries, kind=FIGURE_KINDS
    )


def rules_above():
    """The rules of this workflow that are defined so far; those of an importing one are not ours."""
    return [rule for rule in workflow.rules if rule.name not in RULES_OF_OTHERS]


def list_stages():
    """The patterns that each stage above writes, by its name, for the diagram of the analysis."""
    # No line may begin with the word of Snakemake for its own rules.
    return {
        stage.name: [str(path) for path in stage.output]
        for stage in rules_above()
        if stage.output
    }


def all_results():
    """All that the rules above declare, restricted and public: none of it may be missing."""
    return [
        path
        for rule in rules_above()
        for pattern in rule.output
        for path in every_job(rule, pattern)
    ]


def all_records():
    """What each job of the rules above has made."""
    logs = [
        path
        for rule in rules_above()
        for pattern in rule.log
        for path in every_job(rule, pattern)
    ]
    return [str(record_path(Path(path))) for path in logs]
