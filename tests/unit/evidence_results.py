"""Small public tables of evidence of one country, with every status and a break of the series."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from disrupting_harm.evidence.labels import load_labels
from disrupting_harm.evidence.tables import PUBLIC
from disrupting_harm.report.reading.rows import PublicRow

# What the default study calls items, roles and themes.
LABELS = load_labels(Path(__file__).parents[2] / "config" / "evidence" / "labels.yaml")
SIMULATED = {"source": "Simulated for this study", "data_kind": "simulated"}
RECORDS = {
    "agency": "National police", "category": "ocsea", "technology": "yes", "stage": "reported",
    "counting_rule": "victims", "status": "reported", **SIMULATED,
}  # fmt: skip
FACTS = {**RECORDS, "offence_code": "O1", "victim_age_band": "all", "source_id": "sim"}
SCORE = {"evidence": "interview", "items_absent": 0, "confidence": "medium", **SIMULATED}
NEED = {"items_asked": 2, "items_total": 2, "items_absent": 0, "weight": 0.25, **SIMULATED}
ANSWER = {"n": 50, "band": "", "status": "reported", **SIMULATED}
DEFAULTS: dict[str, dict[str, Any]] = {
    "cybertips": {
        "class": "unsplit", "status": "reported",
        "change_percent": "", "share_world_percent": "",
        "series_break": "False", "counted": "all reports", "counted_by": "NCMEC", "source": "NCMEC",
        "data_kind": "published",
    },
    "cybertip_parts": {
        "year": 2024, "period": "year", "class": "referral", "status": "reported",
        "counted": "referrals by type, rounded", "counted_by": "NCMEC", "source_id": "platform",
        "source": "NCMEC, platform", "data_kind": "published",
    },
    "cybertip_changes": {
        "class": "unsplit", "counted": "all reports", "counted_by": "NCMEC", "source": "NCMEC",
        "data_kind": "published",
    },
    "offence_changes": RECORDS,
    "reporters": {
        "hhi": 0.85, "counted_by": "NCMEC", "source": "NCMEC", "data_kind": "published",
    },
    "offence_rates": RECORDS,
    "offences": FACTS,
    "hotlines": {"status": "reported", **SIMULATED},
    "several_sources": {"fact": "cybertips", "status": "reported", "item": "unsplit"},
    "capacity": {"agency": "National police", "score": 1, "status": "reported", **SIMULATED},
    "capacity_profile": SCORE,
    "capacity_needs": NEED,
    "frontline": ANSWER,
    "justice": {"interviews": 10, "band": "", "status": "reported", **SIMULATED},
    "policy": {"status": "reported", "instrument": "", "year": "", **SIMULATED},
    "known_studies": {
        "study": "A survey", "year": 2019, "year_end": "", "age_from": 12, "age_to": 17,
        "base": "internet users", "question": "any form", "persons": "", "ci_low": "",
        "ci_high": "", "limits": "", "status": "reported", "comparable": "partly",
        "reason": "Asked in another way.", "note": "", "address": "https://example.org/report",
        "checked": "2026-12", "checked_by": "page", "source_id": "survey",
        "source": "An institute, A survey, 2020", "data_kind": "published",
    },
    "triangulation": {
        "unit": "", "base": "", "amount": "", "ci_low": "", "ci_high": "", "n": "",
        "band": "", "status": "reported", "says": "what it sees",
        "cannot_say": "Not how common it is",
        "pairing_reason": "", "survey_ages": "", "other_ages": "",
        **SIMULATED,
    },
}  # fmt: skip
TABLES: dict[str, list[dict[str, Any]]] = {
    "cybertips": [
        {"year": 2022, "reports": 227955, "share_world_percent": 0.71},
        {"year": 2023, "reports": 172906, "change_percent": -24.2, "share_world_percent": 0.48},
        {"year": 2024, "class": "referral", "reports": 67327,
         "series_break": "True", "counted": "referrals"},
        {"year": 2024, "class": "informational", "reports": 10383,
         "series_break": "True", "counted": "informational"},
        {"country": "THA", "year": 2023, "reports": 999999},
    ],
    "cybertip_parts": [
        {"incident_type": "csam", "reports": 67000},
        {"incident_type": "online_enticement", "reports": 100},
        {"incident_type": "molestation", "reports": "", "below": 50, "status": "suppressed"},
    ],
    "cybertip_changes": [
        {"first_year": 2022, "last_year": 2023, "changes": 1, "ratio_low": 0.76,
         "ratio_median": 0.76, "ratio_high": 0.76},
    ],
    "reporters": [
        {"year": 2023, "reporter": "Alpha", "reports": 150000, "share_percent": 86.75},
        {"year": 2023, "reporter": "Beta", "reports": 22906, "share_percent": 13.25},
    ],
    "offence_rates": [
        {"year": 2017, "offences": 41},
        {"year": 2018, "offences": "", "status": "not_recorded"},
        {"year": 2019, "offences": 0, "status": "zero_reported"},
        {"year": 2017, "stage": "convicted", "offences": "", "status": "suppressed"},
        {"year": 2019, "stage": "convicted", "offences": 12},
        {"year": 2017, "category": "csea", "technology": "not_recorded", "offences": 310},
        {"year": 2018, "category": "csea", "technology": "not_recorded", "offences": 295,
         "status": "incomplete"},
        {"year": 2019, "category": "csea", "technology": "not_recorded", "offences": 402},
    ],
    "offence_changes": [
        {"category": "csea", "technology": "not_recorded", "first_year": 2017, "last_year": 2019,
         "changes": 2, "ratio_low": 0.5, "ratio_median": 1.1, "ratio_high": 1.7},
        {"first_year": 2017, "last_year": 2019, "changes": 2, "ratio_low": 0.8,
         "ratio_median": 0.95, "ratio_high": 1.1},
    ],
    "offences": [
        {"year": 2017, "victim_sex": "girl", "offences": 30},
        {"year": 2017, "victim_sex": "boy", "offences": 11},
        {"year": 2017, "victim_sex": "all", "offences": 41},
        {"year": 2019, "victim_sex": "boy", "offences": "", "status": "suppressed"},
        {"year": 2017, "victim_sex": "all", "victim_age_band": "12-17", "offences": 28},
        {"year": 2017, "victim_sex": "all", "victim_age_band": "0-11", "offences": 0,
         "status": "zero_reported"},
    ],
    "hotlines": [
        {"year": 2019, "organisation": "Hotline A", "kind": "hotline",
         "measure": "reports_received", "contacts": 840},
        {"year": 2019, "organisation": "Hotline A", "kind": "hotline", "measure": "removed",
         "contacts": "", "status": "not_recorded"},
    ],
    "several_sources": [
        {"year": 2020, "figure": 1339597, "source": "NCMEC",
         "difference_reason": "Different bodies counted."},
        {"year": 2020, "figure": 1294750, "source": "A ministry",
         "difference_reason": "Different bodies counted."},
    ],
    "capacity": [
        {"area": "training", "item": "training_initial", "score": 0.0},
        {"area": "training", "item": "training_specialist", "score": 2.0},
        {"area": "icse", "item": "icse_connected", "score": 0.0},
        {"area": "icse", "item": "icse_used", "score": 1.0},
        {"area": "international", "item": "channels", "score": 3.0},
        {"area": "wellbeing", "item": "wellbeing_support", "score": "", "status": "not_recorded"},
    ],
    "capacity_profile": [
        {"area": "training", "area_label": "Training", "score_mean": 0.7, "items_asked": 3,
         "items_total": 3, "items_absent": 1, "gap": 0.77},
        {"area": "icse", "score_mean": 0, "items_asked": 2, "items_total": 2,
         "items_absent": 2, "gap": 1},
        {"area": "wellbeing", "score_mean": "", "items_asked": 0, "items_total": 2, "gap": "",
         "evidence": "", "confidence": ""},
        {"area": "international", "score_mean": 2.5, "items_asked": 2, "items_total": 2,
         "gap": 0.17, "evidence": "document"},
    ],
    "capacity_needs": [
        {"area": "icse", "items_absent": 2, "rank_low": 1, "rank_high": 2},
        {"area": "wellbeing", "items_asked": 0, "rank_low": 1, "rank_high": 4},
        {"area": "training", "area_label": "Training", "items_asked": 3, "items_total": 3,
         "items_absent": 1, "rank_low": 2, "rank_high": 3},
        {"area": "international", "rank_low": 3, "rank_high": 4},
    ],
    "frontline": [
        {"item": "caseload_online", "answer": "yes", "count": 23, "share_percent": 46},
        {"item": "caseload_online", "answer": "no", "count": 27, "share_percent": 54},
        {"item": "police_response", "answer": "poor", "n": "", "count": "", "share_percent": "",
         "status": "suppressed"},
        {"item": "stigma_hinders", "answer": "agree", "count": "", "share_percent": "",
         "band": "most_or_all", "status": "suppressed"},
        {"item": "services_available", "answer": "poor", "n": 9, "count": 9, "share_percent": ""},
    ],
    "justice": [
        {"role": "survivors", "theme": "legal_aid", "mentioned": "", "band": "some",
         "status": "suppressed"},
        {"role": "survivors", "theme": "long_procedure", "mentioned": 12, "interviews": 30,
         "band": "some"},
        {"role": "government", "theme": "legal_aid", "mentioned": "", "status": "not_recorded"},
    ],
    "policy": [
        {"area": "policy", "item": "legislation", "answer": "in_place",
         "instrument": "Child Act", "year": 2016},
        {"area": "victim", "item": "child_helpline", "answer": "partly"},
        {"area": "media", "item": "terminology", "answer": "not_in_place"},
        {"area": "media", "item": "media_reporting", "answer": "", "status": "not_recorded"},
    ],
    "triangulation": [
        {"form": "grooming", "form_label": "Grooming", "strand": "survey",
         "figure": "11.2 (9.0–13.8)", "unit": "per cent", "base": "children asked",
         "amount": 11.2, "ci_low": 9.0, "ci_high": 13.8},
        {"form": "grooming", "form_label": "Grooming", "strand": "police",
         "figure": "at least 41", "amount": 41, "unit": "victims", "status": "incomplete",
         "pairing_reason": "Both are about contact.", "survey_ages": "12-17", "other_ages": 9},
        {"form": "images", "form_label": "Images", "strand": "frontline", "figure": "21 of 50",
         "amount": 21, "n": 50, "unit": "frontline workers"},
        {"form": "images", "form_label": "Images", "strand": "cybertips", "figure": "",
         "says": "nothing", "cannot_say": ""},
        {"form": "other", "form_label": "Other", "strand": "survey", "figure": "",
         "says": "nothing", "cannot_say": ""},
    ],
}  # fmt: skip


def rows(
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = TABLES, country: str = "KHM"
) -> dict[str, list[PublicRow]]:
    """Return complete rows, as they stand in the public tables."""
    return {
        name: [
            PublicRow(
                {
                    key: str(value)
                    for key, value in (
                        dict.fromkeys(PUBLIC[name].column_names, "")
                        | {"country": country}
                        | DEFAULTS[name]
                        | _labels(name, row)
                        | dict(row)
                    ).items()
                }
            )
            for row in own
        ]
        for name, own in tables.items()
    }


def public_rows(tables: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, list[PublicRow]]:
    """Return made-up rows as documents get those of the public tables."""
    return {name: [PublicRow(row) for row in made] for name, made in tables.items()}


def _labels(table: str, row: Mapping[str, Any]) -> dict[str, str]:
    return {
        f"{column}_label": labels.get(row[column], "")
        for column, labels in LABELS.get(table, {}).items()
    }


# A second year with classes: it goes on from the first one, in which counting changed.
GOING_ON: list[dict[str, Any]] = [
    *TABLES["cybertips"],
    {"year": 2025, "class": "referral", "reports": 80000, "change_percent": 18.8,
     "counted": "referrals"},
    {"year": 2025, "class": "informational", "reports": 9000, "change_percent": -13.3,
     "counted": "informational"},
]  # fmt: skip


def write_evidence(
    public: Path,
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = TABLES,
    country: str = "KHM",
) -> None:
    """Write public tables of evidence below ``public``."""
    folder = public / "evidence"
    folder.mkdir(parents=True, exist_ok=True)
    for name, own in rows(tables, country).items():
        header = list(
            dict.fromkeys([*(key for row in own for key in row), *PUBLIC[name].column_names])
        )
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(own)
