"""Notes of authors: prose whose numbers, tables and figures come from a finished run.

An author writes Markdown and names what is published; nothing is typed over. :mod:`.note` reads a
note, :mod:`.printing` and :mod:`.placing` print what it names in its language, :mod:`.filling` puts
that in its place and gathers every fault, :mod:`.guards` holds it to what reports are held to, and
:mod:`.rendering` makes its documents. See ``docs/author-notes.md``.
"""
