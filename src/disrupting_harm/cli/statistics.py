"""The commands ``statistics export``, ``statistics import`` and ``statistics template``."""

import argparse
import os
from pathlib import Path

from disrupting_harm.aggregates.agreement import QUALITY, STATEMENT, rules_of
from disrupting_harm.aggregates.contracts import EXACT, FILES, PRINTED, statement_of
from disrupting_harm.aggregates.reading import read_joining
from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import write_json, write_text
from disrupting_harm.releases.accept import finished, refuse_other_configuration
from disrupting_harm.releases.history import last_release
from disrupting_harm.stages.export_statistics import export_statistics, require_empty
from disrupting_harm.study.study import Study, load_study


def run_statistics(options: argparse.Namespace) -> int:
    """Run one of the actions and return its exit status.

    Raises:
        StudyError: nothing could be done.
    """
    if options.action == "export":
        return _export(options.config, options.country, options.folder, options.exact)
    if options.action == "template":
        return _template(options.config, options.country, options.folder)
    return _import(options.config, options.country, options.folder)


def _export(config: Path, country: str, folder: Path, exact: bool) -> int:
    """Write the statistics of a country of the last run, for their owner alone."""
    results = load_study(config).config.results
    manifest = finished(results)
    study = load_study(config, {"only": manifest["configuration"]["only"]})
    refuse_other_configuration(study.config, manifest["configuration"])
    _refuse_stranger(study, country)
    if study.countries[country].statistics:
        found, remedy = "its microdata are not here", "Pass on the files that the country sent"
        raise StudyError(f"country {country}, column 'statistics'", found, remedy)
    umask = os.umask(0o077)
    try:
        rows = export_statistics(
            country=country,
            config=study.config,
            codebook=study.codebook,
            target=folder,
            updating=last_release(study.config) is not None,
            exact=exact,
        )
    finally:
        os.umask(umask)
    counted = ", ".join(f"{name} {amount(count, 'row')}" for name, count in rows.items())
    digits = (
        "with all digits: for restricted use by the partner whom your agreement names"
        if exact
        else "rounded as published tables are, errors and covariances to two digits: for the "
        "partner who compares, not for publication"
    )
    print(
        f"{country}: {folder}: {counted}.\n"
        f"Of cells that the release shows, {digits}. docs/statistics.md says what the files hold."
    )
    return 0


def _template(config: Path, country: str, folder: Path) -> int:
    """Write files for another program to fill: headings, and the rules and definitions agreed."""
    study = load_study(config)
    _refuse_stranger(study, country)
    require_empty(folder)
    for name, contract in FILES.items():
        write_text(folder / name, ",".join(contract.columns) + "\n")
    statement = statement_of(study.config, study.codebook, country, "...", {}, EXACT)
    write_json(folder / STATEMENT, statement.model_dump(mode="json"))
    print(
        f"{country}: {folder}. Fill the tables, write {QUALITY}, and put the name and version of "
        f"the program and the SHA-256 of each file into {STATEMENT}; 'digits' is '{PRINTED}' where "
        "numbers are rounded. docs/statistics.md says how."
    )
    return 0


def _import(config: Path, country: str, folder: Path) -> int:
    """Check the statistics of a country against a study; say how the study takes them in."""
    study = load_study(config)
    _refuse_stranger(study, country)
    joining = read_joining(
        folder, country, study.codebook, rules_of(study.config), study.config.study.simulated
    )
    print("\n".join(joining.lines()))
    named = study.countries[country].statistics
    if named and study.resolve(named).resolve() == folder.resolve():
        print(f"They fit this study, whose row of {country} names them: run it.")
    else:
        place = os.path.relpath(folder, study.path.parent)
        print(
            f"They fit this study. Write '{place}' into the column 'statistics' of the row of "
            f"{country} in {study.config.countries}, leave 'raw', 'mapping' and 'margins' empty "
            "there, and run the study."
        )
    return 0


def _refuse_stranger(study: Study, country: str) -> None:
    if country not in study.codes:
        raise StudyError(
            f"country '{country}'",
            "it is not among those of the study",
            f"Name one of {', '.join(study.codes)}",
        )
