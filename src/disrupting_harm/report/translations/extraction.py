"""The messages that documents print, and where each comes from.

They stand in the templates, in the Python sources of the ``report`` package, in what is registered
elsewhere (intervals, standards, tables of evidence) and in a study's own words: title, population,
codebook, findings, briefs, recommendations, labels of evidence.
"""

import ast
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2.ext import babel_extract

from designbased.estimates.stabilised_intervals import STABILISED
from designbased.intervals.limits import INTERVALS
from disrupting_harm.evidence.labels import load_labels
from disrupting_harm.evidence.shared_columns import SIMULATED_SERVICES
from disrupting_harm.evidence.sources import format_citation
from disrupting_harm.evidence.tables.law_coverage import POINTS as LAW_POINTS
from disrupting_harm.evidence.tables.legislation import WITH_SCOPE
from disrupting_harm.evidence.tables_of_study import SIMULATED_SOURCES
from disrupting_harm.publication.policies import POLICIES
from disrupting_harm.report.documents.databook.regional_sheets import read_table_sheets
from disrupting_harm.report.documents.draft_status import APPROVED_MARK, REVIEWED_MARK
from disrupting_harm.report.documents.templates import DELIMITERS
from disrupting_harm.report.findings.load import load_findings
from disrupting_harm.report.findings.recommendations import load_recommendations
from disrupting_harm.report.language.evidence_codes import list_messages as messages_of_tables
from disrupting_harm.report.language.translator import AREAS, Areas, has_areas, name_areas
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.configuration.intervals import LABELS
from disrupting_harm.study.configuration.section import read_yaml
from disrupting_harm.study.invented_numbers import is_invented

# The functions that translate: a call of ``plural`` has two messages, one of ``in_context`` begins
# with the context. In templates their names are ``_n`` and ``_p``.
PLURAL, IN_CONTEXT = ("plural", "_n"), ("in_context", "_p")
KEYWORDS = ("_", "translator", "_translator", *PLURAL, *IN_CONTEXT)
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
        "figures/evidence/regional_law.py",
        "findings/comparison_sentences.py",
    ),
    *("language/comparison_text.py", "reading/comparison_results.py", "reading/gap_rows.py"),
)


class Message(NamedTuple):
    """An entry of the catalogues, in English.

    Attributes:
        text: the message; of a plural one the singular.
        plural: of a message that counts something.
        context: what a short message is, where its words mean something else elsewhere.
    """

    text: str
    plural: str = ""
    context: str = ""


def extract_messages(
    templates: Path, library: Path, config: Path, areas: Sequence[Areas] = tuple(AREAS)
) -> dict[Message, list[str]]:
    """Return all messages with the files they come from, in order of first appearance.

    A message that names areas is one on countries and one on regions: languages inflect the words
    around them.

    Args:
        templates: folder of the templates.
        library: the package whose Python sources hold messages.
        config: a study's configuration file, whose words are translated, too.
        areas: what the studies compare.
    """
    locations_by_message: dict[Message, list[str]] = {}
    for location, message in (
        *_extract_from_templates(templates, english=False),
        *_extract_from_library(library, english=False),
        *((location, Message(text)) for location, text in list_registered_messages()),
        *((location, Message(text)) for location, text in _extract_from_study(config)),
    ):
        kinds = areas if has_areas(message.text) else areas[:1]
        for kind in kinds:
            text, plural = name_areas(message.text, kind), name_areas(message.plural, kind)
            named_message = Message(text, plural, message.context)
            locations = locations_by_message.setdefault(named_message, [])
            if location not in locations:
                locations.append(location)
    return locations_by_message


def extract_english_only(templates: Path, library: Path) -> list[str]:
    """Return the messages that are written in English alone and stand in no catalogue.

    Args:
        templates, library: as for :func:`extract_messages`.
    """
    located_messages = (
        *_extract_from_templates(templates, english=True),
        *_extract_from_library(library, english=True),
    )
    sheets = read_table_sheets().values()
    headings = (column.heading for sheet in sheets for column in sheet.columns)
    return [
        *(text for _, message in located_messages for text in message[:2] if text),
        *(sheet.title for sheet in sheets),
        *headings,
    ]


def _extract_from_templates(folder: Path, english: bool) -> Iterator[tuple[str, Message]]:
    for path, location in _list_files(folder, "*.j2", english):
        # Pages are written with the usual signs of Jinja; in a source of Quarto they mean others.
        signs = {} if path.name.endswith(PAGE) else DELIMITERS
        options = {"silent": "false", **{key: str(value) for key, value in signs.items()}}
        with path.open("rb") as file:
            for _, function, strings, _ in babel_extract(file, KEYWORDS, (), options):
                texts = strings if isinstance(strings, tuple) else (strings,)
                yield from _locate_message(location, function, texts)


