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
        "leadership": ("leadership", "Leadership"),
        "research": ("research, analysis and monitoring", "Research and monitoring"),
        "legislation": ("legislation", "Legislation"),
    },
    "justice": {
        "law_enforcement": ("dedicated law enforcement", "Dedicated law enforcement"),
        "judiciary": ("judiciary and prosecutors", "Judiciary and prosecutors"),
        "offender_management": ("offender management", "Offender management"),
        "image_databases": ("access to image databases", "Access to image databases"),
    },
    "victim": {
        "support": ("support from end to end", "Support from end to end"),
        "workforce": ("child protection workforce", "Child protection workforce"),
        "remedies": ("compensation, remedies and complaints", "Compensation and complaints"),
        "child_helpline": ("child helpline", "Child helpline"),
    },
    "societal": {
        "hotline": ("hotline for reports of material", "Hotline for reports of material"),
        "education": ("education programme", "Education programme"),
        "participation": ("participation of children", "Participation of children"),
        "offender_support": (
            "support for people at risk of offending",
            "Support for people at risk of offending",
        ),
    },
    "industry": {
        "takedown": ("notice and takedown", "Notice and takedown"),
        "reporting": ("reporting by companies", "Reporting by companies"),
        "innovation": ("innovative solutions", "Innovative solutions"),
        "responsible_business": ("responsible business conduct", "Responsible business conduct"),
    },
    "media": {
        "media_reporting": ("ethical and informed reporting", "Ethical and informed reporting"),
        "terminology": ("universal terminology", "Common terminology"),
    },
}
_ITEMS = {item: said for items in _CAPABILITIES.values() for item, said in items.items()}
AREA_OF_ITEM = {item: area for area, items in _CAPABILITIES.items() for item in items}
POLICY_AREAS = {area: meaning for area, (meaning, _) in _AREAS.items()}
AREA_LABELS = {area: label for area, (_, label) in _AREAS.items()}
POLICY_ITEMS = {item: meaning for item, (meaning, _) in _ITEMS.items()}
ITEM_LABELS = {item: label for item, (_, label) in _ITEMS.items()}
