"""Words for the codes of evidence tables, for documents (Markdown) and figures (plain text)."""

from collections.abc import Mapping

from disrupting_harm.report.evidence.facts import Amount, Row
from disrupting_harm.report.evidence.messages import Messages
from disrupting_harm.report.evidence.subjects import subjects


def label(words: Messages, kind: str, code: str) -> str:
    """Return the words for a code; one that the report does not know is printed in its letters.

    Args:
        words: the language.
        kind: the column that holds the code.
        code: its value.
    """
    known = _labels(words).get(kind, {})
    return known.get(code) or _spelt(words, code)


def row_label(words: Messages, row: Row, column: str) -> str:
    """Return the name of a row's area, item, theme or form: the table's own, if it has one."""
    own = row.get(f"{column}_label")
    return words.of_study(own) if own else label(words, column, row[column])


def printed(words: Messages, amount: Amount | None) -> str:
    """Return a count as printed: 0 where nothing was found, words where nothing was counted."""
    if amount is None:
        return "–"
    if amount.number is None:
        return label(words, "status", amount.status)
    shown = words.number(amount.number)
    return words("at least {count}", count=shown) if amount.at_least else shown


def _spelt(words: Messages, code: str) -> str:
    text = code.replace("_", " ")
    return words.of_study(text[:1].upper() + text[1:])


def _labels(words: Messages) -> Mapping[str, Mapping[str, str]]:
    return _kinds(words) | subjects(words)


def _kinds(words: Messages) -> dict[str, Mapping[str, str]]:
    return {
        "status": {
            "not_recorded": words("not recorded"),
            "refused": words("not given"),
            "not_applicable": words("does not apply"),
            "suppressed": words("not shown"),
        },
        "class": {
            "unsplit": words("all reports"),
            "referral": words("referrals"),
            "informational": words("informational"),
        },
        "category": {
            "ocsea": words("Online exploitation and abuse"),
            "csea": words("Other exploitation and abuse"),
        },
        "technology": {
            "yes": words("with technology"),
            "no": words("without technology"),
            "not_recorded": words("technology not recorded"),
        },
        "stage": {
            "reported": words("reported"),
            "investigated": words("investigated"),
            "charged": words("charged"),
            "convicted": words("convicted"),
        },
        "counting_rule": {
            "victims": words("victims"),
            "cases": words("cases"),
            "offenders": words("offenders"),
            "reports": words("reports"),
        },
        "victim_sex": {
            "girl": words("Girls"),
            "boy": words("Boys"),
            "other": words("Another sex or gender"),
            "not_recorded": words("Sex not recorded"),
        },
        "victim_age_band": {"not_recorded": words("Age not recorded")},
        "unit": {
            "per cent": words("per cent"),
            "victims": words("victims"),
            "cases": words("cases"),
            "offenders": words("offenders"),
            "reports": words("reports"),
            "referrals": words("referrals"),
            "informational reports": words("informational reports"),
            "frontline workers": words("frontline workers"),
        },
        "fact": {
            "cybertips": words("CyberTip reports"),
            "reporters": words("CyberTip reports of one company"),
            "offences": words("Recorded offences"),
            "hotlines": words("Hotlines and helplines"),
            "transparency": words("Figures of companies"),
        },
        "measure": {
            "reports_received": words("Reports received"),
            "actionable": words("Reports that could be acted on"),
            "removed": words("Reports after which material was removed"),
            "contacts_total": words("Contacts on any subject"),
            "contacts_ocsea": words("Contacts on online exploitation and abuse"),
        },
        "evidence": {
            "interview": words("interview"),
            "document": words("document"),
            "observation": words("observation"),
        },
        "confidence": {
            "low": words("low"),
            "medium": words("medium"),
            "high": words("high"),
        },
        "answer": {
            "in_place": words("in place"),
            "partly": words("partly in place"),
            "not_in_place": words("not in place"),
            "not_known": words("not known"),
            "yes": words("Yes"),
            "no": words("No"),
            "dont_know": words("Don't know"),
            "prefer_not_to_say": words("Prefer not to say"),
            "good": words("Good"),
            "fair": words("Fair"),
            "poor": words("Poor"),
            "agree": words("Agree"),
            "disagree": words("Disagree"),
        },
        "strand": {
            "survey": words("Survey of children"),
            "police": words("Police records"),
            "cybertips": words("CyberTip reports"),
            "frontline": words("Frontline workers"),
        },
    }
