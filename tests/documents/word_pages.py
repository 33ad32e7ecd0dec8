"""Word files as LibreOffice sets them on pages."""

import os
import subprocess
from pathlib import Path

_FONTS = """\
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include>/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>
"""


def convert_to_pdf(document: Path, fonts: Path, scratch: Path) -> Path:
    """Return the PDF that LibreOffice makes of a Word file.

    Args:
        fonts: folder of letters that the machine may lack.
        scratch: folder that takes the PDF, and what LibreOffice keeps of itself.
    """
    settings = scratch / "fonts.conf"
    settings.write_text(_FONTS.format(folder=fonts.resolve()), encoding="utf-8")
    out = scratch / "-".join(document.parts[-3:-1])
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{scratch}/profile"]
    command += ["--convert-to", "pdf", "--outdir", str(out), str(document)]
    environment = {**os.environ, "FONTCONFIG_FILE": str(settings)}
    subprocess.run(command, capture_output=True, check=True, env=environment)
    return out / f"{document.stem}.pdf"
