"""Faults of the small study's raw file and margins, as in :mod:`bad_configuration`."""

from bad_configuration import FILES

SELECTION = ("config.yaml", "source: column", "source: selection")
BOTH_MARGINS = ("config.yaml", "[sex]", "[sex, age_band]")

DATA = {
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
    "no row kept": (
        ("mapping.yaml", "child_id: id", "child_id: id\nkeep: [{column: q2, at_least: 18}]"),
        "sample.csv, column 'q2'", "no row is left by this condition of 'keep'",
        "Correct the column, codes or limits under 'keep'",
    ),
    "range of rows that are no numbers": (
        ("mapping.yaml", "child_id: id", "child_id: id\nkeep: [{column: stratum, at_least: 1}]"),
        "sample.csv, column 'stratum'", "no finite number in data rows 1, 2, 3, 4, 5",
        "plain numbers",
    ),
    "fraction of an item that is counted by a range": (
        ("codebook.yaml", '{item: online, among: ["yes"]}', "{item: age, at_least: 15}"),
        ("sample.csv", "2,17,0", "2,16.5,0"),
        "sample.csv, column 'q2', item 'age'", "a number that is not whole",
        "a unit of which all numbers are whole",
    ),
    "child twice": (
        ("sample.csv", "c4,", "c1,"),
        "sample.csv, column 'id'", "ids that stand more than once in data rows 1, 4",
        "Give every respondent an id of its own",
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
    "numbers of PSUs that differ": (
        ("sample.csv", "n2,9,", "n2,8,"),
        "sample.csv, column 'psus'", "differs within a stratum in data row 2", "the same number",
    ),
    "fewer PSUs than were drawn": (
        ("sample.csv", "s1,8,", "s1,1,"), ("sample.csv", "s2,8,", "s2,1,"),
        "sample.csv, column 'psus'", "fewer PSUs in the stratum's population than in the sample",
        "Give the number of PSUs",
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
    "weight beyond all people": (
        ("sample.csv", "9,1.5,", "9,1e300,"),
        "sample.csv, column 'w'", "a number out of all proportion in data row 1", "Correct it",
    ),
    "weight close to nothing": (
        ("sample.csv", "9,1.5,", "9,1e-300,"),
        "sample.csv, column 'w'", "a number out of all proportion in data row 1", "Correct it",
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
        "sample.csv, column 'kids'", "no whole number from 1 to 100 in data row 2", "roster",
    ),
    "unknown outcome": (
        ("sample.csv", "0.5,1,2,2,16", "0.5,1,7,2,16"),
        "sample.csv, column 'result'", "an unknown code in data row 5",
        "Add it to 'disposition.codes' in the mapping",
    ),
    "nobody interviewed": (
        ("mapping.yaml", "1: complete", "1: non_contact"),
        "sample.csv, column 'result'", "nobody was interviewed", "Correct the mapping's",
    ),
    "country without rows in a file of several": (
        ("mapping.yaml", "psu_unique: true",
         "area: {column: kids, codes: {1: UGA, 2: UGA, 9: KEN}}"),
        "sample.csv, column 'kids'", "no row belongs to country KEN",
        "Correct the mapping's 'area.codes'",
    ),
    "codes of countries in small letters": (
        ("mapping.yaml", "psu_unique: true", "area: {column: kids, codes: {1: ken, 2: UGA}}"),
        "country KEN, mapping key 'area.codes'", "no code stands for this country",
        "Write which code is 'KEN', in capital letters",
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
    "number beyond all proportion": (
        ("codebook.yaml", ", minimum: 12, maximum: 17", ""),
        ("mapping.yaml", "  age: {",
         "  age: {missing: {dont_know: [88], prefer_not_to_say: [99]}, "),
        ("sample.csv", "2,17,0", "2,1e300,0"),
        "sample.csv, column 'q2', item 'age'", "out of all proportion in data row 2", "Correct the",
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
        "margins.csv, margin 'sex'", "a total for 'other', but nobody", "Correct the spelling",
    ),
    "margins do not add up": (
        BOTH_MARGINS, ("margins.csv", "older,700", "older,710"),
        "margins.csv, margins 'sex' and 'age_band'", "their totals differ: 1100 and 1110",
        "Take both from one population",
    ),
    "margins given as shares": (
        ("margins.csv", "boy,600\nsex,girl,500", "boy,0.55\nsex,girl,0.45"),
        "margins.csv, margin 'sex', category 'boy'", "a total of 0.55, but 2 interviews",
        "not a share or a per cent",
    ),
    "margin total negative": (
        ("margins.csv", "boy,600", "boy,-600"),
        "margins.csv, column 'total'", "not above zero in data row 1",
        "Give the number of persons",
    ),
}  # fmt: skip
