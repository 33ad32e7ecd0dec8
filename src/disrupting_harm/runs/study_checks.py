"""Read and check all that a run of a study needs, count it, and write nothing.

Each part is read as the run reads it, by the same functions. A faulty part does not keep the
others from being checked: the first fault of each is listed.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from disrupting_harm.aggregates.agreement import shared_rules
from disrupting_harm.aggregates.reading import read_partner_statistics
from disrupting_harm.comparison.judgements import read_comparability
from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.paths import templates_folder
from disrupting_harm.evidence.capacity_areas import load_capacity_areas
from disrupting_harm.evidence.sources import Source
from disrupting_harm.report.checks.numbers import check_study_words
from disrupting_harm.report.documents.template_values import require_helpline
from disrupting_harm.report.language.labels import Labels
from disrupting_harm.report.language.markdown import unescape
from disrupting_harm.report.language.showable_letters import refuse_unshowable
from disrupting_harm.report.language.translator import MARKDOWN, build_english
from disrupting_harm.runs.runnable_study import load_runnable
from disrupting_harm.simulation.evidence.settings import load_evidence_simulation
from disrupting_harm.simulation.load import load_simulation
from disrupting_harm.stages.estimate import build_design
from disrupting_harm.stages.evidence import read_all_sources, read_facts
from disrupting_harm.stages.simulate import read_population
from disrupting_harm.stages.weight import compute_weights
from disrupting_harm.study.microdata.kept_psus import Psu, read_kept_psus
from disrupting_harm.study.microdata.margins import refuse_estimated_totals
from disrupting_harm.study.microdata.sample import is_respondent
from disrupting_harm.study.microdata.typed_answers import PreparedCountry, prepare_country
from disrupting_harm.study.study import Study
from disrupting_harm.study.todos import Todo, list_study_files, list_todos, refuse_todos
from disrupting_harm.tables import contracts
from disrupting_harm.tables.io import check_table

# Cells of the countries file that documents print or comparisons look at.
_PRINTED = (
    "region", "children", "children_source", "internet_use_rate", "internet_use_source",
    "internet_use_se", "age_range", "mode", "wave", "coverage", "fieldwork", "helpline",
    "frontline_respondents",
)  # fmt: skip


def check_study(config: Path) -> int:
    """Check a study and print what was read; return 1 where there is a fault, else 0.

    Raises:
        StudyError: the configuration, codebook, countries or mappings are at fault, and nothing
            else can be checked.
    """
    todos = list_todos(list_study_files(config))
    for todo in todos:
        print(todo)
    refuse_todos(todos)
    study = load_runnable(config)
    print(f"{config}: {_describe_study(study)}")
    faults = []
    for lines, fault in _check_parts(study):
        for line in lines:
            print(f"  {line}")
        faults += [fault] if fault else []
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    if faults:
        return 1
    print("No fault found; nothing was written.")
    return 0


def record_check(config: Path) -> dict[str, Any]:
    """Check a study and return for programs what was read, what is to do, and every fault."""
    todos: list[Todo] = []
    counts, read = "", []
    faults: list[StudyError] = []
    try:
        todos = list_todos(list_study_files(config))
        refuse_todos(todos)
        study = load_runnable(config)
        counts = _describe_study(study)
        for lines, fault in _check_parts(study):
            read += lines
            faults += [fault] if fault else []
    except StudyError as fault:
        faults.append(fault)
    return {
        "config": config.as_posix(),
        "study": counts,
        "read": read,
        "todos": [
            {"file": todo.path.as_posix(), "line": todo.line, "text": todo.text} for todo in todos
        ],
        "faults": [
            {"where": fault.where, "found": fault.found, "remedy": fault.remedy} for fault in faults
        ],
    }


def _describe_study(study: Study) -> str:
    book = study.codebook
    area = "country" if study.config.study.areas == "countries" else "region"
    counts = amount(len(study.codes), area)
    if study.has_survey:
        counts += (
            f", {len(book.items)} items, {len(book.domains)} domains, "
            f"{len(book.indicators)} indicators, {len(book.headlines())} of them headlines"
        )
    return counts


def _list_checks(study: Study) -> Iterator[Callable[[], list[str]]]:
    """Yield the parts of a study, each a call that checks it and tells what it read."""
    yield partial(_check_words, study)
    yield partial(_check_cells, study)
    if study.has_survey:
        psus: dict[str, set[Psu]] = {}
        for code in (*study.codes, *study.earlier):
            yield partial(_check_country, study, code, psus)
        for country in study.with_waves:
            yield partial(_check_kept_psus, study, country, psus)
        if study.config.comparison.comparability:
            yield partial(_check_comparability, study)
    yield from _list_evidence_checks(study)


def _check_parts(study: Study) -> Iterator[tuple[list[str], StudyError | None]]:
    """Yield what each part tells, or its fault."""
    for check_part in _list_checks(study):
        try:
            yield check_part(), None
        except StudyError as fault:
            yield [], fault


def _check_words(study: Study) -> list[str]:
    """Check that every word to be printed can be printed, and that no country lacks a helpline."""
    info, book = study.config.study, study.codebook
    texts = {f"{study.path}, key 'study'": [info.title, info.population, *info.organisations]}
    topics = (info.subject, info.respondents, info.not_reached, info.harm, info.survey)
    texts[f"{study.path}, key 'study'"] += filter(None, topics)
    codebook_path = str(study.resolve(study.config.codebook)) if study.config.codebook else ""
    labels = Labels(book, build_english(info.areas, info.respondents).with_markup(MARKDOWN))
    for item in book.items:
        texts[f"{codebook_path}, item '{item.id}'"] = [item.question, *item.value_labels.values()]
    for domain in book.domains:
        levels = [labels.level(domain.id, level) for level in book.levels(domain.id)]
        texts[f"{codebook_path}, domain '{domain.id}'"] = [domain.label, *map(unescape, levels)]
    for module in book.modules:
        texts[f"{codebook_path}, module '{module.id}'"] = [module.label]
    for indicator in book.indicators:
        indicator_texts = [indicator.label, indicator.short, indicator.note, indicator.base]
        texts[f"{codebook_path}, indicator '{indicator.id}'"] = indicator_texts
    cells_of_country = {}
    for code in study.codes:
        row = study.countries[code]
        texts[f"country {code}"] = [cell_text for cell_text in (row.name, row.region) if cell_text]
        filled = row.model_dump(mode="json").values()
        cells_of_country[f"country {code}"] = [cell for cell in filled if isinstance(cell, str)]
        require_helpline(row, info)
    for location, strings in (*texts.items(), *cells_of_country.items()):
        refuse_unshowable(" ".join(strings), location)
    check_study_words(texts, templates_folder())
    return []


def _check_cells(study: Study) -> list[str]:
    """Tell which cells of a country are empty that most others have."""
    messages = []
    for code in study.codes:
        other_rows = [
            study.countries[other_code] for other_code in study.codes if other_code != code
        ]
        empty = [
            name
            for name in _PRINTED
            if getattr(study.countries[code], name) is None
            and 2 * sum(getattr(row, name) is not None for row in other_rows) > len(other_rows)
        ]
        if empty:
            messages.append(
                f"{code}: empty in {study.config.countries}, filled for most others: "
                f"{', '.join(empty)}"
            )
    return messages


def _check_country(study: Study, code: str, psus: dict[str, set[Psu]]) -> list[str]:
    """Read, type and weigh one survey's children as the run will; note its PSUs in ``psus``."""
    config, row = study.config, study.row(code)
    if row.statistics:
        return _check_statistics(study, code)
    if row.raw is None and config.simulation:
        load_simulation(study.resolve(config.simulation), study.codebook).country(code)
        read_population(row)
        return [f"{code}: simulated by the run"]
    raw = study.raw_file(code)
    prepared = prepare_country(
        code,
        raw,
        study.mappings[code],
        study.codebook,
        simulated=config.study.simulated,
        source=config.weighting.source,
        lonely_psu=config.estimation.lonely_psu,
    )
    sample = check_table(prepared.sample, contracts.SAMPLE, str(raw))
    sampled_psus = sample[["stratum", "psu"]].astype(str)
    psus[code] = set(sampled_psus.itertuples(index=False, name=None))
    trimming = config.weighting.trimming
    headlines = study.codebook.headlines("proportion")
    by_errors = trimming and trimming.method == "mse"
    key = prepared.indicators[headlines].astype(float) if by_errors else None
    # Simulated margins come with simulated samples.
    margins = study.margins_file(code) if row.margins else None
    if margins and config.estimation.calibrated_errors:
        refuse_estimated_totals(margins, config.weighting.margins)
    result = compute_weights(sample, config.weighting, margins, key)
    weights = result.weights.set_index("child_id")
    interviewed = sample.set_index("child_id").loc[weights.index]
    build_design(interviewed.assign(weight=weights["weight"]), config.estimation.lonely_psu)
    undescribed = study.mappings[code].undescribed
    messages = [
        _describe_country(code, raw, prepared, undescribed),
        *_describe_blank_cells(code, prepared),
    ]
    if margins:
        messages.append(
            f"{code}: {margins.name}, {len(result.margins)} totals that the weights meet"
        )
    return messages


