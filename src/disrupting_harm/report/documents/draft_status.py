"""Why a document may not be published yet, for its cover and the foot of each page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disrupting_harm.core.errors import StudyError
from disrupting_harm.core.files import read_json
from disrupting_harm.report.language.markdown import Markdown
from disrupting_harm.report.language.reviews import TranslationStatus
from disrupting_harm.report.language.translator import Printed, Translator
from disrupting_harm.report.reading.country_results import Figure
from disrupting_harm.study.configuration.config import StudyInfo
from disrupting_harm.study.countries import Country

# Of the record: what keeps a release from being accepted.
UNWRITTEN = "to_be_written"
# What a translated document says of itself; all of them are among its texts, the first by its
# form for one text.
DRAFT_MARK = "Draft translation: {count} of {total} texts has not been reviewed."
REVIEWED_MARK = "Translation reviewed by {office}, {date}."
APPROVED_MARK = "Translation approved by {office}, {date}."
TRANSLATION_MARKS = (DRAFT_MARK, REVIEWED_MARK, APPROVED_MARK)
# A document with fewer of its texts translated is no translation.
TRANSLATED_AT_LEAST = 0.5


@dataclass(frozen=True)
class DraftStatus:
    """What is not settled about one document.

    Attributes:
        translation: how far its translation was reviewed; None of an English document.
        untranslated: its texts that stand in English for want of a translation.
        helpline: whether it should name a helpline and none is confirmed.
        simulated: whether it is marked on every page as no real study, and may go without.
        unwritten: files that its authors are still to write.
    """

    translation: TranslationStatus | None
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
        if self.translation:
            sentences.append(describe_translation(translator, self.translation))
        if self.untranslated:
            count = translator.number(len(self.untranslated))
            sentences.append(translator("Texts not translated yet: {count}.", count=count))
        return Markdown(" ".join(sentences))

    def record(self) -> dict[str, Any]:
        """Return the status as it is kept beside the document."""
        return {
            "draft_translation": bool(self.translation and self.translation.unreviewed),
            "help_not_confirmed": self.helpline,
            "not_for_publication": self.blocked,
            "untranslated": list(self.untranslated),
            UNWRITTEN: list(self.unwritten),
            "translation": self.translation and self.translation.record(),
        }


def find_translation_status(
    translator: Translator[Printed], messages: Collection[str]
) -> TranslationStatus | None:
    """Return how far the texts of a translated document were reviewed; None for English.

    Args:
        messages: that it prints, without the sentence on its translation.
    """
    if translator.reviews is None:
        return None
    return translator.reviews.summarise({*messages, *TRANSLATION_MARKS})


def describe_translation(translator: Translator[Printed], status: TranslationStatus) -> Printed:
    """Return the sentence of a document, a page or a figure on its translation."""
    if status.date is None:
        count, total = translator.number(status.unreviewed), translator.number(status.texts)
        return _describe_draft(translator, status.unreviewed, count, total)
    office, date = translator.enumeration(status.offices), translator.date(status.date)
    mark = APPROVED_MARK if status.level == "approved" else REVIEWED_MARK
    return translator(mark, office=office, date=date)


def list_translation_marks(translator: Translator[str]) -> list[str]:
    """Return what a page may say of its translation, in every plural form, with placeholders."""
    # No language of the CLDR has a form that first stands behind a hundred others.
    drafts = [_describe_draft(translator, count, "{count}", "{total}") for count in range(101)]
    marks = [translator.translate_or_keep(mark) for mark in (REVIEWED_MARK, APPROVED_MARK)]
    return [*dict.fromkeys(drafts), *marks]


def _describe_draft(
    translator: Translator[Printed], unreviewed: int, count: str, total: str
) -> Printed:
    return translator.plural(
        "Draft translation: {count} of {total} texts has not been reviewed.",
        "Draft translation: {count} of {total} texts have not been reviewed.",
        unreviewed,
        count=count,
        total=total,
    )


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
    printed: Collection[str],
    figures: Collection[Figure],
    document: str,
    unwritten: Sequence[str] = (),
) -> DraftStatus:
    """Return the status of a document that ``translator`` has filled.

    A simulated study is marked on every page as no real study: it may go without a helpline.

    Args:
        study: what the study is.
        translator: the language, after all texts of the document were asked for.
        printed: messages that the document prints.
        figures: those of the document, which print texts of their own.
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
    untranslated = {*missing, *(text for figure in figures for text in figure.untranslated)}
    hashes = {text for figure in figures for text in figure.texts}
    drawn = translator.reviews.find_messages(hashes) if translator.reviews else ()
    return DraftStatus(
        translation=find_translation_status(translator, {*printed, *drawn, *untranslated}),
        untranslated=tuple(sorted(untranslated)),
        helpline=study.template == "country"
        and study.harm is not None
        and not area.helpline_confirmed,
        simulated=study.simulated,
        unwritten=tuple(unwritten),
    )
