"""The messages that documents print, and where each comes from.

They stand in the templates, in the Python sources of the ``report`` package, in what is registered
elsewhere (intervals, standards, tables of evidence) and in a study's own words: title, population,
codebook, findings, briefs, recommendations, labels of evidence.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_python
from jinja2.ext import babel_extract

from designbased.intervals.limits import INTERVALS
from disrupting_harm.evidence.labels import load_labels
from disrupting_harm.evidence.shared_columns import SIMULATED_SERVICES
from disrupting_harm.evidence.sources import format_citation
from disrupting_harm.evidence.tables_of_study import SIMULATED_SOURCES
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.documents.databook.regional import read_table_sheets
from disrupting_harm.report.documents.templates import DELIMITERS
from disrupting_harm.report.findings.brief_definition import Brief
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.evidence_codes import messages as messages_of_tables
from disrupting_harm.report.language.translator import AREAS
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.configuration.section import read_yaml
from disrupting_harm.study.invented_numbers import is_invented

KEYWORDS = dict.fromkeys(("_", "translator", "_translator"))
WORDS_OF_STUDY = ("subject", "population", "respondents", "not_reached", "harm", "survey")
CODEBOOK_WORDS = ("label", "short", "note", "base")
CODEBOOK_TABLES = ("levels_label", "value_labels")
# Columns of the countries file that documents print where no number is invented.
PRINTED_SOURCES = ("children_source", "internet_use_source")
PAGE = ".html.j2"  # the ending of templates of pages
# What is written in English alone has no messages in the catalogues.
ENGLISH_ONLY = (
    *("regional/", "documents/regional/", "databook/region", "documents/databook/region"),
    *(
        "figures/comparison",
        "figures/regional_context.py",
        "figures/evidence/regional_evidence.py",
        "findings/comparison_sentences.py",
    ),
    *("language/comparison_text.py", "reading/comparison_results.py", "reading/gap_rows.py"),
)


def extract(templates: Path, library: Path, config: Path) -> dict[str, list[str]]:
    """Return all messages with the files they come from, in order of first appearance.

    Args:
        templates: folder of the templates.
        library: the package whose Python sources hold messages.
        config: a study's configuration file, whose words are translated, too.
    """
    found: dict[str, list[str]] = {}
    for place, message in (
        *_in_templates(templates, english=False),
        *_in_library(library, english=False),
        *registered(),
        *_in_study(config),
    ):
        places = found.setdefault(message, [])
        if place not in places:
            places.append(place)
    return found


def english_only(templates: Path, library: Path) -> list[str]:
    """Return the messages that are written in English alone and stand in no catalogue.

    Args:
        templates, library: as for :func:`extract`.
    """
    found = (*_in_templates(templates, english=True), *_in_library(library, english=True))
    sheets = read_table_sheets().values()
    headings = (column.heading for sheet in sheets for column in sheet.columns)
    return [*(message for _, message in found), *(sheet.title for sheet in sheets), *headings]


def _in_templates(folder: Path, english: bool) -> Iterator[tuple[str, str]]:
    for path, place in _files(folder, "*.j2", english):
        # Pages are written with the usual signs of Jinja; in a source of Quarto they mean others.
        signs = {} if path.name.endswith(PAGE) else DELIMITERS
        options = {"silent": "false", **{key: str(value) for key, value in signs.items()}}
        with path.open("rb") as file:
            rows = babel_extract(file, list(KEYWORDS), (), options)
            yield from _named(place, rows)


def _in_library(folder: Path, english: bool) -> Iterator[tuple[str, str]]:
    for path, place in _files(folder, "*.py", english):
        with path.open("rb") as file:
            rows = extract_python(file, KEYWORDS, (), {})
            yield from _named(place, rows)


def _files(folder: Path, pattern: str, english: bool) -> Iterator[tuple[Path, str]]:
    """Return the files whose messages are written in English alone, or all others."""
    for path in sorted(folder.rglob(pattern)):
        place = path.relative_to(folder).as_posix()
        if place.startswith(ENGLISH_ONLY) == english:
            yield path, place


def registered() -> Iterator[tuple[str, str]]:
    """What reports print of what is defined elsewhere, from areas to tables of evidence."""
    for called in AREAS.values():
        yield from (("words", word) for word in called.values())
    defaults = [StudyInfo.model_fields[key].default for key in WORDS_OF_STUDY]
    defaults.append(Brief.model_fields["pictures_title"].default)
    yield from (("words", word) for word in defaults if word)
    for method in INTERVALS.values():
        yield from (("intervals", said) for said in (method.label, method.phrase) if said)
    yield from (("standards", policy.statement) for policy in POLICIES.values())
    yield from (("evidence", label) for label in messages_of_tables())
    yield from (("evidence", service) for service in SIMULATED_SERVICES.values())
    yield from (("evidence", source) for source in SIMULATED_SOURCES)


def _named(place: str, rows: Iterator[tuple]) -> Iterator[tuple[str, str]]:
    for _, _, strings, _ in rows:
        first = strings[0] if isinstance(strings, tuple) else strings
        if first:
            yield place, first


def _in_study(config: Path) -> Iterator[tuple[str, str]]:
    content = read_yaml(config)
    # What messages call the rows of the countries file, where a sentence names them.
    yield config.name, content["study"].get("areas", StudyInfo.model_fields["areas"].default)
    for key in ("title", *WORDS_OF_STUDY):
        if said := content["study"].get(key, StudyInfo.model_fields[key].default):
            yield config.name, said
    with (config.parent / content["countries"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    said = [row.get(name) for name in ("region", *PRINTED_SOURCES) for row in rows]
    yield from (("countries", one) for one in dict.fromkeys(said) if one and not is_invented(one))
    judged = content.get("comparison", {}).get("comparability")
    if judged:
        with (config.parent / judged).open(encoding="utf-8") as file:
            reasons = [row["reason"] for row in csv.DictReader(file)]
        yield from (("comparability", reason) for reason in dict.fromkeys(reasons) if reason)
    evidence, report = content.get("evidence", {}), content.get("report", {})
    yield from _in_evidence(evidence, config.parent)
    if "recommendations" in report:
        yield from _in_recommendations(config.parent / report["recommendations"])
    if "findings" in report:
        yield from _in_findings(config.parent / report["findings"], content["codebook"], config)
    if "brief" in report:
        yield from _in_brief(read_yaml(config.parent / report["brief"]))
    codebook = read_yaml(config.parent / content["codebook"])
    split = {domain.get("item") for domain in codebook["domains"]}
    levels = [item for item in codebook["items"] if item["id"] in split]
    yield from (("codebook", asked) for asked in _asked(codebook))
    kinds = ("domains", "modules", "series", "questions", "indicators")
    named = [entry for kind in kinds for entry in codebook.get(kind, ())]
    for entry in (*named, *levels):
        for key in CODEBOOK_WORDS:
            if entry.get(key):
                yield "codebook", entry[key]
        for key in CODEBOOK_TABLES:
            yield from (("codebook", label) for label in entry.get(key, {}).values())


def _in_findings(path: Path, codebook: str, config: Path) -> Iterator[tuple[str, str]]:
    """All words of the file of findings, and the questions that its margins print."""
    found = load_findings(path)
    asked = {entry.asked for entry in found.all}
    items = read_yaml(config.parent / codebook)["items"]
    said = [group.title for group in found.numbers]
    tiles = [tile for group in found.numbers for tile in group.tiles]
    said += [text for tile in tiles for text in (tile.text, tile.meaning) if text]
    said += [text for chapter in found.chapters for text in (chapter.title, chapter.message)]
    for entry in found.all:
        said += [*entry.heading.values(), *entry.text, *entry.said.values()]
        said += [entry.sure] if entry.sure else []
        said += [entry.wider.more, entry.wider.less] if entry.wider else []
        said += [entry.options.asked] if entry.options else []
    said += [text for entry in found.glossary for text in (entry.term, entry.meaning)]
    said += [item["question"] for item in items if item["id"] in asked]
    yield from ((path.name, text) for text in said)


def _asked(codebook: dict[str, Any]) -> Iterator[str]:
    """Questions of the items that indicators are made of, and the answers that count."""
    items = {item["id"]: item for item in codebook["items"]}
    for entry in codebook["indicators"]:
        for condition in entry.get("numerator", ()):
            item = items[condition["item"]]
            labels = item.get("value_labels", {})
            yield from filter(
                None, (item.get("question"), *map(labels.get, condition.get("among", ())))
            )
        if "value" in entry and items[entry["value"]].get("question"):
            yield items[entry["value"]]["question"]


def _in_brief(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Sentences, titles and labels of the study's briefs."""
    lead = dict(content["lead"])
    said = [wider["counted"]] if (wider := lead.pop("wider", None)) else []
    said += [text for key, text in lead.items() if key != "indicator"]
    tiles = [*content["tiles"], *content.get("compared", ())]
    said += [tile["text"] for tile in tiles]
    for picture in content["pictures"]:
        said += [picture["title"], picture["subtitle"], *picture.get("labels", {}).values()]
    said += [ask["title"] for ask in content.get("asks", ())]
    said += filter(None, [content.get("pictures_title")])
    yield from (("brief", text) for text in said)


