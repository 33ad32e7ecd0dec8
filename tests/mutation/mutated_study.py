"""A very small study of four countries, one in each format, and its files as bytes.

Its answers are drawn with fixed seeds; nothing in it is real.
"""

import io
import random
import tempfile
from functools import cache
from pathlib import Path

import pandas as pd
import pyreadstat
from openpyxl import Workbook

from disrupting_harm.evidence.sources import SOURCES

CONFIG = "config.yaml"
FOREWORD = "slots/KEN/en/foreword.md"
# Country, raw file, seed.
RAW = {"KEN": "ken.csv", "KHM": "khm.parquet", "THA": "tha.sav", "UGA": "uga.dta"}
COLUMNS = ("id", "stratum", "psu", "w", "result", "q1", "q2", "q3", "q4", "q5")
TEXT_COLUMNS = ("id", "stratum", "psu")

TEXTS = {
    CONFIG: """\
study:
  id: tiny
  title: A very small study
  date: 2026-01-31
  simulated: false
  organisations: [Nobody]
  population: children of the very small study
  template: survey
countries: countries.csv
codebook: codebook.yaml
mapping: mapping.yaml
results: results
seed: 7
weighting:
  source: column
  margins: [sex]
estimation:
  interval: korn_graubard
  confidence: 0.95
  lonely_psu: fail
publication:
  reliability: nchs2017
  review: show
  disclosure: {min_count: 5, min_count_sensitive: 5}
ethics:
  disclosure: {k: 4, by: Nobody's board, date: 2026-01-30}
comparison:
  gaps: [sex]
  standard: {domain: sex, shares: {boy: 1, girl: 1}, source: equal shares}
  comparability: comparability.csv
evidence:
  sources: sources.csv
  cybertips: cybertips.csv
  offences: police.xlsx
  triangulation: forms.yaml
  min_count: 10
report: {renderer: embedded, formats: [html], references: works.csv, slots: slots}
""",
    "countries.csv": "country,name,raw,margins,languages,children,children_year,children_source\n"
    + "".join(
        f"{code},{name},{RAW[code]},margins.csv,en,1000000,2025,a census\n"
        for code, name in zip(RAW, ("Kenya", "Cambodia", "Thailand", "Uganda"), strict=True)
    ),
    "codebook.yaml": """\
items:
  - {id: sex, type: choice, values: [boy, girl], respondent: sample, question: Sex}
  - {id: age, type: number, minimum: 12, maximum: 17, respondent: sample, question: Age}
  - {id: online, type: yes_no, question: Online every day, value_labels: {"yes": "Yes"}}
  - {id: often, type: choice, values: [daily, less], question: How often}
  - {id: hours, type: number, minimum: 0, maximum: 24, question: Hours}
domains:
  - {id: total, label: All}
  - {id: sex, label: Sex, item: sex, levels_label: {boy: Boys, girl: Girls}}
  - {id: age_band, label: Age, item: age, bands: {"12-14": [12, 14], "15-17": [15, 17]}}
modules:
  - {id: use, label: Use of the internet}
indicators:
  - {id: online, module: use, label: Online, headline: true,
     numerator: [{item: online, among: ["yes"]}]}
  - {id: daily, module: use, label: Daily, sensitive: true,
     universe: [{item: online, among: ["yes"]}], numerator: [{item: often, among: [daily]}]}
  - {id: hours, module: use, label: Mean hours, statistic: mean, value: hours}
  - {id: any_use, module: use, label: Any use, any_of: [online, daily]}
""",
    "mapping.yaml": """\
child_id: id
stratum: stratum
psu: psu
weight: w
disposition: {column: result, codes: {1: complete, 2: refusal}}
blank: not_asked
missing: {dont_know: [88], prefer_not_to_say: [99]}
variables:
  sex: {column: q1, codes: {1: boy, 2: girl}}
  age: {column: q2}
  online: {column: q3}
  often: {column: q4, codes: {1: daily, 2: less}}
  hours: {column: q5}
""",
    "margins.csv": "margin,category,total\nsex,boy,510000\nsex,girl,490000\n",
    "comparability.csv": "country,indicator,attribute,value,comparable,reason,source\n"
    "THA,*,mode,telephone,yes,the same questions,a report\n",
    "forms.yaml": """\
forms:
  - {id: use, label: Any use, indicator: any_use,
     police: {categories: [ocsea], reason: the same acts}, cybertips: true}
""",
    "works.csv": "named,reference,address\n"
    "A survey,An author: A survey of something,\n"
    "A report,Another author: A report,https://example.org/report\n",
    FOREWORD: "Words of those who are responsible of this study.\n",
    "sources.csv": ",".join(SOURCES.column_names)
    + "\nncmec,NCMEC,ncmec,CyberTipline,2024,,,,open"
    + "\npolice,National Police,law_enforcement,Annual figures,2024,,,,open\n",
}
CYBERTIPS = [
    {"country": code, "year": year, "class": "referral", "reports": 1000 * year - 2_000_000}
    | {"status": "reported", "source_id": "ncmec", "counted": "Reports", "counted_by": "NCMEC"}
    for code in RAW
    for year in (2022, 2023, 2024)
]
OFFENCES = [
    {"country": "KEN", "agency": "National Police", "year": year, "offence_code": "O1"}
    | {"offence_label": "Grooming", "law_reference": "Act s. 4", "category": "ocsea"}
    | {"technology": "yes", "stage": "reported", "victim_sex": "all", "victim_age_band": "all"}
    | {"counting_rule": "victims", "offences": number, "status": "reported"}
    | {"source_id": "police", "counted": "Victims", "counted_by": "National Police"}
    for year, number in ((2022, 40), (2023, 55), (2024, 61))
]


