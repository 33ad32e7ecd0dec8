"""Write the first mapping of each raw file: which column holds what, what its codes mean."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from disrupting_harm.drafting.design import ABSENT, has_six_decimals
from disrupting_harm.drafting.draft_items import DraftFile, DraftItem
from disrupting_harm.drafting.yaml_text import ask_person, format_answer, format_key, quote_text

MAPPING = "mapping"


def write_mappings(files: Sequence[DraftFile], items: Mapping[str, DraftItem]) -> dict[str, str]:
    """Return the text of each mapping by its name: one for all files where they are the same."""
    texts = [_write_mapping(file, items) for file in files]
    if len(set(texts)) == 1:
        return {MAPPING: texts[0]}
    names = [re.sub(r"[^a-z0-9]+", "-", file.survey.path.stem.lower()) for file in files]
    unique = [f"{name}-{n}" if names.count(name) > 1 else name for n, name in enumerate(names, 1)]
    return {f"{MAPPING}-{name}": text for name, text in zip(unique, texts, strict=True)}


def _write_mapping(file: DraftFile, items: Mapping[str, DraftItem]) -> str:
    survey = file.survey
    lines = []
    if survey.delimiter not in (None, ","):
        lines.append(f"delimiter: {json.dumps(survey.delimiter)}")
    if file.area:
        column, codes = file.area
        listed = ", ".join(
            f"{format_key(code)}: {quote_text(country)}" for code, country in codes.items()
        )
        lines.append(f"area: {{column: {quote_text(column.name)}, codes: {{{listed}}}}}")
    lines += _write_design(file)
    used = [column for name, (column, _) in file.items.items() if name in items]
    if any(column.blank for column in used):
        lines.append(
            "blank: not_asked" + ask_person("an empty cell: not_asked (skipped by design) or lost?")
        )
    lines.append("variables:")
    for name, item in items.items():
        if name not in file.items:
            lines.append(f"  {name}: {{asked: false}}")
            continue
        column, of_file = file.items[name]
        keys = [f"column: {quote_text(column.name)}"]
        codes = of_file.answers.codes
        if codes:
            pairs = [
                f"{format_key(code)}: {format_answer(answer)}" for code, answer in codes.items()
            ]
            pairs += ['"": "no"'] if of_file.answers.type == "tick" else []
            keys.append(f"codes: {{{', '.join(pairs)}}}")
        if of_file.answers.missing:
            pairs = [
                f"{special}: [{', '.join(map(format_key, missing))}]"
                for special, missing in of_file.answers.missing.items()
            ]
            keys.append(f"missing: {{{', '.join(pairs)}}}")
        note = f"  # {column.label}" if column.label and column.label != item.label else ""
        lines.append(f"  {name}: {{{', '.join(keys)}}}{' '.join(note.split(chr(10)))}")
    return "\n".join(lines) + "\n"


def _write_design(file: DraftFile) -> Iterator[str]:
    """Yield a line for each column of the design: the likeliest one, or that there is none."""
    for key, column in file.design.items():
        if column.name is None:
            yield (
                f"{key}: {ABSENT[key]}"
                + ask_person(f"which column? {key}: {ABSENT[key]} is for a file without one")
            )
            continue
        label = " ".join(file.survey.columns[column.name].label.split()) or "the name says so"
        others = f"; or {', '.join(column.others)}" if column.others else ""
        yield f"{key}: {quote_text(column.name)}" + ask_person(f"is it this? {label}{others}")
        if key == "weight" and has_six_decimals(file.survey.columns[column.name]):
            yield "weight_divisor: 1000000"
