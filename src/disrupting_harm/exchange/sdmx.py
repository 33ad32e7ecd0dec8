"""Published estimates as SDMX: rows in the columns of UNICEF's data flows, and their structure.

A row is one estimate of one country. Groups are dimensions, so that boys of 12 to 13 years have a
code in SEX and one in AGE; whoever is not split off has the code ``_T``. Sex, ages and residence
have the codes of the cross-domain code lists, other groups those of the codebook.

SDMX-CSV 1.0 and SDMX-JSON 2.0 structure messages, https://sdmx.org
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd

from disrupting_harm.core.errors import StudyError
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.codebook.definitions import Indicator
from disrupting_harm.study.countries import Country
from disrupting_harm.study.statuses import NOT_ASKED, SUPPRESS_DISCLOSURE, SUPPRESS_RELIABILITY
from disrupting_harm.study.study import Study

VERSION = "1.0"
FLOW = "ESTIMATES"
TOTAL = "_T"
# Cross-domain code lists: SEX and AGE of SDMX, RESIDENCE as UNICEF writes it.
STANDARD_CODES: Mapping[str, Mapping[str, str]] = {
    "SEX": {"boy": "M", "male": "M", "girl": "F", "female": "F"},
    "RESIDENCE": {"urban": "U", "rural": "R"},
}
_AGES = re.compile(r"(\d+)-(\d+)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# CL_OBS_STATUS: normal, low reliability, suppressed, data not collected. CL_CONF_STATUS: free,
# confidential.
OBSERVATION_STATUSES = {
    "present": ("A", "F"),
    "caution": ("U", "F"),
    "review": ("U", "F"),
    SUPPRESS_RELIABILITY: ("Q", "F"),
    SUPPRESS_DISCLOSURE: ("Q", "C"),
    NOT_ASKED: ("L", "F"),
}
ATTRIBUTES = {
    "UNIT_MULTIPLIER": "Unit multiplier",
    "UNIT_MEASURE": "Unit of measure",
    "OBS_STATUS": "Observation status",
    "OBS_CONF": "Observation confidentiality",
    "LOWER_BOUND": "Lower confidence limit",
    "UPPER_BOUND": "Upper confidence limit",
    "SAMPLE_SIZE": "Number of respondents, unweighted",
    "OBS_FOOTNOTE": "Observation footnote",
    "DATA_SOURCE": "Data source",
    "CUSTODIAN": "Custodian",
    "COVERAGE_TIME": "The period that the question asks about",
}
CODE_LISTS = {
    "UNIT_MEASURE": {"PCNT": "Per cent", "NUMBER": "Number"},
    "OBS_STATUS": {
        "A": "Normal value",
        "U": "Low reliability",
        "Q": "Missing value; suppressed",
        "L": "Missing value; data were not collected",
    },
    "OBS_CONF": {"F": "Free (free for publication)", "C": "Confidential statistical information"},
}
NUMBERS = {
    "TIME_PERIOD": "GregorianYear",
    "OBS_VALUE": "Decimal",
    "LOWER_BOUND": "Decimal",
    "UPPER_BOUND": "Decimal",
    "SAMPLE_SIZE": "Integer",
    "UNIT_MULTIPLIER": "Integer",
}
# Dimensions that every data flow of UNICEF has, whether the study splits by them or not.
LABELS = {"SEX": "Sex", "AGE": "Age", "RESIDENCE": "Residence"}


@dataclass(frozen=True)
class Dimension:
    """A dimension of groups: the domain it stands for, and the code of each of its levels."""

    concept: str
    label: str
    codes: Mapping[str, str]
    labels: Mapping[str, str]


def find_dimensions(codebook: Codebook) -> dict[str, Dimension]:
    """Return the dimension of each domain that splits by one answer; crosses are two of them."""
    dimensions: dict[str, Dimension] = {}
    for domain in codebook.domains:
        if domain.id == "total" or domain.cross:
            continue
        levels = codebook.levels(domain.id)
        concept, codes = _find_codes(domain.id, levels)
        if concept in {dimension.concept for dimension in dimensions.values()}:
            concept, codes = _make_code(domain.id), {level: _make_code(level) for level in levels}
        labels = {codes[level]: domain.levels_label.get(level, level) for level in levels}
        label = LABELS.get(concept, domain.label)
        dimensions[domain.id] = Dimension(concept, label, codes, labels)
    return dimensions


def _find_codes(domain: str, levels: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    for concept, standard in STANDARD_CODES.items():
        if {level.lower() for level in levels} <= standard.keys():
            return concept, {level: standard[level.lower()] for level in levels}
    ages = {level: _AGES.fullmatch(level) for level in levels}
    if all(ages.values()):
        return "AGE", {level: f"Y{age[1]}T{age[2]}" for level, age in ages.items() if age}
    return _make_code(domain), {level: _make_code(level) for level in levels}


def _make_code(name: str) -> str:
    """Return a name in the letters that an identifier of SDMX may have."""
    return re.sub(r"[^A-Z0-9_]", "_", name.upper())


def list_observations(estimates: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return published estimates as rows of SDMX-CSV, all texts.

    Shares are per cents, their limits, too. An estimate that is not published has no value, and its
    status says why.

    Args:
        estimates: the public table of all countries, each cell a text as it stands in the file.
        study: what the table was made of.

    Raises:
        StudyError: it is not known in which year a country was surveyed.
    """
    dimensions = find_dimensions(study.codebook)
    flow = f"{agency_of(study)}:{FLOW}({VERSION})"
    years = {survey: find_year(study.row(survey), study) for survey in estimates.country.unique()}
    settings = study.config.study
    source = f"{settings.title}, simulated data" if settings.simulated else settings.title
    rows = [
        {
            "DATAFLOW": flow,
            "REF_AREA": study.row(str(row["country"])).code,
            "INDICATOR": _make_code(str(row["indicator"])),
            **_describe_group(row, study.codebook, dimensions),
            "TIME_PERIOD": years[row["country"]],
            **_describe_value(row, study.codebook.indicator(str(row["indicator"]))),
            "DATA_SOURCE": source,
            "CUSTODIAN": "; ".join(settings.organisations),
        }
        for row in estimates.to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["DATAFLOW", *list_components(study.codebook)])


