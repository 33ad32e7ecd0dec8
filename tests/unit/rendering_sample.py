"""A folder with the sample document and its figures below a root with the shared files."""

import atexit
import shutil
import struct
import tempfile
import zlib
from pathlib import Path

from disrupting_harm.report.rendering import write_shared

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "workflow" / "templates"
SAMPLE = ROOT / "tests" / "data" / "rendering"
# What documents share, as far as it decides whether their text is right.
SETTINGS = {"report-defaults": {"number-sections": True}}
_MADE: list[Path] = []
BARS = {"prevalence": (20, 13, 10, 7), "age": (11, 16)}


def sample_folder(folder: Path) -> Path:
    """Make ``folder`` with the sample as ``report.qmd``, below a furnished root; return it."""
    shutil.copytree(SAMPLE, folder)
    qmd = (folder / "sample.qmd").rename(folder / "report.qmd")
    figures = folder / "figures"
    for name, values in BARS.items():
        write_picture(figures, name, values)
    furnish(folder.parent)
    return qmd


def write_picture(folder: Path, name: str, values: tuple[int, ...] = (20, 13)) -> None:
    """Write a picture in the kinds that documents take."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.svg").write_text(_bars(values))
    (folder / f"{name}.png").write_bytes(_png())


def furnish(root: Path) -> None:
    """Write what all documents share; the same files for all tests of this process."""
    if not _MADE:
        made = Path(tempfile.mkdtemp(prefix="shared-"))
        atexit.register(shutil.rmtree, made)
        write_shared(made, TEMPLATES)
        _MADE.append(made)
    shutil.copytree(_MADE[0], root, dirs_exist_ok=True)


def _bars(values: tuple[int, ...]) -> str:
    bars = "".join(
        f'<rect x="10" y="{20 * i + 5}" width="{10 * v}" height="12" fill="#0B4F6C"/>'
        for i, v in enumerate(values)
    )
    size = f'width="300" height="{20 * len(values) + 10}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{bars}</svg>'


def _png() -> bytes:
    """Return a grey picture of 60 by 20 points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 60, 20, 8, 0, 0, 0, 0)
    rows = (b"\x00" + b"\x80" * 60) * 20
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def document(folder: Path, body: str, front: str = "", language: str = "en") -> Path:
    """Make ``folder`` with a small document below a furnished root; return it."""
    qmd = sample_folder(folder)
    qmd.write_text(
        f"---\ntitle: A title\nlang: {language}\ndate: 2026-11-24\n{front}---\n\n{body}\n",
        encoding="utf-8",
    )
    return qmd
