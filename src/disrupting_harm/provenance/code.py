"""Which code made the results: a digest of the packages and the rules, and the commit where known.

The digest is the same wherever the same code lies. The commit is known only in a clone with its
history; in an unpacked archive it is None. So two builds of the same code have manifests that may
differ in ``commit`` and ``dirty``, and in nothing else.
"""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from disrupting_harm.package import ENGINE, PACKAGE, workflow_folder
from disrupting_harm.provenance.made import sha256

# What may differ between the manifests of two builds of one code.
OF_GIT = ("commit", "dirty")


def code_identity() -> dict[str, Any]:
    """Return ``tree``, the digest; ``commit``; ``dirty``, whether files differ from the commit."""
    return {"tree": tree(), **_commit()}


def tree() -> str:
    """Return the SHA-256 of the list of all files of the package and the rules with theirs."""
    lines = sorted(f"{sha256(path)}  {name}\n" for name, path in _files())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    """Yield each file by a name that is the same in the repository and in an installed package."""
    inside = PACKAGE / "workflow"
    folders = {package.name: package for package in (PACKAGE, ENGINE)}
    for name, folder in {**folders, "workflow": workflow_folder()}.items():
        for path in folder.rglob("*"):
            own = name == "workflow" or inside not in path.parents
            if own and path.is_file() and "__pycache__" not in path.parts:
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _commit() -> dict[str, Any]:
    rules = workflow_folder()
    # The whole project is one repository: one that only holds the environment is not this code.
    top = _git(rules, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != rules.resolve().parent:
        return dict.fromkeys(OF_GIT)
    changed = _git(rules.parent, "status", "--porcelain", "--", "engine", "src", "workflow")
    return {"commit": _git(rules, "rev-parse", "HEAD"), "dirty": bool(changed)}


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints; None where there is no git, or no repository."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