def _check_kept_psus(study: Study, country: str, psus: dict[str, set[Psu]]) -> list[str]:
    """Read the tables of PSUs that the waves of a country kept, where their samples are there."""
    messages = []
    for before, now in pairwise(study.waves(country)):
        table = study.row(now).kept_psus
        if table and before in psus and now in psus:
            psu_pairs = read_kept_psus(study.resolve(table), psus[before], psus[now])
            messages.append(f"{now}: {table.name}, {len(psu_pairs)} PSUs kept from {before}")
    return messages


def _check_statistics(study: Study, code: str) -> list[str]:
    joining = read_partner_statistics(
        study.statistics_folder(code),
        code,
        study.codebook,
        shared_rules(study.config),
        study.config.study.simulated,
    )
    return joining.describe()


def _describe_country(
    code: str, raw: Path, prepared: PreparedCountry, undescribed: Sequence[str]
) -> str:
    sample = prepared.sample
    columns = prepared.recodes["column"].nunique()
    design = sample[["stratum", "psu"]].drop_duplicates()
    line = (
        f"{code}: {raw.name}, {amount(len(sample), 'row')}, "
        f"{amount(int(is_respondent(sample).sum()), 'interview')} in "
        f"{amount(len(design), 'PSU')} and {_describe_strata(design['stratum'].nunique())}, "
        f"{amount(columns, 'column')} of answers"
    )
    if undescribed:
        line += f"; the mapping says that the file has no column of: {', '.join(undescribed)}"
    if len(prepared.dropped):
        reasons = prepared.dropped["reason"].value_counts()
        listed = ", ".join(f"{amount(count, 'row')} ({why})" for why, count in reasons.items())
        line += f"; out of estimates: {listed}"
    return line


