"""What documents of a finished study say beside what its public tables say, country by country.

Nothing of the workflow is imported: documents are read as text, tables as text. From the root of a
checkout with results::

    python tests/release/contradictions.py results/public
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

CITED = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\{n=\"([^\"]*)\"\}")
PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)\{[^}]*\}")
UPLOAD = re.compile(r"where files were uploaded, which proxies and anonymisers can hide")
NO_LEVEL = re.compile(r"do not show how much abuse a country has")
# The indicator of the main finding, and the one that counts more.
MAIN, WIDER = "clear_examples", "any_tf_csea"
# The table of referrals by type of incident in a data book, its rows, and its words for the types.
INCIDENTS = re.compile(
    r"^\| What was reported \| Referrals \|\n\|[-:| ]+\|\n((?:\|[^\n]*\n)+)", re.M
)
INCIDENT = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.M)
TYPES = {
    "csam": "Sexual abuse material",
    "online_enticement": "Online enticement of a child",
    "sex_trafficking": "Trafficking of a child for sexual exploitation",
    "molestation": "Sexual abuse of a child",
    "sex_tourism": "Sexual exploitation of a child in travel and tourism",
    "obscene_material": "Obscene material sent to a child",
}
# What a review may deny and a source may affirm: the item and answers of the review, the table, the
# column and values of the source, and how a report begins to say that they do not agree.
DENIED = (
    ("child_helpline", ("not_in_place", "not_known"), "services", {"kind": ("helpline",)},
     "A source names a helpline for children, "),
    ("hotline", ("not_in_place", "not_known"), "services", {"kind": ("inhope", "iwf_portal")},
     "A source names a place that takes reports of abuse material, "),
    ("takedown", ("not_in_place",), "laws",
     {"topic": ("provider_takedown_duty",), "answer": ("yes",)},
     "A source says that companies must remove abuse material by law, "),
    ("reporting", ("not_in_place",), "laws",
     {"topic": ("provider_reporting_duty",), "answer": ("yes",)},
     "A source says that companies must report abuse material by law, "),
)  # fmt: skip
# The oldest and the youngest of the ages that are set beside each other.
AGES = ("12-13", "16-17")


class Country:
    """The English documents and the tables of one country."""

    def __init__(self, public: Path, code: str) -> None:
        self.code = code
        self.brief = _read(public / "briefs" / code / "en" / "brief.qmd")
        self.report = _read(public / "reports" / code / "en" / "report.qmd")
        self.page = _read(public / "countries" / f"{code}.html")
        self.databook = _read(public / "databooks" / code / "en" / "databook.qmd")
        self.estimates = [row for row in _rows(public / "estimates.csv") if row["country"] == code]
        self.capacity = _of(public / "evidence" / "capacity.csv", code)
        self.review = _of(public / "evidence" / "policy.csv", code)
        self.services = _of(public / "evidence" / "service_register.csv", code)
        self.laws = _of(public / "evidence" / "legislation.csv", code)
        self.parts = _of(public / "evidence" / "cybertip_parts.csv", code)
        self.reports = _of(public / "evidence" / "cybertips.csv", code)
        self.options = _rows(public / "countries" / code / "questions.csv")
        self.gaps = _of(public / "comparison" / "gaps.csv", code)

    def national(self, indicator: str) -> dict[str, str]:
        return self.group(indicator, "total", "all")

    def group(self, indicator: str, domain: str, level: str) -> dict[str, str]:
        key = (indicator, domain, level)
        found = [r for r in self.estimates if (r["indicator"], r["domain"], r["level"]) == key]
        return found[0] if found else {}


def helpline(country: Country) -> Iterator[str]:
    """Yield a brief or report that asks for a helpline and says that it is not asked for."""
    for name in ("brief", "report"):
        text = bare(getattr(country, name))
        denied = re.findall(r"[Nn]ot asked for[^.\n]*", text)
        asked = "helpline for children known" in text
        if asked and any("helpline" in said for said in denied):
            yield f"{country.code}, {name}: a helpline is asked for, and not asked for"


def reviews(country: Country) -> Iterator[str]:
    """Yield a report that keeps silent where a source affirms what the review denies."""
    settled = bare(country.report).partition("{#sec-disputed")[2].partition("\n#")[0]
    for item, answers, table, where, words in DENIED:
        denied = any(row["item"] == item and row["answer"] in answers for row in country.review)
        affirmed = [
            row
            for row in getattr(country, table)
            if all(row[name] in values for name, values in where.items())
        ]
        names = [row.get("name", "") for row in affirmed]
        told = words in settled and all(name in settled for name in names)
        if told != (denied and bool(affirmed)):
            yield f"{country.code}, report: {item}, review and source disagree, and it is " + (
                "told, but they do not" if told else "not told"
            )


def points_of_police(country: Country) -> Iterator[str]:
    """Yield a report whose numbers of points in place and absent are not those of the scores."""
    scores = [row["score"] for row in country.capacity]
    counts = (str(scores.count("3.0")), str(len(scores)), str(scores.count("0.0")))
    said = re.findall(
        r"Police work: (\d+) of (\d+) items in place, (\d+) absent", bare(country.report)
    )
    if bool(said) != bool(scores) or any(numbers != counts for numbers in said):
        yield f"{country.code}, report: points of police work {said}, by the scores {counts}"


def bounds_of_reports(country: Country) -> Iterator[str]:
    """Yield a report or data book in which "<50" of a source stands as a number, or is missing."""
    given = {
        "/".join(
            (country.code, "cybertip_parts",
             *(row[key] for key in ("year", "class", "period", "incident_type", "source_id")))
        ): row
        for row in country.parts
        if row["incident_type"] != "all"
    }  # fmt: skip
    text = PICTURE.sub("", country.report)
    for found in re.finditer(r'([\w ]*)\[([^\]]*)\]\{n="([^"]*/cybertip_parts/[^"]*)"\}', text):
        before, number, address = found.groups()
        row, column = given.get(address.rpartition("/")[0]), address.rpartition("/")[2]
        if row is None or row[column] != number.replace(",", ""):
            yield f"{country.code}, report: {address} is printed as {number}"
        elif column == "below" and not re.search(r"[Ff]ewer than $", before):
            yield f"{country.code}, report: {address} is printed as a number"
    printed = dict(INCIDENT.findall("".join(INCIDENTS.findall(country.databook))))
    last = max((row["year"] for row in given.values()), default="")
    for address, row in given.items():
        if (row["class"], row["period"], row["year"]) != ("referral", "year", last):
            continue
        count = f"about {row['reports']}" if row["reports"] else f"fewer than {row['below']}"
        told = printed.get(TYPES[row["incident_type"]])
        if told is None or told.replace(",", "") != count:
            yield f"{country.code}, databook: {address} is printed as {told}, not {count}"


def ages(country: Country, indicator: str = MAIN) -> Iterator[str]:
    """Yield a report that keeps silent where intervals of the youngest and oldest lie apart."""
    young, old = (country.group(indicator, "age_band", age) for age in AGES)
    if not young.get("whole") or not old.get("whole"):
        return
    apart = int(young["whole_high"]) < int(old["whole_low"]) or int(old["whole_high"]) < int(
        young["whole_low"]
    )
    tested = [
        row["clear"]
        for row in country.gaps
        if row["indicator"] == indicator and {row["level_a"], row["level_b"]} == {*AGES}
    ]
    if not (apart or "True" in tested):
        return
    text = PICTURE.sub("", country.report)
    told = {address for _, address in CITED.findall(text)}
    rows = (f"{country.code}/{indicator}/age_band:{age}/whole" for age in AGES)
    yield from (f"{country.code}, report: {row} is told nowhere" for row in rows if row not in told)


def wider(
    country: Country, main: str = "clear_examples", more: str = "any_tf_csea"
) -> Iterator[str]:
    """Yield a brief without any share of the main finding, though that of a wider one is shown."""
    if country.national(main).get("whole") or not country.national(more).get("whole"):
        return
    said = {address for _, address in CITED.findall(PICTURE.sub("", country.brief))}
    if f"{country.code}/{more}/whole" not in said:
        yield f"{country.code}, brief: {more} is shown, and told nowhere"


def empty_rows(country: Country) -> Iterator[str]:
    """Yield a picture of a brief with rows without a number, though another option has one."""
    question = {row["option"]: row["question"] for row in country.options}
    for picture in PICTURE.findall(country.brief):
        found = re.search(r'\sn="([^"]*)"', picture)
        drawn = {where.split("/")[1] for where in found[1].split()} if found else set()
        asked = {question[name] for name in drawn if name in question}
        shown = {
            row["option"] for row in country.options if row["question"] in asked and row["estimate"]
        }
        if len(asked) == 1 and "not shown" in picture and not shown <= drawn:
            yield f"{country.code}, brief: {sorted(shown - drawn)} have a number, other rows none"


def cautions(country: Country) -> Iterator[str]:
    """Yield a document with counts of CyberTip reports that lacks a caution, or has it twice."""
    for name in ("brief", "report", "databook"):
        text = getattr(country, name)
        counts = [a for _, a in CITED.findall(text) if re.search(r"/cybertips/.*/reports$", a)]
        if not counts and name != "databook":
            continue
        if name == "databook" and not any(row["reports"] for row in country.reports):
            continue
        for caution in (UPLOAD, NO_LEVEL):
            if (times := len(caution.findall(text))) != 1:
                yield f"{country.code}, {name}: '{caution.pattern}' stands {times} times"
        if "reported user" in text:
            yield f"{country.code}, {name}: reports by the location of the reported user"


def page(country: Country) -> Iterator[str]:
    """Yield a web page with the figure of CyberTip reports on which a caution is not once."""
    if "/cybertips.svg" not in country.page:
        return
    for caution in (UPLOAD, NO_LEVEL):
        if (times := len(caution.findall(country.page))) != 1:
            yield f"{country.code}, page: '{caution.pattern}' stands {times} times"


def missing(country: Country) -> Iterator[str]:
    """Yield a count of what is not in place that is followed by what it is said not to count."""
    for name in ("brief", "report"):
        for said in re.findall(r"Not in place: \d[^\n]*", bare(getattr(country, name))):
            if "Not counted" in said or "ot asked for" in said:
                yield f"{country.code}, {name}: what is counted is said not to be: {said[:40]}"


def rates(country: Country) -> Iterator[str]:
    """Yield a document with reports on users of any age per 1,000 children."""
    for name in ("brief", "report", "databook"):
        for _, address in CITED.findall(getattr(country, name)):
            if re.search(r"/cybertips/.*/rate_per_1000_children$", address):
                yield f"{country.code}, {name}: {address}"
    table = re.search(r"\|[^\n]*Reports[^\n]*\|[^\n]*\n", country.databook)
    if table and "1,000 children" in table[0] and "Share of the world" in table[0]:
        yield f"{country.code}, databook: a column of reports per 1,000 children"


def regional(public: Path) -> Iterator[str]:
    """Yield tiles of children and of reports that do not say what each counts, and no caution."""
    for path in sorted(
        [*public.glob("regional/en/report.qmd"), *public.glob("briefs/all/en/*.qmd")]
    ):
        text = _read(path)
        for tile in re.findall(r"^:+ \{\.tile[^}]*\}\n(.*?)^:+$", text, re.M | re.S):
            said = bare(tile)
            addresses = " ".join(address for _, address in CITED.findall(tile))
            if "/cybertips/" in addresses and "no count of children" not in said:
                yield f"{path.parent.parent.name}: a tile of reports that says not what they count"
            if "denominators" in addresses and "/children" in addresses and "children" not in said:
                yield f"{path.parent.parent.name}: a tile of children that does not say so"
        single = [
            row["group"]
            for row in _rows(public / "comparison" / "pooled.csv")
            if row["indicator"] == MAIN and row["estimate"] and not row["bounded"]
        ]
        if single and "Averages of the main finding are ranges" in text:
            yield f"{path}: averages are ranges, yet that of {single[0]} is one number"
        if "How to read it" in text and not re.search(r"/actions\)\{#fig-", text):
            yield f"{path}: it says how to read a matrix that it has not"
        if "/cybertips/" in text:
            for caution in (UPLOAD, NO_LEVEL):
                if (times := len(caution.findall(text))) != 1:
                    yield f"{path}: '{caution.pattern}' stands {times} times"


CHECKS = (
    helpline, reviews, points_of_police, bounds_of_reports, ages, wider, empty_rows, cautions, page,
    missing, rates,
)  # fmt: skip


def contradictions(public: Path) -> list[str]:
    """Return where documents say other things than tables or each other do."""
    codes = sorted(path.name for path in (public / "countries").iterdir() if path.is_dir())
    found = [fault for code in codes for check in CHECKS for fault in check(Country(public, code))]
    return found + list(regional(public))


def bare(text: str) -> str:
    """Return a text without addresses of numbers."""
    return CITED.sub(r"\1", text)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _of(path: Path, code: str) -> list[dict[str, str]]:
    return [row for row in _rows(path) if row["country"] == code]


if __name__ == "__main__":
    faults = contradictions(Path(sys.argv[1]))
    print("\n".join(faults))
    sys.exit(bool(faults))