def agency_of(study: Study) -> str:
    """Return who maintains structure and data flow: the study, by its identifier."""
    return _make_code(study.config.study.id)


def list_components(codebook: Codebook) -> list[str]:
    """Return dimensions, value and attributes in the order of the columns."""
    others = [dimension.concept for dimension in find_dimensions(codebook).values()]
    groups = dict.fromkeys(("REF_AREA", "INDICATOR", *LABELS, *others))
    return [*groups, "TIME_PERIOD", "OBS_VALUE", *ATTRIBUTES]


def find_year(country: Country, study: Study) -> str:
    """Return the year of a survey: of its wave, the last of its fieldwork, or of simulated data.

    Raises:
        StudyError: none of them is known.
    """
    if country.wave_year:
        return str(int(country.wave_year))
    if years := _YEAR.findall(country.fieldwork or ""):
        return str(max(years))
    if study.config.study.simulated:
        return str(study.config.study.date.year)
    raise StudyError(
        f"{study.config.countries}, column 'fieldwork', {country.country}",
        "it names no year, and every row of SDMX has one",
        "Write when the survey was in the field, e.g. March to May 2021",
    )


def _describe_group(
    row: Mapping[Any, Any], codebook: Codebook, dimensions: Mapping[str, Dimension]
) -> dict[str, str]:
    codes = dict.fromkeys(LABELS, TOTAL)
    codes |= {dimension.concept: TOTAL for dimension in dimensions.values()}
    domain, level = str(row["domain"]), str(row["level"])
    if domain in codebook.crosses:
        parts = dict(zip(codebook.crosses[domain], level.split("|"), strict=True))
    else:
        parts = {} if domain == "total" else {domain: level}
    for part, name in parts.items():
        codes[dimensions[part].concept] = dimensions[part].codes[name]
    return codes


def _describe_value(row: Mapping[Any, Any], indicator: Indicator) -> dict[str, str]:
    is_share = indicator.statistic == "proportion"
    status, confidentiality = OBSERVATION_STATUSES[row["status"]]
    return {
        "OBS_VALUE": _format_number(row["estimate"], is_share),
        "UNIT_MULTIPLIER": "0",
        "UNIT_MEASURE": "PCNT" if is_share else "NUMBER",
        "OBS_STATUS": status,
        "OBS_CONF": confidentiality,
        "LOWER_BOUND": _format_number(row["ci_low"], is_share),
        "UPPER_BOUND": _format_number(row["ci_high"], is_share),
        "SAMPLE_SIZE": row["n"],
        "OBS_FOOTNOTE": " ".join(_describe_limits(row)),
        "COVERAGE_TIME": "" if indicator.recall == "none" else indicator.recall.replace("_", " "),
    }


def _format_number(text: str, is_share: bool) -> str:
    """Return a published number, shares as per cents, without the noise of binary fractions."""
    if not text:
        return ""
    return f"{Decimal(text).scaleb(2 if is_share else 0):f}"


