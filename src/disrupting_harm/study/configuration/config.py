"""The configuration of a study: one file, checked before anything runs.

These models are the only definition of the configuration. ``docs/configuration.md`` and
``config/schema.json`` are generated from them (``disrupting-harm schema``).

No pandas here: the Snakefile loads this module at every call.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, field_validator, model_validator

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.configuration.publication_config import USUAL_COUNT, Ethics, Publication
from disrupting_harm.study.configuration.section import (
    Day,
    Identifier,
    Names,
    Section,
    Text,
    read_yaml,
    refuse_repetition,
    validate_content,
)
from disrupting_harm.study.configuration.weighting_config import Weighting

# An e-mail address, or the address of a page.
CONTACT = r"^(https?://[!-~]+|[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+)$"
# A level of a standard population that is smaller decides nothing, and is a slip.
SMALLEST_SHARE = 0.001


class StandardPopulation(Section):
    """The population to which age and sex are standardised."""

    domain: Identifier = Field(description="Domain whose levels are weighted, e.g. `sex_age`.")
    shares: dict[str, Annotated[float, Field(gt=0)]] = Field(
        min_length=2,
        description="Size of each level of the domain, relative to the others; scaled to add to 1.",
    )
    source: Text = Field(description="Where the shares come from, as printed.")

    @field_validator("shares")
    @classmethod
    def _add_to_one(cls, shares: dict[str, float]) -> dict[str, float]:
        total = sum(shares.values())
        for level, share in shares.items():
            if share < SMALLEST_SHARE * total:
                raise ValueError(f"'{level}' is less than {SMALLEST_SHARE:g} of the population")
        return {level: share / total for level, share in shares.items()}


class Associations(Section):
    """What is looked at for going together: odds ratios, adjusted for `adjust_for`."""

    outcomes: Names = Field(min_length=1, description="Indicators that are explained.")
    characteristics: Names = Field(
        min_length=1, description="Indicators by whose yes and no the outcomes are compared."
    )


class Comparison(Section):
    """Comparison across countries."""

    alpha: float = Field(
        default=0.05,
        ge=0.0001,
        le=0.5,
        description="Family-wise error rate of Holm's method and of "
        "rank sets, and false discovery rate of Benjamini and Hochberg's.",
    )
    gaps: Names = Field(
        default=(), description="Domains whose levels are compared within each country."
    )
    standard: StandardPopulation | None = Field(
        default=None, description="Direct standardisation; absent: none."
    )
    adjust_for: Names = Field(
        default=(),
        description="Domains in the models of adjusted ratios; empty: adjusted for nothing, and no "
        "adjusted prevalence ratios.",
    )
    associations: Associations | None = Field(
        default=None, description="What goes with what, over all countries; absent: nothing."
    )
    model: Identifier | None = Field(
        default=None,
        description="Domain whose groups get estimates from a model of all countries, in a "
        "restricted table for statisticians (docs/hidden-groups.md); absent: none.",
    )
    exceedance: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="A share, decided before the answers are seen: the same restricted table says "
        "how probable it is that each group lies above it.",
    )
    comparability: Path | None = Field(
        default=None,
        description="CSV of what differs between countries, and whether they can be compared.",
    )
    others: bool = Field(
        default=True,
        description="Whether there are areas like these that the study leaves out; if not, nothing "
        "is predicted of a similar one.",
    )
    draws: int = Field(
        default=100_000,
        ge=10_000,
        le=10_000_000,
        description="Random draws behind rank sets.",
    )


class EvidenceFiles(Section):
    """Evidence beside the survey: CSV or Excel files, relative to the configuration file.

    docs/evidence.md describes each table; `disrupting-harm evidence template` makes a workbook.
    """

    # Every other key is the file of a table of evidence. Which there are is said in
    # `evidence/tables/`, a layer above; `evidence.names` refuses others.
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Path | None] = Field(init=False)

    sources: Path | None = Field(default=None, description="Who told what, one row per source.")
    capacity_areas: Path | None = Field(
        default=None, description="YAML file of the areas of capacity, their items and weights."
    )
    labels: Path | None = Field(
        default=None,
        description="YAML file: what codes of the study's own are called in print: items of the "
        "survey of frontline workers, roles and themes of interviews, measures of other studies.",
    )
    triangulation: Path | None = Field(
        default=None, description="YAML file: what each source says about each form of abuse."
    )
    simulation: Path | None = Field(
        default=None, description="YAML file of settings; makes the tables that have no file."
    )
    other_countries: Literal["refuse", "leave_out"] = Field(
        default="refuse",
        description="Rows of countries that `countries` does not list: a fault, or left out and "
        "counted in the log of the stage `evidence`.",
    )
    min_count: int = Field(
        default=10,
        ge=3,
        le=1000,
        description="Smallest count of children, their families or offenders that is printed.",
    )
    min_count_professionals: int = Field(
        default=10,
        le=1000,
        description="Smallest count of frontline workers and of `professional_roles` that is "
        "printed, below it bands: at least 3; or 1, which prints all, only where those asked "
        "agreed to it.",
    )
    professional_roles: list[Identifier] = Field(
        default=[],
        description="Roles in interviews on justice whose counts are printed like those of "
        "frontline workers. They are few and may be known by name: name a role only where they "
        "agreed.",
    )
    identifiable_roles: list[Identifier] = Field(
        default=[],
        description="Roles in interviews on justice that one or two known people hold, such as the "
        "only judge of a court for children: nothing of them is published.",
    )

    @model_validator(mode="after")
    def _two_is_no_protection(self) -> "EvidenceFiles":
        if self.min_count_professionals < 1 or self.min_count_professionals == 2:
            raise ValueError("'min_count_professionals' is 1, or at least 3")
        return self

    @model_validator(mode="after")
    def _capacity_has_areas(self) -> "EvidenceFiles":
        if self.capacity_areas is None:
            for key in ("capacity", "simulation"):
                if key in self.files:
                    raise ValueError(f"'{key}' needs 'capacity_areas'")
        return self

    @property
    def small_counts(self) -> dict[str, Any]:
        """Return the fields of ``evidence.definition.SmallCounts``."""
        return {
            "people": self.min_count,
            "professionals": self.min_count_professionals,
            "roles": tuple(self.professional_roles),
            "identifiable": tuple(self.identifiable_roles),
        }

    @property
    def files(self) -> dict[str, Path]:
        """Return all files that are named, by key."""
        return {name: value for name, value in self if isinstance(value, Path)}

    @property
    def tables(self) -> dict[str, Path]:
        """Return the file of each table of evidence that has one."""
        return {name: path for name, path in self.__pydantic_extra__.items() if path is not None}


class Report(Section):
    """Documents."""

    renderer: Literal["auto", "quarto", "embedded"] = Field(
        default="auto",
        description="`quarto` needs Quarto 1.10 or newer on PATH; `auto` uses it when present.",
    )
    formats: Annotated[
        tuple[Literal["html", "pdf", "docx"], ...], AfterValidator(refuse_repetition)
    ] = Field(default=("html", "pdf", "docx"), min_length=1, description="Formats to render.")
    databook_pdf: bool = Field(
        default=False,
        description="True makes data books as PDF, too, with their source; workbooks are always "
        "made. A study with `publication.release` has both whatever is said here, and "
        "`release accept` asks for both.",
    )
    references: Path | None = Field(
        default=None,
        description="CSV file of the works that the study's sources name, with the columns `named` "
        "(the words by which a text names the work), `reference` and `address`.",
    )
    recommendations: Path | None = Field(
        default=None,
        description="YAML file of recommendations, each with the number on which it is printed; "
        "absent: country reports recommend nothing.",
    )
    findings: Path | None = Field(
        default=None,
        description="YAML file of what country reports find: key figures, chapters of findings, "
        "words explained. `study.template: country` needs it.",
    )
    slots: Path | None = Field(
        default=None,
        description="Folder of what authors write for country reports, e.g. "
        "`KEN/en/foreword.md`; absent: reports have no places for it.",
    )
    brief: Path | None = Field(
        default=None,
        description="YAML file of what briefs say: two pages on each country; absent: no briefs. "
        "Needs a survey.",
    )
    translations_at_least: Literal["draft", "reviewed", "approved"] = Field(
        default="draft",
        description="How far the texts of a translated document must be reviewed for a release: "
        "`draft` wants a translation of each text, `reviewed` a reader's verdict, `approved` that "
        "of an office in the language's `approved_by`.",
    )
    project_languages: Annotated[tuple[str, ...], AfterValidator(refuse_repetition)] = Field(
        default=("en",),
        min_length=1,
        description="Languages of the brief on the whole study, the explorer and the site.",
    )


class StudyInfo(Section):
    """What the study is and what every page says about it."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")] = Field(
        description="Short name of the study, used in file metadata."
    )
    title: Text = Field(description="Title printed on reports and on the site.")
    date: Day = Field(
        description="Date of this release, printed on every document (no clock is read)."
    )
    simulated: bool = Field(
        description="True marks every page, figure and table of the documents as simulated data. "
        "Of data files `datapackage.json` says it, and a column `data_kind` where a file has one."
    )
    organisations: Names = Field(default=(), description="Who is responsible.")
    address: Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=200)] | None = Field(
        default=None,
        description="Where the study is published on the web: covers of reports, and briefs, carry "
        "it in words and as a QR code. Absent: nothing is printed.",
    )
    licence: Text | None = Field(
        default=None,
        description="Licence under which the study's own tables, figures and texts may be used: "
        "its name (SPDX) or its address; at the foot of every page. A release needs it. Absent: "
        "pages say that it is named at release.",
    )
    contact: Annotated[str, Field(pattern=CONTACT, max_length=200)] | None = Field(
        default=None,
        description="Whom readers ask and tell of errors: an e-mail address, or the address of a "
        "page; at the foot of every page. A release needs it. Absent: pages say that it is named "
        "at release.",
    )
    code: Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=200)] | None = Field(
        default=None,
        description="Where the code of the analysis can be had. A release needs it. Absent: the "
        "data page says whom to ask, and the checklist that it is not there.",
    )
    subject: Text | None = Field(
        default=None,
        description="What the study is about: briefs are titled 'SUBJECT in COUNTRY'. Absent: "
        "they have the title of the study.",
    )
    population: Text = Field(
        default="all persons asked",
        description="The population that estimates speak of, as printed.",
    )
    respondents: Text = Field(
        default="persons",
        description="Who answered, in the plural, as in 'of 100 children asked'.",
    )
    not_reached: Text | None = Field(
        default=None,
        description="Who is outside the setting of the survey, as in 'the survey does not reach "
        "children who are not online'. Absent: nothing is said of others.",
    )
    harm: Text | None = Field(
        default=None,
        description="Harm that respondents tell of, as in 'This report is about sexual "
        "exploitation and abuse of children': readers are warned of it, and country "
        "reports have to say where help is (`helpline` of the countries). Absent: neither.",
    )
    survey: Text = Field(
        default="survey",
        description="What kind of survey it is, as in 'Source: household survey'. Absent: the "
        "names in the column `survey` of `countries`, where there are three at most.",
    )
    areas: Literal["countries", "regions"] = Field(
        default="countries",
        description="What one row of `countries` is. Countries need ISO 3166-1 alpha-3 codes; "
        "regions may use any code of capital letters and digits.",
    )
    template: Literal["country", "survey"] = Field(
        default="country",
        description="`country` fills the chapters of a Disrupting Harm country report; `survey` "
        "writes a plain survey report, for studies with other questions.",
    )