@cache
def files() -> dict[str, bytes]:
    """Return every file of the study."""
    made = {name: text.encode() for name, text in TEXTS.items()}
    table = pd.DataFrame(CYBERTIPS, columns=list(CYBERTIPS[0]))
    made["cybertips.csv"] = table.to_csv(index=False, lineterminator="\n").encode()
    made["police.xlsx"] = sheet(OFFENCES)
    for seed, name in enumerate(RAW.values()):
        made[name] = written(raw(seed), name)
    return made


def sheet(rows: list[dict[str, object]]) -> bytes:
    """Return a workbook with one sheet of offences."""
    book = Workbook()
    page = book.active
    page.title = "offences"
    names = OFFENCES[0]
    page.append(list(names))
    for row in rows:
        page.append([row.get(name) for name in names])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def raw(seed: int) -> pd.DataFrame:
    """Return the rows of one country: 2 strata x 4 PSUs x 12 children, as text."""
    draw = random.Random(seed)
    rows = []
    for child in range(96):
        psu = child // 12
        online = draw.choice([1, 1, 0, 88])
        cells = [f"c{seed}{child:02}", "ab"[psu // 4], f"p{psu}", f"{draw.uniform(1, 3):.3f}"]
        cells += ["2" if child % 24 == 5 else "1", 1 + child % 2, draw.randint(12, 17), online]
        cells += [draw.choice([1, 2]) if online == 1 else "", f"{draw.uniform(0, 9):.1f}"]
        rows.append([str(cell) for cell in cells])
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def written(frame: pd.DataFrame, name: str) -> bytes:
    """Return a frame of texts in the format of a file's name; numbers are numbers where typed."""
    if name.endswith(".csv"):
        return frame.to_csv(index=False, lineterminator="\n").encode()
    kept = {
        column: cells if column in TEXT_COLUMNS else _numbers(cells)
        for column, cells in frame.items()
    }
    typed = pd.DataFrame(kept)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if name.endswith(".parquet"):
            typed.to_parquet(path)
        elif name.endswith(".sav"):
            pyreadstat.write_sav(typed, str(path))
        else:
            pyreadstat.write_dta(typed, str(path))
        return path.read_bytes()


def _numbers(cells: pd.Series) -> pd.Series:
    """Return the cells as numbers; a column with other text in it stays text."""
    numbers = pd.to_numeric(cells.replace("", None), errors="coerce")
    return cells if (numbers.isna() & (cells != "")).any() else numbers.astype(float)
