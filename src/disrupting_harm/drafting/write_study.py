"""Write the first files of a study: configuration, countries, mappings, codebook."""

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import groupby, pairwise
from pathlib import Path

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import format_csv_lines, write_text
from disrupting_harm.core.paths import format_command
from disrupting_harm.core.spelling import is_plain_number
from disrupting_harm.drafting.answers import Answers, find_common_start, name_item, read_answers
from disrupting_harm.drafting.design import ABSENT, DesignColumn, find_design, has_six_decimals
from disrupting_harm.drafting.label_words import (
    AGE,
    AGE_NAMES,
    IDENTIFIER,
    IDENTIFIER_NAMES,
    OTHER_AGE,
    RESIDENCE,
    SEX,
    is_rural,
    is_sex,
)  # fmt: skip
from disrupting_harm.drafting.places import find_area, find_country_of_file
from disrupting_harm.drafting.raw_columns import RawColumn, RawSurvey, read_survey
from disrupting_harm.study.todos import TODO, Todo, list_todos

# More questions at once make a report that nobody reads; a person names the columns then.
MOST_ITEMS = 60
MOST_HEADLINES = 6
FEWEST_OPTIONS = 3
OLDEST = 120
CONFIG, COUNTRIES, CODEBOOK, MAPPING = "config.yaml", "countries.csv", "indicators.yaml", "mapping"
_DOMAIN_LABELS = {"sex": "Sex", "residence": "Residence"}
_SERIES = re.compile(r"(.+?)[_.]?(\d{1,3}|[a-z])")
_YAML_WORDS = {"yes", "no", "y", "n", "true", "false", "on", "off", "null"}
TOTAL_DOMAIN = "  - {id: total, label: All}"


@dataclass(frozen=True)
class DraftItem:
    """An item of the codebook with the columns of the files that hold it."""

    id: str
    label: str
    answers: Answers
    role: str = "answer"
    tick_of: str | None = None


@dataclass(frozen=True)
class DraftFile:
    """What is proposed of one raw file."""

    survey: RawSurvey
    design: dict[str, DesignColumn]
    area: tuple[RawColumn, dict[str, str]] | None
    country: str | None
    items: dict[str, tuple[RawColumn, DraftItem]]

    @property
    def countries(self) -> list[str]:
        """The countries whose rows it holds."""
        return list(self.area[1].values()) if self.area else [self.country or TODO]


def draft_study(folder: Path, data: Sequence[Path], columns: Sequence[str] = ()) -> list[Todo]:
    """Write the first files of a study into a new folder, and return what is left to decide.

    Args:
        folder: of the study; its name is that of the study.
        data: the raw files, a country each or with a column of countries.
        columns: patterns of the names of the columns of answers, such as ``q5_*``; empty: all.

    Raises:
        StudyError: the folder holds something, a raw file cannot be read, or too many columns, or
            none, could be answers.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(str(folder), "there is something already", "Name a new folder")
    files = [_read_file(path, columns) for path in data]
    items = _join_items(files)
    answers = [item for item in items.values() if item.role == "answer"]
    if not answers:
        raise StudyError(
            str(data[0]),
            "no column with answers that could be counted",
            "Name columns with --columns; texts and identifiers are left out",
        )
    if len(answers) > MOST_ITEMS:
        raise StudyError(
            str(data[0]),
            f"{len(answers)} columns with answers, from '{answers[0].id}' to '{answers[-1].id}'",
            f"Name those of your report with --columns, {MOST_ITEMS} at most; q5_* stands for all "
            "that begin so",
        )
    mappings = _write_mappings(files, items)
    folder.mkdir(parents=True, exist_ok=True)
    drafts = {
        CONFIG: _write_config(folder, files, items, is_shared=len(mappings) == 1),
        COUNTRIES: _write_countries(folder, files, mappings),
        CODEBOOK: _write_codebook(files, items),
        **{f"{name}.yaml": text for name, text in mappings.items()},
    }
    for name, text in drafts.items():
        write_text(folder / name, text)
    return list_todos(folder / name for name in drafts)


def _read_file(path: Path, patterns: Sequence[str]) -> DraftFile:
    survey = read_survey(path)
    design, area = find_design(survey), find_area(survey)
    country = find_country_of_file(path)
    if area and len(area[1]) == 1:
        country, area = next(iter(area[1].values())), None
    taken = {column.name for column in design.values() if column.name}
    taken |= {name for column in design.values() for name in column.others}
    taken |= {area[0].name} if area else set()
    items: dict[str, tuple[RawColumn, DraftItem]] = {}
    of_role: dict[str, str] = {}
    for name, column in survey.columns.items():
        role = _find_role(column)
        if role in of_role:
            # Of another person of the household, or asked twice: a person says who answered.
            first_column, first = items[of_role[role]]
            question = f"{role} of whom? '{name}' may be that of the person asked"
            answers_of_first = replace(first.answers, open=(*first.answers.open, question))
            items[first.id] = (first_column, replace(first, answers=answers_of_first))
            role = "answer"
        is_named = any(fnmatchcase(name, pattern) for pattern in patterns)
        if (name in taken and not is_named) or (patterns and role == "answer" and not is_named):
            continue
        answers = read_answers(column)
        if answers is None or _is_identifier(column, answers):
            continue
        item = name_item(name)
        while item in items:
            item += "_"
        label = column.label or _spell_name(name)
        items[item] = (column, DraftItem(item, label[:1].upper() + label[1:], answers, role))
        if role != "answer":
            of_role[role] = item
    return DraftFile(survey, design, area, country, _group_options(survey, items))


def _spell_name(name: str) -> str:
    """Return a column's name as words."""
    return name.replace("_", " ").strip() or name


