"""Write the first codebook: items with their answers, domains, and indicators of them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from disrupting_harm.core.spelling import is_plain_number
from disrupting_harm.drafting.answers import find_common_start
from disrupting_harm.drafting.draft_items import MOST_ITEMS, DraftFile, DraftItem, spell_name
from disrupting_harm.drafting.raw_columns import RawColumn
from disrupting_harm.drafting.yaml_text import ask_person, format_answer, quote_text
from disrupting_harm.study.todos import TODO

MOST_HEADLINES = 6
OLDEST = 120
TOTAL_DOMAIN = "  - {id: total, label: All}"
DOMAIN_LABELS = {"sex": "Sex", "residence": "Residence"}


def write_codebook(files: Sequence[DraftFile], items: Mapping[str, DraftItem]) -> str:
    """Return the text of the codebook, with ``TODO`` where a person decides."""
    lines = []
    if not all(file.survey.is_labelled for file in files):
        lines.append(
            f"# {TODO}: a file has no labels: write as 'label' and 'question' what was asked"
        )
    lines.append("items:")
    for item in items.values():
        question = ask_person("; ".join(item.answers.open)) if item.answers.open else ""
        lines.append(f"  - {{{', '.join(_describe_item(item))}}}{question}")
    lines += ["domains:", TOTAL_DOMAIN]
    lines += [line for item in items.values() for line in _describe_domain(item, files)]
    lines += ["modules:", "  - {id: answers, label: Answers}"]
    answers = [item for item in items.values() if item.role == "answer" and not _has_no_label(item)]
    questions = _list_questions(files, answers)
    if questions:
        lines += ["questions:"]
        lines += [
            f"  - {{id: {name}, label: {quote_text(label)}}}" for name, label in questions.items()
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
        yield f"values: [{', '.join(map(format_answer, answers.words))}]"
    if item.role != "answer":
        yield "respondent: sample"
    if item.tick_of:
        yield f"tick_of: {item.tick_of}"
    yield f"question: {quote_text(item.label)}"
    if kind == "choice":
        words = [
            f"{format_answer(answer)}: {quote_text(text)}" for answer, text in answers.words.items()
        ]
        yield f"value_labels: {{{', '.join(words)}}}"


def _describe_domain(item: DraftItem, files: Sequence[DraftFile]) -> Iterator[str]:
    if item.role in DOMAIN_LABELS:
        yield f"  - {{id: {item.id}, label: {DOMAIN_LABELS[item.role]}, item: {item.id}}}"
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
            questions[item.tick_of] = find_common_start(labels) or spell_name(item.tick_of)
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
            mean = quote_text(f"{item.label} (mean)")
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
    short = f", short: {quote_text(words[1])}" if len(words) > 1 else ""
    label = quote_text(" – ".join(words))
    yield f"  - {{id: {name}, module: answers, label: {label}{short}{headline},"
    yield f"     numerator: [{{item: {item}, among: [{format_answer(answer)}]}}]}}"
