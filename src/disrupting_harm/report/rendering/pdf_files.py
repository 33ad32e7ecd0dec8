"""PDF files in fewer bytes: the same objects, packed.

Typst writes the structure that screen readers follow as plain text: two thirds of a data book. Here
all objects but streams go into compressed streams of objects (ISO 32000-1, 7.5.7), the table of
where they lie becomes a stream itself (7.5.8), and streams are compressed more than Typst does. No
object is changed, so pages, tags and conformance to PDF/UA stay as Typst made them.
"""

import re
import zlib
from itertools import pairwise

_LEVEL = 7  # of zlib: 9 takes twice as long, for one per cent of the bytes
_TOGETHER = 500  # objects in one stream; who needs one of them unpacks them all
_FREE, _PLAIN, _PACKED = range(3)  # how the table says where an object lies
_END = re.compile(rb"startxref\n(\d+)\n%%EOF\s*$")
_TABLE = re.compile(rb"xref\n0 \d+\n(.*)trailer\n<<(.*)>>\n", re.DOTALL)
_PLACE = re.compile(rb"(\d{10}) 00000 n")
_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*)\nendobj\s*", re.DOTALL)
_STREAM = re.compile(rb"<<(.*?)>>\nstream\n(.*)\nendstream", re.DOTALL)


def pack_pdf(pdf: bytes) -> bytes:
    """Return a PDF of Typst in fewer bytes, always the same ones for the same document.

    A file of another build, such as one that is packed already, is returned as it is.
    """
    objects_and_trailer = _read_objects(pdf)
    if objects_and_trailer is None:
        return pdf
    objects, trailer = objects_and_trailer
    content_written = bytearray(pdf[: pdf.index(b"1 0 obj")])
    locations = {0: (_FREE, 0, 65535)}

    def write(number: int, head: bytes, content: bytes) -> None:
        locations[number] = _PLAIN, len(content_written), 0
        content_written.extend(
            b"%d 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\n" % (number, head, content)
        )

    streams = {number: match for number, body in objects.items() if (match := _STREAM.match(body))}
    for number, stream in streams.items():
        write(number, *_compress_stream(*stream.groups()))
    plain_numbers = [number for number in objects if number not in streams]
    number = max(objects) + 1
    for start in range(0, len(plain_numbers), _TOGETHER):
        members = plain_numbers[start : start + _TOGETHER]
        locations |= {member: (_PACKED, number, index) for index, member in enumerate(members)}
        write(number, *_build_object_stream({member: objects[member] for member in members}))
        number += 1
    table_offset = len(content_written)
    locations[number] = _PLAIN, table_offset, 0
    rows = b"".join(
        entry_type.to_bytes(1) + offset.to_bytes(4) + index_in_stream.to_bytes(2)
        for _, (entry_type, offset, index_in_stream) in sorted(locations.items())
    )
    table_head = re.sub(rb"/Size \d+", b"/Size %d" % (number + 1), trailer)
    write(number, *_deflate_stream(b"/Type/XRef/W[1 4 2]" + table_head, rows))
    return bytes(content_written + b"startxref\n%d\n%%%%EOF\n" % table_offset)


def _read_objects(pdf: bytes) -> tuple[dict[int, bytes], bytes] | None:
    """Return the objects of a file by number, and its trailer; None if Typst did not write it."""
    end = _END.search(pdf)
    table = end and _TABLE.match(pdf, int(end[1]))
    if not end or not table:
        return None
    starts = sorted(int(offset) for offset in _PLACE.findall(table[1]))
    matches = [_OBJECT.fullmatch(pdf, *span) for span in pairwise([*starts, int(end[1])])]
    objects = {int(match[1]): match[2] for match in matches if match}
    return (objects, table[2]) if len(objects) == len(starts) > 0 else None


def _compress_stream(head: bytes, content: bytes) -> tuple[bytes, bytes]:
    """Return a stream's entries and content; packed anew where zlib packed it before."""
    if b"/Filter/FlateDecode" not in head:
        return head, content
    smaller = zlib.compress(zlib.decompress(content), _LEVEL)
    if len(smaller) >= len(content):
        return head, content
    return re.sub(rb"/Length \d+", b"/Length %d" % len(smaller), head, count=1), smaller


def _build_object_stream(objects: dict[int, bytes]) -> tuple[bytes, bytes]:
    """Return the entries and the content of a stream of objects: where each begins, and they."""
    index, content = [], b""
    for number, body in objects.items():
        index.append(b"%d %d" % (number, len(content)))
        content += body + b"\n"
    head = b" ".join(index) + b"\n"
    return _deflate_stream(
        b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), head + content
    )


def _deflate_stream(head: bytes, content: bytes) -> tuple[bytes, bytes]:
    smaller = zlib.compress(content, _LEVEL)
    return head + b"/Filter/FlateDecode/Length %d" % len(smaller), smaller
