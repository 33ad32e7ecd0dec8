"""Every fault that a study's owner can make is told with its place and what to do.

One small study, right as it stands; each case below changes one thing in one of its files.
"""

from pathlib import Path

import pytest

from disrupting_harm.errors import StudyError
from disrupting_harm.study.margins import read_margins
from disrupting_harm.study.prepare import Prepared, prepare_country
from disrupting_harm.study.sample import is_respondent
from disrupting_harm.study.study import load_study

FILES = {
    "config.yaml": """\
study: {id: small, title: A small study, date: 2026-01-31, simulated: false}
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
  - {id: online, module: use, label: Online, numerator: [{item: online, among: ["yes"]}]}
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
SELECTION = ("config.yaml", "source: column", "source: selection")
BOTH_MARGINS = ("config.yaml", "[sex]", "[sex, age_band]")

# What is wrong: file, what stands there, what stands there instead; where the message points;
# what it says; what it advises. A case may need another change first.
CASES = {
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
        "config.yaml, key 'estimation.confidence'", "less than 1 (found 95)", "Correct it",
    ),
    "YAML that is no YAML": (
        ("config.yaml", "date: 2026-01-31,", "date: [2026-01-31,"),
        "config.yaml, line ", "expected ',' or ']'", "Correct the YAML",
    ),
    "a key twice": (
        ("config.yaml", "mapping: mapping.yaml\n", "mapping: mapping.yaml\nmapping: other.yaml\n"),
        "config.yaml, line 5", "the key 'mapping' stands twice", "Correct the YAML",
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
    "country twice": (
        ("countries.csv", "margins.csv\n", "margins.csv\nKEN,sample.csv,margins.csv\n"),
        "countries.csv, row 3", "'KEN' stands twice", "Remove one row",
    ),
    "no raw file named": (
        ("countries.csv", "KEN,sample.csv", "KEN,"),
        "country KEN", "names no raw file", "Fill the column 'raw'",
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
    "code that YAML reads as a truth value": (
        ("mapping.yaml", "missing:", "yes_no: {yes: 'yes', no: 'no'}\nmissing:"),
        "mapping.yaml, key 'yes_no", "YAML reads this code as True; put it into quotes",
        "Correct it",
    ),
    # The raw file
    "raw file missing": (
        ("countries.csv", "sample.csv", "samples.csv"),
        "samples.csv", "there is no such file", "Correct the path or create the file",
    ),
    "raw file unreadable": (
        ("mapping.yaml", "child_id: id", "child_id: id\nformat: sav"),
        "sample.csv", "it cannot be read", "Check the file, its permissions and its format",
    ),
    "raw file empty": (
        ("sample.csv", FILES["sample.csv"], ""),
        "sample.csv", "the file is empty", "Put the data into it",
    ),
    "country without a child": (
        ("sample.csv", FILES["sample.csv"], FILES["sample.csv"].splitlines()[0] + "\n"),
        "sample.csv", "a header, but no rows", "Put the data into it",
    ),
    "raw file is not UTF-8": (
        ("sample.csv", "c3,south", "c3,s\udcfcd"),
        "sample.csv, line 4", "byte 127 (0xfc) is not UTF-8", "Save the file as UTF-8",
    ),
    "column missing": (
        ("sample.csv", "stratum,", "strata,"),
        "sample.csv, column 'stratum'", "there is no such column",
        "the nearest in the file is 'strata'",
    ),
    "column twice": (
        ("sample.csv", "q2,q3", "q2,q2"),
        "sample.csv, column 'q2'", "another column has the same name",
        "Rename or remove all but one",
    ),
    "short line": (
        ("sample.csv", "2,17,0", "2,17"),
        "sample.csv, line 3", "11 cells, but the header has 12", "Correct the line",
    ),
    # The sample
    "child twice": (
        ("sample.csv", "c4,", "c1,"),
        "sample.csv, column 'id'", "ids that stand more than once in data rows 1, 4",
        "Give every child an id of its own",
    ),
    "no stratum": (
        ("sample.csv", "c2,north", "c2,"),
        "sample.csv, column 'stratum'", "an empty cell in data row 2", "Fill it",
    ),
    "PSU in two strata": (
        ("sample.csv", "south,s1", "south,n1"),
        "sample.csv, column 'psu'", "more than one stratum in data rows 1, 3",
        "set the mapping's 'psu_unique'",
    ),
    "stratum with one PSU": (
        ("sample.csv", "north,n2", "north,n1"),
        "sample.csv, column 'psu'", "1 stratum with one PSU, in data row 1",
        "set 'estimation.lonely_psu' to 'centre'",
    ),
    "number of PSUs no number": (
        ("sample.csv", "n2,9,", "n2,nine,"),
        "sample.csv, column 'psus'", "no finite number in data row 2", "plain numbers",
    ),
    "weight no number": (
        ("sample.csv", "9,1.5,", '9,"1,5",'),
        "sample.csv, column 'w'", "no finite number in data row 1", "a decimal point",
    ),
    "weight infinite": (
        ("sample.csv", "9,1.5,", "9,inf,"),
        "sample.csv, column 'w'", "no finite number in data row 1", "plain numbers",
    ),
    "weight negative": (
        ("sample.csv", "9,1.5,", "9,-1.5,"),
        "sample.csv, column 'w'", "a negative weight in data row 1", "Correct the weights",
    ),
    "weight of a respondent missing": (
        ("sample.csv", "9,1.5,", "9,,"),
        "sample.csv, column 'w'", "a missing number in data row 1", "Fill it",
    ),
    "weights all zero": (
        *(("sample.csv", f",{weight},", ",0,") for weight in (1.5, 2.5, 3.5, 4.5)),
        "sample.csv, column 'w'", "the weights of all respondents are zero",
        "Name the column of weights",
    ),
    "selection probability above one": (
        SELECTION, ("sample.csv", "9,1.5,0.1", "9,1.5,10"),
        "sample.csv, column 'p1'", "outside 0 < p <= 1 in data row 1", "Correct it",
    ),
    "selection probability zero": (
        SELECTION, ("sample.csv", "9,1.5,0.1,0.5", "9,1.5,0.1,0"),
        "sample.csv, column 'p2'", "outside 0 < p <= 1 in data row 1", "Correct it",
    ),
    "no eligible child": (
        SELECTION, ("sample.csv", "0.2,0.5,2", "0.2,0.5,0"),
        "sample.csv, column 'kids'", "no whole number from 1 in data row 2", "roster",
    ),
    "unknown outcome": (
        ("sample.csv", "0.5,1,2,2,16", "0.5,1,7,2,16"),
        "sample.csv, column 'result'", "an unknown code in data row 5",
        "Add it to 'disposition.codes' in the mapping",
    ),
    "nobody interviewed": (
        ("mapping.yaml", "1: complete", "1: non_contact"),
        "sample.csv, column 'result'", "no child was interviewed", "Correct the mapping's",
    ),
    "country without rows in a file of several": (
        ("mapping.yaml", "psu_unique: true", "area: {column: kids, codes: {1: UGA, 2: THA}}"),
        "sample.csv, column 'kids'", "no row belongs to country KEN",
        "Correct the mapping's 'area.codes'",
    ),
    # Answers
    "unknown code": (
        ("sample.csv", "15,99", "15,7"),
        "sample.csv, column 'q3', item 'online'",
        "a code that the mapping does not know in data row 4",
        "Add the code to 'codes' or 'missing' of 'variables.online' in the mapping",
    ),
    "number item with text": (
        ("sample.csv", "2,15,99", "2,fifteen,99"),
        "sample.csv, column 'q2', item 'age'",
        "no number and no code that the mapping knows in data row 4",
        "Add the code to 'codes' or 'missing' of 'variables.age'",
    ),
    "number beyond its limits": (
        ("sample.csv", "1,12,1", "1,11,1"),
        "sample.csv, column 'q2', item 'age'", "a number below the minimum 12 in data row 1",
        "Correct the file",
    ),
    # Margins
    "margins file missing": (
        ("countries.csv", "margins.csv", "margin.csv"),
        "margin.csv", "there is no such file", "Correct the path or create the file",
    ),
    "margin lacks a category of the sample": (
        ("margins.csv", "sex,girl,500\n", ""),
        "margins.csv, margin 'sex'", "no total for 'girl', which the sample has", "Add the rows",
    ),
    "margin names a category that the sample has not": (
        ("margins.csv", "sex,girl,500\n", "sex,girl,500\nsex,other,9\n"),
        "margins.csv, margin 'sex'", "a total for 'other', but no child", "Correct the spelling",
    ),
    "margins do not add up": (
        BOTH_MARGINS, ("margins.csv", "older,700", "older,710"),
        "margins.csv, margins 'sex' and 'age_band'", "their totals differ: 1100 and 1110",
        "Take both from one population",
    ),
    "margin total negative": (
        ("margins.csv", "boy,600", "boy,-600"),
        "margins.csv, column 'total'", "not above zero in data row 1",
        "Give the number of children",
    ),
}  # fmt: skip


def write_study(folder: Path, *changes: tuple[str, str, str]) -> Path:
    files = dict(FILES)
    for name, old, new in changes:
        assert old in files[name], f"{old!r} is not in {name}"
        files[name] = files[name].replace(old, new)
    for name, content in files.items():
        (folder / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    return folder / "config.yaml"


def run(config: Path) -> Prepared:
    """Load the study and prepare its only country, as the workflow does."""
    study = load_study(config)
    prepared = prepare_country(
        "KEN",
        study.raw_file("KEN"),
        study.mappings["KEN"],
        study.codebook,
        simulated=study.config.study.simulated,
        source=study.config.weighting.source,
        lonely_psu=study.config.estimation.lonely_psu,
    )
    interviewed = prepared.sample[is_respondent(prepared.sample)]
    names = study.config.weighting.margins
    levels = {name: sorted(interviewed[name].dropna().unique()) for name in names}
    read_margins(study.margins_file("KEN"), names, levels)
    return prepared


def test_the_study_is_right_as_it_stands(tmp_path):
    assert len(run(write_study(tmp_path)).answers) == 4
    (tmp_path / "selection").mkdir()
    assert len(run(write_study(tmp_path / "selection", SELECTION, BOTH_MARGINS)).sample) == 5


@pytest.mark.parametrize("fault", CASES)
def test_the_message_names_the_place_the_fault_and_the_remedy(tmp_path, fault):
    *changes, where, found, remedy = CASES[fault]
    with pytest.raises(StudyError) as caught:
        run(write_study(tmp_path, *changes))
    error = caught.value
    assert where in error.where
    assert found in error.found
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("says", "simulated", "found"),
    [
        ("1", "false", "simulated data in a study of observed data"),
        ("True", "false", "simulated data in a study of observed data"),
        ("0", "true", "observed data in a study of simulated data"),
    ],
)
def test_a_file_never_contradicts_the_watermark(tmp_path, says, simulated, found):
    lines = FILES["sample.csv"].splitlines()
    content = "\n".join([f"{lines[0]},simulated", *(f"{line},{says}" for line in lines[1:])])
    config = write_study(
        tmp_path,
        ("sample.csv", FILES["sample.csv"], content),
        ("config.yaml", "simulated: false", f"simulated: {simulated}"),
    )
    with pytest.raises(StudyError, match=rf"column 'simulated': {found}.*'study\.simulated'"):
        run(config)
    right = {"false": "true", "true": "false"}[simulated]
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"simulated: {simulated}", f"simulated: {right}"))
    assert run(config).sample["simulated"].eq(says != "0").all()
