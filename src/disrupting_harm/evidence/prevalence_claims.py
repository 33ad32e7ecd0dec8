"""Find sentences that present counts of reports or records as prevalence.

CyberTips, police records and contacts of hotlines count what was reported. "More than 90 % of
CyberTips came from one company" is not "90 % of abuse happens there", and a number of reports is no
number of children. The check reads English sentences. It refuses some harmless ones, which can be
put in other words, so that no harmful one passes.
"""

import re

from disrupting_harm.core.errors import StudyError

_BODY = r"(?:the )?(?:national )?(?:police|law[- ]enforcement|hotlines?|helplines?)"
# Telling the police is something that children do; figures of the police are something else.
_SOURCE_OF_REPORTS = re.compile(
    rf"cyber\s?tip|\bNCMEC\b|\b(?:offence|crime) (?:statistics|records|figures)\b|"
    rf"\brecorded offences\b|"
    rf"\b(?:according to|recorded by|registered by|counted by|known to) {_BODY}\b|"
    rf"\b{_BODY}(?:['’]s)?\s+(?:records?|recorded|figures?|data|counts?|counted|statistics|"
    rf"numbers?|reports?|registered|received|says?|shows?|finds?|found)\b",
    re.IGNORECASE,
)
_NCMEC_NAME = re.compile(
    r"\b(?:National )?Cent(?:er|re) for Missing (?:and|\\?&) Exploited Children\b"
)
_CHILD = r"(?:children|girls|boys|minors|young people|teenagers)"
_HARMED = r"(?:affected|abused|harmed|exploited|victimi[sz]ed|subjected|groomed)"
_ABUSE = r"(?:sexual )?(?:abuse|exploitation)"
_PERCENT = r"\d[\d.,]*\s*(?:%|per cent\b|percent\b)"
_SHARE = rf"(?:{_PERCENT}\s+of\b|\b(?:one|\d+) in (?:\d[\d.,]*|\w+)\b)"
# Words that make a share one of reports, which it may be.
_OF_REPORTS = r"(?!(?:[\w-]+\s+){0,4}?(?:reports?|records?|cyber\s?tips?|tips|contacts|calls)\b)"
_CLAIM = re.compile(
    "|".join(
        [
            r"\bprevalen(?:ce|t)\b",
            r"\bincidence\b",
            rf"\b{_CHILD}\b(?:\s+\w+){{0,3}}?\s+{_HARMED}\b",
            rf"\b{_HARMED}\s+{_CHILD}\b",
            rf"\b(?:number|share|proportion) of (?:\w+\s+){{0,2}}?{_CHILD}\b",
            rf"\bhow (?:common|frequent|widespread|often|many {_CHILD})\b",
            rf"{_SHARE}\s+(?:all\s+|the\s+)?{_OF_REPORTS}(?:[\w-]+\s+){{0,4}}?"
            rf"(?:{_CHILD}|{_ABUSE}|cases)\b",
            rf"\bcases of (?:[\w-]+\s+){{0,4}}?{_ABUSE}\b[^.]*{_PERCENT}",
            rf"{_PERCENT}[^.]*\bcases of (?:[\w-]+\s+){{0,4}}?{_ABUSE}\b",
        ]
    ),
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|no|never|neither|nor|cannot|can't|isn't|aren't|don't|doesn't|nothing|without|"
    r"rather than|instead of|other than)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
_CLAUSE = re.compile(r"[,;:–—]\s|\b(?:but|yet|while|whereas|although|however|so|and so)\b")
_GOES_ON = re.compile(r"\s*(?:this|that|these|those|they|it|such|hence|so|thus|which)\b", re.I)


def find_prevalence_claims(text: str) -> list[str]:
    """Return the sentences that present reports or records as if they counted children or abuse.

    A sentence is one where it, or the one before that it takes up ("They are ..."), names such a
    count, and a clause of it speaks of prevalence, of children subjected to abuse or of shares of
    them, without saying "not" before.
    """
    claims = []
    about_reports = False
    for sentence in _SENTENCE.split(_NCMEC_NAME.sub("NCMEC", text)):
        names_reports = _SOURCE_OF_REPORTS.search(sentence) is not None
        about_reports = names_reports or (about_reports and _GOES_ON.match(sentence) is not None)
        if about_reports and _makes_claim(sentence):
            claims.append(" ".join(sentence.split()))
    return claims


def _makes_claim(sentence: str) -> bool:
    # Shares of cases may stand in another clause than the cases: the whole sentence is read first.
    for claim in _CLAIM.finditer(sentence):
        start = max(
            (clause_break.end() for clause_break in _CLAUSE.finditer(sentence, 0, claim.start())),
            default=0,
        )
        if not _NEGATED.search(sentence, start, claim.end()):
            return True
    return False


def refuse_prevalence_of_reports(text: str, location: str = "text") -> None:
    """Refuse English prose that presents counts of reports or records as prevalence.

    Raises:
        StudyError: with the first such sentence; ``location`` says what the text is.
    """
    claims = find_prevalence_claims(text)
    if claims:
        raise StudyError(
            location,
            f"a count of reports or records is told as prevalence: '{claims[0]}'",
            "Say what was counted, e.g. reports; how many children were subjected to abuse, a "
            "survey alone can estimate",
        )
