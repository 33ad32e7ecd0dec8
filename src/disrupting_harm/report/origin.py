"""The end of every caption: the source of the estimates, and whether they are simulated."""

from disrupting_harm.report.words import Words


def origin(words: Words, source: str, simulated: bool) -> str:
    """Return the source of estimates and, where they are simulated, the sentence that says so.

    Args:
        words: the language.
        source: what kind of survey the data come from, in English as in the configuration.
        simulated: whether the data are simulated.
    """
    sentences = [words("Source: {source}.", source=words.of_study(source))]
    if simulated:
        sentences.append(words("The data are simulated."))
    return " ".join(sentences)
