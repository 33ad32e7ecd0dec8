"""The commands ``release accept``, ``release compare`` and ``release withdraw``."""

import argparse
from pathlib import Path

from disrupting_harm.cli.arguments import Commands, add_config
from disrupting_harm.core.errors import amount
from disrupting_harm.core.files import PUBLIC


def register(commands: Commands) -> None:
    """Add the command to those of the command line."""
    release = commands.add_parser("release", help="accept results, update them, withdraw consent")
    actions = release.add_subparsers(dest="action", required=True)
    accept = actions.add_parser("accept", help="keep the results of the last run as a release")
    accept.add_argument("name", metavar="NAME", help="of the release, e.g. 2026-1")
    accept.add_argument("--by", metavar="WHO", help="who accepts it")
    accept.add_argument("--sign", type=Path, metavar="KEY", help="private key of OpenSSH")
    meaning = "who agrees for a role of 'publication.release.sign_offs', such as "
    meaning += "'statistician=A. Njeri, 3 June' or 'ministry KEN=...'; again for each"
    accept.add_argument(
        "--sign-off", dest="sign_offs", action="append", default=[], metavar="ROLE=WHO",
        help=meaning,
    )  # fmt: skip
    accept.set_defaults(function=accept_release)
    compare = actions.add_parser("compare", help="say which tables may be published anew")
    compare.add_argument("--to", metavar="NAME", help="compare with this release; default the last")
    compare.set_defaults(function=compare_release)
    withdraw = actions.add_parser("withdraw", help="forget respondents whose consent is withdrawn")
    withdraw.add_argument("country", metavar="ISO3", help="their country")
    withdraw.add_argument("--ids", type=Path, required=True, metavar="FILE", help="one id a line")
    withdraw.set_defaults(function=withdraw_respondents)
    for action in (accept, compare, withdraw):
        add_config(action)


def accept_release(options: argparse.Namespace) -> int:
    """Keep the results of the last run as a release, and say what to do with it.

    Raises:
        StudyError: nothing could be done; nothing was written.
    """
    from disrupting_harm.provenance.release_statement import identity_of, statement_file
    from disrupting_harm.releases.accept import accept
    from disrupting_harm.releases.history import releases_folder
    from disrupting_harm.study.study import load_study

    config, name = options.config, options.name
    accepted = accept(config, name, options.by, options.sign, options.sign_offs)
    results = load_study(config).config.results
    folder, statement = releases_folder(results) / name, statement_file(results, name)
    signed = "signed" if options.sign else "not signed"
    print(
        f"Release {name} is accepted: {amount(len(accepted.countries), 'country')}, key "
        f"…{accepted.key_id[-4:]}, {folder}.\n"
        f"Its identity is {identity_of(statement)}, {signed}: hand {statement.parent} on with "
        f"{results / PUBLIC}.\n"
        f"Add 'release: {{after: {name}}}' to 'publication' in {config}. Keep a copy of that "
        "folder; keep the key apart from it, with two people."
    )
    if accepted.missing_sign_offs:
        print(f"Nobody agreed to it as {', '.join(accepted.missing_sign_offs)}: it says so.")
    return 0


def compare_release(options: argparse.Namespace) -> int:
    """Say which tables may be published anew; return 3 where the gate keeps some."""
    from disrupting_harm.releases.compare import COMPARISON_FILE, compare_with_releases
    from disrupting_harm.releases.history import releases_folder
    from disrupting_harm.releases.run_messages import GATE_DECIDES
    from disrupting_harm.study.study import load_study

    lines, kept = compare_with_releases(options.config, options.to)
    print("\n".join(lines))
    results = load_study(options.config).config.results
    print(f"Table by table: {releases_folder(results) / COMPARISON_FILE}")
    return GATE_DECIDES if kept else 0


def withdraw_respondents(options: argparse.Namespace) -> int:
    """Forget respondents in the records of all releases, and say what is left to do.

    Raises:
        StudyError: nothing could be done; nothing was written.
    """
    from disrupting_harm.releases.withdraw import withdraw

    country, ids = options.country, options.ids
    done = withdraw(options.config, country, ids)
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
