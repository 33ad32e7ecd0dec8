"""The command ``release withdraw``: consent was withdrawn, and the records forget the child."""

from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_text
from disrupting_harm.releases.history import accepted_releases, records_file
from disrupting_harm.releases.key import guarded_folders, key_of
from disrupting_harm.releases.records import (
    CHILD,
    child_token,
    read_records,
    with_tombstones,
    write_records,
)
from disrupting_harm.study.study import Study, load_study


def withdraw(config: Path, country: str, ids: Path) -> Path:
    """Make tombstones of children in the records of all accepted releases.

    A record that lost the row would not tell any more that its release counted the child.

    Args:
        config: the study's configuration file.
        country: their country.
        ids: text file with one identifier a line, as in the raw file.

    Returns:
        The raw file, from which the rows are to be deleted next.

    Raises:
        StudyError: no release, no such country, another key, or an identifier that no release has;
            then nothing is written.
    """
    study = load_study(config)
    releases = [r for r in accepted_releases(study.config.results) if country in r.countries]
    if country not in study.codes or not releases:
        raise StudyError(
            f"country {country}",
            "no accepted release has it",
            "Correct the code, e.g. KEN; before the first release it is enough to delete the rows "
            "from the raw file",
        )
    key = key_of(releases[-1], guarded_folders(study))
    files = [records_file(study.config.results, release.name, country) for release in releases]
    # A release whose run left the country out has no record of it.
    records = {path: read_records(path) for path in files if path.is_file()}
    tokens = {
        line: child_token(key, country, name) for line, name in _identifiers(study, ids).items()
    }
    known = {token for table in records.values() for token in table[CHILD]}
    for line, token in tokens.items():
        if token not in known:
            raise StudyError(
                f"{ids}, line {line}",
                f"no accepted release of {country} has a child with this identifier",
                "Correct it, or remove the line: the child was withdrawn before, or never counted",
            )
    for path, table in records.items():
        write_records(path, with_tombstones(table, set(tokens.values())))
    return study.raw_file(country)


def _identifiers(study: Study, ids: Path) -> dict[int, str]:
    """Return the identifiers by the number of their line; empty lines say nothing."""
    lines = enumerate(read_text(ids).splitlines(), start=1)
    found = {number: line.strip() for number, line in lines if line.strip()}
    if not found:
        raise StudyError(str(ids), "it names no child", "Write one identifier on each line")
    return found
