"""What is done to the files of the very small study: one change to one file at a time."""

import gzip
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from drawn import drawn_changes
from mutated_study import CONFIG, OFFENCES, RAW, TEXTS, files, raw, sheet, written
from wrong import wrong_changes

FOLDER = "a folder"


@dataclass(frozen=True)
class Mutation:
    """A change to one file: its new content, None where it is missing, or `FOLDER`."""

    name: str
    file: str
    what: str
    content: bytes | str | None

    def write(self, folder: Path) -> None:
        """Write the study with this change."""
        write_files(folder)
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if self.content == FOLDER:
            path.mkdir()
        elif isinstance(self.content, bytes):
            path.write_bytes(self.content)


def write_files(folder: Path) -> None:
    """Write the study as it is."""
    for name, content in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def mutations() -> list[Mutation]:
    """Return all mutations; no two have the same name."""
    made = [*_of_whole_files(), *_of_texts(), *_of_rows(), *_of_workbooks(), *wrong_ones()]
    names = [mutation.name for mutation in made]
    assert len(set(names)) == len(names)
    return made


def wrong_ones() -> Iterator[Mutation]:
    """Yield those of which every one is wrong, typed by hand."""
    for number, change in enumerate(wrong_changes(), start=1):
        yield Mutation(f"wrong {number:03}", change.file, change.what, change.content)


def drawn_mutations() -> list[Mutation]:
    """Return those drawn from the documentation; what is drawn changes with its pages."""
    return [
        Mutation(f"drawn {number:03}", change.file, change.what, change.content)
        for number, change in enumerate(drawn_changes(), start=1)
    ]


# What is done to every file, whatever is in it.
WHOLE: dict[str, tuple[str, Callable[[bytes], bytes | str | None]]] = {
    "missing": ("the file is not there", lambda _: None),
    "folder": ("a folder of this name", lambda _: FOLDER),
    "empty": ("no byte", lambda _: b""),
    "half": ("the first half", lambda content: content[: len(content) // 2]),
    "packed": ("packed with gzip", lambda content: gzip.compress(content, mtime=0)),
}
WHOLE_TEXT: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "spaces": ("spaces and line ends alone", lambda _: b"  \n \n"),
    "nul": ("a NUL byte in the middle", lambda content: _put(content, b"\0")),
    "latin": ("a byte that is not UTF-8 in the middle", lambda content: _put(content, b"\xe9")),
    "utf16": ("saved as UTF-16", lambda content: content.decode().encode("utf-16")),
    "mark": ("a byte-order mark first", lambda content: b"\xef\xbb\xbf" + content),
    "windows": ("Windows line ends", lambda content: content.replace(b"\n", b"\r\n")),
}
WHOLE_TABLE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "header": ("the header alone", lambda content: content.split(b"\n")[0] + b"\n"),
    "headless": ("no header", lambda content: content.split(b"\n", 1)[1]),
    "twice": ("every row twice", lambda content: content + content.split(b"\n", 1)[1]),
    "semicolons": ("semicolons for commas", lambda content: content.replace(b",", b";")),
    "longer": ("one cell more in the last row", lambda content: content[:-1] + b",x\n"),
    "shorter": ("one cell less in the last row", lambda content: content[: content.rindex(b",")]),
    "quote": ("a quotation mark that is not closed", lambda content: content[:-1] + b',"x\n'),
}


