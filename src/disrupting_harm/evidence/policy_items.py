"""The Model National Response of the WeProtect Global Alliance: six areas, 21 capabilities.

Source: WeProtect Global Alliance, Preventing and Tackling Child Sexual Exploitation and Abuse: A
Model National Response (2015, revised 2022). Short labels of this project.
"""

# Areas in the order of the model: the meaning of the code, and as documents print it.
_AREAS = {
    "policy": ("policy, legislation and governance", "Policy and law"),
    "justice": ("criminal justice", "Criminal justice"),
    "victim": ("victim", "Victims"),
    "societal": ("society", "Society"),
    "industry": ("industry", "Industry"),
    "media": ("media and communications", "Media"),
}
# Capabilities by area, alike.
_CAPABILITIES = {
    "policy": {
        "leadership": ("leadership", "A body that leads the response"),
        "research": ("research, analysis and monitoring", "Research on this abuse"),
        "legislation": ("legislation", "A comprehensive law on this abuse"),
    },
    "justice": {
        "law_enforcement": ("dedicated law enforcement", "Dedicated police for this abuse"),
        "judiciary": ("judiciary and prosecutors", "Judges and prosecutors trained on this abuse"),
        "offender_management": ("offender management", "Supervision of offenders"),
        "image_databases": ("access to image databases", "Access to image databases"),
    },
    "victim": {
        "support": ("support from end to end", "Support for victims from end to end"),
        "workforce": ("child protection workforce", "Workers trained to support victims"),
        "remedies": (
            "compensation, remedies and complaints",
            "Ways to complain and be compensated",
        ),
        "child_helpline": ("child helpline", "A helpline for children"),
    },
    "societal": {
        "hotline": ("hotline for reports of material", "A hotline for reports of material"),
        "education": ("education programme", "Education about this abuse"),
        "participation": ("participation of children", "Participation of children"),
        "offender_support": (
            "support for people at risk of offending",
            "Support for people at risk of offending",
        ),
    },
    "industry": {
        "takedown": ("notice and takedown", "Notice and takedown of material"),
        "reporting": ("reporting by companies", "Rules for reports by companies"),
        "innovation": ("innovative solutions", "New solutions by companies"),
        "responsible_business": ("responsible business conduct", "Rules for responsible business"),
    },
    "media": {
        "media_reporting": ("ethical and informed reporting", "Ethical and informed media reports"),
        "terminology": ("universal terminology", "Agreed terms for this abuse"),
    },
}
_ITEMS = {item: said for items in _CAPABILITIES.values() for item, said in items.items()}
AREA_OF_ITEM = {item: area for area, items in _CAPABILITIES.items() for item in items}
POLICY_AREAS = {area: meaning for area, (meaning, _) in _AREAS.items()}
AREA_LABELS = {area: label for area, (_, label) in _AREAS.items()}
POLICY_ITEMS = {item: meaning for item, (meaning, _) in _ITEMS.items()}
ITEM_LABELS = {item: label for item, (_, label) in _ITEMS.items()}
