"""The commands ``release accept``, ``release compare`` and ``release withdraw``."""

import argparse
from pathlib import Path

from disrupting_harm.core.errors import amount
from disrupting_harm.core.files import PUBLIC
from disrupting_harm.provenance.release_statement import identity_of, statement_file
from disrupting_harm.releases.history import releases_folder
from disrupting_harm.releases.run_lines import GATE_DECIDES
from disrupting_harm.study.study import load_study


def run_release(options: argparse.Namespace) -> int:
    """Run one of the actions and return its exit status: 0 done, 3 the gate keeps tables.

    Raises:
        StudyError: nothing could be done; nothing was written.
    """
    if options.action == "accept":
        return _accept(options.config, options.name, options.by, options.sign)
    if options.action == "compare":
        return _compare(options.config, options.to)
    return _withdraw(options.config, options.country, options.ids)


def _accept(config: Path, name: str, by: str | None, key: Path | None) -> int:
    from disrupting_harm.releases.accept import accept

    accepted = accept(config, name, by, key)
    results = load_study(config).config.results
    folder, statement = releases_folder(results) / name, statement_file(results, name)
    signed = "signed" if key else "not signed"
    print(
        f"Release {name} is accepted: {amount(len(accepted.countries), 'country')}, key "
        f"…{accepted.key_id[-4:]}, {folder}.\n"
        f"Its identity is {identity_of(statement)}, {signed}: hand {statement.parent} on with "
        f"{results / PUBLIC}.\n"
        f"Add 'release: {{after: {name}}}' to 'publication' in {config}. Keep a copy of that "
        "folder; keep the key apart from it, with two people."
    )
    return 0


def _compare(config: Path, to: str | None) -> int:
    from disrupting_harm.releases.compare import COMPARED, compare

    lines, kept = compare(config, to)
    print("\n".join(lines))
    print(f"Table by table: {releases_folder(load_study(config).config.results) / COMPARED}")
    return GATE_DECIDES if kept else 0


def _withdraw(config: Path, country: str, ids: Path) -> int:
    from disrupting_harm.releases.withdraw import withdraw

    done = withdraw(config, country, ids)
    if done.rows is None:
        raw = f"Delete their rows from {done.raw} now: its format is one of another program."
    else:
        raw = f"{amount(done.rows, 'row')} of {done.raw} deleted."
    if done.missing:
        lines = ", ".join(map(str, done.missing))
        raw += (
            f"\n{done.raw} has no row of {country} with the identifiers of {ids}, lines {lines}. "
            "Make sure that somebody has deleted them: a row that is still there, under another "
            "spelling, would be published anew."
        )
    copies = "\n".join(f"  {copy}" for copy in done.copies)
    print(
        f"{country}: the records of all releases have forgotten these respondents. {raw}\n"
        f"Their answers remain in\n{copies}\n"
        "Destroy these copies, and run the study again."
    )
    return 0
