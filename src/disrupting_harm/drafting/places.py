"""Which country each file, or each row of a file, is of."""

import re
from collections.abc import Iterable
from pathlib import Path

import pycountry

from disrupting_harm.drafting.label_words import COUNTRY
from disrupting_harm.drafting.raw_columns import RawColumn, RawSurvey


def find_country(word: str) -> str | None:
    """Return the ISO 3166-1 alpha-3 code of a code or a name; None where it is neither."""
    try:
        return str(pycountry.countries.lookup(word.strip()).alpha_3)
    except LookupError:
        return None


def find_country_of_file(path: Path) -> str | None:
    """Return the one country that the name of a file has in it; None without, or with several."""
    words = [word for word in re.split(r"[^A-Za-zÀ-ÿ]+", path.stem) if len(word) > 2]
    if len(words) > 1:
        # Small letters may as well be the beginning of a word, such as "ind" or "per".
        words = [word for word in words if len(word) > 3 or word.isupper()]
    codes = {code for word in words if (code := find_country(word))}
    whole = find_country(re.sub(r"[\W\d_]+", " ", path.stem))
    return whole or (codes.pop() if len(codes) == 1 else None)


def find_area(survey: RawSurvey) -> tuple[RawColumn, dict[str, str]] | None:
    """Return the column of the country and the country of each code; None where there is none."""
    for column in survey.columns.values():
        is_named = COUNTRY.search(column.name) or COUNTRY.search(column.label)
        if not is_named or column.blank or len(column.counts) > 100:
            continue
        codes = _read_countries(column, column.counts)
        if codes:
            return column, codes
    return None


def _read_countries(column: RawColumn, codes: Iterable[str]) -> dict[str, str] | None:
    countries = {}
    for code in codes:
        country = find_country(column.labels.get(code, "")) or find_country(code)
        if country is None:
            return None
        countries[code] = country
    return countries if len(set(countries.values())) == len(countries) else None