def _is_identifier(column: RawColumn, answers: Answers) -> bool:
    """Return whether a whole number is called an identifier, or differs from row to row as one."""
    if answers.type != "number" or any("." in code for code in column.counts):
        return False
    is_named = IDENTIFIER_NAMES.fullmatch(column.name) or IDENTIFIER.search(column.label)
    return bool(is_named) or len(column.counts) == column.rows


def _find_role(column: RawColumn) -> str:
    texts = (column.name, column.label)
    labels = [text for code, text in column.labels.items() if text]
    two_codes = len(column.counts) <= 4
    if (
        two_codes
        and any(map(SEX.search, texts))
        and (is_sex([*labels, *column.counts]) or not labels)
    ):
        return "sex"
    if any(map(RESIDENCE.search, texts)) and is_rural([*labels, *column.counts]):
        return "residence"
    numbers = column.numbers
    is_age = AGE_NAMES.fullmatch(column.name) or (
        AGE.match(column.label) and not OTHER_AGE.search(column.label)
    )
    if is_age and numbers and numbers[0] >= 0 and len(numbers) > 4:
        return "age"
    return "answer"


def _group_options(
    survey: RawSurvey, items: dict[str, tuple[RawColumn, DraftItem]]
) -> dict[str, tuple[RawColumn, DraftItem]]:
    """Name the question of items that are options of one: by the file's sets, or in a series."""
    item_of_column = {column.name: item for item, (column, _) in items.items()}
    groups: dict[str, list[str]] = {}
    for columns in survey.sets.values():
        members = [item_of_column[name] for name in columns if name in item_of_column]
        groups[find_common_start(members).strip("_") or members[0]] = members
    in_sets = {member for members in groups.values() for member in members}
    stems = {
        item: match[1].strip("_")
        for item in items
        if item not in in_sets and (match := _SERIES.fullmatch(item))
    }
    for stem, run in groupby(items, key=lambda item: stems.get(item)):
        members = list(run)
        if stem and len(members) >= FEWEST_OPTIONS and _are_options(members, items):
            groups[stem] = members
    grouped = dict(items)
    for stem, members in groups.items():
        start = find_common_start(items[member][1].label for member in members)
        name = stem if stem not in items else f"{stem}_options"
        name = name if name[0].isalpha() else f"q{name}"
        for member in members:
            column, item = items[member]
            if item.answers.type in ("yes_no", "tick"):
                label = item.label[len(start) :].strip(" :-–—.,;()") if start else item.label
                grouped[member] = (
                    column,
                    DraftItem(member, label or item.label, item.answers, "answer", name),
                )
    return {
        item: (column, draft)
        for item, (column, draft) in grouped.items()
        if draft.answers.type != "tick" or draft.tick_of
    }


def _are_options(members: Sequence[str], items: Mapping[str, tuple[RawColumn, DraftItem]]) -> bool:
    """Return whether items of a series are yes or no, and their labels begin alike."""
    drafts = [items[member][1] for member in members]
    if any(draft.answers.type not in ("yes_no", "tick") for draft in drafts):
        return False
    are_ticks = all(draft.answers.type == "tick" for draft in drafts)
    return are_ticks or bool(find_common_start(draft.label for draft in drafts))


