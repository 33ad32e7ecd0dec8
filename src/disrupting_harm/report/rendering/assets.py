"""What lies beside a ``.qmd``: style sheet, templates, Word styles, words of its language."""

from pathlib import Path

from disrupting_harm.errors import StudyError
from disrupting_harm.files import write_bytes, write_text
from disrupting_harm.report.rendering.docx import docx_styles, reference_document
from disrupting_harm.report.rendering.fonts import font_faces
from disrupting_harm.report.rendering.pandoc import run_pandoc
from disrupting_harm.report.rendering.source import split_front_matter

# Copied as they are; the style sheet gets the fonts of the language, the Word styles its header.
PARTIALS = ("typst-template.typ", "typst-show.typ", "title-block.html", "toc.html")


def furnish(qmd: Path, templates: Path) -> list[Path]:
    """Write into a document's folder all that its front matter names besides figures.

    Args:
        qmd: the document; its front matter gives language, title, watermark and organisation.
        templates: the folder with ``styles/`` and ``language/``.

    Returns:
        The files written: ``report.css``, the partials, ``reference.docx``, ``_language-xx.yml``.

    Raises:
        StudyError: for a language without a file of words.
    """
    metadata, _ = split_front_matter(qmd.read_text(encoding="utf-8"), qmd.name)
    language = str(metadata.get("lang", "en"))
    folder, styles = qmd.parent, templates / "styles"
    words = language_file(language, templates / "language")
    for source in [*(styles / name for name in PARTIALS), words]:
        write_bytes(folder / source.name, source.read_bytes())
    css = (styles / "report.css").read_text(encoding="utf-8")
    write_text(folder / "report.css", font_faces(language) + css)
    reference = reference_document(
        default_reference(),
        docx_styles(styles / "docx-styles.xml", language),
        watermark=str(metadata.get("watermark", "")),
        title=str(metadata.get("title", "")),
        organisation=str(metadata.get("organisation", "")),
    )
    write_bytes(folder / "reference.docx", reference)
    names = [*PARTIALS, words.name, "report.css", "reference.docx"]
    return [folder / name for name in names]


def language_file(language: str, folder: Path) -> Path:
    """Return the file of layout words for a BCP 47 language."""
    path = folder / f"_language-{language.split('-')[0]}.yml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem.removeprefix("_language-") for p in folder.glob("*.yml")))
        raise StudyError(
            str(path), f"no words for language '{language}' (there are {known})", "Write the file"
        )
    return path


def default_reference() -> bytes:
    """Return pandoc's own reference document."""
    return run_pandoc(["--print-default-data-file", "reference.docx"], where="reference.docx")
