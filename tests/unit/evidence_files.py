"""Small tables of evidence for tests."""

from openpyxl import Workbook

from disrupting_harm.evidence.reading.facts import check_evidence
from disrupting_harm.evidence.sources import Source
from disrupting_harm.evidence.tables import TABLES

POLICE = Source(
    source_id="police",
    organisation="National Police",
    type="law_enforcement",
    title="Annual figures",
    year=2020,
    url="",
    accessed="",
    licence="",
    restriction="restricted",
)
SOURCES = {"police": POLICE}
OFFENCE = {
    "country": "KEN",
    "agency": "National Police",
    "year": 2019,
    "offence_code": "O1",
    "offence_label": "Grooming",
    "law_reference": "Act s. 4",
    "category": "ocsea",
    "technology": "yes",
    "stage": "reported",
    "victim_sex": "all",
    "victim_age_band": "all",
    "counting_rule": "victims",
    "offences": 40,
    "status": "reported",
    "source_id": "police",
    "counted": "Victims in reports to the police",
    "counted_by": "National Police",
    "iccs": "",
}
CYBERTIP = {
    "country": "KEN",
    "year": 2024,
    "class": "referral",
    "reports": 20_695,
    "status": "reported",
    "source_id": "police",
    "counted": "Reports resolved to the country",
    "counted_by": "NCMEC",
    "period": "year",
    "incident_type": "all",
    "below": "",
    "as_of": "",
    "series_id": "",
}
CAPACITY = {
    "country": "KEN",
    "agency": "National Police",
    "date": "2021-03",
    "area": "unit",
    "item": "unit_exists",
    "score": 2,
    "status": "reported",
    "evidence": "interview",
    "confidence": "high",
    "note": "",
    "source_id": "police",
    "counted": "Score",
    "counted_by": "Assessor",
}
KNOWN_STUDY = {
    "country": "KEN",
    "measure": "any_form",
    "indicator": "any_tf_csea",
    "study": "A survey",
    "year": 2019,
    "year_end": 2020,
    "age_from": 12,
    "age_to": 17,
    "base": "internet users",
    "question": "any form in the past year",
    "persons": 1_014,
    "estimate": 12.5,
    "ci_low": 10.1,
    "ci_high": 15,
    "limits": "95 % confidence interval",
    "status": "reported",
    "comparable": "partly",
    "reason": "Asked in another way.",
    "address": "https://example.org/report",
    "checked": "2026-12-01",
    "checked_by": "page",
    "note": "",
    "source_id": "police",
}
CLAIM = {
    "as_of": "2022-07-30",
    "confidence": "high",
    "address": "https://example.org/law",
    "checked": "2026-12-01",
    "checked_by": "page",
    "note": "",
    "source_id": "police",
}
LEGISLATION = {
    "country": "KEN",
    "topic": "grooming_offence",
    "answer": "yes",
    "age": "",
    "scope": "",
    "instrument": "Act 1",
    "provision": "s. 4",
    "instrument_year": 2018,
    "status": "in_force",
    "in_force_from": "2018-07",
    "quote": "a few words",
    "chosen": "yes",
    "reason": "",
    **CLAIM,
}
INSTRUMENT = {"country": "KEN", "instrument": "uncc", "status": "signed", "year": 2025, **CLAIM}
POLICY = {
    "country": "KEN",
    "title": "A plan",
    "kind": "plan",
    "year_from": 2022,
    "year_to": 2026,
    "status": "running",
    **CLAIM,
}
SERVICE = {
    "country": "KEN",
    "name": "A helpline",
    "kind": "helpline",
    "contact": "116",
    "since": 2008,
    **CLAIM,
}
ROWS = {
    "offences": OFFENCE,
    "cybertips": CYBERTIP,
    "capacity": CAPACITY,
    "known_studies": KNOWN_STUDY,
    "legislation": LEGISLATION,
    "instruments": INSTRUMENT,
    "policies": POLICY,
    "service_register": SERVICE,
}


def csv_file(folder, table, *changes, separator=",", encoding="utf-8"):
    """Write one row per dictionary of changes to the table's sample row."""
    names = TABLES[table].column_names
    lines = [separator.join(names)]
    for change in changes:
        row = ROWS[table] | change
        lines.append(separator.join(str(row[name]) for name in names))
    path = folder / f"{table}.csv"
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def workbook(table, *changes):
    """Return a workbook and its sheet with one row per dictionary of changes to the sample row."""
    book = Workbook()
    sheet = book.active
    sheet.title = table
    sheet.append(list(TABLES[table].column_names))
    for change in changes:
        row = ROWS[table] | change
        sheet.append([row[name] for name in TABLES[table].column_names])
    return book, sheet


def saved(folder, book):
    """Save the workbook and return its path."""
    path = folder / "police.xlsx"
    book.save(path)
    return path


def fault(path, table="offences"):
    """Return the only fault of a file."""
    faults = check_evidence(table, path, SOURCES).faults
    assert len(faults) == 1, [str(fault) for fault in faults]
    return faults[0]
