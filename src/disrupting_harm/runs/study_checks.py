"""Read and check all that a run of a study needs, count it, and write nothing.

Each part is read as the run reads it, by the same functions. A faulty part does not keep the
others from being checked: the first fault of each is listed.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

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
from disrupting_harm.tables import contracts
from disrupting_harm.tables.io import checked

# Cells of the countries file that documents print or comparisons look at.
_PRINTED = (
    "region", "map_cell", "children", "children_source", "internet_use_rate",
    "internet_use_source", "internet_use_se", "age_range", "mode", "wave", "coverage", "fieldwork",
    "helpline", "frontline_respondents",
)  # fmt: skip


def check_study(config: Path) -> int:
    """Check a study and print what was read; return 1 where there is a fault, else 0.

    Raises:
        StudyError: the configuration, codebook, countries or mappings are at fault, and nothing
            else can be checked.
    """
    study = load_runnable(config)
    print(f"{config}: {_study_line(study)}")
    faults = [fault for part in _parts(study) if (fault := _checked(part))]
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    if faults:
        return 1
    print("No fault found; nothing was written.")
    return 0


def _study_line(study: Study) -> str:
    book = study.codebook
    area = "country" if study.config.study.areas == "countries" else "region"
    counts = amount(len(study.codes), area)
    if study.has_survey:
        counts += (
            f", {len(book.items)} items, {len(book.domains)} domains, "
            f"{len(book.indicators)} indicators, {len(book.headlines())} of them headlines"
        )
    return counts


def _parts(study: Study) -> Iterator[Callable[[], list[str]]]:
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
    yield from _evidence_parts(study)


def _checked(part: Callable[[], list[str]]) -> StudyError | None:
    """Print what a part tells; return its fault, if it has one."""
    try:
        for line in part():
            print(f"  {line}")
    except StudyError as fault:
        return fault
    return None


def _check_words(study: Study) -> list[str]:
    """Check that every word to be printed can be printed, and that no country lacks a helpline."""
    info, book = study.config.study, study.codebook
    texts = {f"{study.path}, key 'study'": [info.title, info.population, *info.organisations]}
    said = (info.subject, info.respondents, info.not_reached, info.harm, info.survey)
    texts[f"{study.path}, key 'study'"] += filter(None, said)
    where = str(study.resolve(study.config.codebook)) if study.config.codebook else ""
    labels = Labels(book, build_english(info.areas, info.respondents).with_markup(MARKDOWN))
    for item in book.items:
        texts[f"{where}, item '{item.id}'"] = [item.question, *item.value_labels.values()]
    for domain in book.domains:
        levels = [labels.level(domain.id, level) for level in book.levels(domain.id)]
        texts[f"{where}, domain '{domain.id}'"] = [domain.label, *map(unescape, levels)]
    for module in book.modules:
        texts[f"{where}, module '{module.id}'"] = [module.label]
    for entry in book.indicators:
        words = [entry.label, entry.short, entry.note, entry.base]
        texts[f"{where}, indicator '{entry.id}'"] = words
    cells = {}
    for code in study.codes:
        row = study.countries[code]
        texts[f"country {code}"] = [text for text in (row.name, row.region) if text]
        filled = row.model_dump(mode="json").values()
        cells[f"country {code}"] = [cell for cell in filled if isinstance(cell, str)]
        require_helpline(row, info)
    for place, printed in (*texts.items(), *cells.items()):
        refuse_unshowable(" ".join(printed), place)
    check_study_words(texts, templates_folder())
    return []


def _check_cells(study: Study) -> list[str]:
    """Tell which cells of a country are empty that most others have."""
    told = []
    for code in study.codes:
        others = [study.countries[other] for other in study.codes if other != code]
        empty = [
            name
            for name in _PRINTED
            if getattr(study.countries[code], name) is None
            and 2 * sum(getattr(row, name) is not None for row in others) > len(others)
        ]
        if empty:
            told.append(
                f"{code}: empty in {study.config.countries}, filled for most others: "
                f"{', '.join(empty)}"
            )
    return told


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
    sample = checked(prepared.sample, contracts.SAMPLE, str(raw))
    drawn = sample[["stratum", "psu"]].astype(str)
    psus[code] = set(drawn.itertuples(index=False, name=None))
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
    told = [_country_line(code, raw, prepared), *_blank_lines(code, prepared)]
    if margins:
        told.append(f"{code}: {margins.name}, {len(result.margins)} totals that the weights meet")
    return told


def _check_kept_psus(study: Study, country: str, psus: dict[str, set[Psu]]) -> list[str]:
    """Read the tables of PSUs that the waves of a country kept, where their samples are there."""
    told = []
    for before, now in pairwise(study.waves(country)):
        table = study.row(now).kept_psus
        if table and before in psus and now in psus:
            kept = read_kept_psus(study.resolve(table), psus[before], psus[now])
            told.append(f"{now}: {table.name}, {len(kept)} PSUs kept from {before}")
    return told


def _check_statistics(study: Study, code: str) -> list[str]:
    joining = read_partner_statistics(
        study.statistics_folder(code),
        code,
        study.codebook,
        shared_rules(study.config),
        study.config.study.simulated,
    )
    return joining.describe()


def _country_line(code: str, raw: Path, prepared: PreparedCountry) -> str:
    sample = prepared.sample
    columns = prepared.recodes["column"].nunique()
    design = sample[["stratum", "psu"]].drop_duplicates()
    line = (
        f"{code}: {raw.name}, {amount(len(sample), 'row')}, "
        f"{amount(int(is_respondent(sample).sum()), 'interview')} in "
        f"{len(design):,} PSUs and {design['stratum'].nunique():,} strata, {columns} columns of "
        "answers"
    )
    if len(prepared.dropped):
        reasons = prepared.dropped["reason"].value_counts()
        listed = ", ".join(f"{amount(count, 'row')} ({why})" for why, count in reasons.items())
        line += f"; out of estimates: {listed}"
    return line


def _blank_lines(code: str, prepared: PreparedCountry) -> list[str]:
    """Ask what empty cells are, where the mapping does not say so."""
    cells = [f"{cell.item} {cell.blank:,}" for cell in prepared.blank.itertuples()]
    if not cells:
        return []
    return [
        f"{code}: empty cells among {len(prepared.answers):,} interviews: {', '.join(cells)}. They "
        "count as not asked; say by 'blank' in the mapping whether they are 'not_asked' or 'lost'"
    ]


def _check_comparability(study: Study) -> list[str]:
    path = study.config.comparison.comparability
    assert path is not None
    names = [entry.id for entry in study.codebook.indicators]
    judgements = read_comparability(study.resolve(path), study.listed_surveys, names)
    return [f"{path.name}: {amount(len(judgements), 'line')} on what can be compared"]


def _evidence_parts(study: Study) -> Iterator[Callable[[], list[str]]]:
    files = study.config.evidence
    tables = {name: str(study.resolve(path)) for name, path in files.tables.items()}
    sources = [str(study.resolve(files.sources))] if files.sources else []
    known: dict[str, Source] = {}
    readable: list[bool] = []

    def read_known() -> list[str]:
        known.update(read_all_sources(tables, sources, study.config.study.date.isoformat()))
        readable.append(True)
        return [f"sources: {len(known)}"] if known else []

    yield read_known
    if not readable:
        return  # Without sources, every row would be at fault.
    for name, path in tables.items():
        yield partial(_check_table, study, name, Path(path), known)
    if files.simulation:
        yield partial(_check_simulation, study.resolve(files.simulation))


def _check_table(study: Study, name: str, path: Path, known: dict[str, Source]) -> list[str]:
    areas = study.config.evidence.capacity_areas
    items = load_capacity_areas(study.resolve(areas)).items if areas else None
    others = study.config.evidence.other_countries
    date = study.config.study.date.isoformat()
    facts, left_out = read_facts(name, path, known, study.listed, items, others, date)
    line = f"evidence '{name}': {path.name}, {amount(len(facts), 'row')}"
    return [f"{line}; {left_out}" if left_out else line]


def _check_simulation(path: Path) -> list[str]:
    load_evidence_simulation(path)
    return [f"{path.name}: settings of simulated evidence"]
