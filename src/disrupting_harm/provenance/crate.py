"""A finished run as a Workflow Run RO-Crate: a folder that archives take and machines read.

It holds the public results, the rules that made them and ``ro-crate-metadata.json``: names, sizes
and hashes, from the manifest. No time, machine, person or path of this computer is in it, and
nothing restricted.

https://w3id.org/ro/crate/1.1, https://w3id.org/ro/wfrun/workflow/0.5
"""

import mimetypes
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from disrupting_harm import __version__
from disrupting_harm.errors import StudyError
from disrupting_harm.files import read_json, write_json
from disrupting_harm.package import workflow_folder
from disrupting_harm.places import PUBLIC
from disrupting_harm.provenance.made import sha256
from disrupting_harm.provenance.verify import MANIFEST, verify_public

METADATA = "ro-crate-metadata.json"
WORKFLOW = "workflow/Snakefile"
CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    "https://w3id.org/ro/terms/workflow-run/context",
]
PROFILES = (
    "https://w3id.org/ro/wfrun/process/0.5",
    "https://w3id.org/ro/wfrun/workflow/0.5",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0",
)
SNAKEMAKE = "https://w3id.org/workflowhub/workflow-ro-crate#snakemake"
RUN = "#run"
Entity = dict[str, Any]


def write_crate(results: Path, folder: Path, licence: str) -> int:
    """Write the crate of a finished run into a new folder; return how many files it holds.

    Args:
        results: folder of the results.
        folder: that of the crate, which is not there yet.
        licence: address of the licence of the results, which only their publisher knows.

    Raises:
        StudyError: the folder is there, or the results differ from their manifest.
    """
    public = results / PUBLIC
    if not licence.startswith(("https://", "http://")):
        found = f"'{licence}' is no address"
        remedy = "Write one, as https://creativecommons.org/licenses/…"
        raise StudyError("--licence, or study.licence", found, remedy)
    if folder.exists():
        raise StudyError(str(folder), "it is there", "Name a new folder")
    if lines := verify_public(public).lines():
        found = f"{len(lines)} of its files are missing, changed or foreign"
        remedy = "`disrupting-harm verify` names them; run the study again, then make the crate"
        raise StudyError(str(public), found, remedy)
    manifest = read_json(public / MANIFEST)
    rules = sorted(path for path in workflow_folder().rglob("*") if _is_rule(path))
    files = {f"workflow/{path.relative_to(workflow_folder()).as_posix()}": path for path in rules}
    listed = (*manifest["outputs"], f"{PUBLIC}/{MANIFEST}")
    files |= {name: results / name for name in sorted(listed)}
    for name, path in files.items():
        _place(path, folder / name)
    entities = [*_head(manifest, licence, list(files)), *_files(files)]
    write_json(folder / METADATA, {"@context": CONTEXT, "@graph": entities})
    return len(files)


def _is_rule(path: Path) -> bool:
    return path.is_file() and (path.suffix in (".smk", ".py") or path.name == "Snakefile")


def _place(source: Path, target: Path) -> None:
    """Put a file into the crate without a second copy on the disk, where that can be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _head(manifest: dict[str, Any], licence: str, files: list[str]) -> Iterator[Entity]:
    """Yield the crate itself, its workflow, and the run that made the results."""
    study = manifest["configuration"]["study"]
    made = [{"@id": name} for name in files if name.startswith(f"{PUBLIC}/")]
    definitions = sorted(manifest["inputs"].items())
    kind = "simulated data" if manifest["simulated"] else "survey data and evidence"
    yield {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": [{"@id": CONTEXT[0].removesuffix("/context")}, {"@id": PROFILES[-1]}],
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": study["title"],
        "description": f"Public results of one run of the workflow on {kind}: "
        f"{manifest['release']}.",
        "datePublished": study["date"],
        "license": {"@id": licence},
        "conformsTo": [{"@id": profile} for profile in PROFILES],
        "hasPart": [{"@id": name} for name in files],
        "mainEntity": {"@id": WORKFLOW},
        "mentions": {"@id": RUN},
    }
    yield {"@id": licence, "@type": "CreativeWork", "name": licence}
    for profile in PROFILES:
        version = profile.rpartition("/")[2]
        yield {"@id": profile, "@type": "CreativeWork", "name": profile, "version": version}
    yield {
        "@id": SNAKEMAKE,
        "@type": "ComputerLanguage",
        "name": "Snakemake",
        "identifier": {"@id": "https://snakemake.github.io"},
        "url": {"@id": "https://snakemake.github.io"},
        "version": manifest["software"]["snakemake"],
    }
    yield {
        "@id": RUN,
        "@type": "CreateAction",
        "name": f"A run of disrupting-harm {__version__}",
        "instrument": {"@id": WORKFLOW},
        "object": [{"@id": f"#{name}"} for name, _ in definitions],
        "result": made,
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }
    for name, digest in definitions:
        yield {"@id": f"#{name}", "@type": "PropertyValue", "name": name, "value": digest}


def _files(files: dict[str, Path]) -> Iterator[Entity]:
    for name, path in files.items():
        known = mimetypes.guess_type(name, strict=False)[0]
        entity: Entity = {
            "@id": name,
            "@type": "File",
            "name": name,
            "contentSize": str(path.stat().st_size),
            "encodingFormat": known or "text/plain",
            "sha256": sha256(path),
        }
        if name == WORKFLOW:
            entity |= {
                "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow"],
                "programmingLanguage": {"@id": SNAKEMAKE},
                "version": __version__,
            }
        yield entity
