"""The address of a study as a QR code, for paper: one picture that all documents share."""

import io
from pathlib import Path

from disrupting_harm.core.files import write_bytes
from disrupting_harm.report.rendering.quarto_project import SHARED

NAME = "address"
PICTURES = (f"{SHARED}/{NAME}.svg", f"{SHARED}/{NAME}.png")
# Of a code that is torn or dirty, 15 per cent may be lost.
CORRECTION = "m"
# White modules round the code, which readers need to find it.
MARGIN = 4
PIXELS = 10  # of a module


def write_address(root: Path, address: str) -> list[Path]:
    """Write the QR code of an address as SVG and PNG below ``root``; the same bytes each time.

    Args:
        root: the folder above all documents.
        address: of the study, as printed beside the code.
    """
    # Most studies have no address.
    import segno

    code = segno.make_qr(address, error=CORRECTION)
    for name in PICTURES:
        out = io.BytesIO()
        code.save(out, name.rpartition(".")[2], border=MARGIN, scale=PIXELS, light="white")
        write_bytes(root / name, out.getvalue())
    return [root / name for name in PICTURES]