def _put(content: bytes, byte: bytes) -> bytes:
    """Put a byte behind the first line end after the middle, where it stands in a cell or key."""
    at = content.index(b"\n", len(content) // 2 - 20) + 2
    return content[:at] + byte + content[at:]


def _of_whole_files() -> Iterator[Mutation]:
    for name, content in files().items():
        kinds: dict[str, tuple[str, Callable[[bytes], bytes | str | None]]] = dict(WHOLE)
        if name.endswith((".yaml", ".csv", ".md")):
            kinds |= WHOLE_TEXT
        if name.endswith(".csv"):
            kinds |= WHOLE_TABLE
        for kind, (what, change) in kinds.items():
            yield Mutation(f"{name}: {kind}", name, what, change(content))


# File: what stands there, and what stands there instead.
REPLACED: dict[str, tuple[tuple[str, str], ...]] = {
    CONFIG: (
        ("title: A very small study", "title: ''"),
        ("title: A very small study", "title: Uses <chat> & [x](y) apps"),
        ("title: A very small study", "title: {a: b}"),
        ("title: A very small study", "titel: A very small study"),
        ("2026-01-31", "2026-02-31"),
        ("2026-01-31", "yesterday"),
        ("simulated: false", "simulated: true"),
        ("simulated: false", "simulated: maybe"),
        ("organisations: [Nobody]", "organisations: [Nobody, Nobody]"),
        ("organisations: [Nobody]", "organisations: Nobody"),
        ("template: survey", "template: country"),
        ("template: survey", "template: survey\n  template: survey"),
        ("countries: countries.csv", "countries: nowhere/countries.csv"),
        ("countries: countries.csv", "countries: ''"),
        ("codebook: codebook.yaml\n", ""),
        ("mapping: mapping.yaml\n", ""),
        ("seed: 7", "seed: -7"),
        ("seed: 7", "seed: 8"),
        ("seed: 7", "seed: " + "7" * 5000),
        ("seed: 7", "seed: 7\nonly: [KEN]"),
        ("seed: 7", "seed: 7\nonly: [ken]"),
        ("seed: 7", "seed: 7\nonly: [KEN, KEN]"),
        ("source: column", "source: selection"),
        ("margins: [sex]", "margins: [sex, sex]"),
        ("margins: [sex]", "margins: [gender]"),
        ("margins: [sex]", "margins: [age_band]"),
        ("margins: [sex]", "margins: []"),
        ("margins: [sex]", "margins: [sex]\n  nonresponse: {classes: [sex], max_factor: 1.01}"),
        ("margins: [sex]", "margins: [sex]\n  trimming: {method: mse}"),
        ("margins: [sex]", "margins: [sex]\n  calibration: {method: logit, bounds: [0.99, 1.001]}"),
        ("margins: [sex]", "margins: [sex]\n  calibration: {method: logit, bounds: [.nan, 2]}"),
        ("korn_graubard", "wald"),
        ("confidence: 0.95", "confidence: 95"),
        ("confidence: 0.95", "confidence: .nan"),
        ("confidence: 0.95", "confidence: 0.9"),
        ("lonely_psu: fail", "lonely_psu: centre"),
        ("lonely_psu: fail", "lonely_psu: fail\n  calibrated_errors: true"),
        ("nchs2017", "nchs2016"),
        ("nchs2017", "statcan"),
        ("min_count: 5, ", "min_count: 2, "),
        ("min_count: 5, ", "min_count: 1e400, "),
        ("gaps: [sex]", "gaps: [sexes]"),
        ("{boy: 1, girl: 1}", "{boy: 1, girls: 1}"),
        ("{boy: 1, girl: 1}", "{boy: 1, girl: -1}"),
        ("{boy: 1, girl: 1}", "{boy: 1, girl: .inf}"),
        ("source: equal shares", "source: ' '"),
        ("sources: sources.csv", "sources: source.csv"),
        ("  sources: sources.csv\n", ""),
        ("  offences: police.xlsx\n", ""),
        ("offences: police.xlsx", "offences: police.docx"),
        ("offences: police.xlsx", "capacity: police.xlsx"),
        ("  min_count: 10", "  min_count: 50"),
        ("formats: [html]", "formats: [html, html]"),
        ("report: {", "? [a, b]\n: c\nreport: {"),
        ("report: {", "report: !!python/object:os.system {"),
        ("report: {", "report: &a {b: *a, "),
        ("seed: 7", "seed: " + "[" * 5000),
    ),
    "countries.csv": (
        ("KEN,", "ken,"),
        ("KEN,", "KNY,"),
        ("KEN,", ","),
        ("KHM,", "KEN,"),
        ("Kenya", ""),
        ("Kenya", '"Kenya, the republic"'),
        ("Kenya", "=1+1"),
        ("ken.csv", "ken.txt"),
        ("ken.csv", "khm.parquet"),
        ("ken.csv", ""),
        ("ken.csv", "package:numpy/ken.csv"),
        ("ken.csv", "package:no_such_package/ken.csv"),
        ("ken.csv", "package:"),
        ("margins.csv,en,1000000,2025", ",en,1000000,2025"),
        ("margins.csv,en,1000000,2025", "margins.csv,xx,1000000,2025"),
        ("margins.csv,en,1000000,2025", "margins.csv,en en,1000000,2025"),
        ("en,1000000", "en,many"),
        ("en,1000000", "en,-5"),
        ("en,1000000", "en,1e300"),
        ("en,1000000", "en,"),
        ("en,1000000", "en,2000000"),
        (",2025,", ",20255,"),
        ("children_year", "children"),
        ("children_year", "childrens_year"),
        ("children_year", ""),
        ("\nKHM", "\n\nKHM"),
    ),
    "codebook.yaml": (
        ("[boy, girl]", "[boy, girl, boy]"),
        ("[boy, girl]", "[boy]"),
        ("[boy, girl]", "[boy, girl, other]"),
        ("[boy, girl]", "[boy, girl, lost]"),
        ("[boy, girl]", "[boy, '']"),
        ("maximum: 17", "maximum: 16"),
        ("maximum: 17", "maximum: .nan"),
        ("maximum: 17", "maximum: .inf"),
        ("maximum: 17", "maximum: 11"),
        ("question: Age", "question: How old are you, 'really'?\\n"),
        ('{"yes": "Yes"}', '{"ja": "Yes"}'),
        ("{boy: Boys", "{boys: Boys"),
        ("[12, 14]", "[12, 13]"),
        ("[12, 14]", "[12, 15]"),
        ("[12, 14]", "[12, .nan]"),
        ("id: age_band", "id: weight"),
        ("id: age_band", "id: Age-Band"),
        ("item: age,", "item: ages,"),
        ("label: Use of the internet", "label: ''"),
        ("headline: true", "headline: false"),
        ("headline: true", "headline: yes"),
        ("[{item: online", "[{item: offline"),
        ('among: ["yes"]}]}', "among: [yes]}]}"),
        ('among: ["yes"]}]}', "among: []}]}"),
        ("value: hours", "value: sex"),
        ("statistic: mean", "statistic: median"),
        ("any_of: [online, daily]", "any_of: [online, online]"),
        ("any_of: [online, daily]", "any_of: [any_use]"),
        ("label: Mean hours", "label: Hours, mean"),
        ("sensitive: true", "sensitive: false"),
    ),
    "mapping.yaml": (
        ("child_id: id\n", ""),
        ("child_id: id", "child_id: name"),
        ("child_id: id", "child_id: psu"),
        ("stratum: stratum", "stratum: ''"),
        ("stratum: stratum", "stratum: id"),
        ("psu: psu", "psu: id"),
        ("psu: psu", "psu: psu\npsu_unique: true"),
        ("psu: psu", "psu: psu\nfpc: q2"),
        ("psu: psu", "psu: psu\nfpc: w"),
        ("psu: psu", "psu: psu\narea: {column: q1, codes: {1: KEN, 2: UGA}}"),
        ("psu: psu", "psu: psu\nformat: csv"),
        ("psu: psu", "psu: psu\ndelimiter: ';'"),
        ("psu: psu", "psu: psu\ndelimiter: ', '"),
        ("psu: psu", "psu: psu\ndelimiter: '\"'"),
        ("psu: psu", 'psu: psu\ndelimiter: "\\n"'),
        ("weight: w", "weight: q5"),
        ("weight: w", "weight: stratum"),
        ("weight: w\n", ""),
        ("1: complete", "1: finished"),
        ("1: complete", "1: refusal"),
        ("2: refusal", "3: refusal"),
        ("blank: not_asked", "blank: lost"),
        ("blank: not_asked", "blank: zero"),
        ("blank: not_asked\n", ""),
        ("dont_know: [88]", "dont_know: [99]"),
        ("dont_know: [88]", "dont_know: [12]"),
        ("dont_know: [88]", "dont_knows: [88]"),
        ("2: girl", "2: girls"),
        ("2: girl", "1: girl"),
        ("2: girl", "2.0: girl"),
        ("  online: {column: q3}", "  online: {asked: false}"),
        ("  online: {column: q3}", "  online: {column: q9}"),
        ("  online: {column: q3}\n", ""),
        ("  online: {column: q3}", "  online: {column: q3, codes: {yes: 'yes', no: 'no'}}"),
    ),
    "margins.csv": (
        ("510000", "0.51"),
        ("510000", "51"),
        ("510000", "-510000"),
        ("510000", "1e300"),
        ("510000", "510000.5"),
        ("510000", "five"),
        ("510000", ""),
        ("sex,girl,490000\n", ""),
        ("girl", "girls"),
        ("girl", "boy"),
        ("sex,", "gender,"),
        ("margin,", "margins,"),
    ),
    "comparability.csv": (
        ("THA,*", "tha,*"),
        ("THA,*", "THA,offline"),
        ("yes,the", "no,the"),
        ("mode", "mood"),
        ("the same questions", ""),
    ),
    "forms.yaml": (
        ("any_use", "no_use"),
        ("[ocsea]", "[ocean]"),
        (", reason: the same acts", ""),
        ("cybertips: true", "cybertips: true, cybertip: true"),
        ("label: Any use", "label: Use, any"),
    ),
    "sources.csv": (
        ("\npolice,", "\nncmec,"),
        ("\npolice,", "\nPolice!,"),
        ("law_enforcement", "police"),
        (",,,,open\npolice", ",,,,secret\npolice"),
        ("figures,2024", "figures,24"),
    ),
    "cybertips.csv": (
        ("KEN,2022", "ken,2022"),
        ("KEN,2022", "KEX,2022"),
        ("KEN,2022", "TZA,2022"),
        ("KEN,2022", "KEN,2023"),
        ("KEN,2022", "KEN,22"),
        ("KEN,2022", "Total,2022"),
        ("referral,22000", "referral,-22000"),
        ("referral,22000", "referral,\"22,000\""),
        ("referral,22000", "referral,22.000"),
        ("referral,22000", "referral,1e300"),
        ("referral,22000", "referral,"),
        ("referral,22000", "referral,0"),
        ("referral,22000", "referral,22000.5"),
        ("referral,22000", "Referral,22000"),
        ("reported", "zero_reported"),
        (",ncmec,", ",nc mec,"),
        ("class", "classes"),
        ("class", "year"),
        ("Reports,NCMEC", "Reports," + "N" * 20_000),
        ("Reports,NCMEC", "Reports,=1+1"),
    ),
}  # fmt: skip


def _of_texts() -> Iterator[Mutation]:
    for name, changes in REPLACED.items():
        content = files()[name].decode()
        for number, (old, new) in enumerate(changes, start=1):
            assert old in content, (name, old)
            what = f"{_short(old)} -> {_short(new)}"
            changed = content.replace(old, new, 1)
            yield Mutation(f"{name}: text {number:02}", name, what, changed.encode())


def _short(text: str) -> str:
    shown = text if len(text) <= 60 else f"{text[:40]}... ({len(text)} characters)"
    return repr(shown)


# A cell of the raw files: column, rows, what stands there instead; the name of each.
CELLS: dict[str, tuple[str, list[int], str]] = {
    "id twice": ("id", [3, 4], "c003"),
    "id empty": ("id", [7], ""),
    "stratum empty": ("stratum", [7], ""),
    "stratum alone": ("stratum", [7], "z"),
    "psu as text": ("psu", [7], "Mary Doe"),
    "weight empty": ("w", [7], ""),
    "weight zero": ("w", [7], "0"),
    "weights zero": ("w", list(range(96)), "0"),
    "weight negative": ("w", [7], "-1"),
    "weight huge": ("w", [7], "1e300"),
    "weight tiny": ("w", [7], "1e-300"),
    "weight heavy": ("w", [7], "1e9"),
    "weight as text": ("w", [7], "one"),
    "outcome unknown": ("result", [7], "7"),
    "outcomes refused": ("result", list(range(96)), "2"),
    "sex unknown": ("q1", [7], "3"),
    "sex as text": ("q1", [7], "Mary Doe, 12 Nest Street"),
    "sex of one kind": ("q1", list(range(96)), "1"),
    "sex empty": ("q1", [7], ""),
    "age too low": ("q2", [7], "11"),
    "age between": ("q2", [7], "14.5"),
    "age with a comma": ("q2", [7], "14,5"),
    "answer don't know": ("q3", [7], "88"),
    "answer unknown": ("q3", [7], "5"),
    "answers empty": ("q3", list(range(96)), ""),
    "number huge": ("q5", [7], "1e300"),
    "number not finite": ("q5", [7], "inf"),
    "text with NUL": ("stratum", [7], "a\0"),
    "simulated data": ("simulated", list(range(96)), "1"),
}
# Typed files cannot hold these as they stand.
ONLY_TEXT = ("number not finite", "text with NUL", "weight huge")


def _of_rows() -> Iterator[Mutation]:
    for seed, file in enumerate(RAW.values()):
        # Every fault in the text file, every fourth in each of the others.
        step = 1 if file.endswith(".csv") else 4
        for name, (column, rows, value) in itertools.islice(CELLS.items(), seed, None, step):
            if file.endswith(".csv") or name not in ONLY_TEXT:
                frame = raw(seed)
                if column not in frame:
                    frame[column] = "0"
                frame.loc[rows, column] = value.replace("c003", f"c{seed}03")
                what = f"column {column}, {len(rows)} row(s): {value!r}"
                yield Mutation(f"{file}: {name}", file, what, written(frame, file))
        yield from _of_columns(seed, file)
    yield from _of_parquet()


def _of_columns(seed: int, file: str) -> Iterator[Mutation]:
    frame = raw(seed)
    changed = {
        "no column": ("column q3 is left out", frame.drop(columns="q3")),
        "other order": ("columns and rows in another order", frame[list(frame)[::-1]]),
        "one more column": ("a column that nobody asked for", frame.assign(name="Mary Doe")),
        "no rows": ("no rows", frame.iloc[:0]),
        "one row": ("one row alone", frame.iloc[:1]),
    }
    for name, (what, made) in changed.items():
        yield Mutation(f"{file}: {name}", file, what, written(made, file))


def _of_parquet() -> Iterator[Mutation]:
    file = RAW["KHM"]
    frame = raw(1)
    ages = pd.to_numeric(frame["q2"])
    changed = {
        "lists": ("column q2 holds lists", [[age] for age in ages]),
        "records": ("column q2 holds records", [{"age": age} for age in ages]),
        "bytes": ("column q2 holds bytes", [bytes([age]) for age in ages]),
        "categories": ("column q2 holds categories", pd.Categorical(ages)),
        "times": ("column q2 holds times", pd.to_datetime(ages, unit="D")),
        "small floats": ("column q2 holds floats of four bytes", ages.astype("float32")),
        "not finite": ("column q2 holds an infinite number", ages.where(ages.index != 7, np.inf)),
    }
    for name, (what, cells) in changed.items():
        path_bytes = _parquet(frame.assign(q2=cells))
        yield Mutation(f"{file}: {name}", file, what, path_bytes)


def _parquet(frame: pd.DataFrame) -> bytes:
    content: bytes = frame.to_parquet(None)
    return content


def _of_workbooks() -> Iterator[Mutation]:
    first = OFFENCES[0]
    changed: dict[str, tuple[str, list[dict[str, object]]]] = {
        "no rows": ("the headings alone", []),
        "twice": ("a row twice", [*OFFENCES, first]),
        "total": ("a total row", [*OFFENCES, first | {"agency": "Total"}]),
        "other country": ("a row of another country", [*OFFENCES, first | {"country": "TZA"}]),
        "small letters": (
            "a country in small letters",
            [first | {"country": "ken"}, *OFFENCES[1:]],
        ),
        "grouped": ("a count as '1,234'", [first | {"offences": "1,234"}, *OFFENCES[1:]]),
        "ambiguous": ("a count as '1.234'", [first | {"offences": "1.234"}, *OFFENCES[1:]]),
        "formula": (
            "a formula without its result",
            [first | {"offences": "=20+20"}, *OFFENCES[1:]],
        ),
        "error": ("an error", [first | {"offences": "#REF!"}, *OFFENCES[1:]]),
        "date": ("a date", [first | {"year": pd.Timestamp("2022-01-01")}, *OFFENCES[1:]]),
        "truth": ("a truth value", [first | {"offences": True}, *OFFENCES[1:]]),
        "long": ("text without end", [first | {"law_reference": "x" * 20_000}, *OFFENCES[1:]]),
    }
    for name, (what, rows) in changed.items():
        yield Mutation(f"police.xlsx: {name}", "police.xlsx", what, sheet(rows))
    yield Mutation(
        "police.xlsx: broken part",
        "police.xlsx",
        "a byte changed in the middle",
        _flipped(files()["police.xlsx"]),
    )


def _flipped(content: bytes) -> bytes:
    at = len(content) // 3
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


assert set(REPLACED) <= {*TEXTS, "cybertips.csv"}
