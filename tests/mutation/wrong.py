"""Changes of which every one is wrong: each is what somebody typed, saved or pasted by mistake.

A run has to stop at each, at its place. What is harmless stands in `mutations.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd
from mutated_study import CONFIG, FOREWORD, OFFENCES, files, raw, sheet, written

# File: what stands there, and what stands there instead.
REPLACED: dict[str, tuple[tuple[str, str], ...]] = {
    CONFIG: (
        ("date: 2026-01-31", "date: 1026-01-31"),
        ("date: 2026-01-31", "date: 9026-01-31"),
        ("date: 2026-01-31", "date: 20260131"),
        ("date: 2026-01-30", "date: 2026-02-01"),
        ("date: 2026-01-30", "date: 0001-01-01"),
        ("results: results", "results: /dev/null"),
        ("results: results", "results: /dev/null/results"),
        ("codebook: codebook.yaml", "codebook: /dev/zero"),
        ("mapping: mapping.yaml", "mapping: /dev/urandom"),
        ("countries: countries.csv", "countries: /dev/zero"),
        ("comparability: comparability.csv", "comparability: /dev/zero"),
        ("triangulation: forms.yaml", "triangulation: /dev/zero"),
        ("sources: sources.csv", "sources: /dev/zero"),
        ("offences: police.xlsx", "offences: /dev/zero"),
        ("references: works.csv", "references: /dev/zero"),
        ("references: works.csv", "references: sources.csv"),
        ("references: works.csv", "references: nowhere.csv"),
        ("slots: slots", "slots: nowhere"),
        ("slots: slots", "slots: works.csv"),
        ("confidence: 0.95", "confidence: 0.0001"),
        ("confidence: 0.95", "confidence: 0.99999999"),
        ("min_count: 5, ", "min_count: 100000, "),
        ("{k: 4, ", "{k: 0, "),
        ("{k: 4, ", "{k: 400, "),
        ("min_count: 10", "min_count: 1000000"),
        ("seed: 7", "seed: 99999999999999999999"),
        ("{boy: 1, girl: 1}", "{boy: 1, girl: 100000}"),
        ("{boy: 1, girl: 1}", "{boy: 1, girl: .nan}"),
        ("gaps: [sex]", "gaps: [sex, SEX]"),
        ("organisations: [Nobody]", "organisations: [Nobody, nobody]"),
        ("organisations: [Nobody]", "organisations: [Nobody, \"N\\uFF4Fbody\"]"),
        ("template: survey", "template: survey\n  address: javascript:alert(1)"),
        ("template: survey", "template: survey\n  address: data:text/html,x"),
        ("template: survey", "template: survey\n  code: ftp://example.org/code"),
        ("template: survey", "template: survey\n  code: www.example.org"),
        ("margins: [sex]", "margins: [sex]\n  trimming: {method: fixed, cap: 1.0e+30}"),
        ("margins: [sex]", "margins: [sex]\n  trimming: {method: iqr, iqr_multiple: 1.0e+9}"),
        ("margins: [sex]", "margins: [sex]\n  calibration: {method: logit, bounds: [0.5, 1.0e+9]}"),
        ("margins: [sex]", "margins: [sex]\n  nonresponse: {classes: [sex], max_factor: 1.0e+9}"),
        ("comparison:\n", "comparison:\n  alpha: 0.99\n"),
        ("comparison:\n", "comparison:\n  draws: 1000000000000\n"),
        ("review: show", "review: show\n  rounding: {population_to: 1000000000000}"),
    ),
    "countries.csv": (
        ("Cambodia", "Kenya"),
        ("Cambodia", "KENYA"),
        ("Cambodia", "12345"),
        ("Cambodia", '"=HYPERLINK(1)"'),
        ("en,1000000", "en,5"),
        ("en,1000000", "en,999999999999"),
        ("en,1000000", "en," + "9" * 41),
        ("en,1000000", "en,1.5"),
        (",2025,", ",1066,"),
        (",2025,", ",2027,"),
        (",2025,", ",2568,"),
        ("ken.csv", "/dev/zero"),
        ("ken.csv", "."),
        ("margins.csv", "/dev/zero"),
    ),
    "codebook.yaml": (
        ("[boy, girl]", "[boy, girl, Boy]"),
        ("[boy, girl]", '[boy, girl, "boy\\u200b"]'),
        ("[daily, less]", "[daily]"),
        ("among: [daily]", "among: [daily, less]"),
        ('numerator: [{item: online, among: ["yes"]}]',
         'numerator: [{item: online, among: ["yes", "no"]}]'),
        ("maximum: 24", "maximum: 1.0e+300"),
        ("minimum: 0", "minimum: -1.0e+300"),
        ('"15-17": [15, 17]', '"12\\u201314": [15, 17]'),
    ),
    "mapping.yaml": (
        ("{1: boy, 2: girl}", "{1: boy, 2: boy}"),
        ("{1: boy, 2: girl}", "{1: girl}"),
        ("{1: daily, 2: less}", "{1: daily, 2: daily}"),
        ("{1: daily, 2: less}", "{2: less}"),
        ("{1: complete, 2: refusal}", "{1: complete, 2: complete}"),
        ("blank: not_asked", "blank: not_asked\nyes_no: {1: 'yes', 0: 'yes'}"),
        ("blank: not_asked", "blank: not_asked\nyes_no: {1: 'yes'}"),
        ("dont_know: [88]", "dont_know: [1]"),
        ("weight: w", "weight: w\nweight_divisor: 1.0e+300"),
        ("weight: w", "weight: w\nweight_divisor: 1.0e-30"),
        ("weight: w", "weight: w\nweight_divisor: 0"),
        ("child_id: id", "child_id: q1"),
        ("psu: psu", "psu: q3"),
        ("weight: w", "weight: q5"),
    ),
    "margins.csv": (
        ("boy,510000", "Boy,510000"),
        ("boy,510000", "boy,51"),
        ("boy,510000", "boy,1e13"),
        ("boy,510000", "boy," + "9" * 41),
        ("boy,510000", "boy,\uff15\uff11\uff10\uff10\uff10\uff10"),
        ("boy,510000", "boy,=500000+10000"),
        ("sex,girl,490000\n", "sex,girl,490000\nsex,GIRL,490000\n"),
    ),
    "comparability.csv": (
        ("THA,*", "XXX,*"),
        ("yes,the", "perhaps,the"),
        ("the same questions", "=1+1"),
    ),
    "forms.yaml": (
        ("indicator: any_use", "indicator: hours"),
        ("categories: [ocsea]", "categories: [cyber]"),
        ("id: use", "id: Use of it"),
    ),
    "sources.csv": (
        ("CyberTipline,2024,,,", "CyberTipline,2024,javascript:alert(1),,"),
        ("CyberTipline,2024,,,", "CyberTipline,2024,ftp://example.org,,"),
        ("CyberTipline,2024,,,", "CyberTipline,2024,www.example.org,,"),
        ("CyberTipline,2024,,,", "CyberTipline,2024,,2027-01-01,"),
        ("CyberTipline,2024,,,", "CyberTipline,2024,,1026-01-01,"),
        ("CyberTipline,2024,,,", "CyberTipline,2024,,31.12.2025,"),
        ("CyberTipline,2024,,,", "CyberTipline,2030,,,"),
        ("CyberTipline,2024,,,", "CyberTipline,1066,,,"),
        ("\npolice,", "\nNCMEC,"),
        ("National Police", "=A1"),
    ),
    "cybertips.csv": (
        ("referral,22000", "referral," + "9" * 41),
        ("referral,22000", "referral,99999999999"),
        ("referral,22000", "referral,22 thousand"),
        ("referral,22000", "referral,NaN"),
        ("KEN,2022", "KEN,2027"),
        ("KEN,2022", "KEN,1066"),
        ("KEN,2022", "KEN,2565"),
        ("KEN,2022", "KEN," + "2" * 4301),
        ("KEN,2022", "Kenya,2022"),
    ),
    "works.csv": (
        ("https://example.org/report", "javascript:alert(1)"),
        ("https://example.org/report", "data:text/html;base64,PHNjcmlwdD4="),
        ("https://example.org/report", "JAVASCRIPT:alert(1)"),
        ("https://example.org/report", "file:///etc/passwd"),
        ("https://example.org/report", "//example.org/report"),
        ("https://example.org/report", '"https://example.org/<b>"'),
        ("https://example.org/report", "https://example.org/a report"),
        ("https://example.org/report", "report.html"),
        ("A survey,", ","),
        ("named,", "name,"),
        ("\nA report,", "\na SURVEY,"),
    ),
    FOREWORD: (
        ("of this study", "[of this study](javascript:alert(1))"),
        ("of this study", "[of this study](data:text/html,x)"),
        ("of this study", "[of this study]{onclick='alert(1)'}"),
        ("of this study", "<script>alert(1)</script>"),
        ("of this study", "<div onclick='alert(1)'>of this study</div>"),
        ("of this study", "`x`{=html}"),
        ("of this study", "{{< include /etc/passwd >}}"),
        ("of this study", "word " * 260),
    ),
}  # fmt: skip

# Files that nobody reads where they lie.
MISPLACED = (
    "slots/KEN/en/forword.md",
    "slots/KEN/en/foreword.txt",
    "slots/KEN/km/foreword.md",
    "slots/KEN/foreword.md",
    "slots/KNY/en/foreword.md",
    "slots/ken/en/foreword.md",
    "slots/KEN/en/quotation-experiences.md",
)


@dataclass(frozen=True)
class Wrong:
    """A change: its file, what it does, and the new content."""

    file: str
    what: str
    content: bytes


def wrong_changes() -> Iterator[Wrong]:
    """Yield all changes, in the order of the files."""
    for file, changes in REPLACED.items():
        text = files()[file].decode()
        for old, new in changes:
            assert old in text, (file, old)
            yield Wrong(file, f"{_short(old)} -> {_short(new)}", text.replace(old, new, 1).encode())
    for file in MISPLACED:
        yield Wrong(file, "a text where none is read", b"Words.\n")
    yield from _of_rows()
    yield from _of_workbooks()


def _short(text: str) -> str:
    shown = text if len(text) <= 60 else f"{text[:40]}... ({len(text)} characters)"
    return ascii(shown)


# What becomes of the cells of a column, given with their rows.
CELLS: dict[str, tuple[str, Callable[[int, str], str]]] = {
    "clusters in two letter cases": ("psu", lambda at, cell: cell.upper() if at % 2 else cell),
    "clusters as numbers in two forms": ("psu", lambda at, cell: cell[1:] + ".0" * (at % 2)),
    "clusters with leading zeros": ("psu", lambda at, cell: "0" * (at % 2) + cell[1:]),
    "clusters in two widths": ("psu", lambda at, cell: "\uff50" + cell[1:] if at % 2 else cell),
    "clusters with an unseen character": ("psu", lambda at, cell: cell + "\u200b" * (at % 2)),
    "clusters in digits of another script": (
        "psu", lambda at, cell: chr(0x17E0 + int(cell[1:])) if at % 2 else cell[1:]
    ),
    "strata in two letter cases": ("stratum", lambda at, cell: cell.upper() if at % 2 else cell),
    "strata with an inner space": ("stratum", lambda at, cell: cell + " \u00a0"[at % 2] + "x"),
    "ids that differ in a letter's case": ("id", lambda at, cell: "C000" if at == 1 else cell),
    "ids that differ in the form": ("id", lambda at, cell: {0: "7", 1: "7.0"}.get(at, cell)),
    "a weight above all others": ("w", lambda at, cell: "500" if at == 8 else cell),
    "weights beyond all bounds": ("w", lambda at, cell: "1e13"),
    "weights in another script": ("w", lambda at, cell: "\u0e51"),
    "a number of 41 digits": ("q5", lambda at, cell: "9" * 41 if at == 8 else cell),
    "an age of another century": ("q2", lambda at, cell: "1914" if at == 8 else cell),
    "answers in full width": ("q3", lambda at, cell: "\uff11" if at == 8 else cell),
    "a formula for an answer": ("q3", lambda at, cell: "=1" if at == 8 else cell),
}  # fmt: skip


def _of_rows() -> Iterator[Wrong]:
    for seed, file in ((0, "ken.csv"), (1, "khm.parquet")):
        for what, (column, change) in CELLS.items():
            frame = raw(seed)
            frame[column] = [change(at, cell) for at, cell in enumerate(frame[column])]
            # Numbers of typed files have one form; texts have what stands there.
            if file.endswith(".csv") or column in ("psu", "stratum", "id"):
                changed = frame.replace("C000", f"C{seed}00")
                yield Wrong(file, f"column {column}: {what}", written(changed, file))


def _of_workbooks() -> Iterator[Wrong]:
    first, *others = OFFENCES
    changed: dict[str, dict[str, object]] = {
        "an agency in another letter case": {"agency": "NATIONAL POLICE"},
        "a code in another letter case": {"offence_code": "o1"},
        "a count of 41 digits": {"offences": "9" * 41},
        "a count as a huge number": {"offences": 1e41},
        "a count beyond reason": {"offences": 10**11},
        "a count below zero": {"offences": -40},
        "half an offence": {"offences": 40.5},
        "a year to come": {"year": 2027},
        "a year long ago": {"year": 1066},
        "half a year": {"year": 2022.5},
        "a year of another calendar": {"year": 2565},
        "a country that is none": {"country": "KNY"},
        "the world": {"country": "WLD"},
        "a kind that is none": {"category": "cyber"},
        "a source that is none": {"source_id": "polise"},
        "a date for a law": {"law_reference": pd.Timestamp("2022-03-04")},
    }
    for what, cells in changed.items():
        yield Wrong("police.xlsx", what, sheet([first | cells, *others]))
