"""Ledgers of reviews made by hand, from files alone: nothing of the library hashes their texts."""

import csv
import hashlib
import re
from pathlib import Path

import polib
import yaml

COLUMNS = [
    "text",
    "english",
    "verdict",
    "reviewer",
    "office",
    "date",
    "document",
    "terms",
    "remark",
]


def hash_text(folder: Path, entry: polib.POEntry) -> str:
    """Return the hash of a text of a language, whose folder it is."""
    terms = yaml.safe_load((folder / "glossary.yml").read_text("utf-8"))["terms"]
    english = yaml.safe_load((folder.parent / "en" / "glossary.yml").read_text("utf-8"))["terms"]
    words = re.sub(r"{\w*}", " ", entry.msgid).lower()
    held = [
        f"{term}: {'|'.join(terms[term])}"
        for term, forms in english.items()
        if any(re.search(rf"(?<![\w-]){re.escape(form.lower())}(?!\w)", words) for form in forms)
    ]
    translation = " | ".join(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr
    return _hash(folder.name, entry.msgctxt or "", entry.msgid, translation, *held)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def write_ledger(folder: Path, office: str, verdict: str = "right") -> None:
    """Write a ledger by which one reader saw every text of a language."""
    entries = polib.pofile(str(folder / "LC_MESSAGES" / "report.po"))
    with (folder / "reviews.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for entry in entries:
            who = ("A reader", office, "2026-11-20", "report of KHM", "", "")
            english = f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
            writer.writerow((hash_text(folder, entry), _hash(english), verdict, *who))
