"""The questionnaire as a DDI codebook: what was asked, in which words, with which answers.

It describes the columns of a prepared file, never a respondent: no frequency and no number of rows.

DDI Codebook 2.5, https://ddialliance.org
"""

import xml.etree.ElementTree as ET

from disrupting_harm.study.codebook.definitions import SPECIAL_ANSWERS, Item
from disrupting_harm.study.study import Study

NAMESPACE = "ddi:codebook:2_5"
YES_NO = {"yes": "Yes", "no": "No"}
# Why an answer is none; these codes stand in the column of any item.
MISSING = {
    "dont_know": "Does not know",
    "prefer_not_to_say": "Prefers not to say",
    "not_asked": "Not asked",
    "lost": "Answer lost",
}
RESPONDENTS = {"caregiver": "Caregiver", "sample": "Sample file"}


def format_codebook(study: Study) -> str:
    """Return the codebook of a study as XML.

    Items stand in the order of the study's codebook, each with its question, its respondent and its
    answers; reasons for a missing answer are marked as such.
    """
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_qualify_tag("codeBook"), {"version": "2.5"})
    _describe_study(_add_element(root, "stdyDscr"), study)
    data = _add_element(root, "dataDscr")
    for item in study.codebook.items:
        _describe_item(data, item, study.config.study.respondents)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _describe_study(parent: ET.Element, study: Study) -> None:
    settings = study.config.study
    citation = _add_element(parent, "citation")
    title = _add_element(citation, "titlStmt")
    _add_element(title, "titl", settings.title)
    _add_element(title, "IDNo", settings.id)
    if settings.organisations:
        responsible = _add_element(citation, "rspStmt")
        for organisation in settings.organisations:
            _add_element(responsible, "AuthEnty", organisation)
    date = settings.date.isoformat()
    _add_element(_add_element(citation, "verStmt"), "version", f"{settings.title}, {date}").set(
        "date", date
    )
    information = _add_element(parent, "stdyInfo")
    if settings.subject:
        _add_element(_add_element(information, "subject"), "topcClas", settings.subject)
    kind = f"{settings.survey}, simulated data" if settings.simulated else settings.survey
    summary = _add_element(information, "sumDscr")
    for survey in study.surveys:
        row = study.row(survey)
        if row.fieldwork:
            _add_element(summary, "collDate", row.fieldwork).set("event", "single")
    for survey in study.surveys:
        row = study.row(survey)
        _add_element(summary, "nation", row.name or row.code).set("abbr", row.code)
    _add_element(summary, "universe", settings.population)
    _add_element(summary, "dataKind", kind)


def _describe_item(parent: ET.Element, item: Item, respondents: str) -> None:
    element = _add_element(parent, "var")
    element.set("ID", item.id)
    element.set("name", item.id)
    element.set("intrvl", "contin" if item.type == "number" else "discrete")
    _add_element(element, "labl", item.question or item.id)
    _add_element(element, "respUnit", RESPONDENTS.get(item.respondent, respondents))
    if item.question:
        question = _add_element(element, "qstn")
        _add_element(question, "qstnLit", item.question)
    if item.type == "number" and (item.minimum is not None or item.maximum is not None):
        limits = ET.SubElement(_add_element(element, "valrng"), _qualify_tag("range"))
        for name, limit in (("min", item.minimum), ("max", item.maximum)):
            if limit is not None:
                limits.set(name, f"{limit:g}")
    labels = {**(YES_NO if item.type == "yes_no" else {}), **item.value_labels}
    for answer in item.answers:
        _add_category(element, answer, labels.get(answer, answer), missing=False)
    for answer in SPECIAL_ANSWERS:
        _add_category(element, answer, MISSING[answer], missing=True)
    _add_element(element, "varFormat").set(
        "type", "numeric" if item.type == "number" else "character"
    )


def _add_category(parent: ET.Element, value: str, label: str, missing: bool) -> None:
    category = _add_element(parent, "catgry")
    category.set("missing", "Y" if missing else "N")
    _add_element(category, "catValu", value)
    _add_element(category, "labl", label)


def _add_element(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    element = ET.SubElement(parent, _qualify_tag(name))
    element.text = text
    return element


def _qualify_tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
