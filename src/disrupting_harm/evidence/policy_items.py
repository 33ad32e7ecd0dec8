"""The Model National Response of the WeProtect Global Alliance: six areas, 21 capabilities.

Source: WeProtect Global Alliance, Preventing and Tackling Child Sexual Exploitation and Abuse: A
Model National Response (2015, revised 2022). Short labels of this project.
"""

POLICY_AREAS = {
    "policy": "policy, legislation and governance",
    "justice": "criminal justice",
    "victim": "victim",
    "societal": "society",
    "industry": "industry",
    "media": "media and communications",
}
# Capabilities by area, in the order of the model.
_CAPABILITIES = {
    "policy": {
        "leadership": "leadership",
        "research": "research, analysis and monitoring",
        "legislation": "legislation",
    },
    "justice": {
        "law_enforcement": "dedicated law enforcement",
        "judiciary": "judiciary and prosecutors",
        "offender_management": "offender management",
        "image_databases": "access to image databases",
    },
    "victim": {
        "support": "support from end to end",
        "workforce": "child protection workforce",
        "remedies": "compensation, remedies and complaints",
        "child_helpline": "child helpline",
    },
    "societal": {
        "hotline": "hotline for reports of material",
        "education": "education programme",
        "participation": "participation of children",
        "offender_support": "support for people at risk of offending",
    },
    "industry": {
        "takedown": "notice and takedown",
        "reporting": "reporting by companies",
        "innovation": "innovative solutions",
        "responsible_business": "responsible business conduct",
    },
    "media": {
        "media_reporting": "ethical and informed reporting",
        "terminology": "universal terminology",
    },
}
POLICY_ITEMS = {item: label for items in _CAPABILITIES.values() for item, label in items.items()}
AREA_OF_ITEM = {item: area for area, items in _CAPABILITIES.items() for item in items}
