"""Arguments that several commands share."""

import argparse
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_config(parser: argparse.ArgumentParser, meaning: str | None = None) -> None:
    """Add ``--config``, by default the default study's; ``meaning`` is what ``--help`` says."""
    default = Path("config/config.yaml")
    meaning = meaning or "configuration of the study"
    parser.add_argument("--config", type=Path, default=default, help=meaning)
