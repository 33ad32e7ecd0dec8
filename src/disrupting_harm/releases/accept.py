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
from disrupting_harm.core.files import (
    PUBLIC,
    RESTRICTED,
    TEXTS,
    format_json,
    read_json,
    write_bytes,
)
from disrupting_harm.core.job_records import sha256
from disrupting_harm.provenance.manifest import NO_RELEASE, mark_release
from disrupting_harm.provenance.release_statement import (
    remove_release_statement,
    write_release_statement,
)
from disrupting_harm.provenance.signature import MANIFEST, verify_public, verify_restricted
from disrupting_harm.publication.release import WITHHELD
from disrupting_harm.releases.accepted_release import (
    AGGREGATES,
    COMPARISON,
    COMPARISONS,
    CONTRASTS,
    load_accepted,
)
from disrupting_harm.releases.cell_differences import TABLE
from disrupting_harm.releases.current_children import RestrictedFiles, read_children
from disrupting_harm.releases.frozen_quality import keep_frozen_answers
from disrupting_harm.releases.frozen_tables import CELLS
from disrupting_harm.releases.gate_outputs import DECIDED
from disrupting_harm.releases.history import (
    ACCEPTED,
    FORMAT,
    GATE,
    ITEM_ANSWERS,
    PUBLIC_FILES,
    AcceptedStatement,
    Key,
    country_file,
    find_last_release,
    guarded_folders,
    make_first_key,
    read_accepted_releases,
    read_key,
    records_file,
    release_rules,
    releases_folder,
    table_file,
)
from disrupting_harm.releases.records import CurrentNames, make_records, write_records
from disrupting_harm.releases.sign_offs import list_roles, read_sign_offs
from disrupting_harm.study.configuration.config import Configuration
from disrupting_harm.study.configuration.publication_config import RELEASE_NAME, Publication
from disrupting_harm.study.configuration.section import read_yaml, validate_content
from disrupting_harm.study.statuses import TRANSLATION_LEVELS
from disrupting_harm.study.study import Study, load_study
from disrupting_harm.tables import contracts
from disrupting_harm.tables.io import read_table, write_table

AGAIN = "Run the study again, and accept what that run made"


def accept(
    config: Path,
    name: str,
    by: str | None = None,
    signing_key: Path | None = None,
    sign_offs: Sequence[str] = (),
) -> AcceptedStatement:
    """Accept the results of the last run as a release.

    Writes ``restricted/releases/NAME/``: the record of each country's children, its tables at full
    precision, and, last of all, ``accepted.json``. The public manifest then has the release's name.

    Args:
        by: who accepts it.
        signing_key: private key of OpenSSH that signs the statement on the release.
        sign_offs: who agreed to it, each as ``ROLE=WHO``.

    Raises:
        StudyError: there is no finished run of this configuration, its results were changed, its
            authors left a place empty, a translation was reviewed less than
            ``report.translations_at_least`` asks for, its data books have no PDF, licence, contact,
            code or dates of fieldwork are not named, an action has no owner or first step, a
            country has several waves, a hidden number could be worked back from them, it does not
            follow the last release, the key is not the one of that release, nobody signs it, or
            a sign-off is of no role of the configuration.
    """
    results = load_study(config).config.results
    folder = _prepare_folder(results, name)
    manifest = check_finished_run(results)
    check_all_written(results / PUBLIC)
    check_helplines_confirmed(results / PUBLIC)
    check_translations_reviewed(results, manifest["configuration"])
    # A run may have been of some countries only.
    study = load_study(config, {"only": manifest["configuration"]["only"]})
    check_configuration_unchanged(study.config, manifest["configuration"])
    check_databooks_on_paper(study.config)
    check_terms_named(study.config)
    check_actions_settled(study)
    check_survey_dated(study)
    check_no_waves(study)
    _check_identifiers(study)
    check_signing(study.config, signing_key)
    roles = list_roles(release_rules(study.config), study.codes)
    agreed = read_sign_offs(sign_offs, roles)
    missing = [role for role in roles if role not in agreed]
    last_accepted = find_last_release(study.config)
    disclosed_numbers = count_disclosed_numbers(results, study.codes)
    earlier = read_accepted_releases(results)
    guarded_paths = guarded_folders(study)
    key = read_key(last_accepted, guarded_paths) if last_accepted else make_first_key(guarded_paths)
    for country in study.codes:
        _copy_country(study, earlier, name, country, key)
    absent_countries = _copy_absent_countries(results, last_accepted, name, study.codes)
    _copy_comparison(results, last_accepted, name, absent_countries, study.config.study.simulated)
    check_finished_run(results)
    with marked_release(results, name):
        rules = release_rules(study.config)
        accepted: AcceptedStatement = validate_content(
            AcceptedStatement,
            {
                "name": name,
                "after": last_accepted.name if last_accepted else None,
                "date": study.config.study.date.isoformat(),
                "format": FORMAT,
                "key_id": key.id,
                "codebook": _hash_content(study.codebook.definitions()),
                "rules": hash_rules(study.config.publication),
                "min_change": rules.min_change,
                "min_change_sensitive": rules.min_change_sensitive,
                "audit": disclosed_numbers,
                "manifest": sha256(results / PUBLIC / MANIFEST),
                "countries": sorted([*study.codes, *absent_countries]),
                "by": by,
                "corrected": rules.corrected,
                "sign_offs": agreed,
                "missing_sign_offs": missing,
            },
            str(folder / ACCEPTED),
        )
        content = format_json(accepted.model_dump(mode="json")).encode("utf-8")
        record_hash = hashlib.sha256(content).hexdigest()
        write_release_statement(
            results, name, record_hash, accepted.after, signing_key, [*agreed], missing
        )
        write_bytes(folder / ACCEPTED, content)
    return accepted


