"""What a country is called in English."""

# Countries whose name has an article in an English sentence, which CLDR does not say.
_WITH_ARTICLE = {
    "ARE", "ATF", "BHS", "CAF", "CCK", "COK", "COM", "CYM", "DOM", "FLK", "FRO", "GBR", "GMB",
    "IOT", "MDV", "MHL", "MNP", "NLD", "PHL", "SLB", "TCA", "UMI", "USA", "VGB", "VIR",
}  # fmt: skip


def english_name_in_text(code: str, name: str | None = None) -> str:
    """Return a country's name as an English sentence has it, e.g. "the United States".

    Arguments as for :func:`english_name`; a name that brings its article keeps it.
    """
    english = english_name(code, name)
    if code in _WITH_ARTICLE and not english.lower().startswith("the "):
        return f"the {english}"
    return english


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

    country = pycountry.countries.get(alpha_3=code)
    return str(Locale("en").territories.get(country.alpha_2, code)) if country else code
