"""A release of documents that readers have reviewed; one changed sentence, and it is refused."""

from pathlib import Path

import polib
import pytest
from checkout import Checkout
from mini_study import CONFIG
from releasing import ReleasingStudy
from review_ledgers import write_ledger

from disrupting_harm.report.translations.catalogue import main

LANGUAGE = "vi"
LOCALE = Path("workflow") / "templates" / "locale" / LANGUAGE
CATALOGUE = LOCALE / "LC_MESSAGES" / "report.po"
CHANGED = "Results by group"


@pytest.fixture
def study(mini_copy: Checkout, tmp_path: Path) -> ReleasingStudy:
    """The mini study with a report in another language, which a release wants to be reviewed."""
    mini_copy.edit("mini/regions.csv", "N,North,N.csv,en\n", f"N,North,N.csv,en {LANGUAGE}\n")
    mini_copy.edit(CONFIG, "\nreport:\n", "\nreport:\n  translations_at_least: reviewed\n")
    # A level without a label is printed by its code, which no catalogue holds.
    for domain, labels in (
        ("total, label: All", "all: Everybody"),
        ("sex, label: Sex, item: sex", "boy: Boys, girl: Girls"),
        ("area, label: Area, item: area", "urban: Towns, rural: Villages"),
    ):
        old = f"{{id: {domain}}}"
        mini_copy.edit("mini/indicators.yaml", old, f"{old[:-1]}, levels_label: {{{labels}}}}}")
    return ReleasingStudy(mini_copy, tmp_path / "safe" / "key")


def translate_words_of_study(study: ReleasingStudy) -> None:
    """Write a translation of each text that the mini study adds, as its translators would."""
    folder = study.checkout.folder
    path = folder / CATALOGUE
    templates, config = folder / "workflow" / "templates", folder / CONFIG
    assert main(["update", "--templates", str(templates), "--config", str(config)]) == 0
    catalogue = polib.pofile(str(path), wrapwidth=100)
    # What is nearly a text of another study has the translation of that one, to be looked at.
    for entry in (*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()):
        assert not entry.msgid_plural
        entry.msgstr, entry.previous_msgid = f"«{entry.msgid}»", None
        entry.fuzzy = False
    path.write_text(f"{catalogue}", encoding="utf-8")


@pytest.mark.slow
def test_a_reviewed_study_is_accepted_and_one_changed_sentence_refuses_it_by_name(
    study: ReleasingStudy,
) -> None:
    folder = study.checkout.folder
    translate_words_of_study(study)
    write_ledger(folder / LOCALE, office="Ministry A")
    done = study.run()
    assert done.returncode == 0, done.stderr

    path = folder / CATALOGUE
    catalogue = polib.pofile(str(path), wrapwidth=100)
    (entry,) = (entry for entry in catalogue if entry.msgid == CHANGED)
    former, entry.msgstr = entry.msgstr, "Không có kết quả nào theo nhóm"
    before = path.read_bytes()
    path.write_text(f"{catalogue}", encoding="utf-8")
    done = study.run()
    assert done.returncode == 0, done.stderr
    refused = study.release("accept", "2026-1", "--by", "the board")
    assert refused.returncode == 1
    assert f"reports/N/{LANGUAGE}, language '{LANGUAGE}': 1 of its " in refused.stderr, (
        refused.stderr
    )
    assert "texts are not 'reviewed'" in refused.stderr
    assert f"the first of them “{CHANGED}”" in refused.stderr
    assert not (study.releases / "2026-1" / "accepted.json").exists()

    assert former not in ("", entry.msgstr)
    path.write_bytes(before)
    done = study.run()
    assert done.returncode == 0, done.stderr
    accepted = study.release("accept", "2026-1", "--by", "the board")
    assert accepted.returncode == 0, accepted.stderr
    assert study.manifest()["release"] == "2026-1"