def _describe_strata(strata: int) -> str:
    return "1 stratum" if strata == 1 else f"{strata:,} strata"


def _describe_blank_cells(code: str, prepared: PreparedCountry) -> list[str]:
    """Ask what empty cells are, where the mapping does not say so."""
    blank = [f"{cell.item} {cell.blank:,}" for cell in prepared.blank.itertuples()]
    if not blank:
        return []
    return [
        f"{code}: empty cells among {len(prepared.answers):,} interviews: {', '.join(blank)}. They "
        "count as not asked; say by 'blank' in the mapping whether they are 'not_asked' or 'lost'"
    ]


def _check_comparability(study: Study) -> list[str]:
    path = study.config.comparison.comparability
    assert path is not None
    indicators = [indicator.id for indicator in study.codebook.indicators]
    judgements = read_comparability(study.resolve(path), study.listed_surveys, indicators)
    return [f"{path.name}: {amount(len(judgements), 'line')} on what can be compared"]


def _list_evidence_checks(study: Study) -> Iterator[Callable[[], list[str]]]:
    files = study.config.evidence
    tables = {name: str(study.resolve(path)) for name, path in files.tables.items()}
    sources = [str(study.resolve(files.sources))] if files.sources else []
    sources_by_id: dict[str, Source] = {}
    readable: list[bool] = []

    def read_sources() -> list[str]:
        sources_by_id.update(read_all_sources(tables, sources, study.config.study.date.isoformat()))
        readable.append(True)
        return [f"sources: {len(sources_by_id)}"] if sources_by_id else []

    yield read_sources
    if not readable:
        return  # Without sources, every row would be at fault.
    for name, path in tables.items():
        yield partial(_check_table, study, name, Path(path), sources_by_id)
    if files.simulation:
        yield partial(_check_simulation, study.resolve(files.simulation))


def _check_table(
    study: Study, name: str, path: Path, sources_by_id: dict[str, Source]
) -> list[str]:
    areas = study.config.evidence.capacity_areas
    items = load_capacity_areas(study.resolve(areas)).items if areas else None
    other_countries = study.config.evidence.other_countries
    date = study.config.study.date.isoformat()
    indicators = study.codebook.proportions if study.has_survey else None
    rows, left_out = read_facts(
        name, path, sources_by_id, study.listed, items, other_countries, date, indicators
    )
    line = f"evidence '{name}': {path.name}, {amount(len(rows), 'row')}"
    return [f"{line}; {left_out}" if left_out else line]


def _check_simulation(path: Path) -> list[str]:
    load_evidence_simulation(path)
    return [f"{path.name}: settings of simulated evidence"]
