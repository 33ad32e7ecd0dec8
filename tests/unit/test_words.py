"""English in which countries, or regions of one country, are compared."""

from disrupting_harm.report.words import english


def test_regions_are_not_called_countries():
    words = english("regions")
    message = "Countries: {n} countries; each country but {country} ({countries})."
    assert words(message, n=3, country="Home Country", countries="A, B") == (
        "Regions: 3 regions; each region but Home Country (A, B)."
    )


def test_countries_keep_their_name():
    assert english("countries")("{n} countries", n=3) == "3 countries"
