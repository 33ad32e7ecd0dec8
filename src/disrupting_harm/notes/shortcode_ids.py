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
from disrupting_harm.provenance.row_addresses import RESERVED_NAMES

ESTIMATE = "estimate"
# Areas of addresses that are no country; WLD is the world, in tables of evidence.
_OTHER_AREAS = (COMPARE, STUDY, EVERYWHERE, "WLD")


@dataclass(frozen=True)
class ShortcodeIds:
    """What the ids of one note are completed with.

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

    def address_of(self, name: str) -> str:
        """Return the address that a name stands for.

        Raises:
            StudyError: if it has no country, or names a language.
        """
        if "(" in name:
            return name
        segments = self._split_name(name)
        if segments[0] not in (COMPARE, STUDY, EVERYWHERE) and segments[1] not in RESERVED_NAMES:
            is_estimate = len(segments) == 2 or ":" in segments[-1]
            return "/".join([*segments, ESTIMATE] if is_estimate else segments)
        return "/".join(segments)

    def row_address_of(self, name: str) -> str:
        """Return the address of the row that a name stands for, without its measure."""
        return self.address_of(name).rpartition("/")[0]

    def split_block_name(self, name: str) -> tuple[str, str]:
        """Return country and name of a figure or a table.

        Raises:
            StudyError: as :meth:`address`.
        """
        country, *rest = self._split_name(name)
        return country, "/".join(rest)

    def _split_name(self, name: str) -> list[str]:
        segments = [segment for segment in name.split("/") if segment]
        if not segments:
            raise StudyError(f"'{name}'", "it is no id", "Write e.g. KEN/clear_examples")
        has_area = segments[0] in self.countries or segments[0] in _OTHER_AREAS
        for segment in segments[:2] if has_area else segments[:1]:
            if segment in self.languages and segment not in self.countries:
                raise StudyError(
                    f"'{name}'",
                    f"it names the language '{segment}'",
                    f"leave it out: everything is printed in the note's language, {self.language}",
                )
        if has_area:
            if len(segments) == 1:
                raise StudyError(f"'{name}'", "it names no indicator", f"write {name}/…")
            return segments
        if not self.country or segments[0].isupper():
            suggestion = suggest_name(segments[0], self.countries)
            raise StudyError(
                f"'{name}'",
                f"'{segments[0]}' is no country of the study",
                f"{suggestion}Begin with a country, e.g. {min(self.countries)}/{name}, or give "
                "'country' in the front matter",
            )
        return [self.country, *segments]
