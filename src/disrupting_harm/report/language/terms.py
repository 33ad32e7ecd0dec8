"""The licence of the results and whom readers ask, as the foot of every page says them."""

from typing import TypeVar

from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.configuration.config import StudyInfo

Text = TypeVar("Text", bound=str)


def describe_terms(translator: Translator[Text], study: StudyInfo) -> Text:
    """Return one line; what the study does not name yet has to be named at release."""
    unnamed = translator("named at release")
    return translator(
        "Licence: {licence}. Contact: {contact}.",
        licence=study.licence or unnamed,
        contact=study.contact or unnamed,
    )


def link_contact(study: StudyInfo) -> str:
    """Return the address to which a link to the contact leads; empty without a contact."""
    contact = study.contact or ""
    is_page = contact.startswith(("https://", "http://"))
    return contact if is_page or not contact else f"mailto:{contact}"
