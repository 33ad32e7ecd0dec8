"""PDF files in fewer bytes: the same objects, packed.

Typst writes the structure that screen readers follow as plain text: two thirds of a data book. Here
all objects but streams go into compressed streams of objects (ISO 32000-1, 7.5.7), the table of
where they lie becomes a stream itself (7.5.8), and streams are compressed as far as zlib can. No
object is changed, so pages, tags and conformance to PDF/UA stay as Typst made them.
"""

import re
import zlib
from itertools import pairwise

_TOGETHER = 500  # objects in one stream; who needs one of them unpacks them all
_FREE, _PLAIN, _PACKED = range(3)  # how the table says where an object lies
_END = re.compile(rb"startxref\n(\d+)\n%%EOF\s*$")
_TABLE = re.compile(rb"xref\n0 \d+\n(.*)trailer\n<<(.*)>>\n", re.DOTALL)
_PLACE = re.compile(rb"(\d{10}) 00000 n")
_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*)\nendobj\s*", re.DOTALL)
_STREAM = re.compile(rb"<<(.*?)>>\nstream\n(.*)\nendstream", re.DOTALL)


def packed(pdf: bytes) -> bytes:
    """Return a PDF of Typst in fewer bytes, always the same ones for the same document.

    A file of another build, such as one that is packed already, is returned as it is.
    """
    known = _read(pdf)
    if known is None:
        return pdf
    objects, trailer = known
    written = bytearray(pdf[: pdf.index(b"1 0 obj")])
    places = {0: (_FREE, 0, 65535)}

    def write(number: int, head: bytes, content: bytes) -> None:
        places[number] = _PLAIN, len(written), 0
        written.extend(
            b"%d 0 obj\n<<%s>>\nstream\n%s\nendstream\nendobj\n" % (number, head, content)
        )

    streams = {number: found for number, body in objects.items() if (found := _STREAM.match(body))}
    for number, stream in streams.items():
        write(number, *_compressed(*stream.groups()))
    plain = [number for number in objects if number not in streams]
    number = max(objects) + 1
    for start in range(0, len(plain), _TOGETHER):
        members = plain[start : start + _TOGETHER]
        places |= {member: (_PACKED, number, at) for at, member in enumerate(members)}
        write(number, *_objects_stream({member: objects[member] for member in members}))
        number += 1
    table_at = len(written)
    places[number] = _PLAIN, table_at, 0
    rows = b"".join(
        kind.to_bytes(1) + where.to_bytes(4) + which.to_bytes(2)
        for _, (kind, where, which) in sorted(places.items())
    )
    own = re.sub(rb"/Size \d+", b"/Size %d" % (number + 1), trailer)
    write(number, *_deflated(b"/Type/XRef/W[1 4 2]" + own, rows))
    return bytes(written + b"startxref\n%d\n%%%%EOF\n" % table_at)


def _read(pdf: bytes) -> tuple[dict[int, bytes], bytes] | None:
    """Return the objects of a file by number, and its trailer; None if it is not Typst's."""
    end = _END.search(pdf)
    table = end and _TABLE.match(pdf, int(end[1]))
    if not end or not table:
        return None
    starts = sorted(int(place) for place in _PLACE.findall(table[1]))
    found = [_OBJECT.fullmatch(pdf, *span) for span in pairwise([*starts, int(end[1])])]
    objects = {int(each[1]): each[2] for each in found if each}
    return (objects, table[2]) if len(objects) == len(starts) > 0 else None


def _compressed(head: bytes, content: bytes) -> tuple[bytes, bytes]:
    """Return a stream's entries and content; packed anew where zlib packed it before."""
    if b"/Filter/FlateDecode" not in head:
        return head, content
    smaller = zlib.compress(zlib.decompress(content), 9)
    if len(smaller) >= len(content):
        return head, content
    return re.sub(rb"/Length \d+", b"/Length %d" % len(smaller), head, count=1), smaller


def _objects_stream(objects: dict[int, bytes]) -> tuple[bytes, bytes]:
    """Return the entries and the content of a stream of objects: where each begins, and they."""
    index, content = [], b""
    for number, body in objects.items():
        index.append(b"%d %d" % (number, len(content)))
        content += body + b"\n"
    head = b" ".join(index) + b"\n"
    return _deflated(b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head)), head + content)


def _deflated(head: bytes, content: bytes) -> tuple[bytes, bytes]:
    smaller = zlib.compress(content, 9)
    return head + b"/Filter/FlateDecode/Length %d" % len(smaller), smaller
