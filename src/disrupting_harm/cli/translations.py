"""The command ``translate``: languages of the reports."""

import argparse

from disrupting_harm.cli.arguments import Commands


def register(commands: Commands) -> None:
    """Add the command to those of the command line."""
    translate = commands.add_parser("translate", help="languages of the reports")
    translate.add_argument("arguments", nargs="+", metavar="new LANGUAGE | update | check")
    translate.set_defaults(function=translate_messages)


def translate_messages(options: argparse.Namespace) -> int:
    """Begin a language, update the catalogues, or check them."""
    from disrupting_harm.report.translations import catalogue

    return catalogue.main(options.arguments)