@contextmanager
def marked_release(results: Path, name: str) -> Iterator[None]:
    """Mark a finished run as a release; where the block fails, nothing says any more that it is.

    Args:
        results: folder of the results, which may be another release already.
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


def check_signing(config: Configuration, signing_key: Path | None) -> None:
    """Refuse a release that nobody signs, unless its study says why.

    Raises:
        StudyError: there is neither a key nor a reason, or there are both.
    """
    reason = release_rules(config).unsigned
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


def hash_rules(publication: Publication) -> str:
    """Return the SHA-256 of the rules by which cells are shown or hidden."""
    return _hash_content(publication.model_dump(mode="json", exclude={"release"}))


def check_finished_run(results: Path) -> dict[str, Any]:
    """Return the public manifest of a finished run whose results are as it made them."""
    public, restricted = results / PUBLIC, results / RESTRICTED
    for folder, verify in ((public, verify_public), (restricted, verify_restricted)):
        faults = verify(folder).format_lines()
        if faults:
            finding = (
                f"{amount(len(faults), 'file')} not as the last run made them, first: {faults[0]}"
            )
            remedy = f"`disrupting-harm verify` names them. {AGAIN}"
            raise StudyError(str(folder), " ".join(finding.split()), remedy)
    manifest: dict[str, Any] = read_json(public / MANIFEST)
    if "numbers" not in manifest:
        finding = "no number of its documents was checked"
        raise StudyError(str(public / MANIFEST), finding, AGAIN)
    return manifest


def check_all_written(public: Path) -> None:
    """Refuse a release one of whose reports has a place that its authors left empty.

    Raises:
        StudyError: naming the first such file, and how many there are.
    """
    statuses = sorted(public.glob("reports/*/*/status.json"))
    unwritten = [file for path in statuses for file in read_json(path).get("to_be_written", ())]
    if unwritten:
        raise StudyError(
            f"{unwritten[0]} (folder 'report.slots')",
            f"it is to be written, and with it {len(unwritten) - 1} other files",
            "Write them and run the study again, or take 'report.slots' out",
        )


def check_helplines_confirmed(public: Path) -> None:
    """Refuse a release of real data that has a document where the helpline is to be confirmed.

    Raises:
        StudyError: naming the countries.
    """
    countries = {
        path.parts[-3]
        for kind in ("briefs", "reports")
        for path in public.glob(f"{kind}/*/*/status.json")
        if read_json(path).get("not_for_publication")
    }
    if countries:
        raise StudyError(
            "countries file, column 'helpline_confirmed'",
            f"no helpline is confirmed for {', '.join(sorted(countries))}, and their briefs say so",
            "Call each, write true, run the study again, and accept what that run made",
        )


def check_translations_reviewed(results: Path, configuration: dict[str, Any]) -> None:
    """Refuse a release with a translation that was reviewed less than it asks for.

    Args:
        results: of a finished run, whose documents and pages have the status that they print.
        configuration: of that run.

    Raises:
        StudyError: naming the first such document, its language, and how many of its texts wait.
    """
    required_level = configuration["report"]["translations_at_least"]
    lower_levels = TRANSLATION_LEVELS[: TRANSLATION_LEVELS.index(required_level)]
    public, texts = results / PUBLIC, results / RESTRICTED / TEXTS
    # Documents say themselves how far they were reviewed, and pages where their texts are listed.
    paths = [*sorted(public.glob("*/*/*/status.json")), *sorted(texts.rglob("*.json"))]
    waiting_by_name: dict[str, tuple[dict[str, Any], int]] = {}
    for path in paths:
        status = read_json(path).get("translation")
        waiting = sum(status["texts"][level] for level in lower_levels) if status else 0
        if waiting:
            folder = path.parent.relative_to(public if public in path.parents else texts)
            waiting_by_name.setdefault(folder.as_posix(), (status, waiting))
    if waiting_by_name:
        name, (status, waiting) = next(iter(waiting_by_name.items()))
        texts_of_status = status["first_texts"]
        text = next(texts_of_status[level] for level in lower_levels if level in texts_of_status)
        raise StudyError(
            f"{name}, language '{status['language']}'",
            f"{waiting} of its {sum(status['texts'].values())} texts are not '{required_level}' "
            f"(configuration, key 'report.translations_at_least'), the first of them “{text}”, and "
            f"{amount(len(waiting_by_name) - 1, 'other document')} have such texts",
            "Have them read and take the answers, or translate what stands in English "
            "(docs/translating.md); then run the study again",
        )


def check_configuration_unchanged(config: Configuration, former: dict[str, Any]) -> None:
    """Refuse a configuration that is not that of the last run, which its manifest has."""
    current = json.loads(json.dumps(config.model_dump(mode="json")))
    differing = [key for key in current if current[key] != former.get(key)]
    if differing:
        raise StudyError(
            f"configuration, key '{differing[0]}'", "it was changed since the last run", AGAIN
        )


def check_databooks_on_paper(config: Configuration) -> None:
    """Refuse a release whose data books are workbooks alone.

    Raises:
        StudyError: its run made no PDF of them.
    """
    if not config.has_databook_pdf:
        raise StudyError(
            "configuration, key 'report.databook_pdf'",
            "a release has its data books as PDF, too, and the last run made none",
            "Set it to true, run the study again, and accept what that run made",
        )


def check_terms_named(config: Configuration) -> None:
    """Refuse a release that no reader may use, or of which nobody can be asked.

    Raises:
        StudyError: naming the key that is empty.
    """
    for key, meaning in (
        ("licence", "the licence of its tables, figures and texts"),
        ("contact", "an e-mail address or a page where readers ask and tell of errors"),
        ("code", "the address where its code can be had"),
    ):
        if not getattr(config.study, key):
            raise StudyError(
                f"configuration, key 'study.{key}'",
                "it is empty, and pages say that it is named at release",
                f"Write {meaning}, run the study again, and accept what that run made",
            )


def check_actions_settled(study: Study) -> None:
    """Refuse a release with an action that nobody owns, or that says not how to begin.

    Raises:
        StudyError: naming the file, the entry and the key that is empty.
    """
    if not study.config.report.recommendations:
        return
    path = study.resolve(study.config.report.recommendations)
    content = read_yaml(path) or {}
    groups, disputes = content.get("groups", ()), content.get("disagreements", ())
    actions = [action for group in groups for action in group.get("recommendations", ())]
    entries: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
    entries += [("group", group, ("owner",)) for group in groups]
    entries += [("recommendation", action, ("first_step",)) for action in actions]
    entries += [("disagreement", dispute, ("owner", "first_step")) for dispute in disputes]
    for kind, entry, keys in entries:
        for key in keys:
            if not entry.get(key):
                raise StudyError(
                    f"{path}, {kind} '{entry['id']}', key '{key}'",
                    "it is empty, and reports print it beside each action",
                    "Write who acts, or how to begin, and accept what the next run made",
                )


def check_survey_dated(study: Study) -> None:
    """Refuse a release of country reports on a survey of which nobody says when it was made.

    A simulated survey was made at no time.

    Raises:
        StudyError: naming the country.
    """
    info = study.config.study
    if info.simulated or not study.has_survey or info.template != "country":
        return
    for code in study.codes:
        if not study.countries[code].fieldwork:
            raise StudyError(
                f"country {code}, column 'fieldwork'",
                "it is empty, and reports have to say when the survey was made",
                f"Write the dates of fieldwork, such as 'May to July 2019'. {AGAIN}",
            )


def count_disclosed_numbers(results: Path, codes: Sequence[str]) -> int:
    """Return how many hidden numbers can be worked back by the countries' certificates: none.

    Raises:
        StudyError: a certificate says otherwise.
    """
    for code in codes:
        path = results / PUBLIC / "countries" / code / "disclosure.json"
        if read_json(path).get("told") != 0:
            raise StudyError(str(path), "a hidden number could be worked back", AGAIN)
    return 0


def check_no_waves(study: Study) -> None:
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


def _check_identifiers(study: Study) -> None:
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


def _prepare_folder(results: Path, name: str) -> Path:
    """Return the folder of a new release; what a killed command left in it is removed."""
    if not re.fullmatch(RELEASE_NAME, name):
        finding = "a release is named by letters and digits, with '.', '_' and '-' between them"
        raise StudyError(f"name '{name}'", finding, "Take another name, e.g. 2026-1")
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


def _copy_comparison(
    results: Path, last: AcceptedStatement | None, name: str, absent: Sequence[str], simulated: bool
) -> None:
    """Write the comparisons of countries that a later run may have to leave as they are."""
    for table, contract in COMPARISONS.items():
        rows = read_table(results / RESTRICTED / COMPARISON / f"{table}.parquet", contract)
        if last and absent:
            former_rows = read_table(table_file(results, last.name, COMPARISON, table), contract)
            rows = pd.concat(
                [rows, former_rows[former_rows["country"].isin(absent)]], ignore_index=True
            )
        write_table(table_file(results, name, COMPARISON, table), rows, contract, simulated)


def _copy_country(
    study: Study, earlier: Sequence[AcceptedStatement], name: str, country: str, key: Key
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
    _copy_answers(study, earlier, name, country)
    children = read_children(RestrictedFiles.from_run(results, country), country, study.codebook)
    write_records(records_file(results, name, country), make_records(children, key))
    decided = read_table(
        results / RESTRICTED / "release" / f"{country}.parquet",
        contracts.restricted_contract("country/release"),
    )
    former_release = decided["release"] if "release" in decided else pd.Series("", decided.index)
    cells = decided.assign(release=former_release.where(former_release != "", name).astype("str"))
    cells = cells[~cells["reason"].str.startswith(WITHHELD)]
    renames = release_rules(study.config).moved
    previous = load_accepted(results, earlier, country, study.codebook, key, renames)
    if previous:
        # What this run has not made was published all the same.
        current_tables = pd.MultiIndex.from_frame(cells[TABLE])
        previous_tables = pd.MultiIndex.from_frame(previous.cells[TABLE])
        cells = pd.concat(
            [cells, previous.cells[~previous_tables.isin(current_tables)]], ignore_index=True
        )
    write_table(table_file(results, name, country, AGGREGATES), cells, CELLS, simulated)


def _copy_answers(
    study: Study, earlier: Sequence[AcceptedStatement], name: str, country: str
) -> None:
    """Write how often each question was answered, as it was told: tables that stay keep theirs."""
    results, codebook = study.config.results, study.codebook
    path = results / RESTRICTED / "prepared" / country / ITEM_ANSWERS
    answers = read_table(path, contracts.restricted_contract("country/item_answers"))
    names_with_country = [release.name for release in earlier if country in release.countries]
    if names_with_country:
        last = read_table(
            country_file(results, names_with_country[-1], country, ITEM_ANSWERS),
            contracts.restricted_contract("country/item_answers"),
        )
        former_answers = CurrentNames(release_rules(study.config).moved, codebook).to_current_names(
            last, f"release {names_with_country[-1]}"
        )
        decided = read_table(results / RESTRICTED / GATE / country / "decisions.csv", DECIDED)
        answers = keep_frozen_answers(answers, former_answers, decided)
    write_table(
        country_file(results, name, country, ITEM_ANSWERS),
        answers,
        contracts.restricted_contract("country/item_answers"),
        study.config.study.simulated,
    )


def _copy_absent_countries(
    results: Path, last: AcceptedStatement | None, name: str, codes: Sequence[str]
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


def _hash_content(content: Any) -> str:
    serialised = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(serialised.encode("utf-8")).hexdigest()
