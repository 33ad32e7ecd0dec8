"""The configuration of a study: one file, checked before anything runs.

These models are the only definition of the configuration. ``docs/configuration.md`` and
``config/schema.json`` are generated from them (``disrupting-harm schema``).

No pandas here: the Snakefile loads this module at every call.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from disrupting_harm.errors import StudyError
from disrupting_harm.study.comparison_config import Comparison
from disrupting_harm.study.evidence_config import EvidenceFiles
from disrupting_harm.study.publication_config import USUAL_COUNT, Ethics, Publication
from disrupting_harm.study.report_config import Report
from disrupting_harm.study.section import Day, Names, Section, Text, read_yaml, validated
from disrupting_harm.study.weighting_config import Weighting


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
        "its name (SPDX) or its address. Absent: pages say that none is given, and whom to ask.",
    )
    code: Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=200)] | None = Field(
        default=None,
        description="Where the code of the analysis can be had. Absent: the data page says whom "
        "to ask, and the checklist that it is not there.",
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
        description="What kind of survey it is, as in 'Source: household survey'.",
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
        "korn_graubard", "logit", "modified_wilson", "beta", "arcsine", "likelihood"
    ] = Field(
        default="korn_graubard",
        description="Interval of proportions; docs/coverage.md shows how well each one covers.",
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
        least = min(rules.min_count, rules.min_count_sensitive)
        asked = "'ethics.disclosure: {k, by, date}', the decision of an ethics board"
        if rules.method == "coded" and decision is None:
            raise ValueError(f"'publication.disclosure.method: coded' needs {asked}")
        if rules.method != "coded" and least < USUAL_COUNT and decision is None:
            raise ValueError(f"a 'min_count' below {USUAL_COUNT} needs {asked}")
        if rules.method != "coded" and decision is not None and least <= decision.k:
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
