"""Why a document may not be published yet, for its cover and the foot of each page."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.countries import Country

# Of the record: what keeps a release from being accepted.
UNWRITTEN = "to_be_written"
# A document with fewer of its texts translated is no translation.
TRANSLATED_AT_LEAST = 0.5


@dataclass(frozen=True)
class DraftStatus:
    """What is not settled about one document.

    Attributes:
        draft: whether its translation awaits a review.
        untranslated: its texts that stand in English for want of a translation.
        helpline: whether it should name a helpline and none is confirmed.
        simulated: whether it is marked on every page as no real study, and may go without.
        unwritten: files that its authors are still to write.
    """

    draft: bool
    untranslated: tuple[str, ...]
    helpline: bool
    simulated: bool
    unwritten: tuple[str, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether it must not be published for want of a helpline."""
        return self.helpline and not self.simulated

    def sentence(self, translator: Translator[Markdown]) -> Markdown:
        """Return what the document says about itself, in its own language; empty if nothing."""
        sentences = []
        if self.blocked:
            sentences.append(translator("Not for publication: no helpline is confirmed."))
        if self.draft:
            sentences.append(translator("Draft translation: not reviewed by a native speaker."))
        if self.untranslated:
            count = translator.number(len(self.untranslated))
            sentences.append(translator("Texts not translated yet: {count}.", count=count))
        return Markdown(" ".join(sentences))

    def record(self) -> dict[str, Any]:
        """Return the status as it is kept beside the document."""
        return {
            "draft_translation": self.draft,
            "help_not_confirmed": self.helpline,
            "not_for_publication": self.blocked,
            "untranslated": list(self.untranslated),
            UNWRITTEN: list(self.unwritten),
        }


def read_marks(folder: Path, translator: Translator[str]) -> list[str]:
    """Return what is not settled about the document of a folder, translated; empty if nothing."""
    path = folder / "status.json"
    record = read_json(path) if path.is_file() else {}
    mark_texts = {
        "not_for_publication": translator("not for publication"),
        "draft_translation": translator("draft translation"),
    }
    return [mark for key, mark in mark_texts.items() if record.get(key)]


def find_status(
    area: Country,
    study: StudyInfo,
    translator: Translator[str],
    figures: Sequence[str],
    document: str,
    unwritten: Sequence[str] = (),
) -> DraftStatus:
    """Return the status of a document that ``translator`` has filled.

    A simulated study is marked on every page as no real study: it may go without a helpline.

    Args:
        study: what the study is.
        translator: the language, after all texts of the document were asked for.
        figures: texts of its figures that stand in English.
        document: name of the document for the error.
        unwritten: files that its authors are still to write.

    Raises:
        StudyError: where most of the document would stand in English.
    """
    missing = translator.untranslated
    if len(missing) > (1 - TRANSLATED_AT_LEAST) * len(translator.asked):
        raise StudyError(
            f"{document}, language '{translator.language}'",
            f"{len(missing)} of its {len(translator.asked)} texts have no translation, "
            f"for instance '{min(missing)}'",
            "Fill the catalogue (docs/translating.md), or take the language out of the countries "
            "file",
        )
    return DraftStatus(
        draft=translator.draft,
        untranslated=tuple(sorted({*missing, *figures})),
        helpline=study.template == "country"
        and study.harm is not None
        and not area.helpline_confirmed,
        simulated=study.simulated,
        unwritten=tuple(unwritten),
    )