def _extract_from_library(folder: Path, english: bool) -> Iterator[tuple[str, Message]]:
    """Yield the messages of calls in Python.

    Babel's own extraction takes a call for one of ``translator`` as soon as that stands among its
    arguments, and would lose the plural.
    """
    for path, location in _list_files(folder, "*.py", english):
        nodes = ast.walk(ast.parse(path.read_bytes()))
        calls = [node for node in nodes if isinstance(node, ast.Call) and node.args]
        for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
            function = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if function in KEYWORDS:
                strings = tuple(
                    argument.value
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                    else ""
                    for argument in call.args
                )
                yield from _locate_message(location, function, strings)


def _list_files(folder: Path, pattern: str, english: bool) -> Iterator[tuple[Path, str]]:
    """Return the files whose messages are written in English alone, or all others."""
    for path in sorted(folder.rglob(pattern)):
        location = path.relative_to(folder).as_posix()
        if location.startswith(ENGLISH_ONLY) == english:
            yield path, location


def list_registered_messages() -> Iterator[tuple[str, str]]:
    """What reports print of what is defined elsewhere, from intervals to tables of evidence."""
    defaults = [StudyInfo.model_fields[key].default for key in WORDS_OF_STUDY]
    yield from (("words", word) for word in defaults if word)
    yield from (("documents/draft_status.py", mark) for mark in (REVIEWED_MARK, APPROVED_MARK))
    yield "intervals", LABELS[STABILISED]
    for method in INTERVALS.values():
        yield from (("intervals", wording) for wording in (method.label, method.phrase) if wording)
    yield from (("standards", policy.statement) for policy in POLICIES.values())
    yield from (("evidence", label) for label in messages_of_tables())
    yield from (("evidence", service) for service in SIMULATED_SERVICES.values())
    yield from (("evidence", source) for source in SIMULATED_SOURCES)


def _locate_message(
    location: str, function: str, strings: Sequence[str | None]
) -> Iterator[tuple[str, Message]]:
    """Yield the message of one call, if its first argument is a text."""
    text, second, *_ = (*strings, "")
    if text and function in PLURAL:
        yield location, Message(text, plural=second or "")
    elif text and function in IN_CONTEXT:
        yield location, Message(second or "", context=text)
    elif text:
        yield location, Message(text)


