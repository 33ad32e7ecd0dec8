"""A small study, right as it stands, and faults of its configuration, codebook and mapping."""

FILES = {
    "config.yaml": """\
study: {id: small, title: A small study, date: 2026-01-31, simulated: false, template: survey}
countries: countries.csv
codebook: codebook.yaml
mapping: mapping.yaml
weighting: {source: column, margins: [sex]}
estimation: {lonely_psu: fail}
""",
    "countries.csv": """\
country,raw,margins
KEN,sample.csv,margins.csv
""",
    "codebook.yaml": """\
items:
  - {id: sex, type: choice, values: [boy, girl]}
  - {id: age, type: number, minimum: 12, maximum: 17}
  - {id: online, type: yes_no}
domains:
  - {id: total, label: Total}
  - {id: sex, label: Sex, item: sex}
  - {id: age_band, label: Age, item: age, bands: {younger: [12, 14], older: [15, 17]}}
modules:
  - {id: use, label: Internet use}
indicators:
  - {id: online, module: use, label: Online, headline: true,
     numerator: [{item: online, among: ["yes"]}]}
  - {id: any_use, module: use, label: Any use, any_of: [online]}
""",
    "mapping.yaml": """\
child_id: id
stratum: stratum
psu: psu
psu_unique: true
fpc: psus
weight: w
psu_probability: p1
household_probability: p2
eligible_children: kids
disposition: {column: result, codes: {1: complete, 2: refusal, 3: ineligible}}
missing: {dont_know: [88], prefer_not_to_say: [99]}
variables:
  sex: {column: q1, codes: {1: boy, 2: girl}}
  age: {column: q2}
  online: {column: q3}
""",
    "sample.csv": """\
id,stratum,psu,psus,w,p1,p2,kids,result,q1,q2,q3
c1,north,n1,9,1.5,0.1,0.5,1,1,1,12,1
c2,north,n2,9,2.5,0.2,0.5,2,1,2,17,0
c3,south,s1,8,3.5,0.3,0.5,1,1,1,14,88
c4,south,s2,8,4.5,0.4,0.5,1,1,2,15,99
c5,south,s2,8,,0.4,0.5,1,2,2,16,
""",
    "margins.csv": """\
margin,category,total
sex,boy,600
sex,girl,500
age_band,younger,400
age_band,older,700
""",
}
# What is wrong: file, what stands there, what stands there instead; where the message points;
# what it says; what it advises. A case may need another change first.
CONFIGURATION = {
    # The configuration
    "unknown key": (
        ("config.yaml", "weighting: {", "weighting: {trim: 3, "),
        "config.yaml, key 'weighting.trim'", "unknown key", "correct its spelling",
    ),
    "required key missing": (
        ("config.yaml", "countries: countries.csv\n", ""),
        "config.yaml, key 'countries'", "required, but missing", "Add it",
    ),
    "mapping without a codebook": (
        ("config.yaml", "codebook: codebook.yaml\n", ""),
        "config.yaml, key '(top level)'", "'mapping' needs a 'codebook'", "Correct it",
    ),
    "value out of range": (
        ("config.yaml", "lonely_psu: fail", "confidence: 95"),
        "config.yaml, key 'estimation.confidence'", "or equal to 0.999 (found 95)", "Correct it",
    ),
    "an association of what is no proportion": (
        ("config.yaml", "estimation:", "comparison: {associations: {outcomes: [online], "
         "characteristics: [hours]}}\nestimation:"),
        "key 'comparison.associations.characteristics'", "'hours' is no proportion",
        "Name indicators whose statistic is a proportion",
    ),
    "an association of the same answers": (
        ("config.yaml", "estimation:", "comparison: {associations: {outcomes: [online], "
         "characteristics: [any_use]}}\nestimation:"),
        "key 'comparison.associations.characteristics'",
        "'any_use' is made of the same answers as the outcome 'online'", "Take one of them out",
    ),
    "YAML that is no YAML": (
        ("config.yaml", "date: 2026-01-31,", "date: [2026-01-31,"),
        "config.yaml, line ", "expected ',' or ']'", "Correct the YAML",
    ),
    "a key twice": (
        ("config.yaml", "mapping: mapping.yaml\n", "mapping: mapping.yaml\nmapping: other.yaml\n"),
        "config.yaml, line 5", "the key 'mapping' stands twice", "Correct the YAML",
    ),
    "an empty title": (
        ("config.yaml", "title: A small study", "title: ' '"),
        "config.yaml, key 'study.title'", "at least 1 character", "Correct it",
    ),
    "a limit that is no number": (
        ("codebook.yaml", "maximum: 17", "maximum: .nan"),
        "codebook.yaml, key 'items.1.maximum'", "finite number", "Correct it",
    ),
    "limits in the wrong order": (
        ("codebook.yaml", "minimum: 12", "minimum: 18"),
        "codebook.yaml, key 'items.1'", "the minimum of item 'age' is above its maximum",
        "Correct it",
    ),
    "a series that is not there": (
        ("codebook.yaml", "label: Any use, any_of: [online]", "label: Any use, any_of: [online], "
         "series: wide"),
        "codebook.yaml, key '(top level)'", "series 'wide' does not exist", "Correct it",
    ),
    "an answer twice": (
        ("codebook.yaml", "[boy, girl]", "[boy, girl, boy]"),
        "codebook.yaml, key 'items.0'", "item 'sex' has the answer 'boy' twice", "Correct it",
    ),
    "a label for an answer that the item has not": (
        ("codebook.yaml", "id: online, type: yes_no",
         "id: online, value_labels: {ye: Y}, type: yes_no"),
        "codebook.yaml, key 'items.2'", "no answer 'ye' to be labelled", "Correct it",
    ),
    "a label for a level that the domain has not": (
        ("codebook.yaml", "label: Sex, item", "levels_label: {boys: B}, label: Sex, item"),
        "codebook.yaml, key", "domain 'sex' has no level 'boys' to be labelled", "Correct it",
    ),
    "no headline": (
        ("codebook.yaml", "headline: true", "headline: false"),
        "codebook.yaml, key 'indicators'", "none of the proportions is a headline",
        "Write 'headline: true'",
    ),
    "a margin twice": (
        ("config.yaml", "[sex]", "[sex, sex]"),
        "config.yaml, key 'weighting.margins'", "'sex' stands twice", "Correct it",
    ),
    "a day that is none": (
        ("config.yaml", "2026-01-31", "2026-02-31"),
        "config.yaml, line 1", "it looks like a date, but is none", "Correct the YAML",
    ),
    "a number of 5,000 digits": (
        ("config.yaml", "2026-01-31", "1" * 5000),
        "config.yaml, line 1", "it looks like a number, but is none", "Correct the YAML",
    ),
    "a list as a key": (
        ("mapping.yaml", "missing:", "? [a, b]\n: 1\nmissing:"),
        "mapping.yaml, line 11", "a key that is no plain word", "Correct the YAML",
    ),
    "lists in lists in lists": (
        ("mapping.yaml", "psu: psu", "psu: " + "[" * 9999),
        "mapping.yaml", "without end", "Correct the YAML",
    ),
    "yes without quotes": (
        ("codebook.yaml", 'among: ["yes"]', "among: [yes]"),
        "codebook.yaml, key 'indicators.0.numerator.0.among.0'", "found True", "Put it in quotes",
    ),
    "codebook file missing": (
        ("config.yaml", "codebook.yaml", "codes.yaml"),
        "codes.yaml", "there is no such file", "Correct the path",
    ),
    "configuration is not UTF-8": (
        ("config.yaml", "A small study", "Une \udce9tude"),
        "config.yaml", "is not UTF-8", "Save the file as UTF-8",
    ),
    "domain of the margins unknown": (
        ("config.yaml", "[sex]", "[gender]"),
        "key 'weighting.margins'", "no domain 'gender'", "Use one of age_band, sex, total",
    ),
    "mapping lacks what the source needs": (
        ("mapping.yaml", "weight: w\n", ""),
        "country KEN, mapping key 'weight'", "missing", "Name the column in the mapping",
    ),
    # Countries
    "country code is no ISO code": (
        ("countries.csv", "KEN,", "KNY,"),
        "countries.csv, row 2, column 'country'", "'KNY' is no ISO 3166-1 alpha-3 code",
        "Correct the row",
    ),
    "country code in small letters": (
        ("countries.csv", "KEN,", "ken,"),
        "countries.csv, row 2, column 'country'", "'ken' is no ISO 3166-1 alpha-3 code",
        "Write 'KEN', in capital letters",
    ),
    "more cells than headings": (
        ("countries.csv", "margins.csv\n", "margins.csv,,900\n"),
        "countries.csv, row 2", "5 cells under 3 headings", "in double quotes",
    ),
    "fewer cells than headings": (
        ("countries.csv", ",margins.csv", ""),
        "countries.csv, row 2", "2 cells under 3 headings", "still needs its comma",
    ),
    "unknown column": (
        ("countries.csv", "country,raw", "country,rows"),
        "countries.csv, row 1, column 'rows'", "no such column", "Use commas between cells",
    ),
    "a heading twice": (
        ("countries.csv", "raw,margins\nKEN,", "raw,raw\nKEN,"),
        "countries.csv, row 1, column 'raw'", "stands twice", "Correct or remove it",
    ),
    "semicolons between cells": (
        ("countries.csv", FILES["countries.csv"], FILES["countries.csv"].replace(",", ";")),
        "countries.csv, row 1", "no such column", "Use commas between cells",
    ),
    "a quotation mark inside a cell": (
        ("countries.csv", "KEN,sample.csv", 'KEN,"sample"x.csv'),
        "countries.csv, line 2", "it is not valid CSV", "Correct the line",
    ),
    "a NUL byte": (
        ("countries.csv", "margins.csv\n", "margins.csv\0\n"),
        "countries.csv, line 2", "a NUL byte", "Save the file again",
    ),
    "countries file of spaces alone": (
        ("countries.csv", FILES["countries.csv"], "  \n \n"),
        "countries.csv", "it is empty", "Write a line of headings",
    ),
    "package that is not installed": (
        ("countries.csv", "sample.csv", "package:no.such/sample.csv"),
        "country KEN, column 'raw'", "a package that is not installed", "Install it",
    ),
    "package without a name": (
        ("countries.csv", "sample.csv", "package:/sample.csv"),
        "country KEN, column 'raw'", "a package that is not installed", "Install it",
    ),
    "country twice": (
        ("countries.csv", "margins.csv\n", "margins.csv\nKEN,sample.csv,margins.csv\n"),
        "countries.csv, row 3", "'KEN' stands twice", "Remove one row",
    ),
    "the same file for two countries": (
        ("countries.csv", "margins.csv\n", "margins.csv\nUGA,./sample.csv,margins.csv\n"),
        "country UGA, column 'raw'", "the same file as that of KEN, and no 'area'",
        "say in the mapping which rows belong to which",
    ),
    "no raw file named": (
        ("countries.csv", "KEN,sample.csv", "KEN,"),
        "country KEN", "names no raw file", "Fill the column 'raw'",
    ),
    "an invented number in a study of real data": (
        ("countries.csv", "country,raw,margins", "country,raw,margins,children,children_source"),
        ("countries.csv", "margins.csv\n", "margins.csv,900,Invented for the simulation\n"),
        "countries.csv, row 2, column 'children_source'",
        "'children' is invented, but the study says 'simulated: false'",
        "Empty 'children' and 'children_source'",
    ),
    # The codebook and the mapping
    "indicator whose item does not exist": (
        ("codebook.yaml", "{item: online,", "{item: on_line,"),
        "codebook.yaml, key", "indicator 'online': item 'on_line' does not exist", "Correct it",
    ),
    "indicator counts an answer that the item has not": (
        ("codebook.yaml", '["yes"]', '["often"]'),
        "codebook.yaml, key", "item 'online' has no answer 'often'", "Correct it",
    ),
    "answers of a number item": (
        ("codebook.yaml", '{item: online, among: ["yes"]}', '{item: age, among: ["12"]}'),
        "codebook.yaml, key", "a condition on number item 'age' needs a range", "Correct it",
    ),
    "range of a yes/no item": (
        ("codebook.yaml", 'among: ["yes"]', "at_least: 1"),
        "codebook.yaml, key", "a condition on yes_no item 'online' needs 'among'", "Correct it",
    ),
    "condition without answers or range": (
        ("codebook.yaml", ', among: ["yes"]', ""),
        "codebook.yaml, key 'indicators.0.numerator.0'",
        "item 'online' needs either answers, 'among', or a range", "Correct it",
    ),
    "range that ends before it begins": (
        (
            "codebook.yaml", '{item: online, among: ["yes"]}',
            "{item: age, at_least: 15, at_most: 13}",
        ),
        "codebook.yaml, key", "'at_least' is above 'at_most' in a condition on item 'age'",
        "Correct it",
    ),
    "headline of a subsample": (
        ("codebook.yaml", "headline: true", "headline: true, weight: module"),
        "codebook.yaml, key", "has a weight of its own is not compared", "Correct it",
    ),
    "composite of another weight": (
        ("codebook.yaml", "any_of: [online]", "any_of: [online], weight: module"),
        "codebook.yaml, key", "indicator 'online' has another weight", "Correct it",
    ),
    "weight of a subsample without a column": (
        (
            "codebook.yaml", "  - {id: any_use",
            "  - {id: old, module: use, label: Old, weight: module,\n"
            "     numerator: [{item: age, at_least: 15}]}\n  - {id: any_use",
        ),
        "mapping.yaml, key 'weights'", "no column for 'module', the weight of indicator 'old'",
        "Write 'weights: {module: COLUMN}'",
    ),
    "rows kept by neither codes nor a range": (
        ("mapping.yaml", "child_id: id", "child_id: id\nkeep: [{column: result}]"),
        "mapping.yaml, key 'keep.0'", "column 'result' needs either 'codes' or a range",
        "Correct it",
    ),
    "weights divided by nothing": (
        ("mapping.yaml", "weight: w", "weight: w\nweight_divisor: 0"),
        "mapping.yaml, key 'weight_divisor'", "greater than or equal to 0.000001", "Correct it",
    ),
    "composite of an unknown indicator": (
        ("codebook.yaml", "any_of: [online]", "any_of: [offline]"),
        "codebook.yaml, key", "indicator 'offline' is not defined above it", "Correct it",
    ),
    "name that another column has": (
        ("codebook.yaml", "{id: sex, label", "{id: weight, label"),
        "codebook.yaml, key", "domains: the name 'weight' is reserved", "Correct it",
    ),
    "item defined twice": (
        ("codebook.yaml", "id: online, type", "id: sex, type"),
        "codebook.yaml, key", "items: 'sex' is defined twice", "Correct it",
    ),
    "bands overlap": (
        ("codebook.yaml", "older: [15, 17]", "older: [14, 17]"),
        "codebook.yaml, key 'domains.2'", "bands 'younger' and 'older' overlap", "Correct it",
    ),
    "mapping of an unknown item": (
        ("mapping.yaml", "  age:", "  ages:"),
        "mapping.yaml, key 'variables.ages'", "the codebook has no such item", "Correct the name",
    ),
    "code for an answer that the item has not": (
        ("mapping.yaml", "2: girl", "2: woman"),
        "mapping.yaml, key 'variables.sex'", "no answer 'woman'", "Correct the name",
    ),
    "code with two meanings": (
        ("mapping.yaml", "prefer_not_to_say: [99]", "prefer_not_to_say: [88]"),
        "mapping.yaml, key", "code '88' means both 'dont_know' and 'prefer_not_to_say'",
        "Correct it",
    ),
    "missing code that may be a number": (
        ("mapping.yaml", "dont_know: [88]", "dont_know: [17]"),
        "mapping.yaml, key 'missing.dont_know'", "'17' is also a valid number of item 'age'",
        "Say in 'variables.age' what it is there",
    ),
    "delimiter of two characters": (
        ("mapping.yaml", "child_id: id", "child_id: id\ndelimiter: ', '"),
        "mapping.yaml, key 'delimiter'", "at most 1 character", "Correct it",
    ),
    "delimiter that could stand in a cell": (
        ("mapping.yaml", "child_id: id", "child_id: id\ndelimiter: '.'"),
        "mapping.yaml, key 'delimiter'", "it could stand in a cell", "Correct it",
    ),
    "delimiter that is a line break": (
        ("mapping.yaml", "child_id: id", 'child_id: id\ndelimiter: "\\n"'),
        "mapping.yaml, key 'delimiter'", "it could stand in a cell", "Correct it",
    ),
    "code that YAML reads as a truth value": (
        ("mapping.yaml", "missing:", "yes_no: {yes: 'yes', no: 'no'}\nmissing:"),
        "mapping.yaml, key 'yes_no", "YAML reads this code as True; put it into quotes",
        "Correct it",
    ),
}  # fmt: skip
