"""A study run in one process, stage by stage as the workflow runs it, without its documents."""

import contextlib
import hashlib
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from mutated_study import CONFIG

from disrupting_harm.core.errors import StudyError
from disrupting_harm.evidence.tables_of_study import select_triangulated_tables
from disrupting_harm.report.documents.template_values import require_helpline
from disrupting_harm.runs import study_checks as checking
from disrupting_harm.runs.runnable_study import load_runnable
from disrupting_harm.stages import weight
from disrupting_harm.stages.estimate import estimate_country
from disrupting_harm.stages.evidence import check_tables, publish_evidence, publish_triangulation
from disrupting_harm.stages.ledger import write_ledger
from disrupting_harm.stages.prepare import prepare
from disrupting_harm.stages.publish import publish_country
from disrupting_harm.study.study import Study

Outputs = dict[str, bytes]
# What was made and said, and what `check` told, of the same inputs before.
_made: dict[str, Outputs] = {}
_said: dict[str, str] = {}
_told: dict[str, list[str]] = {}
_check_country = checking._check_country


def _checked_once(study: Study, code: str, psus: dict[str, set[tuple[str, str]]]) -> list[str]:
    key = _key(study, code)
    if key not in _told:
        _told[key] = _check_country(study, code, psus)
    return _told[key]


@contextlib.contextmanager
def quick() -> Iterator[None]:
    """Check a country's unchanged files once."""
    with patch.object(checking, "_check_country", _checked_once):
        yield


def run(folder: Path) -> Outputs:
    """Run the study in ``folder``; return its public files, and those of restricted estimates.

    Raises:
        StudyError: as a run.
    """
    study = load_runnable(folder / CONFIG)
    for row in study.countries.values():
        require_helpline(row, study.config.study)
    results = folder / "results"
    outputs: Outputs = {}
    for code in study.codes:
        outputs |= _country(study, code, results)
    _compare(study, results)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        _evidence(study, results)
    outputs["said"] = said.getvalue().encode()
    return outputs | _bytes_of(results / "public", results)


def check(folder: Path) -> str:
    """Return what ``check`` calls faults; "" where it finds none."""
    told = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(told):
        try:
            checking.check_study(folder / CONFIG)
        except StudyError as fault:
            return str(fault)
    return told.getvalue()


def _country(study: Study, code: str, results: Path) -> Outputs:
    """Run one country's stages; what was made of the same inputs before is put in its place."""
    key = _key(study, code)
    if key in _made:
        _write(_made[key], results)
        return _made[key]
    _stages(study, code, results, _parameters(study, code))
    kept = [
        results / "public" / "countries" / code,
        results / "restricted" / "estimates" / code,
        results / "restricted" / "release" / code,
    ]
    outputs: Outputs = {}
    for folder in kept:
        outputs |= _bytes_of(folder, results)
    return _made.setdefault(key, outputs)


def _parameters(study: Study, code: str) -> dict[str, Any]:
    return {
        "row": study.countries[code].model_dump(mode="json"),
        "mapping": study.mappings[code].model_dump(mode="json"),
        "codebook": study.codebook.definitions(),
        "config": study.config.model_dump(mode="json"),
    }


def _key(study: Study, code: str) -> str:
    margins = study.margins_file(code)
    content = [str(_parameters(study, code)).encode(), study.raw_file(code).read_bytes()]
    content += [margins.read_bytes()] if margins else []
    return hashlib.sha256(b"|".join(content)).hexdigest()


def _stages(study: Study, code: str, results: Path, parameters: dict[str, Any]) -> None:
    config, codebook = parameters["config"], parameters["codebook"]
    margins = study.margins_file(code)
    made = {name: results / "restricted" / name / code for name in ("prepared", "weights")}
    prepared = {
        name: str(made["prepared"] / f"{name}.{ending}")
        for name, ending in {
            **dict.fromkeys(("sample", "indicators", "parts"), "parquet"),
            **dict.fromkeys(("item_answers", "dropped"), "csv"),
        }.items()
    }
    estimates = str(results / "restricted" / "estimates" / code / "estimates.parquet")
    simulated = config["study"]["simulated"]
    _run_stage(
        prepare,
        results,
        country=code,
        raw=str(study.raw_file(code)),
        margins=str(margins) if margins else None,
        margin_names=config["weighting"]["margins"],
        mapping=parameters["mapping"],
        codebook=codebook,
        simulated=simulated,
        source=config["weighting"]["source"],
        lonely_psu=config["estimation"]["lonely_psu"],
        calibrated_errors=config["estimation"]["calibrated_errors"],
        folder=str(made["prepared"]),
    )
    trimming = config["weighting"]["trimming"]
    headlines = [
        entry.id
        for entry in study.codebook.indicators
        if entry.headline and entry.statistic == "proportion"
    ]
    _run_stage(
        weight.weight_country,
        results,
        sample=prepared["sample"],
        margins=str(margins) if margins else None,
        indicators=prepared["indicators"] if trimming and trimming["method"] == "mse" else None,
        weighting=config["weighting"],
        key_indicators=headlines,
        weights_output=str(made["weights"] / "weights.parquet"),
        units_output=str(made["weights"] / "units.parquet"),
        diagnostics_output=str(made["weights"] / "diagnostics.json"),
        margins_output=str(made["weights"] / "margins.csv"),
        steps_output=str(made["weights"] / "steps.csv"),
        collapses_output=str(made["weights"] / "collapses.csv"),
    )
    _run_stage(
        estimate_country,
        results,
        country=code,
        sample=prepared["sample"],
        indicators=prepared["indicators"],
        parts=prepared["parts"],
        weights=str(made["weights"] / "weights.parquet"),
        item_answers=prepared["item_answers"],
        codebook=codebook,
        estimation=config["estimation"],
        margins=config["weighting"]["margins"],
        reliability=config["publication"]["reliability"],
        simulated=simulated,
        output=estimates,
    )
    public = results / "public" / "countries" / code
    _run_stage(
        publish_country,
        results,
        country=code,
        estimates=estimates,
        sample=prepared["sample"],
        diagnostics=str(made["weights"] / "diagnostics.json"),
        margins=str(made["weights"] / "margins.csv"),
        item_answers=prepared["item_answers"],
        dropped=prepared["dropped"],
        codebook=codebook,
        publication=config["publication"],
        ethics=config["ethics"],
        estimation=config["estimation"],
        date=config["study"]["date"],
        simulated=simulated,
        release_output=str(results / "restricted" / "release" / code / "release.parquet"),
        table_output=str(public / "estimates.csv"),
        quality_output=str(public / "quality.json"),
        disclosure_output=str(public / "disclosure.json"),
    )


