"""What an author writes in a shortcode, and the address in the public files that it stands for.

A country of the front matter need not be repeated, and the measure of an estimate may be left out::

    clear_examples                KEN/clear_examples/estimate, in a note on Kenya
    clear_examples/sex:girl/n     KEN/clear_examples/sex:girl/n
    UGA/clear_examples            UGA/clear_examples/estimate
"""

from collections.abc import Collection
from dataclasses import dataclass

from disrupting_harm.core.errors import StudyError, suggest_name
from disrupting_harm.provenance.addresses import COMPARE, EVERYWHERE, STUDY
from disrupting_harm.provenance.row_addresses import TAKEN

ESTIMATE = "estimate"
# Areas of addresses that are no country; WLD is the world, in tables of evidence.
_AREAS = (COMPARE, STUDY, EVERYWHERE, "WLD")


@dataclass(frozen=True)
class Ids:
    """The names of one note.

    Attributes:
        countries: codes of the study.
        country: the one of the note's front matter; empty without one.
        language: of the note.
        languages: all that documents may have.
    """

    countries: Collection[str]
    country: str
    language: str
    languages: Collection[str]

    def address(self, name: str) -> str:
        """Return the address that a name stands for.

        Raises:
            StudyError: if it has no country, or names a language.
        """
        if "(" in name:
            return name
        parts = self._parts(name)
        if parts[0] not in (COMPARE, STUDY, EVERYWHERE) and parts[1] not in TAKEN:
            estimate = len(parts) == 2 or ":" in parts[-1]
            return "/".join([*parts, ESTIMATE] if estimate else parts)
        return "/".join(parts)

    def row(self, name: str) -> str:
        """Return the address of the row that a name stands for, without its measure."""
        return self.address(name).rpartition("/")[0]

    def placed(self, name: str) -> tuple[str, str]:
        """Return country and name of a figure or a table.

        Raises:
            StudyError: as :meth:`address`.
        """
        country, *rest = self._parts(name)
        return country, "/".join(rest)

    def _parts(self, name: str) -> list[str]:
        parts = [part for part in name.split("/") if part]
        if not parts:
            raise StudyError(f"'{name}'", "it is no id", "Write e.g. KEN/clear_examples")
        own = parts[0] in self.countries or parts[0] in _AREAS
        for part in parts[:2] if own else parts[:1]:
            if part in self.languages and part not in self.countries:
                raise StudyError(
                    f"'{name}'",
                    f"it names the language '{part}'",
                    f"leave it out: everything is printed in the note's language, {self.language}",
                )
        if own:
            if len(parts) == 1:
                raise StudyError(f"'{name}'", "it names no indicator", f"write {name}/…")
            return parts
        if not self.country or parts[0].isupper():
            near = suggest_name(parts[0], self.countries)
            raise StudyError(
                f"'{name}'",
                f"'{parts[0]}' is no country of the study",
                f"{near}Begin with a country, e.g. {min(self.countries)}/{name}, or give "
                "'country' in the front matter",
            )
        return [self.country, *parts]
