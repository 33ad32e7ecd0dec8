# Tables of accepted releases and of the gate before them; without a release there are none.

from disrupting_harm.provenance.release_statement import identity_of, statement_file
from disrupting_harm.releases.history import table_file


def contrasts(name):
    """A country's comparisons of one kind; where a release is updated, with those that stay."""
    folder = "gate" if RELEASES else "contrasts"
    return f"<restricted>/{folder}/{{country}}/{name}.parquet"


def gate_file(name):
    """What the gate says of a country; an empty list where no release is updated."""
    return f"<restricted>/gate/{{country}}/{name}" if RELEASES else []


def gate_files():
    """All that the gate says of a country; an empty list where no release is updated."""
    names = ("decisions.csv", "before.parquet", "kept.csv")
    return [gate_file(name) for name in names] if RELEASES else []


def kept_numbers():
    """Lists of all numbers that stay as released; an empty list where no release is updated."""
    if not RELEASES:
        return []
    return [
        *collect(gate_file("kept.csv"), country=COUNTRIES),
        "<restricted>/comparison/kept.csv",
    ]


def accepted_tables(name, *tables):
    """Tables of a country, or of the comparison, in each accepted release that has them."""
    return [
        str(table_file(STUDY.config.results, release.name, name, table))
        for release in RELEASES
        if name in (*release.countries, "comparison")
        for table in tables
    ]


def accepted_country(wildcards):
    """All that accepted releases hold of a country."""
    tables = ("aggregates", "gaps", "standardised", "bounds", "ratios")
    # A release whose run left the country out has no record of its children.
    records = filter(os.path.exists, accepted_tables(wildcards.country, "records"))
    printed = accepted_tables("comparison", "standardised")
    return [*accepted_tables(wildcards.country, *tables), *records, *printed]


def released_countries():
    """Tables of the last accepted release, of countries that this run does not leave out."""
    if not RELEASES:
        return []
    left_out = {*STUDY.listed} - {*COUNTRIES}
    return [
        accepted_tables(country, "aggregates")[-1]
        for country in RELEASES[-1].countries
        if country not in left_out
    ]


def identity_of_last_release():
    """Name and first digits of the statement on the release that is updated; empty for none."""
    if not RELEASES:
        return ""
    statement = statement_file(STUDY.config.results, RELEASES[-1].name)
    # A release that an earlier version of the workflow accepted has no statement.
    return identity_of(statement) if statement.is_file() else RELEASES[-1].name


def renamed():
    """What became of names that accepted releases have, as the configuration says."""
    release = SETTINGS["publication"]["release"]
    return release["moved"] if release else {}


def moved_table():
    """What became of old addresses; an empty list where no release is updated."""
    return "<public>/addresses-moved.csv" if RELEASES else []


def last_aggregates(wildcards):
    """A country's tables in the last release; an empty list where no release has the country."""
    return accepted_tables(wildcards.country, "aggregates")[-1:]
