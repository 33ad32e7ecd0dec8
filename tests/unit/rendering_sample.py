"""A furnished folder with the sample document and its figures, for the rendering tests."""

import shutil
import struct
import zlib
from pathlib import Path

from disrupting_harm.report.rendering import furnish

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "workflow" / "templates"
SAMPLE = ROOT / "tests" / "data" / "rendering"
BARS = {"prevalence": (20, 13, 10, 7), "age": (11, 16)}


def sample_folder(folder: Path) -> Path:
    """Make ``folder`` with the sample as ``report.qmd``, furnished; return the document."""
    shutil.copytree(SAMPLE, folder)
    qmd = (folder / "sample.qmd").rename(folder / "report.qmd")
    figures = folder / "figures"
    figures.mkdir()
    for name, values in BARS.items():
        (figures / f"{name}.svg").write_text(_bars(values))
        (figures / f"{name}.png").write_bytes(_png())
    furnish(qmd, TEMPLATES)
    return qmd


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
    """Make ``folder`` with a small document in the sample's style; return it, furnished."""
    qmd = sample_folder(folder)
    blocks = qmd.read_text().split("format:\n")[1].split("---")[0]
    qmd.write_text(
        f"---\ntitle: A title\nlang: {language}\ndate: 2026-11-24\n"
        f"language: _language-{language}.yml\n{front}format:\n{blocks}---\n\n{body}\n",
        encoding="utf-8",
    )
    furnish(qmd, TEMPLATES)
    return qmd
