"""The commands ``statistics export``, ``statistics import`` and ``statistics template``."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from disrupting_harm.cli.arguments import Commands, add_config
from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import for_owner_alone, write_json, write_text

if TYPE_CHECKING:
    from disrupting_harm.study.study import Study


def register(commands: Commands) -> None:
    """Add the command to those of the command line."""
    statistics = commands.add_parser(
        "statistics", help="let a country join a comparison whose microdata stay at home"
    )
    actions = statistics.add_subparsers(dest="action", required=True)
    export = actions.add_parser(
        "export", help="write what a comparison needs of a finished country"
    )
    export.add_argument(
        "--exact",
        action="store_true",
        help="with all digits, for restricted use, in place of those of published tables",
    )
    export.set_defaults(function=export_country)
    joining = actions.add_parser("import", help="check what a country sent, and say how to use it")
    joining.set_defaults(function=check_joining)
    template = actions.add_parser("template", help="write empty files for another program to fill")
    template.set_defaults(function=write_templates)
    for action in (export, joining, template):
        action.add_argument("country", metavar="ISO3", help="code of the country")
        action.add_argument("folder", type=Path, metavar="FOLDER", help="of its statistics")
        add_config(action)


def export_country(options: argparse.Namespace) -> int:
    """Write the statistics of a country of the last run, for their owner alone.

    Raises:
        StudyError: nothing could be done.
    """
    from disrupting_harm.releases.accept import check_configuration_unchanged, check_finished_run
    from disrupting_harm.releases.history import find_last_release
    from disrupting_harm.stages.export_statistics import export_statistics
    from disrupting_harm.study.study import load_study

    config, country, folder = options.config, options.country, options.folder
    results = load_study(config).config.results
    manifest = check_finished_run(results)
    study = load_study(config, {"only": manifest["configuration"]["only"]})
    check_configuration_unchanged(study.config, manifest["configuration"])
    _refuse_stranger(study, country)
    if study.countries[country].statistics:
        finding, remedy = "its microdata are not here", "Pass on the files that the country sent"
        raise StudyError(f"country {country}, column 'statistics'", finding, remedy)
    with for_owner_alone():
        rows = export_statistics(
            country=country,
            config=study.config,
            codebook=study.codebook,
            target=folder,
            updating=find_last_release(study.config) is not None,
            exact=options.exact,
        )
    row_counts = ", ".join(f"{name} {amount(count, 'row')}" for name, count in rows.items())
    digits = (
        "with all digits: for restricted use by the partner whom your agreement names"
        if options.exact
        else "rounded as published tables are, errors and covariances to two digits: for the "
        "partner who compares, not for publication"
    )
    print(
        f"{country}: {folder}: {row_counts}.\n"
        f"Of cells that the release shows, {digits}. docs/statistics.md says what the files hold."
    )
    return 0


def check_joining(options: argparse.Namespace) -> int:
    """Check the statistics of a country against a study; say how the study takes them in.

    Raises:
        StudyError: the study has no such country, or its statistics do not fit.
    """
    from disrupting_harm.aggregates.agreement import shared_rules
    from disrupting_harm.aggregates.reading import read_partner_statistics
    from disrupting_harm.study.study import load_study

    country, folder = options.country, options.folder
    study = load_study(options.config)
    _refuse_stranger(study, country)
    joining = read_partner_statistics(
        folder, country, study.codebook, shared_rules(study.config), study.config.study.simulated
    )
    print("\n".join(joining.describe()))
    statistics = study.countries[country].statistics
    if statistics and study.resolve(statistics).resolve() == folder.resolve():
        print(f"They fit this study, whose row of {country} names them: run it.")
    else:
        path = os.path.relpath(folder, study.path.parent)
        print(
            f"They fit this study. Write '{path}' into the column 'statistics' of the row of "
            f"{country} in {study.config.countries}, leave 'raw', 'mapping' and 'margins' empty "
            "there, and run the study."
        )
    return 0


def write_templates(options: argparse.Namespace) -> int:
    """Write files for another program to fill: headings, and the rules and definitions agreed.

    Raises:
        StudyError: the study has no such country, or something is in the folder.
    """
    from disrupting_harm.aggregates.agreement import QUALITY, STATEMENT
    from disrupting_harm.aggregates.contracts import EXACT, FILES, PRINTED, build_statement
    from disrupting_harm.stages.export_statistics import refuse_filled_folder
    from disrupting_harm.study.study import load_study

    country, folder = options.country, options.folder
    study = load_study(options.config)
    _refuse_stranger(study, country)
    refuse_filled_folder(folder)
    for name, contract in FILES.items():
        write_text(folder / name, ",".join(contract.columns) + "\n")
    statement = build_statement(study.config, study.codebook, country, "...", {}, EXACT)
    write_json(folder / STATEMENT, statement.model_dump(mode="json"))
    print(
        f"{country}: {folder}. Fill the tables, write {QUALITY}, and put the name and version of "
        f"the program and the SHA-256 of each file into {STATEMENT}; 'digits' is '{PRINTED}' where "
        "numbers are rounded. docs/statistics.md says how."
    )
    return 0


def _refuse_stranger(study: "Study", country: str) -> None:
    if country not in study.codes:
        raise StudyError(
            f"country '{country}'",
            "it is not among those of the study",
            f"Name one of {', '.join(study.codes)}",
        )
