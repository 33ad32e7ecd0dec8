"""The items of a codebook that the columns of raw files propose."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path

from disrupting_harm.drafting.answers import Answers, find_common_start, name_item, read_answers
from disrupting_harm.drafting.design import DesignColumn, find_design
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
from disrupting_harm.study.todos import TODO

# More questions at once make a report that nobody reads; a person names the columns then.
MOST_ITEMS = 60
FEWEST_OPTIONS = 3
_SERIES = re.compile(r"(.+?)[_.]?(\d{1,3}|[a-z])")


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


def read_draft_file(path: Path, patterns: Sequence[str]) -> DraftFile:
    """Return what a raw file proposes; ``patterns`` name its columns of answers, none all."""
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
        label = column.label or spell_name(name)
        items[item] = (column, DraftItem(item, label[:1].upper() + label[1:], answers, role))
        if role != "answer":
            of_role[role] = item
    return DraftFile(survey, design, area, country, _group_options(survey, items))


def spell_name(name: str) -> str:
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


def join_items(files: Sequence[DraftFile]) -> dict[str, DraftItem]:
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
