"""A label inside a sentence."""


def format_inside_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence; one in capitals, e.g. "NGO staff", stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]
