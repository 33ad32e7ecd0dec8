"""Records by which archives and search engines find a study's published tables.

Croissant 1.0 extends schema.org's Dataset, which dataset search reads; Zenodo and Dataverse take
the fields of their deposit forms as JSON.

https://docs.mlcommons.org/croissant/docs/croissant-spec.html, https://developers.zenodo.org,
https://guides.dataverse.org
"""

from collections.abc import Mapping, Sequence
from typing import Any

from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.countries import Country
from disrupting_harm.study.study import Study

# As Croissant 1.0 gives it: readers warn of any other.
_TERMS = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject"),
    *("fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField"),
    *("path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("separator", "source", "subField", "transform"),
)
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _TERMS},
}
CROISSANT = "http://mlcommons.org/croissant/1.0"
DATA_TYPES = {"number": "Float", "integer": "Integer", "boolean": "Boolean", "date": "Date"}
SIMULATED = "All numbers of the survey are simulated: they describe nobody. "


def describe_dataset(
    settings: StudyInfo, countries: Sequence[Country], codebook: Codebook, licence: str | None
) -> dict[str, Any]:
    """Return a study as a Dataset of schema.org; what is not known is left out."""
    facts = {
        "@context": {"@vocab": CONTEXT["@vocab"], "sc": CONTEXT["sc"]},
        "@type": "sc:Dataset",
        "name": settings.title,
        "description": describe_study(settings, codebook),
        "license": licence,
        "url": settings.address,
        "datePublished": settings.date.isoformat(),
        "version": f"{settings.date.year}.{settings.date.month}.{settings.date.day}",
        "isAccessibleForFree": True,
        "creator": [
            {"@type": "sc:Organization", "name": organisation}
            for organisation in settings.organisations
        ],
        "keywords": list_keywords(settings, codebook),
        "spatialCoverage": [row.name or row.code for row in countries],
        "variableMeasured": [indicator.label for indicator in codebook.indicators],
    }
    return {key: value for key, value in facts.items() if value not in (None, [])}


def describe_study(settings: StudyInfo, codebook: Codebook) -> str:
    """Return what the study's published tables are, in two or three sentences."""
    simulated = SIMULATED if settings.simulated else ""
    subject = settings.subject or settings.title
    survey = f" from a {settings.survey} of {settings.population}" if codebook.indicators else ""
    return (
        f"{simulated}{subject}: published tables{survey}. Numbers on too few persons are withheld, "
        "and no row is about a person."
    )


def format_citation(study: Study) -> str:
    """Return how to name the study as a source."""
    settings = study.config.study
    names = ", ".join(settings.organisations) or settings.title
    return f"{names} ({settings.date.year}). {settings.title}. {settings.date.isoformat()}."


def list_keywords(settings: StudyInfo, codebook: Codebook) -> list[str]:
    """Return the subject and the codebook's modules."""
    subject = [settings.subject] if settings.subject else []
    return [*subject, *(module.label for module in codebook.modules)]


def describe_croissant(
    study: Study, licence: str, tables: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the dataset with its tables: their files, columns and the columns' types.

    Args:
        study: what the tables were made of.
        licence: address of the licence.
        tables: of the data package, each with the ``sha256`` of its file and its ``fields``.
    """
    rows = [study.countries[code] for code in study.codes]
    return {
        **describe_dataset(study.config.study, rows, study.codebook, licence),
        "@context": CONTEXT,
        "conformsTo": CROISSANT,
        "citeAs": format_citation(study),
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": table["name"],
                "name": table["name"],
                "contentUrl": f"public/{table['path']}",
                "encodingFormat": "text/csv",
                "sha256": table["sha256"],
            }
            for table in tables
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": f"{table['name']}-rows",
                "name": f"{table['name']}-rows",
                "field": [_describe_field(table["name"], field) for field in table["fields"]],
            }
            for table in tables
        ],
    }


def _describe_field(table: str, field: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table}-rows/{field['name']}",
        "name": field["name"],
        "description": field["description"],
        "dataType": f"sc:{DATA_TYPES.get(field['type'], 'Text')}",
        "source": {"fileObject": {"@id": table}, "extract": {"column": field["name"]}},
    }


def describe_for_zenodo(study: Study, licence: str) -> dict[str, Any]:
    """Return the fields of Zenodo's deposit form, of which it asks for authors by name."""
    settings = study.config.study
    return {
        "title": settings.title,
        "upload_type": "dataset",
        "description": describe_study(settings, study.codebook),
        "creators": [{"name": organisation} for organisation in settings.organisations],
        "access_right": "open",
        "license": licence,
        "publication_date": settings.date.isoformat(),
        "version": settings.date.isoformat(),
        "keywords": list_keywords(settings, study.codebook),
        "language": "eng",
    }


def describe_for_dataverse(study: Study, licence: str) -> dict[str, Any]:
    """Return a dataset as Dataverse's interface takes it; without a contact there is none."""
    settings = study.config.study
    description = describe_study(settings, study.codebook)
    keywords = list_keywords(settings, study.codebook)
    contact = settings.contact if settings.contact and "@" in settings.contact else None
    fields = [
        _describe_primitive("title", settings.title),
        _describe_compound("author", [{"authorName": name} for name in settings.organisations]),
        _describe_compound("datasetContact", [{"datasetContactEmail": contact}] if contact else []),
        _describe_compound("dsDescription", [{"dsDescriptionValue": description}]),
        {
            "typeName": "subject",
            "typeClass": "controlledVocabulary",
            "multiple": True,
            "value": ["Social Sciences"],
        },
        _describe_compound("keyword", [{"keywordValue": keyword} for keyword in keywords]),
    ]
    return {
        "datasetVersion": {
            "license": {"uri": licence},
            "metadataBlocks": {
                "citation": {"fields": [field for field in fields if field["value"]]}
            },
        }
    }


def _describe_primitive(name: str, value: str) -> dict[str, Any]:
    return {"typeName": name, "typeClass": "primitive", "multiple": False, "value": value}


def _describe_compound(name: str, rows: list[dict[str, str]]) -> dict[str, Any]:
    value = [{key: _describe_primitive(key, text) for key, text in row.items()} for row in rows]
    return {"typeName": name, "typeClass": "compound", "multiple": True, "value": value}
