"""Whole documents that somebody has read: what tests make now has to be the same to the letter.

    python tests/reviewed.py FILE_OF_TESTS ...   # write them anew, and show what is to be read

They lie in tests/data/reviewed. Such a comparison shows every sentence of a document where it
stands; what must hold of any document has a test of its own beside it.
"""

import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "reviewed"
# Names the folder that takes the documents as they are now, in place of a comparison.
WRITE_INTO = "WRITE_REVIEWED_INTO"


def assert_as_reviewed(name: str, text: str) -> None:
    """Compare a document with the reviewed one of that name."""
    if folder := os.environ.get(WRITE_INTO):
        (Path(folder) / name).write_text(text, encoding="utf-8")
        return
    difference = _compare(name, text)
    assert not difference, f"{difference}\nIf it is right: python tests/reviewed.py, see there"


def list_changes(before: str, after: str) -> str:
    """Return the lines of a document that differ from another one's, and nothing of where."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return "\n".join("" if line.startswith("@@") else line for line in [*lines][2:])


def _compare(name: str, text: str) -> str:
    """Return how a document differs from the reviewed one, line by line; empty: it does not."""
    path = FOLDER / name
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if text == before:
        return ""
    lines = (before.splitlines(), text.splitlines())
    difference = difflib.unified_diff(*lines, f"reviewed/{name}", "now", n=1, lineterm="")
    return "\n".join(difference) or f"{name}: another end of its last line"


def main() -> int:
    """Write the documents of some files of tests anew and show how they differ."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "-k", "reviewed", *sys.argv[1:]]
        done = subprocess.run(command, env={**os.environ, WRITE_INTO: folder}, check=False)
        for path in sorted(Path(folder).iterdir()):
            text = path.read_text(encoding="utf-8")
            print(_compare(path.name, text) or f"{path.name}: as before")
            (FOLDER / path.name).write_text(text, encoding="utf-8")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
