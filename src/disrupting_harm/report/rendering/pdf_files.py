"""PDF files of Typst as they are published: with text that can be searched, and in fewer bytes.

Typst writes the structure that screen readers follow as plain text: two thirds of a data book. Here
all objects but streams go into compressed streams of objects (ISO 32000-1, 7.5.7), and streams are
compressed more than Typst does. Pages, tags and conformance to PDF/UA stay as Typst made them.
"""

from io import BytesIO
from typing import Final

_LEVEL: Final = 7  # of zlib: 9 takes half as long again, for one per cent of the bytes


def finish_pdf(pdf: bytes) -> bytes:
    """Return a PDF of Typst as it is published, always the same bytes for the same document.

    Raises:
        pikepdf.PdfError: for what is no PDF.
    """
    import pikepdf  # a process that makes no PDF does without

    from disrupting_harm.report.rendering.pdf_text import write_clusters_as_glyphs

    pikepdf.settings.set_flate_compression_level(_LEVEL)
    finished = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as document:
        write_clusters_as_glyphs(document)
        document.save(
            finished,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
            deterministic_id=True,
            fix_metadata_version=False,  # Typst's is right
        )
    return finished.getvalue()
