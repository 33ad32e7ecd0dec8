"""What no document of a study or of one country may say, whatever its template and language."""

from disrupting_harm.evidence.prevalence_claims import refuse_prevalence_of_reports
from disrupting_harm.report.findings.order_claims import refuse_unfounded_claims, remove_labels
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.language.showable_letters import refuse_unshowable
from disrupting_harm.report.language.translator import Translator
from disrupting_harm.study.codebook.codebook import Codebook


def refuse_unfit(
    document: str, codebook: Codebook, translator: Translator[str], document_name: str
) -> None:
    """Refuse what no reader could read, and claims that none of its numbers can bear.

    Those are claims of order, and of reports as prevalence.

    Args:
        codebook: its labels may say "lowest" and "highest".
        document_name: name of the document for the error.

    Raises:
        StudyError: with the first such sentence, or the first letter that no font has.
    """
    document = remove_addresses(document)
    refuse_unshowable(document, document_name)
    text_without_labels = remove_labels(document, codebook, translator)
    if translator.language == "en":
        refuse_prevalence_of_reports(document, document_name)
        refuse_unfounded_claims(text_without_labels, (), document_name)
    else:
        refuse_unfounded_claims(text_without_labels, (), document_name, translator.superlatives)