def _join_items(files: Sequence[DraftFile]) -> dict[str, DraftItem]:
    """Return the items of all files, in the order of the first one; answers of all their labels."""
    items: dict[str, DraftItem] = {}
    for file in files:
        for name, (_, item) in file.items.items():
            if name not in items:
                items[name] = item
                continue
            first = items[name].answers
            questions = first.open
            if first.type != item.answers.type:
                questions = (*questions, "the files differ in the kind of its answers")
            elif first.type == "choice" and first.words.keys() != item.answers.words.keys():
                questions = (*questions, "the files differ in the labels of its answers")
            words = first.words | {
                answer: text
                for answer, text in item.answers.words.items()
                if answer not in first.words
            }
            joined = Answers(first.type, first.codes, words, first.missing, questions)
            items[name] = DraftItem(name, items[name].label, joined, item.role, items[name].tick_of)
    return items


# YAML that a person reads and changes: one item a line, words in double quotes.


def _quote_text(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _write_key(code: str) -> str:
    """Return a code as a key of YAML: a whole number as it is, anything else in quotes."""
    plain = is_plain_number(code) and code == code.lstrip("+").strip() and "." not in code
    return code if plain and str(int(code)) == code else _quote_text(code)


def _write_answer(answer: str) -> str:
    """Return an answer as YAML; in quotes where it would be read as something else than a word."""
    is_plain = re.fullmatch("[a-z][a-z0-9_]*", answer) and answer not in _YAML_WORDS
    return answer if is_plain else f'"{answer}"'


def _ask_person(text: str) -> str:
    return f"  # {TODO}: {text}"


def _write_config(
    folder: Path, files: Sequence[DraftFile], items: Mapping[str, DraftItem], *, is_shared: bool
) -> str:
    identifier = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    identifier = identifier if identifier[:1].isalpha() else f"study-{identifier}".rstrip("-")
    titles = {file.survey.title for file in files if file.survey.title}
    title = _quote_text(titles.pop()) if len(titles) == 1 else TODO
    domains = [item.id for item in items.values() if item.role in _DOMAIN_LABELS]
    lonely = any(_has_lonely_psus(file) for file in files)
    lines = [
        "study:",
        f"  id: {identifier}",
        f"  title: {title}"
        + ("" if title == TODO else _ask_person("is this the title of your report?")),
        f"  date: {TODO}  # of this report, as 2026-05-31",
        "  simulated: false",
        f"  population: {TODO}  # of whom the numbers speak, e.g. adults aged 18 and over",
        "  respondents: persons  # who answered, in the plural",
        "  template: survey",
        f"countries: {COUNTRIES}",
        f"codebook: {CODEBOOK}",
        *([f"mapping: {MAPPING}.yaml"] if is_shared else []),
        f"results: results/{identifier}",
        "weighting: {source: column}",
        *(
            [
                "estimation: {lonely_psu: centre}"
                + _ask_person("a stratum has one PSU alone; is it so?")
            ]
            if lonely
            else []
        ),
        f"comparison: {{gaps: [{', '.join(domains)}]}}",
        "report: {renderer: embedded}",
    ]
    return "\n".join(lines) + "\n"


def _has_lonely_psus(file: DraftFile) -> bool:
    stratum, psu = file.design["stratum"].name, file.design["psu"].name
    return bool(stratum and psu) and file.survey.has_lonely_psus(str(stratum), str(psu))


def _write_countries(folder: Path, files: Sequence[DraftFile], mappings: Mapping[str, str]) -> str:
    several = len(mappings) > 1
    rows = [
        ["country", "raw", *(["mapping"] if several else []), "languages", "survey", "survey_year"]
    ]
    for file, mapping in zip(files, _name_mappings(files, mappings), strict=True):
        raw = _relate_path(file.survey.path, folder)
        for country in file.countries:
            of_file = [f"{mapping}.yaml"] if several else []
            rows.append([country, raw, *of_file, "en", file.survey.title or TODO, TODO])
    return format_csv_lines(rows)


def _relate_path(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _name_mappings(files: Sequence[DraftFile], mappings: Mapping[str, str]) -> list[str]:
    if len(mappings) == 1:
        return [MAPPING] * len(files)
    return list(mappings)


def _write_mappings(files: Sequence[DraftFile], items: Mapping[str, DraftItem]) -> dict[str, str]:
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
            f"{_write_key(code)}: {_quote_text(country)}" for code, country in codes.items()
        )
        lines.append(f"area: {{column: {_quote_text(column.name)}, codes: {{{listed}}}}}")
    lines += _write_design(file)
    used = [column for name, (column, _) in file.items.items() if name in items]
    if any(column.blank for column in used):
        lines.append(
            "blank: not_asked"
            + _ask_person("an empty cell: not_asked (skipped by design) or lost?")
        )
    lines.append("variables:")
    for name, item in items.items():
        if name not in file.items:
            lines.append(f"  {name}: {{asked: false}}")
            continue
        column, of_file = file.items[name]
        keys = [f"column: {_quote_text(column.name)}"]
        codes = of_file.answers.codes
        if codes:
            pairs = [
                f"{_write_key(code)}: {_write_answer(answer)}" for code, answer in codes.items()
            ]
            pairs += ['"": "no"'] if of_file.answers.type == "tick" else []
            keys.append(f"codes: {{{', '.join(pairs)}}}")
        if of_file.answers.missing:
            pairs = [
                f"{special}: [{', '.join(map(_write_key, missing))}]"
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
                + _ask_person(f"which column? {key}: {ABSENT[key]} is for a file without one")
            )
            continue
        label = " ".join(file.survey.columns[column.name].label.split()) or "the name says so"
        others = f"; or {', '.join(column.others)}" if column.others else ""
        yield f"{key}: {_quote_text(column.name)}" + _ask_person(f"is it this? {label}{others}")
        if key == "weight" and has_six_decimals(file.survey.columns[column.name]):
            yield "weight_divisor: 1000000"


def _write_codebook(files: Sequence[DraftFile], items: Mapping[str, DraftItem]) -> str:
    lines = []
    if not all(file.survey.is_labelled for file in files):
        lines.append(
            f"# {TODO}: a file has no labels: write as 'label' and 'question' what was asked"
        )
    lines.append("items:")
    for item in items.values():
        question = _ask_person("; ".join(item.answers.open)) if item.answers.open else ""
        lines.append(f"  - {{{', '.join(_describe_item(item))}}}{question}")
    lines += ["domains:", TOTAL_DOMAIN]
    lines += [line for item in items.values() for line in _describe_domain(item, files)]
    lines += ["modules:", "  - {id: answers, label: Answers}"]
    answers = [item for item in items.values() if item.role == "answer" and not _has_no_label(item)]
    questions = _list_questions(files, answers)
    if questions:
        lines += ["questions:"]
        lines += [
            f"  - {{id: {name}, label: {_quote_text(label)}}}" for name, label in questions.items()
        ]
    lines.append(
        f"# {TODO}: 'headline: true' marks what is compared between countries; take out the lines "
        "that you do not need, and write 'sensitive: true' at what is hard to tell"
    )
    indicators = list(_list_indicators(answers, questions))
    lines += ["indicators:" if indicators else "indicators: []", *indicators]
    return "\n".join(lines) + "\n"


def _has_no_label(item: DraftItem) -> bool:
    """Return whether nothing tells what the answers are: no indicator can count them yet."""
    words = item.answers.words.values()
    return bool(words) and all(text.startswith(TODO) for text in words)


def _describe_item(item: DraftItem) -> Iterator[str]:
    answers = item.answers
    kind = "yes_no" if answers.type == "tick" else answers.type
    yield f"id: {item.id}"
    yield f"type: {kind}"
    if kind == "choice":
        yield f"values: [{', '.join(map(_write_answer, answers.words))}]"
    if item.role != "answer":
        yield "respondent: sample"
    if item.tick_of:
        yield f"tick_of: {item.tick_of}"
    yield f"question: {_quote_text(item.label)}"
    if kind == "choice":
        words = [
            f"{_write_answer(answer)}: {_quote_text(text)}"
            for answer, text in answers.words.items()
        ]
        yield f"value_labels: {{{', '.join(words)}}}"


def _describe_domain(item: DraftItem, files: Sequence[DraftFile]) -> Iterator[str]:
    if item.role in _DOMAIN_LABELS:
        yield f"  - {{id: {item.id}, label: {_DOMAIN_LABELS[item.role]}, item: {item.id}}}"
    if item.role == "age":
        ages = [
            age
            for file in files
            if item.id in file.items
            for age in _list_ages(*file.items[item.id])
        ]
        bands = _make_bands(min(ages), max(ages)) if ages else []
        if bands:
            listed = ", ".join(f'"{low}-{high}": [{low}, {high}]' for low, high in bands)
            low, high = bands[-1]
            last = f'levels_label: {{"{low}-{high}": "{low}+"}}'
            yield (
                f"  - {{id: age_group, label: Age, item: {item.id}, bands: {{{listed}}}, {last}}}"
            )


def _list_ages(column: RawColumn, item: DraftItem) -> list[float]:
    special = {code for codes in item.answers.missing.values() for code in codes}
    ages = [code for code in column.counts if code not in special and is_plain_number(code)]
    return [float(age) for age in ages] if not any("." in age for age in ages) else []


def _make_bands(youngest: float, oldest: float) -> list[tuple[int, int]]:
    """Return groups of ages: of ten years, or of a third of the span where all are young."""
    low, high = int(youngest), int(oldest)
    if high > OLDEST:
        return []
    span = high - low
    starts = (
        [age for age in range(15, 66, 10) if low < age <= high - 5]
        if span > 15
        else [low + (span + 1) // 3 * step for step in (1, 2) if span >= 5]
    )
    edges = [low, *starts, OLDEST + 1]
    return [(a, b - 1) for a, b in pairwise(edges)]


def _list_questions(files: Sequence[DraftFile], answers: Sequence[DraftItem]) -> dict[str, str]:
    """Return questions of which a figure sets the options side by side, with their labels."""
    questions: dict[str, str] = {}
    for item in answers:
        if item.tick_of and item.tick_of not in questions:
            labels = [
                file.items[option.id][0].label
                for file in files[:1]
                for option in answers
                if option.tick_of == item.tick_of and option.id in file.items
            ]
            questions[item.tick_of] = find_common_start(labels) or _spell_name(item.tick_of)
        elif item.answers.type == "choice":
            questions[item.id] = item.label
    return questions


def _list_indicators(answers: Sequence[DraftItem], questions: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each indicator: who says yes, who gives an answer of several, the mean."""
    choices = [item.answers.words for item in answers if item.answers.type == "choice"]
    # With the share of each answer the documents set them side by side.
    has_each = len(answers) - len(choices) + sum(map(len, choices)) <= MOST_ITEMS
    headlines = 0
    for item in answers:
        if item.answers.type == "number":
            mean = _quote_text(f"{item.label} (mean)")
            yield (
                f"  - {{id: {item.id}, module: answers, label: {mean}, statistic: mean, "
                f"value: {item.id}}}"
            )
            continue
        headline = ", headline: true" if headlines < MOST_HEADLINES else ""
        headlines += 1
        if item.answers.type == "choice":
            counted = list(item.answers.words)[: None if has_each else 1]
            for answer in counted:
                words = (item.label, item.answers.words[answer])
                name = f"{item.id}_{answer}" if has_each else item.id
                yield from _write_share(name, item.id, answer, words, headline)
                headline = ""
        elif item.tick_of is None:
            yield from _write_share(item.id, item.id, "yes", (item.label,), headline)
        else:
            words = (questions[item.tick_of], item.label)
            yield from _write_share(item.id, item.id, "yes", words, headline)


def _write_share(
    name: str, item: str, answer: str, words: Sequence[str], headline: str
) -> Iterator[str]:
    """Yield the two lines of an indicator; ``words`` are its question, and which answer it is."""
    short = f", short: {_quote_text(words[1])}" if len(words) > 1 else ""
    label = _quote_text(" – ".join(words))
    yield f"  - {{id: {name}, module: answers, label: {label}{short}{headline},"
    yield f"     numerator: [{{item: {item}, among: [{_write_answer(answer)}]}}]}}"


def describe_drafts(folder: Path, todos: Sequence[Todo]) -> Iterator[str]:
    """Yield what the command says at its end."""
    yield f"{folder}: written. {amount(len(todos), 'line')} with {TODO} to decide:"
    yield from (f"  {todo}" for todo in todos)
    config = folder / CONFIG
    yield f"Then: {format_command('check', '--config', config)}"
    yield f"      {format_command('run', '--config', config)}"
