"""Two studies of other matters: a real survey of adults, and an invented one in schools.

The adults are those of NHANES II, a survey of the United States in the public domain that the
samplics package carries. The survey in schools has the shape of the Youth Risk Behavior Survey:
strata, schools, grades, three waves; its answers are invented here.
"""

import random
from pathlib import Path

from checkout import Checkout

ADULTS, SCHOOLS = "adults/config.yaml", "schools/config.yaml"
YEARS = (2017, 2019, 2021)

OF_ADULTS = {
    "config.yaml": """\
study:
  id: adults
  title: Blood pressure, diabetes and lead
  date: 2026-11-24
  simulated: false
  organisations: [Office of Statistics]
  subject: Health of adults
  population: adults aged 20 and over
  respondents: adults
  survey: examination survey, 1976-1980
  areas: regions
  template: survey
countries: regions.csv
codebook: indicators.yaml
mapping: mapping.yaml
results: results/adults
weighting: {source: column}
publication: {review: show}
comparison: {gaps: [zinc_level], others: false, adjust_for: [zinc_level]}
report: {renderer: embedded, brief: brief.yaml}
""",
    # The West did not ask for diabetes.
    "regions.csv": """\
country,name,raw,languages,mapping
S,South,package:samplics/datasets/data/nhanes2.csv,en,
W,West,package:samplics/datasets/data/nhanes2.csv,en,west.yaml
""",
    "mapping.yaml": """\
area: {column: region, codes: {1: NE, 2: MW, 3: S, 4: W}}
keep: [{column: zinc, at_least: 1}]
stratum: stratid
psu: psuid
weight: finalwgt
blank: lost
variables:
  high_blood_pressure: {column: highbp}
  diabetes: {column: diabetes}
  high_lead: {column: highlead, blank: not_asked}
  zinc: {column: zinc}
""",
    "indicators.yaml": """\
items:
  - {id: high_blood_pressure, type: yes_no, question: High blood pressure at examination}
  - {id: diabetes, type: yes_no, question: Diabetes}
  - {id: high_lead, type: yes_no, question: High lead in blood}
  - {id: zinc, type: number, minimum: 1, maximum: 500, respondent: sample,
     question: Serum zinc in mcg per dL}
domains:
  - {id: total, label: All}
  # Labels that are numbers: no reader takes them for a result.
  - {id: zinc_level, label: "Zinc, mcg per dL", item: zinc, bands: {low: [1, 79], high: [80, 500]},
     levels_label: {low: "1–79", high: "80+"}}
modules:
  - {id: examination, label: Examination}
indicators:
  - {id: high_blood_pressure, module: examination, label: High blood pressure, headline: true,
     numerator: [{item: high_blood_pressure, among: ["yes"]}]}
  - {id: diabetes, module: examination, label: Diabetes, headline: true,
     numerator: [{item: diabetes, among: ["yes"]}]}
  - {id: high_lead, module: examination, label: High lead in blood, headline: true,
     numerator: [{item: high_lead, among: ["yes"]}]}
  - {id: zinc, module: examination, label: Mean serum zinc (mcg per dL), statistic: mean,
     value: zinc}
""",
    "brief.yaml": """\
lead:
  indicator: high_blood_pressure
  one_in: About 1 in {k} {population} in {country} had high blood pressure.
  in_100: About {x} in 100 {population} in {country} had high blood pressure.
  fewer: Fewer than {x} in 100 {population} in {country} had high blood pressure.
  levels: In the regions, {low} to {high} of every 100 adults had high blood pressure.
  meaning: What the examination found counts.
tiles:
  - base: All adults
    tiles:
      - {indicator: diabetes, text: have diabetes}
      - {indicator: high_lead, text: have much lead in their blood}
pictures:
  - {id: findings, title: What the examination found, subtitle: Share of adults,
     indicators: [high_blood_pressure, diabetes]}
  - {id: zinc, title: By zinc, subtitle: Share of adults, indicators: [high_blood_pressure],
     domains: [zinc_level]}
""",
}
OF_ADULTS["findings.yaml"] = """\
numbers:
  - title: Who was examined
    tiles:
      - {count: interviewed, text: adults took part}
      - {indicator: high_blood_pressure, text: had high blood pressure}
chapters:
  - id: examination
    title: What the examination found
    message: One examination is no diagnosis.
    findings:
      - id: pressure
        indicator: high_blood_pressure
        heading:
          in_100: About {x} in 100 adults had high blood pressure
          plain: Blood pressure of adults
        text:
          - "{high_blood_pressure} had high blood pressure, and {diabetes} have diabetes."
        sure: It was measured once.
        asked: high_blood_pressure
      - id: by_zinc
        gap: {indicator: high_blood_pressure, domain: zinc_level, levels: [low, high]}
        heading: {plain: Blood pressure by zinc}
        text:
          - "{a} of those with little zinc had high blood pressure, and {b} of the others."
glossary:
  - {term: Zinc, meaning: A metal that the body needs.}
"""
OF_ADULTS["recommendations.yaml"] = """\
groups:
  - id: clinics
    owner: Clinics
    recommendations:
      - id: measure
        text: Measure the blood pressure of adults
        first_step: Give each clinic one device
        when: {indicator: high_blood_pressure, at_least: 0.05}
        finding: "{share} had high blood pressure"
"""
OF_ADULTS["west.yaml"] = OF_ADULTS["mapping.yaml"].replace(
    "diabetes: {column: diabetes}", "diabetes: {asked: false}"
)

