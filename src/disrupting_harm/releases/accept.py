"""The command ``release accept``: keep what a finished run published, and of whom."""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from disrupting_harm.core.errors import StudyError, amount
from disrupting_harm.core.files import PUBLIC, RESTRICTED, format_json, read_json, write_bytes
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.manifest import NO_RELEASE, mark_release
from disrupting_harm.provenance.release_statement import (
    remove_release_statement,
    write_release_statement,
)
from disrupting_harm.provenance.signature import MANIFEST, verify_public, verify_restricted
from disrupting_harm.publication.release import WITHHELD
from disrupting_harm.releases.accepted import (
    AGGREGATES,
    COMPARISON,
    COMPARISONS,
    CONTRASTS,
    load_accepted,
)
from disrupting_harm.releases.cell_differences import TABLE
from disrupting_harm.releases.current_children import Files, read_children
from disrupting_harm.releases.frozen_quality import kept_answers
from disrupting_harm.releases.frozen_tables import CELLS
from disrupting_harm.releases.gate_outputs import DECIDED
from disrupting_harm.releases.history import (
    ACCEPTED,
    FORMAT,
    GATE,
    ITEM_ANSWERS,
    PUBLIC_FILES,
    Accepted,
    Key,
    accepted_releases,
    country_file,
    first_key,
    guarded_folders,
    key_of,
    last_release,
    records_file,
    releases_folder,
    rules_of,
    table_file,
)
from disrupting_harm.releases.records import Names, records_of, write_records
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.configuration.publication_config import RELEASE_NAME, Publication
from disrupting_harm.study.configuration.section import validate_content
from disrupting_harm.study.study import Study, load_study
from disrupting_harm.tables import contracts
from disrupting_harm.tables.io import read_table, write_table

AGAIN = "Run the study again, and accept what that run made"


def accept(
    config: Path, name: str, by: str | None = None, signing_key: Path | None = None
) -> Accepted:
    """Accept the results of the last run as a release.

    Writes ``restricted/releases/NAME/``: the record of each country's children, its tables at full
    precision, and, last of all, ``accepted.json``. The public manifest then has the release's name.

    Args:
        config: the study's configuration file.
        name: of the release.
        by: who accepts it.
        signing_key: private key of OpenSSH that signs the statement on the release.

    Raises:
        StudyError: there is no finished run of this configuration, its results were changed, its
            authors left a place empty, a country has several waves, a hidden number could be worked
            back from them, it does not follow the last release, the key is not the one of that
            release, or nobody signs it.
    """
    results = load_study(config).config.results
    folder = _free_folder(results, name)
    manifest = finished(results)
    refuse_unwritten(results / PUBLIC)
    # A run may have been of some countries only.
    study = load_study(config, {"only": manifest["configuration"]["only"]})
    refuse_other_configuration(study.config, manifest["configuration"])
    refuse_waves(study)
    _require_identifiers(study)
    refuse_unsigned(study.config, signing_key)
    last = last_release(study.config)
    audit = audited(results, study.codes)
    earlier = accepted_releases(results)
    guarded = guarded_folders(study)
    key = key_of(last, guarded) if last else first_key(guarded)
    for country in study.codes:
        _keep_country(study, earlier, name, country, key)
    gone = _keep_absent_countries(results, last, name, study.codes)
    _keep_comparison(results, last, name, gone, study.config.study.simulated)
    finished(results)
    with marked_release(results, name):
        rules = rules_of(study.config)
        accepted: Accepted = validate_content(
            Accepted,
            {
                "name": name,
                "after": last.name if last else None,
                "date": study.config.study.date.isoformat(),
                "format": FORMAT,
                "key_id": key.id,
                "codebook": _hash(study.codebook.definitions()),
                "rules": rules_hash(study.config.publication),
                "min_change": rules.min_change,
                "min_change_sensitive": rules.min_change_sensitive,
                "audit": audit,
                "manifest": sha256(results / PUBLIC / MANIFEST),
                "countries": sorted([*study.codes, *gone]),
                "by": by,
                "corrected": rules.corrected,
            },
            str(folder / ACCEPTED),
        )
        content = format_json(accepted.model_dump(mode="json")).encode("utf-8")
        record = hashlib.sha256(content).hexdigest()
        write_release_statement(results, name, record, accepted.after, signing_key)
        write_bytes(folder / ACCEPTED, content)
    return accepted


