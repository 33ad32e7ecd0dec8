"""Arguments that several commands share."""

import argparse
from pathlib import Path
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
# In the repository, and in a folder that holds one study.
CONFIGURATIONS = (Path("config/config.yaml"), Path("config.yaml"))


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``: the findings for programs, on standard output and nothing else there."""
    parser.add_argument("--json", action="store_true", help="print findings for programs")


def add_config(parser: argparse.ArgumentParser, meaning: str | None = None) -> None:
    """Add ``--config``, by default the study of this folder; ``meaning`` is what --help says."""
    present = [path for path in CONFIGURATIONS if path.is_file()]
    meaning = meaning or "configuration of the study"
    parser.add_argument("--config", type=Path, default=(present or CONFIGURATIONS)[0], help=meaning)
