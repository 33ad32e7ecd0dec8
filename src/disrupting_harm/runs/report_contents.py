"""What Snakemake's own report (``snakemake --report``) shows of a finished run.

A report leaves the folder of results: people send it on. So it holds files that the public manifest
lists, as it lists them, and no others: what may be read in it was published already.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.provenance.signature import MANIFEST, find_unchanged

# Pages link to pictures and styles beside them; in a report each file stands alone.
FORMATS = (".pdf", ".docx")
DOCUMENTS = {"briefs": "brief", "reports": "report"}


class Entry(NamedTuple):
    """A file of the report: its path, where it stands, and the name of its caption."""

    path: Path
    category: str
    subcategory: str
    caption: str
    # Words by the column that they stand in; a function where a file must be read for them.
    labels: Any


def list_entries(public: Path, names: Mapping[str, str]) -> list[Entry]:
    """Return what a report shows of the public results; nothing before a run has ended.

    Args:
        public: the folder of public results.
        names: those of the study's countries by code.
    """
    try:
        is_unchanged = find_unchanged(public)
    except StudyError:
        return []
    entries = [
        *_list_documents(public, names),
        *_list_figures(public),
        *_list_tables(public),
        *_list_weights(public, names),
        *_list_checks(public),
    ]
    # The manifest does not list itself.
    labels = partial(_read_audit, public / MANIFEST)
    manifest = Entry(public / MANIFEST, "Audit", "computed again", "audit", labels)
    return [manifest, *(entry for entry in entries if is_unchanged(entry.path))]


def _list_documents(public: Path, names: Mapping[str, str]) -> Iterator[Entry]:
    folders = {
        folder: (names.get(folder.parent.name, "all countries"), document)
        for kind, document in DOCUMENTS.items()
        for folder in sorted(public.glob(f"{kind}/*/*/"))
    }
    regional = sorted(public.glob("regional/*/"))
    folders |= dict.fromkeys(regional, ("all countries", "report"))
    for folder, (area, document) in folders.items():
        files = (folder / f"{document}{suffix}" for suffix in FORMATS)
        path = next((file for file in files if file.is_file()), None)
        if path:
            words = {"document": document, "language": folder.name}
            yield Entry(path, "Briefs and reports", area, "document", words)


def _list_figures(public: Path) -> Iterator[Entry]:
    folder = public / "figures" / "comparison"
    for path in sorted(folder.glob("*.svg")):
        if not path.stem.endswith("-phone"):
            kind = path.name.partition("-")[0]
            labels = partial(_read_title, folder / f"figures-{kind}.json", path.stem)
            yield Entry(path, "Comparison", kind, "figure", labels)


def _list_tables(public: Path) -> Iterator[Entry]:
    for path in sorted((public / "comparison").glob("*.csv")):
        yield Entry(path, "Comparison", "tables", "table", {"table": path.stem})


def _list_weights(public: Path, names: Mapping[str, str]) -> Iterator[Entry]:
    for code, name in names.items():
        path = public / "countries" / code / "quality.json"
        yield Entry(path, "Weights", "by country", "weights", partial(_read_weights, path, name))


def _list_checks(public: Path) -> Iterator[Entry]:
    checks = {"checklists.md": "reporting standards", "analysis.svg": "the analysis in a diagram"}
    for name, meaning in checks.items():
        yield Entry(public / name, "Audit", "how it was made", "made", {"file": meaning})


def _read_title(figures: Path, identifier: str, _wildcards: object) -> dict[str, str]:
    titles = {figure["id"]: figure["title"] for figure in read_json(figures)}
    return {"figure": titles[identifier]}


def _read_weights(path: Path, name: str, _wildcards: object) -> dict[str, str]:
    quality = read_json(path)
    weights, response = quality["weights"], (quality["response_rates"] or {}).get("rr1")
    # As texts: Snakemake's page shows nothing for a zero.
    return {
        "country": name,
        "interviewed": str(quality["interviewed"]),
        "response": "not recorded" if response is None else f"{response:.1%}",
        "design effect": f"{weights['kish_deff']:.2f}",
        "largest 1 %": f"{weights['largest_percent_share']:.1%}",
        "trimmed": str(weights["trimmed_weights"]),
    }


def _read_audit(manifest: Path, _wildcards: object) -> dict[str, str]:
    audit = read_json(manifest).get("audit") or {}
    agreement = ("yes" if audit["agrees"] else "no") if audit else "no microdata here"
    cells = str(audit.get("cells", "none"))
    return {"file": "manifest", "estimates computed again": cells, "agree": agreement}