@contextmanager
def marked_release(results: Path, name: str) -> Iterator[None]:
    """Mark a finished run as a release; where the block fails, nothing says any more that it is.

    Args:
        results: folder of the results, which may be another release already.
        name: of the release.
    """
    before = read_json(results / PUBLIC / MANIFEST).get("release", NO_RELEASE)
    try:
        mark_release(results, name)
        yield
    except BaseException:
        try:
            remove_release_statement(results, name)
        finally:
            mark_release(results, before)
        raise


def refuse_unsigned(config: Configuration, signing_key: Path | None) -> None:
    """Refuse a release that nobody signs, unless its study says why.

    Raises:
        StudyError: there is neither a key nor a reason, or there are both.
    """
    reason = rules_of(config).unsigned
    if signing_key is None and reason is None:
        raise StudyError(
            "release accept",
            "nobody signs this release, so nobody could tell it from a changed one",
            "Name a private key of OpenSSH (--sign KEY), or say why releases of this study are not "
            "signed ('publication.release.unsigned')",
        )
    if signing_key and reason:
        raise StudyError(
            "configuration, key 'publication.release.unsigned'",
            "it says that releases are not signed, and pages print it",
            "Take it out and run the study again, or leave --sign out",
        )


def rules_hash(publication: Publication) -> str:
    """Return the SHA-256 of the rules by which cells are shown or hidden."""
    return _hash(publication.model_dump(mode="json", exclude={"release"}))


def finished(results: Path) -> dict[str, Any]:
    """Return the public manifest of a finished run whose results are as it made them."""
    public, restricted = results / PUBLIC, results / RESTRICTED
    for folder, verify in ((public, verify_public), (restricted, verify_restricted)):
        lines = verify(folder).lines()
        if lines:
            found = f"{amount(len(lines), 'file')} not as the last run made them, first: {lines[0]}"
            remedy = f"`disrupting-harm verify` names them. {AGAIN}"
            raise StudyError(str(folder), " ".join(found.split()), remedy)
    manifest: dict[str, Any] = read_json(public / MANIFEST)
    if "numbers" not in manifest:
        found = "no number of its documents was checked"
        raise StudyError(str(public / MANIFEST), found, AGAIN)
    return manifest


def refuse_unwritten(public: Path) -> None:
    """Refuse a release one of whose reports has a place that its authors left empty.

    Raises:
        StudyError: naming the first such file, and how many there are.
    """
    statuses = sorted(public.glob("reports/*/*/status.json"))
    missing = [file for path in statuses for file in read_json(path).get("to_be_written", ())]
    if missing:
        raise StudyError(
            f"{missing[0]} (folder 'report.slots')",
            f"it is to be written, and with it {len(missing) - 1} other files",
            "Write them and run the study again, or take 'report.slots' out",
        )


def refuse_other_configuration(config: Configuration, ran: dict[str, Any]) -> None:
    """Refuse a configuration that is not that of the last run, which its manifest has."""
    own = json.loads(json.dumps(config.model_dump(mode="json")))
    differing = [key for key in own if own[key] != ran.get(key)]
    if differing:
        raise StudyError(
            f"configuration, key '{differing[0]}'", "it was changed since the last run", AGAIN
        )


def audited(results: Path, codes: Sequence[str]) -> int:
    """Return how many hidden numbers can be worked back by the countries' certificates: none.

    Raises:
        StudyError: a certificate says otherwise.
    """
    for code in codes:
        path = results / PUBLIC / "countries" / code / "disclosure.json"
        if read_json(path).get("told") != 0:
            raise StudyError(str(path), "a hidden number could be worked back", AGAIN)
    return 0


def refuse_waves(study: Study) -> None:
    """Refuse to accept several waves of a country: no run could be compared with the release.

    Raises:
        StudyError: it names the country.
    """
    for country in study.with_waves:
        raise StudyError(
            f"country {country}, column 'wave'",
            "several waves: what was published of an earlier one is not gated yet",
            "Accept releases of a study of one survey, or publish this one once, without a release",
        )


def _require_identifiers(study: Study) -> None:
    for code in study.codes:
        if study.countries[code].statistics:
            raise StudyError(
                f"country {code}, column 'statistics'",
                "a release keeps a record of the respondents behind it, and these are at home",
                "Accept releases where the microdata are",
            )
        if study.mappings[code].child_id is None:
            raise StudyError(
                f"country {code}, mapping key 'child_id'",
                "it is missing, and row numbers change with every row that is added or deleted",
                "Name the column that identifies a respondent; its values must never change",
            )