def _describe_limits(row: Mapping[Any, Any]) -> Iterator[str]:
    if row["bound_low"] or row["bound_high"]:
        yield f"Published as {row['shown']} per cent."
    if row["interval_note"] == "may_be_short":
        yield "The interval may be too short."


def describe_structure(study: Study) -> dict[str, Any]:
    """Return code lists, concepts, data structure and data flow as an SDMX-JSON 2.0 message."""
    title, agency = study.config.study.title, agency_of(study)
    lists = dict(_list_codes(study))
    components = list_components(study.codebook)
    concepts = {name: _label_component(name, study.codebook) for name in components}
    structure = {
        **_describe_artefact(agency, "DSD_ESTIMATES", f"Estimates: {title}"),
        "dataStructureComponents": _describe_components(agency, components, lists),
    }
    flow = {
        **_describe_artefact(agency, FLOW, f"Estimates: {title}"),
        "structure": _format_urn(agency, "datastructure.DataStructure", "DSD_ESTIMATES"),
    }
    return {
        "meta": {
            "schema": "https://json.sdmx.org/2.0.0/sdmx-json-structure-schema.json",
            "id": agency,
            "prepared": f"{study.config.study.date.isoformat()}T00:00:00Z",
            "sender": {"id": agency},
        },
        "data": {
            "codelists": [
                {
                    **_describe_artefact(agency, f"CL_{name}", concepts[name]),
                    "codes": _list_names(codes),
                }
                for name, codes in lists.items()
            ],
            "conceptSchemes": [
                {
                    **_describe_artefact(agency, "CONCEPTS", f"Concepts: {title}"),
                    "concepts": _list_names(concepts),
                }
            ],
            "dataStructures": [structure],
            "dataflows": [flow],
        },
    }


def _list_codes(study: Study) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each component that has a code list, with its codes and their names."""
    rows = [study.row(survey) for survey in study.surveys]
    yield "REF_AREA", {row.code: row.name or row.code for row in rows}
    indicators = study.codebook.indicators
    yield "INDICATOR", {_make_code(indicator.id): indicator.label for indicator in indicators}
    groups = {concept: {TOTAL: "Total"} for concept in LABELS}
    for dimension in find_dimensions(study.codebook).values():
        groups[dimension.concept] = {TOTAL: "Total", **dimension.labels}
    yield from groups.items()
    yield from CODE_LISTS.items()


def _label_component(name: str, codebook: Codebook) -> str:
    labels = {
        "REF_AREA": "Reference area",
        "INDICATOR": "Indicator",
        "TIME_PERIOD": "Year of the survey",
        "OBS_VALUE": "Published estimate",
        **LABELS,
        **ATTRIBUTES,
    }
    groups = {
        dimension.concept: dimension.label for dimension in find_dimensions(codebook).values()
    }
    return labels.get(name) or groups[name]


def _describe_components(
    agency: str, components: list[str], lists: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    def describe(name: str) -> dict[str, Any]:
        values: dict[str, Any] = {"format": {"dataType": NUMBERS.get(name, "String")}}
        if name in lists:
            values = {"enumeration": _format_urn(agency, "codelist.Codelist", f"CL_{name}")}
        concept = _format_urn(agency, "conceptscheme.Concept", "CONCEPTS", f".{name}")
        return {"id": name, "conceptIdentity": concept, "localRepresentation": values}

    dimensions = components[: components.index("TIME_PERIOD")]
    return {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": [
                {**describe(name), "position": position} for position, name in enumerate(dimensions)
            ],
            "timeDimension": describe("TIME_PERIOD"),
        },
        "measureList": {
            "id": "MeasureDescriptor",
            "measures": [{**describe("OBS_VALUE"), "usage": "optional"}],
        },
        "attributeList": {
            "id": "AttributeDescriptor",
            "attributes": [
                {
                    **describe(name),
                    "usage": "mandatory" if name in CODE_LISTS else "optional",
                    "attributeRelationship": {"observation": {}},
                }
                for name in ATTRIBUTES
            ],
        },
    }


def _format_urn(agency: str, kind: str, name: str, item: str = "") -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={agency}:{name}({VERSION}){item}"


def _describe_artefact(agency: str, identifier: str, label: str) -> dict[str, Any]:
    names = {"name": label, "names": {"en": label}}
    return {"id": identifier, "agencyID": agency, "version": VERSION, **names}


def _list_names(labels: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"id": identifier, "name": label, "names": {"en": label}}
        for identifier, label in labels.items()
    ]
