"""The command ``schema``: write the pages of docs/ that are made of the code."""

import argparse
from pathlib import Path

from disrupting_harm.cli.arguments import Commands


def register(commands: Commands) -> None:
    """Add the command to those of the command line."""
    schema = commands.add_parser("schema", help="write the reference pages and config/schema.json")
    schema.set_defaults(function=write_reference_pages)


def write_reference_pages(_: argparse.Namespace) -> int:
    """Write the reference pages and the JSON schema of the configuration anew."""
    from disrupting_harm.evidence.tables import TABLES
    from disrupting_harm.reference.configuration_page import write_reference
    from disrupting_harm.reference.data_dictionary import write_data_dictionary
    from disrupting_harm.reference.evidence_tables import write_dictionary, write_indicators
    from disrupting_harm.reference.interface import write_interface
    from disrupting_harm.reference.rap import write_rap
    from disrupting_harm.report.findings.brief_definition import Brief
    from disrupting_harm.report.findings.definition import Findings
    from disrupting_harm.report.findings.recommendations import Recommendations
    from disrupting_harm.study.codebook.codebook import load_codebook

    write_dictionary(Path("docs/evidence.md"))
    write_data_dictionary(Path("docs/data-dictionary.md"))
    write_interface(Path("workflow/rules"), Path("docs/interface.md"))
    write_rap(Path(), Path("docs/rap.md"))
    write_indicators(load_codebook(Path("config/indicators.yaml")), Path("docs/indicators.md"))
    files = {name: table.file for name, table in TABLES.items()}
    write_reference(
        Path("docs/configuration.md"),
        Path("config/schema.json"),
        files,
        (Recommendations, Findings, Brief),
    )
    return 0