def _free_folder(results: Path, name: str) -> Path:
    """Return the folder of a new release; what a killed command left in it is removed."""
    if not re.fullmatch(RELEASE_NAME, name):
        found = "a release is named by letters and digits, with '.', '_' and '-' between them"
        raise StudyError(f"name '{name}'", found, "Take another name, e.g. 2026-1")
    if not isinstance(yaml.safe_load(name), str):
        raise StudyError(
            f"name '{name}'", "YAML would read it as a number or date", "Put a letter into it"
        )
    folder = releases_folder(results) / name
    if (folder / ACCEPTED).exists():
        raise StudyError(
            str(folder), "there is a release of this name", "A release is final: take another name"
        )
    if folder.exists():
        shutil.rmtree(folder)
    return folder


def _keep_comparison(
    results: Path, last: Accepted | None, name: str, absent: Sequence[str], simulated: bool
) -> None:
    """Write the comparisons of countries that a later run may have to leave as they are."""
    for table, contract in COMPARISONS.items():
        rows = read_table(results / RESTRICTED / COMPARISON / f"{table}.parquet", contract)
        if last and absent:
            old = read_table(table_file(results, last.name, COMPARISON, table), contract)
            rows = pd.concat([rows, old[old["country"].isin(absent)]], ignore_index=True)
        write_table(table_file(results, name, COMPARISON, table), rows, contract, simulated)


def _keep_country(
    study: Study, earlier: Sequence[Accepted], name: str, country: str, key: Key
) -> None:
    """Write the record and the tables of a country of this run."""
    results, simulated = study.config.results, study.config.study.simulated
    folder = results / RESTRICTED / "contrasts" / country
    for table in CONTRASTS:
        content = (folder / f"{table}.parquet").read_bytes()
        write_bytes(table_file(results, name, country, table), content)
    for file in PUBLIC_FILES:
        path = results / PUBLIC / "countries" / country / file
        # A study in which no caregiver was asked has no table of pairs.
        if path.is_file():
            write_bytes(country_file(results, name, country, file), path.read_bytes())
    _keep_answers(study, earlier, name, country)
    children = read_children(Files.of_run(results, country), country, study.codebook)
    write_records(records_file(results, name, country), records_of(children, key))
    released = read_table(
        results / RESTRICTED / "release" / f"{country}.parquet",
        contracts.restricted_contract("country/release"),
    )
    was = released["release"] if "release" in released else pd.Series("", released.index)
    cells = released.assign(release=was.where(was != "", name).astype("str"))
    cells = cells[~cells["reason"].str.startswith(WITHHELD)]
    moved = rules_of(study.config).moved
    previous = load_accepted(results, earlier, country, study.codebook, key, moved)
    if previous:
        # What this run has not made was published all the same.
        made = pd.MultiIndex.from_frame(cells[TABLE])
        old = pd.MultiIndex.from_frame(previous.cells[TABLE])
        cells = pd.concat([cells, previous.cells[~old.isin(made)]], ignore_index=True)
    write_table(table_file(results, name, country, AGGREGATES), cells, CELLS, simulated)


def _keep_answers(study: Study, earlier: Sequence[Accepted], name: str, country: str) -> None:
    """Write how often each question was answered, as it was told: tables that stay keep theirs."""
    results, codebook = study.config.results, study.codebook
    path = results / RESTRICTED / "prepared" / country / ITEM_ANSWERS
    answers = read_table(path, contracts.restricted_contract("country/item_answers"))
    having = [release.name for release in earlier if country in release.countries]
    if having:
        last = read_table(
            country_file(results, having[-1], country, ITEM_ANSWERS),
            contracts.restricted_contract("country/item_answers"),
        )
        before = Names(rules_of(study.config).moved, codebook).now(last, f"release {having[-1]}")
        decided = read_table(results / RESTRICTED / GATE / country / "decisions.csv", DECIDED)
        answers = kept_answers(answers, before, decided)
    write_table(
        country_file(results, name, country, ITEM_ANSWERS),
        answers,
        contracts.restricted_contract("country/item_answers"),
        study.config.study.simulated,
    )


def _keep_absent_countries(
    results: Path, last: Accepted | None, name: str, codes: Sequence[str]
) -> list[str]:
    """Copy the tables of countries that this run left out; return their codes."""
    absent = [code for code in last.countries if code not in codes] if last else []
    for code in absent:
        assert last is not None
        for source in sorted((releases_folder(results) / last.name).glob(f"{code}.*")):
            target = releases_folder(results) / name / source.name
            if source != records_file(results, last.name, code):
                write_bytes(target, source.read_bytes())
    return absent


def _hash(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