class Estimation(Section):
    """Intervals and variance."""

    interval: Literal[
        "korn_graubard",
        "korn_graubard_stabilised",
        "logit",
        "modified_wilson",
        "beta",
        "arcsine",
        "likelihood",
    ] = Field(
        default="korn_graubard",
        description="Interval of proportions; docs/coverage.md shows how well each one covers. "
        "`korn_graubard_stabilised` is wider where few answers lie behind an estimate "
        "(docs/coverage-short.md); options of questions, worst-case bounds and standardised "
        "estimates, which do not know the PSUs behind each number, then have `korn_graubard`.",
    )
    confidence: float = Field(default=0.95, ge=0.5, le=0.999, description="Confidence level.")
    lonely_psu: Literal["fail", "collapse", "centre", "average", "certainty", "remove"] = Field(
        default="fail",
        description="What a stratum with one PSU adds to the variance: an error, joined with a "
        "neighbour, deviation from the mean of all PSUs, the mean of the other strata, or nothing.",
    )
    calibrated_errors: bool = Field(
        default=False,
        description="True: standard errors account for the calibration to the margins, whose "
        "totals are known (residual linearisation); refused for totals that the margins file calls "
        "estimated. False: weights are taken as given, which is mostly on the safe side.",
    )


class Configuration(Section):
    """Everything a study's configuration file may say."""

    study: StudyInfo
    countries: Path = Field(description="CSV with one row per country.")
    codebook: Path | None = Field(
        default=None,
        description="YAML file of items, domains and indicators; absent: a study without a survey.",
    )
    mapping: Path | None = Field(
        default=None,
        description="Default mapping of raw columns; a country may name its own in `countries`.",
    )
    simulation: Path | None = Field(
        default=None, description="YAML file of simulation settings; makes the raw files."
    )
    only: Names = Field(
        default=(), description="Run these countries only; empty: all rows of `countries`."
    )
    seed: int = Field(default=20261124, ge=0, lt=2**63, description="Seed of every random step.")
    results: Path = Field(
        default=Path("results"),
        description="Folder of all results, relative to where the workflow runs.",
    )
    weighting: Weighting = Field(default=Weighting(source="column"))
    estimation: Estimation = Field(default=Estimation())
    publication: Publication = Field(default=Publication())
    ethics: Ethics = Field(default=Ethics())
    comparison: Comparison = Field(default=Comparison())
    evidence: EvidenceFiles = Field(default=EvidenceFiles())
    report: Report = Field(default=Report())

    @model_validator(mode="after")
    def _has_a_subject(self) -> "Configuration":
        if self.codebook is None:
            for key in ("mapping", "simulation"):
                if getattr(self, key) is not None:
                    raise ValueError(f"'{key}' needs a 'codebook'")
            if not self.evidence.tables and self.evidence.simulation is None:
                raise ValueError("a study needs a 'codebook' (a survey), 'evidence', or both")
        elif "weighting" not in self.model_fields_set:
            raise ValueError("a study with a 'codebook' needs 'weighting'")
        return self

    @model_validator(mode="after")
    def _simulated_says_so(self) -> "Configuration":
        if self.simulation is not None and not self.study.simulated:
            raise ValueError("a study with a 'simulation' must say 'simulated: true'")
        return self

    @model_validator(mode="after")
    def _simulated_evidence_says_so(self) -> "Configuration":
        if self.evidence.simulation is not None and not self.study.simulated:
            raise ValueError("'evidence.simulation' needs a study that says 'simulated: true'")
        return self

    @model_validator(mode="after")
    def _small_numbers_were_decided_on(self) -> "Configuration":
        rules, decision = self.publication.disclosure, self.ethics.disclosure
        smallest_count = min(rules.min_count, rules.min_count_sensitive)
        decision_key = "'ethics.disclosure: {k, by, date}', the decision of an ethics board"
        if rules.method == "coded" and decision is None:
            raise ValueError(f"'publication.disclosure.method: coded' needs {decision_key}")
        if rules.method != "coded" and smallest_count < USUAL_COUNT and decision is None:
            raise ValueError(f"a 'min_count' below {USUAL_COUNT} needs {decision_key}")
        if rules.method != "coded" and decision is not None and smallest_count <= decision.k:
            raise ValueError("'min_count' must be above 'ethics.disclosure.k'")
        if rules.method == "coded" and decision is not None and rules.smallest_part <= decision.k:
            raise ValueError("'need' must be above 'ethics.disclosure.k'")
        return self

    @model_validator(mode="after")
    def _decided_before_it_is_published(self) -> "Configuration":
        decision = self.ethics.disclosure
        if decision is not None and decision.date > self.study.date:
            raise ValueError(
                f"'ethics.disclosure.date' is {decision.date}, after the study's, {self.study.date}"
            )
        return self

    @model_validator(mode="after")
    def _errors_are_calibrated_to_margins(self) -> "Configuration":
        if self.estimation.calibrated_errors and not self.weighting.margins:
            raise ValueError("'estimation.calibrated_errors' needs 'weighting.margins'")
        return self

    @property
    def has_databook_pdf(self) -> bool:
        """Whether data books are made as PDF, too: on demand, and wherever a release follows."""
        return self.report.databook_pdf or self.publication.release is not None


def load_configuration(path: Path, overrides: dict[str, Any] | None = None) -> Configuration:
    """Read and check a configuration file; ``overrides`` replace its top-level keys.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    content = read_yaml(path) or {}
    if not isinstance(content, dict):
        raise StudyError(str(path), "it holds no keys", "Write the configuration as 'key: value'")
    configuration: Configuration = validate_content(
        Configuration, {**content, **(overrides or {})}, str(path)
    )
    return configuration
