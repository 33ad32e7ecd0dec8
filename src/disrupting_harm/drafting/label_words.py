"""What the labels of a survey's file say in the languages in which such files are mostly labelled.

A word that is not here costs a person a line in a draft and nothing else: each draft is read.
"""

import re
from collections.abc import Iterable

from disrupting_harm.study.codebook.definitions import DONT_KNOW, LOST, NOT_ASKED, REFUSED


def _match_words(*words: str) -> re.Pattern[str]:
    """Match one of the words, at the start of a label or behind what is no letter."""
    return re.compile(rf"(?:^|[^\w])(?:{'|'.join(words)})(?![^\W\d_])", re.IGNORECASE)


# The first that fits counts: "don't know / refused" is a don't know, "no answer" is lost.
_SPECIAL = {
    DONT_KNOW: _match_words(
        "do(?:es)? ?n[o'’]?t know", "don[’']?t know", "do not know", "dk", "unsure", "not sure",
        "ne sait pas", "nsp", "no sabe", "no sé", "n[ãa]o sabe", "wei(?:ß|ss) (?:es )?nicht",
        "tidak tahu", "hajui", "sijui", "không biết",
    ),
    REFUSED: _match_words(
        "refus\\w*", "declin\\w*", "prefer(?:s|red)? not", "rather not", "recus\\w*", "rehus\\w*",
        "verweigert", "menolak", "từ chối",
    ),
    NOT_ASKED: _match_words(
        "not appl\\w*", "inapplicable", "n/?a", "niu", "not asked", "not in universe", "skipped",
        "legitimate skip", "no aplica", "n[ãa]o se aplica", "sans objet", "trifft nicht zu",
        "does not apply",
    ),
    LOST: _match_words(
        "no answers?", "no response", "non[- ]?response", "not ascertained", "missing",
        "not available",
        "not stated", "invalid", "no contesta", "no responde", "sans r[ée]ponse",
        "pas de r[ée]ponse",
        "sem resposta", "keine angabe", "unknown", "inconsistent", "not recorded",
    ),
}  # fmt: skip
_YES = _match_words(
    "yes", "oui", "s[íi]", "sim", "ja", "ya", "ndiyo", "oo", "selected", "marked", "mentioned",
    "checked", "ticked", "chosen", "true",
)  # fmt: skip
_NO = _match_words(
    "no", "non", "n[ãa]o", "nein", "nee", "tidak", "hapana", "hindi", "not \\w+", "un\\w+ed",
    "false",
)  # fmt: skip
_MALE = _match_words("males?", "m[ea]n", "boys?", "masculine?", "masculino", "hombres?", "hommes?")
_FEMALE = _match_words(
    "females?", "wom[ea]n", "girls?", "f[ée]minin[eo]?", "mujer(?:es)?", "femmes?"
)

SEX = _match_words("sex", "gender", "sexe", "sexo", "geschlecht", "jinsia", "jenis kelamin")
AGE = _match_words(
    "age", "âge", "edad", "idade", "alter", "umur", "umri", "current age", "age in years",
    "age of (?:the )?respondent",
)  # fmt: skip
AGE_NAMES = re.compile(
    r"(?:age|agea|ages?_?years|v012|mv012|wb4|hb4|age_?r|ridageyr)", re.IGNORECASE
)
# Labels of ages that are not the respondent's at the interview.
OTHER_AGE = re.compile(
    r"\b(?:first|at (?:birth|marriage|death|start)|when|group|categor\w*|head|mother|father|"
    r"husband|wife|partner|child|youngest|oldest|completed|left|band|classes|squared)\b",
    re.IGNORECASE,
)  # fmt: skip
RESIDENCE = _match_words("urb\\w*", "rural", "residence", "domicil\\w*", "urb_?rur", "area", "v025")
_RURAL = _match_words("rural", "countryside", "village", "pedesaan", "vijijini")
_URBAN = _match_words("urban\\w*", "town", "city", "big city", "perkotaan", "mjini")
IDENTIFIER_NAMES = re.compile(
    r"(?:\w*_)?(?:id|idno|caseid|serial|seqn)(?:_?no|_?num)?", re.IGNORECASE
)
IDENTIFIER = re.compile(r"\b(?:identif\w+|serial number|case number|line number)\b", re.IGNORECASE)
COUNTRY = re.compile(
    r"(?:^|[^a-z])(?:country|cntry|pays|pa[íi]s|land|nchi|iso[23]?)(?![a-z])", re.I
)

# Names and labels of what says how the sample was drawn, the surest first.
DESIGN = {
    "weight": (
        r"\banweight\b", r"\bpspwght\b", r"\bpspweight\b", r"\bv005\b", r"\bmv005\b",
        r"\bwmweight\b",
        r"\bmnweight\b", r"\bchweight\b", r"final ?_?w(?:eight|gt|t)",
        r"(?:post|calibrat)\w*.*weight",
        r"(?:sampl|analysis|survey|person|individual|respondent).*weight", r"\bweights?\b",
        r"\bwgt\b",
        r"weight$", r"w(?:ei)?gh?t(?:ing)?(?:_|\d|$)", r"\b(?:wt|pw|dw)\b", r"^peso$",
        r"pond[ée]ration",
        r"ponderaci[óo]n", r"gewicht",
    ),
    "stratum": (
        r"\bstratum\b", r"\bv022\b", r"\bmv022\b", r"\bsdmvstra\b", r"\bstrat(?:a|id|ums?)\b",
        r"\bstrat", r"sampl\w+ strat", r"\bestrato\b", r"\bstrate\b",
    ),
    "psu": (
        r"\bpsu(?:id)?\b", r"primary sampling", r"\bv021\b", r"\bmv021\b", r"\bsdmvpsu\b",
        r"\bupm\b",
        r"\bupa\b", r"sampling (?:unit|point|cluster)", r"\bclusters?\b", r"\bv001\b", r"\bhh1\b",
        r"enumeration area", r"^ea$", r"\bcluster", r"\bgrappe\b", r"\bconglomerado\b",
        r"\bsegment\b",
    ),
}  # fmt: skip
# A weight of the body, or of whole populations beside each other, is no final weight.
NO_WEIGHT = re.compile(
    r"\b(?:kg|kilo\w*|pounds?|lbs?|birth ?weight|body|population size weight|pweight|gain|loss|"
    r"overweight|underweight|weight[- ](?:for|status)|household weight)\b",
    re.IGNORECASE,
)  # fmt: skip
SIX_DECIMALS = re.compile(r"\b(?:6|six)\s+decimals?\b", re.IGNORECASE)


def find_special(label: str) -> str | None:
    """Return the special answer that a label of a code names; None for an answer."""
    return next((name for name, words in _SPECIAL.items() if words.search(label)), None)


def find_yes_and_no(labels: Iterable[str]) -> dict[str, str] | None:
    """Return which of two labels is yes and which is no; None for other answers."""
    first, *others = labels
    if len(others) != 1:
        return None
    for yes, no in ((first, others[0]), (others[0], first)):
        if _YES.match(yes.strip()) and _NO.match(no.strip()) and not _NO.match(yes.strip()):
            return {yes: "yes", no: "no"}
    return None


def is_rural(labels: Iterable[str]) -> bool:
    """Return whether the labels tell the countryside from towns."""
    listed = list(labels)
    return any(map(_RURAL.search, listed)) and any(map(_URBAN.search, listed))


def is_sex(labels: Iterable[str]) -> bool:
    """Return whether the labels tell women from men."""
    listed = list(labels)
    return any(map(_MALE.search, listed)) and any(map(_FEMALE.search, listed))
