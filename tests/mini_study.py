"""A small study of two regions with observed data, written file by file; it runs in seconds.

Its raw files are canaries: identifiers, weights and hours are numbers that stand nowhere else, so
that any of them in a public file is microdata that got out. The answers of the rare item are few
enough to be hidden in most groups.
"""

import random
from pathlib import Path

from checkout import Checkout

REGIONS = ("N", "S")
CONFIG = "mini/config.yaml"
CANARY = "CANARY-7391"

FILES = {
    "config.yaml": """\
study:
  id: mini
  title: A small study
  date: 2026-11-24
  simulated: false
  organisations: [Nobody]
  licence: CC0-1.0
  contact: nobody@example.org
  code: https://example.org/code
  population: children of the small study
  areas: regions
  template: survey
countries: regions.csv
codebook: indicators.yaml
mapping: mapping.yaml
results: results/mini
weighting:
  source: column
publication:
  review: show
comparison:
  gaps: [sex, area]
  standard: {domain: sex, shares: {boy: 1, girl: 1}, source: equal shares}
  adjust_for: [sex]
report:
  renderer: embedded
  formats: [html]
  databook_pdf: true
""",
    "regions.csv": "country,name,raw,languages\nN,North,N.csv,en\nS,South,S.csv,en\n",
    "mapping.yaml": """\
child_id: id
stratum: stratum
psu: psu
weight: w
missing: {prefer_not_to_say: [99]}
variables:
  sex: {column: sex, codes: {1: boy, 2: girl}}
  area: {column: area, codes: {1: urban, 2: rural}}
  daily: {column: q1, codes: {1: "yes", 0: "no"}}
  rare: {column: q2, codes: {1: "yes", 0: "no"}}
  hours: {column: q3}
""",
    "indicators.yaml": """\
items:
  - {id: sex, type: choice, values: [boy, girl], respondent: sample, question: Sex}
  - {id: area, type: choice, values: [urban, rural], respondent: sample, question: Area}
  - {id: daily, type: yes_no, question: Daily use}
  - {id: rare, type: yes_no, question: A rare answer}
  - {id: hours, type: number, minimum: 0, maximum: 24, question: Hours online}
domains:
  - {id: total, label: All}
  - {id: sex, label: Sex, item: sex}
  - {id: area, label: Area, item: area}
modules:
  - {id: use, label: Use of the internet}
indicators:
  - {id: daily, module: use, label: Use the internet daily, headline: true,
     numerator: [{item: daily, among: ["yes"]}]}
  - {id: rare, module: use, label: Gave a rare answer, sensitive: true, headline: true,
     numerator: [{item: rare, among: ["yes"]}]}
  - {id: hours, module: use, label: Mean hours online, statistic: mean, value: hours}
""",
}


def write_mini_study(checkout: Checkout) -> None:
    """Write the study's files into ``mini/`` of a checkout."""
    folder = checkout.folder / "mini"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    for number, region in enumerate(REGIONS):
        write_raw(folder / f"{region}.csv", region, number)


def write_raw(path: Path, region: str, seed: int, refusals: int = 0) -> None:
    """Write one region's raw file: 4 strata x 5 PSUs x 27 children.

    Args:
        path: the file.
        region: the region's code.
        seed: start of the answers.
        refusals: so many children did not want to answer the first question.
    """
    draw = random.Random(seed)
    rows = ["id,stratum,psu,w,sex,area,q1,q2,q3"]
    for child in range(4 * 5 * 27):
        psu = child // 27
        first = 99 if child < refusals else int(draw.random() < 0.55)
        cells = [
            f"{CANARY}-{region}{child:04}",
            psu // 5,
            psu,
            f"{7391 + draw.random():.9f}",
            1 + int(draw.random() < 0.5),
            1 + psu % 2,
            first,
            int(child % 60 == 7),
            f"{2 + 6 * draw.random():.9f}",
        ]
        rows.append(",".join(map(str, cells)))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
