"""Notes of authors: prose whose numbers, tables and figures come from a finished run.

An author writes Markdown and names what is published; nothing is typed over. :mod:`.note` reads a
note, :mod:`.shortcodes` and :mod:`.note_folder` print what it names in its language, :mod:`.fill`
puts that in its place, holds the note to what reports are held to and gathers every fault, and
:mod:`.render_note` makes its documents. See ``docs/author-notes.md``.
"""