OF_SCHOOLS = {
    "config.yaml": """\
study:
  id: schools
  title: Habits of students
  date: 2026-11-24
  simulated: true
  organisations: [Office of Statistics]
  population: students in grades 9 to 12
  respondents: students
  survey: school survey
  template: survey
countries: countries.csv
codebook: indicators.yaml
mapping: mapping.yaml
results: results/schools
weighting: {source: column}
comparison:
  gaps: [sex]
  standard: {domain: grade, shares: {g9: 1, g10: 1, g11: 1, g12: 1}, source: equal shares}
  adjust_for: [sex, grade]
report: {renderer: embedded, brief: brief.yaml}
""",
    "countries.csv": "country,raw,languages,wave,wave_year,mode,age_range\n"
    + "".join(
        f"USA,{year}.csv,en,{wave},{year},questionnaire in class,14-18\n"
        for wave, year in enumerate(YEARS, start=1)
    ),
    "mapping.yaml": """\
stratum: stratum
psu: school
weight: weight
blank: lost
variables:
  sex: {column: sex, codes: {1: female, 2: male}}
  grade: {column: grade, codes: {9: g9, 10: g10, 11: g11, 12: g12}}
  bullied: {column: q1}
  sad: {column: q2}
  belted: {column: q3}
""",
    "indicators.yaml": """\
items:
  - {id: sex, type: choice, values: [female, male], respondent: sample, question: Sex,
     value_labels: {female: Female, male: Male}}
  - {id: grade, type: choice, values: [g9, g10, g11, g12], respondent: sample, question: Grade,
     value_labels: {g9: 9th, g10: 10th, g11: 11th, g12: 12th}}
  - {id: bullied, type: yes_no, question: "In the past 12 months, were you bullied at school?"}
  - {id: sad, type: yes_no, question: "In the past 12 months, were you sad or hopeless?"}
  - {id: belted, type: yes_no, question: Do you wear a seat belt?}
domains:
  - {id: total, label: All}
  - {id: sex, label: Sex, item: sex}
  - {id: grade, label: Grade, item: grade}
modules:
  - {id: school, label: At school}
  - {id: habits, label: Habits}
indicators:
  - {id: bullied, module: school, label: Were bullied at school, headline: true, recall: past_year,
     sensitive: true, silence: true, numerator: [{item: bullied, among: ["yes"]}]}
  - {id: sad, module: school, label: Were sad or hopeless, headline: true, recall: past_year,
     numerator: [{item: sad, among: ["yes"]}]}
  - {id: belted, module: habits, label: Wear a seat belt, headline: true,
     numerator: [{item: belted, among: ["yes"]}]}
""",
    "brief.yaml": """\
lead:
  indicator: bullied
  in_100: About {x} in 100 {population} in {country} said that they were bullied at school.
  fewer: Fewer than {x} in 100 {population} in {country} said that they were bullied at school.
  meaning: Being bullied is what students call so.
tiles:
  - base: All students
    tiles:
      - {indicator: sad, text: "were sad or hopeless"}
      - {indicator: belted, text: wear a seat belt}
pictures:
  - {id: school, title: At school, subtitle: Share of students, indicators: [bullied, sad]}
  - {id: sex, title: By sex, subtitle: Share of students, indicators: [bullied], domains: [sex]}
""",
}


def write_adults(checkout: Checkout) -> None:
    """Write the survey of adults into ``adults/`` of a checkout."""
    _write(checkout.folder / "adults", OF_ADULTS)


def put_into_chapters(checkout: Checkout) -> None:
    """Let the survey of adults have the chapters of a country report."""
    checkout.edit(ADULTS, "template: survey", "template: country")
    documents = "brief: brief.yaml, findings: findings.yaml, recommendations: recommendations.yaml"
    checkout.edit(ADULTS, "brief: brief.yaml", documents)


def write_schools(checkout: Checkout) -> None:
    """Write the survey in schools and its answers into ``schools/`` of a checkout."""
    folder = checkout.folder / "schools"
    _write(folder, OF_SCHOOLS)
    for wave, year in enumerate(YEARS):
        _write_answers(folder / f"{year}.csv", wave)


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _write_answers(path: Path, wave: int) -> None:
    """Write one wave: 8 strata x 4 schools x 4 grades x 12 students; sadness rises."""
    draw = random.Random(wave)
    lines = ["stratum,school,weight,sex,grade,q1,q2,q3"]
    for school in range(32):
        mood = draw.gauss(0, 0.04)
        for student in range(48):
            shares = (0.19, 0.28 + 0.07 * wave + mood, 0.9)
            answers = [int(draw.random() < share) for share in shares]
            cells = (
                school // 4,
                school,
                f"{0.5 + draw.random():.4f}",
                1 + int(draw.random() < 0.5),
                9 + student % 4,
                *answers,
            )
            lines.append(",".join(map(str, cells)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