def _extract_from_study(config: Path) -> Iterator[tuple[str, str]]:
    content = read_yaml(config)
    for key in ("title", *WORDS_OF_STUDY):
        if wordings := content["study"].get(key, StudyInfo.model_fields[key].default):
            yield config.name, wordings
    with (config.parent / content["countries"]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wordings = [row.get(name) for name in ("region", *PRINTED_SOURCES) for row in rows]
    yield from (
        ("countries", wording)
        for wording in dict.fromkeys(wordings)
        if wording and not is_invented(wording)
    )
    judged = content.get("comparison", {}).get("comparability")
    if judged:
        with (config.parent / judged).open(encoding="utf-8") as file:
            reasons = [row["reason"] for row in csv.DictReader(file)]
        yield from (("comparability", reason) for reason in dict.fromkeys(reasons) if reason)
    evidence, report = content.get("evidence", {}), content.get("report", {})
    yield from _extract_from_evidence(evidence, config.parent)
    if "recommendations" in report:
        yield from _extract_from_recommendations(config.parent / report["recommendations"])
    if "findings" in report:
        yield from _extract_from_findings(
            config.parent / report["findings"], content["codebook"], config
        )
    if "brief" in report:
        yield from _extract_from_brief(read_yaml(config.parent / report["brief"]))
    codebook = read_yaml(config.parent / content["codebook"])
    split = {domain.get("item") for domain in codebook["domains"]}
    levels = [item for item in codebook["items"] if item["id"] in split]
    yield from (("codebook", question) for question in _extract_questions(codebook))
    sections = ("domains", "modules", "series", "questions", "indicators")
    labelled_items = [item for section in sections for item in codebook.get(section, ())]
    for labelled_item in (*labelled_items, *levels):
        for key in CODEBOOK_WORDS:
            if labelled_item.get(key):
                yield "codebook", labelled_item[key]
        for key in CODEBOOK_TABLES:
            yield from (("codebook", label) for label in labelled_item.get(key, {}).values())


def _extract_from_findings(path: Path, codebook: str, config: Path) -> Iterator[tuple[str, str]]:
    """All words of the file of findings, and the questions that its margins print."""
    findings = load_findings(path)
    asked_items = {finding.asked for finding in findings.all}
    items = read_yaml(config.parent / codebook)["items"]
    texts = [group.title for group in findings.numbers]
    tiles = [tile for group in findings.numbers for tile in group.tiles]
    texts += [text for tile in tiles for text in (tile.text, tile.meaning) if text]
    for share in findings.standing:
        texts += filter(None, [share.label, share.higher, share.lower])
    texts += [title.text for title in findings.titles]
    texts += [text for chapter in findings.chapters for text in (chapter.title, chapter.message)]
    for finding in findings.all:
        texts += [*finding.heading.values(), *finding.text, *finding.said.values()]
        texts += [finding.sure] if finding.sure else []
        texts += [finding.wider.more, finding.wider.less] if finding.wider else []
        texts += [finding.options.asked] if finding.options else []
    texts += [text for term in findings.glossary for text in (term.term, term.meaning)]
    texts += [item["question"] for item in items if item["id"] in asked_items]
    yield from ((path.name, text) for text in texts)


def _extract_questions(codebook: dict[str, Any]) -> Iterator[str]:
    """Questions of the items that indicators are made of, and the answers that count."""
    items = {item["id"]: item for item in codebook["items"]}
    for indicator in codebook["indicators"]:
        for condition in indicator.get("numerator", ()):
            item = items[condition["item"]]
            labels = item.get("value_labels", {})
            yield from filter(
                None, (item.get("question"), *map(labels.get, condition.get("among", ())))
            )
        if "value" in indicator and items[indicator["value"]].get("question"):
            yield items[indicator["value"]]["question"]


def _extract_from_brief(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Sentences, titles and labels of the study's briefs."""
    lead = content["lead"]
    keys = ("one_in", "in_100", "fewer", "total", "total_between", "levels", "meaning")
    texts = [lead[key] for key in keys if lead.get(key)]
    texts += [lead["wider"]["sentence"]] if lead.get("wider") else []
    for group in content["tiles"]:
        texts += [group["base"], *([group["note"]] if group.get("note") else [])]
        texts += [tile["text"] for tile in group["tiles"]]
    for picture in content["pictures"]:
        finding = picture.get("finding", {})
        texts += [picture["title"], picture["subtitle"], *picture.get("labels", {}).values()]
        texts += [*([finding["each"]] if finding.get("each") else [])]
        texts += [*finding.get("heading", {}).values()]
    texts += [content["all_countries"]] if content.get("all_countries") else []
    yield from (("brief", text) for text in texts)


def _extract_from_evidence(evidence: dict[str, str], folder: Path) -> Iterator[tuple[str, str]]:
    """Words that tables of evidence bring with them, and those of the files beside them."""
    law_sources = set()
    for table in LAW_POINTS:
        if table not in evidence:
            continue
        with (folder / evidence[table]).open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                law_sources.add(row["source_id"])
                scope = row["scope"] if row.get("answer") in WITH_SCOPE else ""
                texts = (scope, row.get("reason"), row["note"])
                yield from (("evidence", text) for text in texts if text)
    if "sources" in evidence:
        with (folder / evidence["sources"]).open(encoding="utf-8") as file:
            yield from (
                ("evidence", format_citation(row))
                for row in csv.DictReader(file)
                # Sources on law are printed as they name themselves.
                if row["source_id"] not in law_sources
            )
    if "cybertips" in evidence:
        text = (folder / evidence["cybertips"]).read_text(encoding="utf-8")
        yield from (("evidence", row["counted"]) for row in csv.DictReader(io.StringIO(text)))
    if "known_studies" in evidence:
        printed_columns = ("base", "question", "limits", "reason", "note")
        with (folder / evidence["known_studies"]).open(encoding="utf-8") as file:
            for study in csv.DictReader(file):
                yield from (("evidence", study[name]) for name in printed_columns if study[name])
    if "capacity_areas" in evidence:
        areas = read_yaml(folder / evidence["capacity_areas"])["areas"]
        for area in areas:
            yield from (("evidence", text) for text in (area["label"], *area["items"].values()))
    if "simulation" in evidence:
        settings = read_yaml(folder / evidence["simulation"]).values()
        agencies = [
            agencies_of_table["agency"]
            for agencies_of_table in settings
            if "agency" in agencies_of_table
        ]
        yield from (("evidence", agency) for agency in dict.fromkeys(agencies))
    if "labels" in evidence:
        for columns in load_labels(folder / evidence["labels"]).values():
            for agencies_of_table in columns.values():
                yield from (("evidence", label) for label in agencies_of_table.values())
    yield from (("evidence", text) for text in _texts_of_tables())


def _extract_from_recommendations(path: Path) -> Iterator[tuple[str, str]]:
    """All words of the file of recommendations."""
    recommendations = load_recommendations(path)
    texts = [
        text
        for dispute in recommendations.disagreements
        for text in (dispute.text, dispute.owner, dispute.first_step)
    ]
    texts += [recommendations.rule, recommendations.reason]
    texts += [group.owner for group in recommendations.groups]
    for _, action in recommendations.actions:
        texts += [action.text, action.first_step, action.finding, action.mark]
    yield from ((path.name, text) for text in dict.fromkeys(texts) if text)


def _texts_of_tables() -> Iterator[str]:
    """Sentences that the stage *evidence* writes into public tables."""
    from disrupting_harm.evidence.measures import conflicting_sources as conflicts
    from disrupting_harm.evidence.measures import cybertips

    yield cybertips.NOT_PREVALENCE
    yield cybertips.PLACED_BY_UPLOAD
    yield from (conflicts.COUNTED_BY, conflicts.COUNTED, conflicts.BOTH, conflicts.UNKNOWN)
    yield from (conflicts.EARLIER, conflicts.LATER)
