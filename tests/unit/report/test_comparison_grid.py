"""The page of the comparison has each pair of five countries as the table has it.

The judge reads the table with the csv module, works out each verdict itself, and reads the page
with lxml.
"""

import csv
import re
import shutil
from itertools import permutations
from pathlib import Path

import pytest
from compared_study import NAMES, SHOWN, TEMPLATES, build_config, compare
from lxml import html

from disrupting_harm.report.web.site.write_pages import write_site

WORDS = {"higher": "clearly higher", "lower": "clearly lower", "open": "not clear"}


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    compared = compare(folder / "tables", SHOWN)
    public = folder / "public"
    shutil.copytree(compared.tables, public / "comparison")
    (public / "figures" / "comparison").mkdir(parents=True)
    (public / "figures" / "comparison" / "figures.json").write_text("[]", encoding="utf-8")
    config = build_config()
    study = config.study.model_copy(update={"subject": "Harm of children"})
    write_site(
        public=public, templates=TEMPLATES, config=config.model_copy(update={"study": study}),
        countries=list(compared.countries.values()), codebook=compared.definitions,
    )  # fmt: skip
    return public


def read_verdicts(public: Path, indicator: str) -> dict[tuple[str, str], str]:
    """Return what the table says of each pair, in both orders: the first against the second."""
    verdicts = {}
    with (public / "comparison" / "pairwise.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["indicator"] != indicator:
                continue
            pair = NAMES[row["country_a"]], NAMES[row["country_b"]]
            above = float(row["difference"]) > 0
            clear = row["clear"] == "True"
            verdicts[pair] = ("higher" if above else "lower") if clear else "open"
            verdicts[pair[::-1]] = ("lower" if above else "higher") if clear else "open"
    return verdicts


def count_clear_pairs(public: Path, indicator: str) -> int:
    return sum(verdict != "open" for verdict in read_verdicts(public, indicator).values()) // 2


def read_decimals(public: Path, indicator: str) -> dict[str, int]:
    """Return with how many decimals the number of each country is printed."""
    with (public / "comparison" / "prevalence.csv").open(encoding="utf-8", newline="") as lines:
        return {
            NAMES[row["country"]]: len(row["shown"].partition(".")[2])
            for row in csv.DictReader(lines)
            if row["indicator"] == indicator and row["estimate"]
        }


@pytest.mark.parametrize("indicator", SHOWN)
def test_the_grid_and_the_pairs_say_what_the_table_says(public: Path, indicator: str) -> None:
    verdicts = read_verdicts(public, indicator)
    names = sorted(NAMES.values())
    assert verdicts.keys() == {*permutations(names, 2)}
    # All three verdicts occur: a page with one alone would prove little.
    assert {*verdicts.values()} == {*WORDS}
    page = html.parse(str(public / "comparison.html")).getroot()
    grid = page.get_element_by_id(f"{indicator}-grid").getparent()
    assert [head.text_content() for head in grid.xpath("./thead//th")] == names
    lines = grid.xpath("./tbody/tr")
    assert [line.xpath("string(./th)").strip() for line in lines] == names
    for name, line in zip(names, lines, strict=True):
        cells = line.xpath("./td")
        assert len(cells) == len(names)
        for other, cell in zip(names, cells, strict=True):
            verdict = verdicts.get((name, other))
            assert cell.get("class") == verdict
            assert cell.text_content().strip() == (WORDS[verdict] if verdict else "")
    pairs = page.get_element_by_id(f"{indicator}-pairs").getparent()
    decimals = read_decimals(public, indicator)
    told = {}
    for line in pairs.xpath("./tbody/tr"):
        first, second = line.xpath("string(./th)").strip().split(" minus ")
        numbers = re.findall(r"[\d.]+", " ".join(line.xpath("./td[position() < 3]/text()")))
        assert {len(number.partition(".")[2]) for number in numbers} == {
            min(decimals[first], decimals[second])
        }
        told[first, second] = line.xpath("string(./td[last()])").strip()
        assert (line.get("class") == "clear") is (verdicts[first, second] != "open")
    assert told == {pair: WORDS[verdict] for pair, verdict in verdicts.items() if pair[0] < pair[1]}


def test_the_heading_counts_the_clear_pairs(public: Path) -> None:
    clear = count_clear_pairs(public, next(iter(SHOWN)))
    page = html.parse(str(public / "comparison.html")).getroot()
    assert page.xpath("string(//h1)") == f"Clear differences in {clear} of 10 pairs of countries"


def test_each_closed_indicator_counts_its_clear_pairs(public: Path) -> None:
    page = html.parse(str(public / "comparison.html")).getroot()
    summaries = page.xpath("//details[@class='topic printed']/summary")
    told = [" ".join(each.text_content().split()).split(" Clear ")[1] for each in summaries]
    assert told == [
        f"differences in {count_clear_pairs(public, each)} of 10 pairs of countries"
        for each in list(SHOWN)[1:]
    ]


def test_a_country_is_looked_for_by_its_names_alone(public: Path) -> None:
    page = html.parse(str(public / "index.html")).getroot()
    words = {card.get("data-words") for card in page.xpath("//li[@class='card']")}
    assert words == {f"{name} {name}" for name in NAMES.values()}


def test_the_first_page_is_headed_by_the_subject_below_the_name_of_the_study(public: Path) -> None:
    page = html.parse(str(public / "index.html")).getroot()
    assert page.xpath("string(//h1)") == "Harm of children in 5 countries"
    assert page.xpath("string(//title)") == "A small study: Harm of children"
    assert page.xpath("string(//header/p[@class='study'])") == "A small study"
