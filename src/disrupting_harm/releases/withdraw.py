"""The command ``release withdraw``: consent was withdrawn, and nothing here keeps the answers.

The row of the raw file goes in the same step in which the records forget the child: with a record
that forgot it and a row that is still there, the child would be published anew as one who came.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import RESTRICTED, read_text, write_bytes
from disrupting_harm.releases.history import (
    guarded_folders,
    read_accepted_releases,
    read_key,
    records_file,
)
from disrupting_harm.releases.records import (
    CHILD,
    add_tombstones,
    child_token,
    read_records,
    write_records,
)
from disrupting_harm.study.microdata.mapping import Mapping
from disrupting_harm.study.microdata.raw_file import ENDINGS, drop_rows, read_raw
from disrupting_harm.study.microdata.sample import select_country, select_rows_to_keep
from disrupting_harm.study.study import Study, load_study


@dataclass(frozen=True)
class Withdrawal:
    """What :func:`withdraw` did, and what it could not do.

    Attributes:
        rows: so many rows were deleted from the raw file; None where its format is not text, and
            somebody has to delete them.
        missing: lines of the file of identifiers for which the raw file has no row.
        copies: where the answers still are.
    """

    rows: int | None
    missing: tuple[int, ...]
    raw: Path
    copies: tuple[str, ...]


def withdraw(config: Path, country: str, ids: Path) -> Withdrawal:
    """Delete children from the raw file, and make tombstones of them in all accepted releases.

    A record that lost the row would not tell any more that its release counted the child. An
    identifier without a row in the raw file is no error, since nothing may keep a child from being
    forgotten: somebody has deleted the row, or a run of this command was killed. But it is told,
    as the row may also stand there in another spelling.

    Args:
        ids: text file with one identifier a line, as in the raw file.

    Raises:
        StudyError: no release, no such country, another key, or an identifier that no release has,
            or a fault of the raw file; then nothing is written.
    """
    study = load_study(config)
    releases = [
        accepted
        for accepted in read_accepted_releases(study.config.results)
        if country in accepted.countries
    ]
    if country not in study.codes or not releases:
        raise StudyError(
            f"country {country}",
            "no accepted release has it",
            "Correct the code, e.g. KEN; before the first release it is enough to delete the rows "
            "from the raw file",
        )
    key = read_key(releases[-1], guarded_folders(study))
    files = [records_file(study.config.results, release.name, country) for release in releases]
    # A release whose run left the country out has no record of it.
    records = {path: read_records(path) for path in files if path.is_file()}
    identifiers = _read_identifiers(study, ids)
    tokens = {line: child_token(key, country, name) for line, name in identifiers.items()}
    known_tokens = {token for table in records.values() for token in table[CHILD]}
    for line, token in tokens.items():
        if token not in known_tokens:
            raise StudyError(
                f"{ids}, line {line}",
                f"no accepted release of {country} has a respondent with this identifier",
                "Correct it, or remove the line: who it was is withdrawn already, or never counted",
            )
    raw_file, mapping = study.raw_file(country), study.mappings[country]
    rows = None
    if _is_text(raw_file, mapping) and _is_of_study(study, country):
        rows = delete_children(raw_file, mapping, country, set(identifiers.values()))
    for path, table in records.items():
        write_records(path, add_tombstones(table, set(tokens.values())))
    restricted = study.config.results / RESTRICTED
    prepared = [restricted / "prepared" / country, restricted / "weights" / country]
    missing_lines = (
        [] if rows is None else [n for n, name in identifiers.items() if name not in rows]
    )
    return Withdrawal(
        None if rows is None else len(rows),
        tuple(missing_lines),
        raw_file,
        (
            *(f"{folder}, until the next run" for folder in prepared if folder.is_dir()),
            f"every backup and other copy of {raw_file.name}, also those sent away",
            str(ids),
        ),
    )


def delete_children(
    raw_file: Path, mapping: Mapping, country: str, identifiers: Collection[str]
) -> list[str]:
    """Delete the rows of a country's children from a CSV file; return their identifiers.

    They are the rows that the study reads as those of this country's children: in a file of several
    countries, and outside of what the mapping keeps, others may have the same identifiers.

    Args:
        mapping: its mapping, with a column of identifiers.
        identifiers: the identifiers, composed (NFC) and without spaces around them.

    Raises:
        StudyError: as :func:`~disrupting_harm.study.microdata.raw_file.read_raw`, or the file has
            no row of the country; then nothing is written.
    """
    assert mapping.child_id is not None
    columns = [mapping.child_id, *(kept_rows.column for kept_rows in mapping.keep)]
    columns += [mapping.area.column] if mapping.area else []
    raw = read_raw(raw_file, columns, file_format="csv", delimiter=mapping.delimiter)
    raw, _ = select_rows_to_keep(
        select_country(raw, mapping, country, str(raw_file)), mapping, str(raw_file)
    )
    children = raw[mapping.child_id]
    children = children[children.isin(list(identifiers))]
    if len(children):
        content = drop_rows(raw_file, mapping.delimiter, set(children.index))
        # Where the path is a link, the answers are behind it.
        path = raw_file.resolve()
        mode = path.stat().st_mode
        write_bytes(path, content)
        path.chmod(mode)
    return children.astype("str").tolist()


def _is_text(raw_file: Path, mapping: Mapping) -> bool:
    """Return whether rows can be deleted from a raw file by the identifiers of children."""
    file_format = mapping.format or ENDINGS.get(raw_file.suffix.lower())
    return file_format == "csv" and mapping.child_id is not None


def _is_of_study(study: Study, country: str) -> bool:
    """Return whether the raw file is the study's own, neither simulated nor of a package."""
    raw = study.row(country).raw
    return raw is not None and not str(raw).startswith("package:")


def _read_identifiers(study: Study, ids: Path) -> dict[int, str]:
    """Return the identifiers by the number of their line; empty lines say nothing."""
    numbered_lines = enumerate(read_text(ids).splitlines(), start=1)
    identifier_by_line = {number: line.strip() for number, line in numbered_lines if line.strip()}
    if not identifier_by_line:
        raise StudyError(str(ids), "it names nobody", "Write one identifier on each line")
    return identifier_by_line