def _in_evidence(evidence: dict[str, str], folder: Path) -> Iterator[tuple[str, str]]:
    """Words that tables of evidence bring with them, and those of the files beside them."""
    if "sources" in evidence:
        with (folder / evidence["sources"]).open(encoding="utf-8") as file:
            yield from (("evidence", format_citation(row)) for row in csv.DictReader(file))
    if "cybertips" in evidence:
        text = (folder / evidence["cybertips"]).read_text(encoding="utf-8")
        yield from (("evidence", row["counted"]) for row in csv.DictReader(io.StringIO(text)))
    if "capacity_areas" in evidence:
        areas = read_yaml(folder / evidence["capacity_areas"])["areas"]
        for area in areas:
            yield from (("evidence", text) for text in (area["label"], *area["items"].values()))
    if "simulation" in evidence:
        settings = read_yaml(folder / evidence["simulation"]).values()
        agencies = [own["agency"] for own in settings if "agency" in own]
        yield from (("evidence", agency) for agency in dict.fromkeys(agencies))
    if "labels" in evidence:
        for columns in load_labels(folder / evidence["labels"]).values():
            for own in columns.values():
                yield from (("evidence", label) for label in own.values())
    yield from (("evidence", text) for text in _texts_of_tables())


def _in_recommendations(path: Path) -> Iterator[tuple[str, str]]:
    """All words of the file of recommendations."""
    known = load_recommendations(path)
    yield from ((path.name, entry.text) for entry in known.disagreements)
    for group in known.groups:
        yield path.name, group.label
        for entry in group.recommendations:
            yield path.name, entry.text
            yield path.name, entry.finding
        yield from ((path.name, line) for line in group.general)


def _texts_of_tables() -> Iterator[str]:
    """Sentences that the stage *evidence* writes into public tables."""
    from disrupting_harm.evidence.measures import conflicting_sources as conflicts
    from disrupting_harm.evidence.measures import cybertips

    yield cybertips.NOT_PREVALENCE
    yield cybertips.PLACED_BY_UPLOAD
    yield from (conflicts.COUNTED_BY, conflicts.COUNTED, conflicts.BOTH, conflicts.UNKNOWN)