def _compare(study: Study, results: Path) -> None:
    judgements = study.config.comparison.comparability
    write_ledger(
        countries=[study.countries[code].model_dump(mode="json") for code in study.codes],
        listed=study.listed,
        quality=[
            str(results / "public" / "countries" / code / "quality.json") for code in study.codes
        ],
        judgements=str(study.resolve(judgements)) if judgements else None,
        codebook=study.codebook.definitions(),
        associations=study.config.comparison.model_dump(mode="json")["associations"],
        simulated=study.config.study.simulated,
        output=str(results / "public" / "comparability.csv"),
    )


def _evidence(study: Study, results: Path) -> None:
    evidence = study.config.evidence
    tables = {name: str(study.resolve(path)) for name, path in evidence.tables.items()}
    if not tables:
        return
    areas = [str(study.resolve(evidence.capacity_areas))] if evidence.capacity_areas else []
    labels = [str(study.resolve(evidence.labels))] if evidence.labels else []
    folder = results / "restricted" / "evidence"
    check_tables(
        tables=tables,
        sources=[str(study.resolve(evidence.sources))] if evidence.sources else [],
        areas=areas,
        countries=study.listed,
        other_countries=evidence.other_countries,
        date=study.config.study.date.isoformat(),
        folder=str(folder),
    )
    estimates = [results / "public" / "countries" / code / "estimates.csv" for code in study.codes]
    public = results / "public" / "evidence"
    shared: dict[str, Any] = {
        "sources": str(folder / "sources.parquet"),
        "countries": [study.countries[code].model_dump(mode="json") for code in study.codes],
        "study": study.config.study.model_dump(mode="json"),
        "small_counts": evidence.small_counts,
    }
    _run_stage(
        publish_evidence,
        results,
        tables={name: str(folder / f"{name}.parquet") for name in tables},
        areas=areas,
        labels=labels,
        folder=str(public),
        **shared,
    )
    if evidence.triangulation:
        _run_stage(
            publish_triangulation,
            results,
            tables={
                name: str(folder / f"{name}.parquet") for name in select_triangulated_tables(tables)
            },
            forms=str(study.resolve(evidence.triangulation)),
            estimates=list(map(str, estimates)),
            output=str(public / "triangulation.csv"),
            **shared,
        )


def _run_stage(stage: Callable[..., None], results: Path, **arguments: Any) -> None:
    """Run a stage; with the arguments and files that it had before, put what it made in place."""
    folder = str(results.parent)
    inputs = [Path(text) for text in _texts(arguments) if text.startswith(folder)]
    content = [path.read_bytes() for path in inputs if path.is_file()]
    called = f"{stage.__name__} {arguments}".replace(folder, "")
    key = hashlib.sha256(b"|".join([called.encode(), *content])).hexdigest()
    if key not in _made:
        before = {*results.rglob("*")}
        with contextlib.redirect_stdout(io.StringIO()) as said:
            stage(**arguments)
        new = {*results.rglob("*")} - before
        _made[key] = {
            str(path.relative_to(results)): path.read_bytes()
            for path in sorted(new)
            if path.is_file()
        }
        _said[key] = said.getvalue()
    else:
        _write(_made[key], results)
    print(_said[key], end="")


def _texts(value: object) -> Iterator[str]:
    """Yield all texts in arguments of a stage."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _write(outputs: Outputs, results: Path) -> None:
    for name, made in outputs.items():
        path = results / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)


def _bytes_of(folder: Path, results: Path) -> Outputs:
    return {
        str(path.relative_to(results)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
