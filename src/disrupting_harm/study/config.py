"""The configuration of a study: one file, checked before anything runs.

These models are the only definition of the configuration. ``docs/configuration.md`` and
``config/schema.json`` are generated from them (``disrupting-harm schema``).

No pandas here: the Snakefile loads this module at every call.
"""

import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_text

LANGUAGES = ("en", "km", "vi", "id", "th", "pt")
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Share = Annotated[float, Field(gt=0, lt=1)]


class Section(BaseModel):
    """A part of the configuration; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StudyInfo(Section):
    """What the study is and what every page says about it."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")] = Field(
        description="Short name of the study, used in file metadata."
    )
    title: str = Field(description="Title printed on reports and on the site.")
    date: datetime.date = Field(
        description="Date of this release, printed on every document (no clock is read)."
    )
    simulated: bool = Field(
        description="True marks every table, figure and page as simulated data."
    )
    organisations: tuple[str, ...] = Field(default=(), description="Who is responsible.")
    population: str = Field(
        default="internet-using children aged 12-17",
        description="The population that estimates speak of, as printed.",
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


class NonResponse(Section):
    """Adjustment for children drawn but not interviewed."""

    method: Literal["classes", "propensity"] = Field(
        default="classes",
        description="`classes`: combinations of domains form the weighting classes. `propensity`: "
        "a logistic regression of response on the domains does, in classes of similar propensity.",
    )
    classes: tuple[str, ...] = Field(
        min_length=1,
        description="Domains whose combinations form the weighting classes, or that explain "
        "response; they must be known for children drawn but not interviewed, too.",
    )
    propensity_classes: int = Field(
        default=5, ge=2, description="Number of classes of the method `propensity`."
    )
    propensity_factor: Literal["response_rate", "mean_propensity", "inverse_propensity"] = Field(
        default="response_rate",
        description="Factor of the method `propensity`: one over the class's weighted response "
        "rate, one over its mean propensity, or one over each child's own propensity.",
    )
    min_respondents: int = Field(
        default=20, ge=1, description="Classes with fewer respondents are merged."
    )
    max_factor: float = Field(
        default=3.0, gt=1, description="Classes with a larger factor are merged."
    )


class Trimming(Section):
    """Capping of extreme weights."""

    method: Literal["iqr", "contribution", "mse", "fixed", "none"] = Field(
        default="iqr",
        description="`iqr`: median plus interquartile ranges. `contribution`: no squared weight "
        "above a multiple of the mean squared weight. `mse`: smallest estimated mean squared error "
        "over the headline proportions. `fixed`: the number `cap`. `none`: never.",
    )
    iqr_multiple: float = Field(
        default=5.0, gt=0, description="The cap is the median plus this many interquartile ranges."
    )
    contribution: float = Field(
        default=10.0, gt=1, description="Multiple of the method `contribution`."
    )
    cap: float | None = Field(
        default=None, gt=0, description="Largest weight, for the method `fixed`."
    )
    only_above_deff: float = Field(
        default=2.0, ge=1, description="Weights are capped only where the Kish deff exceeds this."
    )

    @model_validator(mode="after")
    def _fixed_has_a_cap(self) -> "Trimming":
        if (self.method == "fixed") != (self.cap is not None):
            raise ValueError("'cap' goes with the method 'fixed', and with no other")
        return self


class Calibration(Section):
    """How margins are met."""

    method: Literal["raking", "linear", "logit"] = Field(
        default="raking",
        description="`raking`: multiplicative. `linear`: generalised regression. `logit`: between "
        "`bounds`.",
    )
    bounds: tuple[float, float] | None = Field(
        default=None,
        description="Smallest and largest factor by which calibration may change a weight, around "
        "1; needed for `logit`, cuts off the other two.",
    )

    @model_validator(mode="after")
    def _bounds_hold_one(self) -> "Calibration":
        if self.method == "logit" and self.bounds is None:
            raise ValueError("the method 'logit' needs 'bounds'")
        if self.bounds is not None and not 0 <= self.bounds[0] < 1 < self.bounds[1]:
            raise ValueError("'bounds' must be two numbers, 0 <= first < 1 < second")
        return self


class Weighting(Section):
    """How weights come about: taken from a column, or built step by step."""

    source: Literal["column", "selection"] = Field(
        description="`column`: final weights stand in the file (mapping key `weight`). "
        "`selection`: base weights are built from selection probabilities (mapping keys "
        "`psu_probability`, `household_probability`, `eligible_children`)."
    )
    nonresponse: NonResponse | None = Field(
        default=None, description="Adjust for unit non-response; absent: no adjustment."
    )
    trimming: Trimming | None = Field(
        default=None, description="Cap extreme weights; absent: never."
    )
    margins: tuple[str, ...] = Field(
        default=(), description="Domains calibrated to the totals in the country's margins file."
    )
    calibration: Calibration = Field(default=Calibration(), description="How the margins are met.")


class Estimation(Section):
    """Intervals and variance."""

    interval: Literal[
        "korn_graubard", "logit", "modified_wilson", "beta", "arcsine", "likelihood"
    ] = Field(
        default="korn_graubard",
        description="Interval of proportions; docs/coverage.md shows how well each one covers.",
    )
    confidence: Share = Field(default=0.95, description="Confidence level.")
    lonely_psu: Literal["fail", "collapse", "centre", "average", "certainty", "remove"] = Field(
        default="fail",
        description="What a stratum with one PSU adds to the variance: an error, joined with a "
        "neighbour, deviation from the mean of all PSUs, the mean of the other strata, or nothing.",
    )
    calibrated_errors: bool = Field(
        default=False,
        description="True: standard errors account for the calibration to the margins, whose "
        "totals are known (residual linearisation). False: weights are taken as given, which is "
        "mostly on the safe side.",
    )


class Disclosure(Section):
    """Primary disclosure thresholds on unweighted counts."""

    min_count: int = Field(
        default=10, ge=3, description="Smallest numerator, complement and denominator."
    )
    min_count_sensitive: int = Field(
        default=10,
        ge=3,
        description="The same for indicators marked sensitive, below the national total.",
    )
    coarse_bound: Share = Field(
        default=0.05,
        description="A hidden rare answer is printed as below this share where its upper "
        "confidence limit is lower, e.g. '< 5'.",
    )


class Rounding(Section):
    """Rounding for print; depends on n alone, never on the count."""

    one_decimal_from: int = Field(
        default=500, ge=1, description="Print tenths of a per cent from this n, else whole ones."
    )
    population_to: int = Field(
        default=100, ge=1, description="Population figures are rounded to multiples of this."
    )


class Publication(Section):
    """The door from restricted to public results."""

    reliability: Literal[
        "nchs2017",
        "nchs2017_sas",
        "nchs2023_counts",
        "dhs",
        "mics",
        "nsch",
        "statcan",
        "eu_silc",
        "vacs",
    ] = Field(
        default="nchs2017",
        description="Presentation standard for reliability; docs/methods.md describes each.",
    )
    review: Literal["hold", "show"] = Field(
        default="hold",
        description="Cells that the standard leaves to a statistician's review: held back, or "
        "shown with a mark after the review was done.",
    )
    disclosure: Disclosure = Field(default=Disclosure(), description="Disclosure control.")
    rounding: Rounding = Field(default=Rounding(), description="Rounding.")


class StandardPopulation(Section):
    """The population to which age and sex are standardised."""

    domain: Identifier = Field(description="Domain whose levels are weighted, e.g. `sex_age`.")
    shares: dict[str, Annotated[float, Field(gt=0)]] = Field(
        min_length=2,
        description="Size of each level of the domain, relative to the others; scaled to add to 1.",
    )
    source: str = Field(description="Where the shares come from, as printed.")

    @field_validator("shares")
    @classmethod
    def _add_to_one(cls, shares: dict[str, float]) -> dict[str, float]:
        total = sum(shares.values())
        return {level: share / total for level, share in shares.items()}


class Comparison(Section):
    """Comparison across countries."""

    alpha: Share = Field(
        default=0.05,
        description="Family-wise error rate of Holm's method, of simultaneous intervals and of "
        "rank sets, and false discovery rate of Benjamini and Hochberg's.",
    )
    gaps: tuple[str, ...] = Field(
        default=(), description="Domains whose levels are compared within each country."
    )
    standard: StandardPopulation | None = Field(
        default=None, description="Direct standardisation; absent: none."
    )
    adjust_for: tuple[str, ...] = Field(
        default=(),
        description="Domains in the model of adjusted prevalence ratios; empty: no model.",
    )
    comparability: Path | None = Field(
        default=None,
        description="CSV of what differs between countries, and whether they can be compared.",
    )
    draws: int = Field(
        default=100_000,
        ge=10_000,
        description="Random draws behind simultaneous intervals and rank sets.",
    )


class EvidenceFiles(Section):
    """Evidence beside the survey: CSV or Excel files, relative to the configuration file.

    docs/evidence.md describes each table; `disrupting-harm evidence template` makes a workbook.
    """

    sources: Path | None = Field(default=None, description="Who told what, one row per source.")
    cybertips: Path | None = Field(
        default=None, description="CyberTip reports by country, year and class."
    )
    reporters: Path | None = Field(default=None, description="CyberTip reports by reporter.")
    offences: Path | None = Field(
        default=None, description="Offences that law enforcement recorded."
    )
    transparency: Path | None = Field(default=None, description="Companies' own figures.")
    hotlines: Path | None = Field(default=None, description="Reports to hotlines and helplines.")
    search_interest: Path | None = Field(
        default=None, description="Interest in groups of search terms, which have no words here."
    )
    capacity: Path | None = Field(default=None, description="Items on police capacity.")
    capacity_areas: Path | None = Field(
        default=None, description="YAML file of the areas of capacity, their items and weights."
    )
    frontline: Path | None = Field(default=None, description="Answers of frontline workers.")
    justice: Path | None = Field(default=None, description="Coded counts of justice interviews.")
    policy: Path | None = Field(default=None, description="Checklist of law and policy.")
    triangulation: Path | None = Field(
        default=None, description="YAML file: what each source says about each form of abuse."
    )
    simulation: Path | None = Field(
        default=None, description="YAML file of settings; makes the tables that have no file."
    )
    min_count: int = Field(
        default=10, ge=3, description="Smallest count of people that is printed."
    )

    @model_validator(mode="after")
    def _capacity_has_areas(self) -> "EvidenceFiles":
        if self.capacity_areas is None:
            for key in ("capacity", "simulation"):
                if getattr(self, key) is not None:
                    raise ValueError(f"'{key}' needs 'capacity_areas'")
        return self

    @property
    def tables(self) -> dict[str, Path]:
        """Return the file of each table of facts that has one."""
        others = {"sources", "capacity_areas", "triangulation", "simulation", "min_count"}
        return {name: path for name, path in self if name not in others and path is not None}


class Report(Section):
    """Documents."""

    renderer: Literal["auto", "quarto", "embedded"] = Field(
        default="auto",
        description="`quarto` needs Quarto 1.9 or newer on PATH; `auto` uses it when present.",
    )
    formats: tuple[Literal["html", "pdf", "docx"], ...] = Field(
        default=("html", "pdf", "docx"), min_length=1, description="Formats to render."
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
    only: tuple[str, ...] = Field(
        default=(), description="Run these countries only; empty: all rows of `countries`."
    )
    seed: int = Field(default=20261124, ge=0, description="Seed of every random step.")
    results: Path = Field(
        default=Path("results"),
        description="Folder of all results, relative to where the workflow runs.",
    )
    weighting: Weighting = Field(default=Weighting(source="column"))
    estimation: Estimation = Field(default=Estimation())
    publication: Publication = Field(default=Publication())
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
    def _errors_are_calibrated_to_margins(self) -> "Configuration":
        if self.estimation.calibrated_errors and not self.weighting.margins:
            raise ValueError("'estimation.calibrated_errors' needs 'weighting.margins'")
        return self


class _StrictLoader(yaml.SafeLoader):
    """YAML in which a key that stands twice is a fault, not silently the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key '{key}' stands twice", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def read_yaml(path: Path) -> Any:
    """Read a YAML file; a missing, unreadable or malformed one is a `StudyError`."""
    try:
        return yaml.load(read_text(path), _StrictLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is not valid YAML"
        raise StudyError(f"{path}{line}", problem, "Correct the YAML") from None


def validated(model: type[BaseModel], content: Any, source: str) -> Any:
    """Check ``content`` against ``model``; the first fault becomes a `StudyError` with its key."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in fault["loc"]) or "(top level)"
        found = fault["msg"].removeprefix("Value error, ")
        given = fault.get("input")
        if fault["type"] == "extra_forbidden":
            found, remedy = "unknown key", "Remove it or correct its spelling"
        elif fault["type"] == "missing":
            found, remedy = "required, but missing", "Add it"
        else:
            if isinstance(given, str | int | float | bool):
                found = f"{found} (found {given!r})"
            remedy = "Correct it; docs/configuration.md describes every key"
            if isinstance(given, bool) and fault["type"] == "string_type":
                remedy = "Put it in quotes: YAML reads yes and no as true and false"
        raise StudyError(f"{source}, key '{key}'", found, remedy) from None


def load_configuration(path: Path, overrides: dict[str, Any] | None = None) -> Configuration:
    """Read and check a configuration file; ``overrides`` replace its top-level keys.

    Raises:
        StudyError: naming the file and key, what was found and what to do.
    """
    content = read_yaml(path) or {}
    if not isinstance(content, dict):
        raise StudyError(str(path), "it holds no keys", "Write the configuration as 'key: value'")
    configuration: Configuration = validated(
        Configuration, {**content, **(overrides or {})}, str(path)
    )
    return configuration
