"""What a country is called in English."""


def english_name(code: str, name: str | None = None) -> str:
    """Return a country's name: the study's own, else that of CLDR, else the code.

    Args:
        code: ISO 3166-1 alpha-3 code, or the code of a region.
        name: the study's own name, which may be left empty.
    """
    if name:
        return name
    import pycountry
    from babel import Locale

    entry = pycountry.countries.get(alpha_3=code)
    return str(Locale("en").territories.get(entry.alpha_2, code)) if entry else code
