"""Words for what evidence is about: the checklist of policy, items, roles and themes.

Areas of capacity and forms of abuse bring their words in the tables. A code that is not known here
is printed in its own letters.
"""

from collections.abc import Mapping

from disrupting_harm.report.evidence.messages import Messages


def subjects(words: Messages) -> dict[str, Mapping[str, str]]:
    """Return the words for codes, by the column that holds them."""
    return {
        "policy_area": _policy_areas(words),
        "policy_item": _policy_items(words),
        "item": _frontline_items(words),
        "role": {
            "survivors": words("Young survivors"),
            "caregivers": words("Caregivers"),
            "justice_professionals": words("Justice professionals"),
            "government": words("Government officials"),
        },
        "theme": {
            "long_procedure": words("Procedures take long"),
            "child_friendly_interview": words("Interviews suited to children"),
            "no_information_on_case": words("No information on the case"),
            "legal_aid": words("Legal aid"),
            "compensation_unknown": words("Compensation is not known of"),
            "psychosocial_support": words("Psychosocial support"),
        },
    }


def _policy_areas(words: Messages) -> dict[str, str]:
    return {
        "policy": words("Policy and law"),
        "justice": words("Criminal justice"),
        "victim": words("Victims"),
        "societal": words("Society"),
        "industry": words("Industry"),
        "media": words("Media"),
    }


def _policy_items(words: Messages) -> dict[str, str]:
    return {
        "leadership": words("Leadership"),
        "research": words("Research and monitoring"),
        "legislation": words("Legislation"),
        "law_enforcement": words("Dedicated law enforcement"),
        "judiciary": words("Judiciary and prosecutors"),
        "offender_management": words("Offender management"),
        "image_databases": words("Access to image databases"),
        "support": words("Support from end to end"),
        "workforce": words("Child protection workforce"),
        "remedies": words("Compensation and complaints"),
        "child_helpline": words("Child helpline"),
        "hotline": words("Hotline for reports of material"),
        "education": words("Education programme"),
        "participation": words("Participation of children"),
        "offender_support": words("Support for people at risk of offending"),
        "takedown": words("Notice and takedown"),
        "reporting": words("Reporting by companies"),
        "innovation": words("Innovative solutions"),
        "responsible_business": words("Responsible business conduct"),
        "media_reporting": words("Ethical and informed reporting"),
        "terminology": words("Common terminology"),
    }


def _frontline_items(words: Messages) -> dict[str, str]:
    return {
        "caseload_online": words("Had cases of online abuse"),
        "trained_online": words("Trained on online abuse"),
        "knows_where_to_refer": words("Knows where to refer a child"),
        "law_known": words("Knowledge of the law"),
        "police_response": words("Response of the police"),
        "services_available": words("Services for children"),
        "stigma_hinders": words("Stigma hinders reporting"),
        "low_awareness_hinders": words("Low awareness hinders reporting"),
    }
