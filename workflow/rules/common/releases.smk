# Tables of accepted releases and of the gate before them; without a release there are none.

from disrupting_harm.provenance.release_statement import identity_of, statement_file
from disrupting_harm.releases.history import country_files, table_file


def gate_file(name):
    """What the gate says of a country; an empty list where no release is updated."""
    return f"<restricted>/gate/{{country}}/{name}" if RELEASES else []


def gate_files():
    """All that the gate says of a country; an empty list where no release is updated."""
    names = ("decisions.csv", "before.parquet")
    return [gate_file(name) for name in names] if RELEASES else []


def accepted_tables(name, *tables):
    """Tables of a country, or of the comparison, in each accepted release that has them."""
    return [
        str(table_file(STUDY.config.results, release.name, name, table))
        for release in RELEASES
        if name in (*release.countries, "comparison")
        for table in tables
    ]


def accepted_country(wildcards):
    """The tables of a country in all accepted releases, and the records of its children."""
    # A release whose run left the country out has no record of its children.
    records = filter(os.path.exists, accepted_tables(wildcards.country, "records"))
    return [*accepted_tables(wildcards.country, "aggregates"), *records]


def accepted_contrasts(wildcards):
    """The comparisons inside a country in the last release; an empty list where none has it."""
    names = WITHIN
    release = last_release_with(wildcards.country)
    tables = [f"{name}.parquet" for name in names if release]
    printed = accepted_tables("comparison", "standardised")[-1:]
    return last_files(*tables)(wildcards) + (printed if release else [])


def last_release_with(country):
    """The last accepted release that has a country; None where none has."""
    having = [release for release in RELEASES if country in release.countries]
    return having[-1].name if having else None


def last_files(*names):
    """What the last release has of a country by file name; a function of wildcards, none if none has."""

    def files_of(wildcards):
        release = last_release_with(wildcards.country)
        if release is None:
            return []
        return country_files(STUDY.config.results, release, wildcards.country, names)

    return files_of


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
