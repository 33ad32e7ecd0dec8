"""Releases that are safe over time: what was published, of whom, and what may be published next.

An accepted release leaves a record of its children (:mod:`.records`), under a key that lies
elsewhere (:mod:`.history`), and its tables at full precision. A later run compares its children
with these records (:mod:`.gate`): a table that too few children have changed stays as it was
published (:mod:`.frozen_tables`), because the difference of two releases would tell what these
children answered.
"""
