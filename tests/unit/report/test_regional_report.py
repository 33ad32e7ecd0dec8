"""The regional report and its data book: numbers of the public tables; what neither may say."""

import re
import shutil
from dataclasses import replace

import compared_study
import pandas as pd
import pytest
from compared_study import NAMES, SHOWN, TEMPLATES, Compared, Made, compare, make, tell

from disrupting_harm.core.errors import StudyError
from disrupting_harm.report.figures.comparison.draw_comparison import DRAW
from disrupting_harm.report.language.markdown import remove_addresses
from disrupting_harm.report.language.translator import build_english
from disrupting_harm.report.reading.country_results import list_figures

RANKED = {"method": "mogstad_step_down", "scope": "simultaneous"}
# Kenya is above all others beyond doubt; Namibia is hidden in the wide composite.
COUNTS = {
    "clear": SHOWN["clear"] | {"KEN": (1000, 500)},
    "wide": SHOWN["wide"] | {"NAM": (900, 5)},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    return make(tmp_path_factory.mktemp("made"), COUNTS, apart={"THA": "wide"})


def cells(made: Made, label: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell: of the page, or else of the data book."""
    text = made.source if f"{{#{label}}}" in made.source else made.book
    (table,) = re.findall(rf"((?:^\|.*\n)+)\n: .*\{{#{label}\}}", text, re.MULTILINE)
    rows = [line.strip("|\n ").split(" | ") for line in table.splitlines()[2:]]
    return {row[0]: [cell.strip() for cell in row[1:]] for row in rows}


def rows(made: Made, table: str, **keys: str) -> dict[str, dict[str, str]]:
    """The rows of a public table by the country's name."""
    found = made.table(table)
    for name, value in keys.items():
        found = found[found[name] == value]
    return {NAMES[row["country"]]: row for row in found.to_dict("records")}


def percent(value: str, digits: int) -> str:
    return f"{100 * float(value):.{digits}f}"


def span(row: dict[str, str], digits: int, low: str = "ci_low", high: str = "ci_high") -> str:
    return f"{percent(row[low], digits)} to {percent(row[high], digits)}"


def digits(row: dict[str, str]) -> int:
    return len(row["shown"].partition(".")[2])


@pytest.mark.parametrize("indicator", ["clear", "wide"])
def test_prevalence_and_ranks(made, indicator):
    printed = cells(made, f"tbl-prevalence-{indicator}")
    public = rows(made, "prevalence", indicator=indicator)
    ranks = rows(made, "rank_sets", indicator=indicator, **RANKED)
    assert list(printed) == sorted(NAMES.values())
    for name, row in public.items():
        n, estimate, interval, places = printed[name]
        assert estimate.replace("\\", "") == row["shown"]
        if row["estimate"]:
            assert (n, interval) == (f"{int(row['n']):,}", span(row, digits(row)))
        else:
            assert (n, interval) == ("–", "–")
        limits = [ranks[name][end] for end in ("rank_low", "rank_high")] if name in ranks else "–"
        assert places == " to ".join(dict.fromkeys(limits))
    assert len(ranks) == {"clear": 5, "wide": 3}[indicator]


def test_hidden_and_incomparable_countries_are_in_no_rank_pool_or_denominator(made):
    for label in ("tbl-denominators-wide", "tbl-orderings-wide"):
        assert not {"Namibia", "Thailand"} & {*cells(made, label)}
    assert "Namibia" in cells(made, "tbl-denominators-clear")
    pooled = made.table("pooled").query("indicator == 'wide' and group == 'all'")
    assert set(pooled["countries"]) == {"4"}
    assert set(pooled["left_out"]) == {"THA: not comparable"}
    assert set(pooled["bounded"]) == {"NAM"}
    assert set(pooled["estimate"]) == {""}
    # What is printed of Namibia is a bound: it cannot be "anywhere".
    assert made.table("prevalence").query("indicator == 'wide' and country == 'NAM'")[
        "shown"
    ].tolist() == ["< 5"]


@pytest.mark.slow
def test_who_is_hidden_is_named_where_order_and_averages_are_told(tmp_path):
    text = make(tmp_path, {"wide": COUNTS["wide"]}, apart={"THA": "wide"}).text
    assert "Namibia (below 5 per cent) may be lower still: only a bound is printed." in text
    assert "possibly anywhere" not in text
    assert (
        "that include Namibia (below 5 per cent) are ranges, as this estimate is not printed."
        in text
    )
    assert "Set apart, and in no average: Thailand." in text


@pytest.mark.parametrize("indicator", ["clear", "wide"])
def test_averages_in_the_table(made, indicator):
    table = made.table("pooled").query(f"indicator == '{indicator}' and group == 'all'")
    # Uganda has fewer than 500 answers: whole per cent.
    found = {row["estimand"]: row for row in table.to_dict("records")}
    typical = found["random_effects"]
    lines = re.findall(r"^\|[^|]*\| (?:Each|A typical).*$", made.book, re.MULTILINE)
    value = (
        percent(typical["estimate"], 0)
        if indicator == "clear"
        else (f"{percent(typical['set_low'], 0)} to {percent(typical['set_high'], 0)}")
    )
    row = f"| {typical['countries']} | {value} | {span(typical, 0)} |"
    assert sum(row in line for line in lines) == 1


@pytest.mark.slow
def test_where_there_are_no_others_nothing_is_predicted(tmp_path, monkeypatch):
    whole = compared_study.COMPARISON.model_copy(update={"others": False})
    monkeypatch.setattr(compared_study, "COMPARISON", whole)
    made = make(tmp_path, compared_study.SHOWN)
    table = made.table("pooled")
    assert set(table["prediction_low"]) | set(table["prediction_high"]) == {""}
    both = made.text + made.book
    assert "imilar country" not in both.replace("nothing is predicted of a similar one", "")
    assert "prediction" not in both
    assert "countries not surveyed" not in both


def test_every_number_of_children_stands_beside_the_source_of_its_population(made):
    printed = cells(made, "tbl-denominators-clear")
    users = rows(made, "denominators", indicator="clear", denominator="internet_using_children")
    everyone = rows(made, "denominators", indicator="clear", denominator="all_children")
    assert set(printed) == set(everyone)
    shown = rows(made, "prevalence", indicator="clear")
    for name, row in everyone.items():
        places = digits(shown[name])
        of_users, _, of_all, ranks, children, interval, source = printed[name]
        assert of_users == percent(users[name]["estimate"], places)
        assert of_all == percent(row["estimate"], places)
        assert ranks == " to ".join(dict.fromkeys([row["rank_low"], row["rank_high"]]))
        assert children == f"{int(row['children']):,}"
        assert interval == f"{int(row['children_low']):,} to {int(row['children_high']):,}"
        assert source == row["population_source"] == f"Census of {name}"


GAP = re.compile(
    r"^\| (?:Sex|Area): .*? \| (\w+) \| (\S+) \| (\S+) to (\S+) \| (\S+) \| (\S+) \|"
    r"(?: (\S+) \| (\S+) \|)?$"
)


@pytest.mark.parametrize(("indicator", "after"), [("clear", "wide"), ("wide", "colophon")])
def test_gaps_are_those_that_stand_with_the_decimals_of_their_groups(made, indicator, after):
    public = made.table("gaps").query(f"indicator == '{indicator}' and clear == 'True'")
    section = made.book.split(f"{{#sec-{indicator}}}")[1].split(f"{{#sec-{after}")[0]
    lines = [found.groups() for found in map(GAP.match, section.splitlines()) if found]
    assert len(lines) == len(public) > 0
    by_name = sorted(public.to_dict("records"), key=lambda row: NAMES[row["country"]])
    assert set(public["domain"]) == {"sex"}
    for row, (name, difference, low, high, ratio, p, goes, turns) in zip(
        by_name, lines, strict=True
    ):
        assert name == NAMES[row["country"]]
        numbers = [float(text.replace("−", "-")) / 100 for text in (difference, low, high)]
        assert numbers == pytest.approx(
            [float(row[name]) for name in ("difference", "ci_low", "ci_high")]
        )
        # As published: one decimal below 500 answers, and no more is made of them.
        parts = [row[name].partition(".")[2] for name in ("ratio", "ratio_low", "ratio_high")]
        assert ratio == f"{float(row['ratio']):.{max(map(len, parts))}f}"
        assert p == (f"{float(row['p_holm']):.3f}" if float(row["p_holm"]) else "\\<0.001")
        if indicator == "clear":
            (claim,) = (
                made.table("silence_claims")
                .query(f"country_a == '{row['country']}' and domain == '{row['domain']}'")
                .to_dict("records")
            )
            assert goes == percent(claim["claim_goes"], 0)
            assert turns == percent(claim["order_turns"], 0)
        else:
            assert goes is turns is None
        # Kenya alone has 500 boys and 500 girls; all others are printed in whole points.
        assert ("." in difference) is (name == "Kenya")


def test_the_two_composites_share_no_table_and_no_figure(made):
    both = made.source + made.book
    for table in re.findall(r"(?:^\|.*\n)+\n: .*\{#tbl-[\w-]+\}", both, re.MULTILINE):
        assert not ("Clear composite" in table and "Wide composite" in table)
    for caption in re.findall(r"^!\[.*$", made.source, re.MULTILINE):
        assert not ("Clear composite" in caption and "Wide composite" in caption)
    labels = re.findall(r"\{#(tbl-[\w-]+)\}", both)
    assert {"tbl-adjusted-clear", "tbl-adjusted-wide"} <= set(labels)
    assert {"tbl-ledger", "tbl-averages-1"} <= set(labels)


def captions(made: Made) -> dict[str, str]:
    """The captions of the tables by label."""
    both = made.book + made.source
    found = re.findall(r"^: (.*) \{#(tbl-[\w-]+)\}$", both, re.MULTILINE)
    return {label: caption for caption, label in found}


def test_every_table_says_where_it_comes_from_and_that_it_is_simulated(made):
    found = captions(made)
    del found["tbl-ledger"]
    assert len(found) > 10
    for caption in found.values():
        assert caption.endswith("Source: household survey. The data are simulated.")


@pytest.mark.slow
def test_what_no_survey_told_is_no_fact_that_all_share(tmp_path, made):
    caption = captions(made)["tbl-ledger"]
    assert "The same everywhere: Wave: 1." in caption
    unknown = "Ages; Mode; Fieldwork; Coverage; Interviewed (AAPOR RR2)"
    assert f"Not known of any country: {unknown}" in caption
    assert "not available" not in caption
    # A country may be set apart for the very fact that the file says to be alike.
    apart = make(tmp_path, COUNTS, apart={"THA": "*"})
    assert "The same in every country that is compared: Wave: 1." in captions(apart)["tbl-ledger"]


def test_a_table_names_the_countries_that_it_leaves_out(made):
    left = "Without a row, for it is not shown or not comparable: Namibia and Thailand."
    assert left in captions(made)["tbl-denominators-wide"]
    assert "Without a row" not in captions(made)["tbl-denominators-clear"]


def test_ranks_stand_in_the_data_book_alone(made):
    assert "the data do not say" not in made.text
    assert "Pairs and ranks are in the data book." in made.text
    assert "Possible ranks |" not in made.source
    assert "Possible ranks" in made.book


def test_a_country_alone_at_the_top_is_called_so_by_the_builder(made):
    top = rows(made, "rank_sets", indicator="clear", may_be_highest="True", **RANKED)
    assert set(top) == {"Kenya"}
    section = chapter(made, "differ")
    assert "Kenya has the highest share of the countries compared." in section
    assert "lowest share of the countries compared" not in section
    last = rows(made, "rank_sets", indicator="clear", may_be_lowest="True", **RANKED)
    said = remove_addresses(section)
    assert f"{len(last)} of the 5 countries with an estimate may be the lowest" in said


def chapter(made: Made, name: str) -> str:
    """The text of a chapter, or of one of its answers."""
    head = re.search(rf"^##.* {{#(?:sec|finding)-{name}[ }}].*$", made.source, re.MULTILINE)
    assert head, name
    mark = "\n## " if head[0].startswith("## ") else "\n#"
    return made.source[head.start() :].partition(mark)[0]


def claiming(folder, sentence):
    """Templates with one more sentence below each answer."""
    shutil.copytree(TEMPLATES, folder)
    path = folder / "regional" / "limits.qmd.j2"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\n{sentence}\n", encoding="utf-8")
    return folder


# Two countries whose order is not known.
CLOSE = {"clear": {"KEN": (1000, 220), "THA": (970, 205)}}


@pytest.fixture(scope="module")
def close(tmp_path_factory) -> Compared:
    return compare(tmp_path_factory.mktemp("close"), CLOSE)


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Kenya has the highest share.", marks=pytest.mark.slow),
        '<< _("Thailand has the lowest share of all.") >>',
    ],
)
def test_a_template_that_claims_an_order_is_refused(close, tmp_path, sentence):
    templates = claiming(tmp_path / "templates", sentence)
    with pytest.raises(StudyError, match="more than one country may be it"):
        tell(close, tmp_path, templates)
    assert not (tmp_path / "regional" / "en" / "report.html").exists()


@pytest.mark.slow
def test_a_template_may_repeat_the_sentence_that_the_rank_sets_bear(tmp_path):
    sentence = "Kenya has the highest share of the countries compared."
    templates = claiming(tmp_path / "templates", sentence)
    counts = {"clear": {"KEN": (1000, 500), "THA": (970, 205), "UGA": (970, 210)}}
    assert make(tmp_path, counts, templates=templates).source.count(sentence) == 2


def test_an_answer_that_no_table_gave_is_refused(close, tmp_path):
    templates = claiming(tmp_path / "templates", "::: {.opener}\nAll is well.\n:::")
    with pytest.raises(StudyError, match="no table of the comparison gave it"):
        tell(close, tmp_path, templates)


def test_a_claim_in_a_caption_or_an_alternative_text_is_refused(close, tmp_path, monkeypatch):
    original = DRAW["comparison"]
    for field in ("caption", "opening"):

        def draw(case, title, field=field):
            picture = original(case, title)
            text = f"{getattr(picture, field)} Kenya has the highest share."
            return replace(picture, **{field: text})

        monkeypatch.setitem(DRAW, "comparison", draw)
        with pytest.raises(StudyError, match="more than one country may be it"):
            tell(close, tmp_path / field)


def test_the_methods_say_what_testing_each_indicator_by_itself_means(made):
    about = chapter(made, "about").replace("\n", " ")
    indicators = made.table("prevalence")["indicator"].nunique()
    assert indicators > 1
    alpha = float(re.search(r"Holm's method at ([\d.]+) per cent", about).group(1))
    assert "Each indicator is tested by itself" in about
    # What holds of one indicator stands beside what holds of all.
    sure = remove_addresses(chapter(made, "differ"))
    assert f"up to {alpha:g} of 100 such studies would still find two that differ" in sure
    assert (
        f"Over all {indicators} indicators that is up to "
        f"{alpha * indicators:g} of 100: trust a pattern more than one pair." in sure
    )


def test_words_about_abuse_stand_in_the_studies_own_report_alone(made):
    assert "sexual exploitation" not in made.text


def test_each_question_shows_one_figure(made):
    listed = list_figures(made.public / "figures/comparison")
    drawn = {entry["id"] for entry in listed if entry["files"]}
    placed = re.findall(r"\{#fig-([\w-]+) ", made.source)
    about_groups = ["gaps-clear-sex", "gaps-clear-area"]
    assert placed == ["comparison-clear", "denominators-clear", *about_groups, "silence-clear"]
    assert set(placed) <= drawn
    assert made.html.count("<img") + made.html.count("<svg") >= len(placed)


def test_every_answer_is_short_and_stands_in_the_table_of_headings(made):
    said = remove_addresses(made.source)
    headings = pd.read_csv(made.page / "headings.csv", keep_default_na=False)
    openers = headings["heading"].tolist()
    for opener in openers:
        assert f"\n{opener}\n" in said or f"\n### {opener.removesuffix('.')} {{" in said
    assert set(headings["verdict"]) == {"borne"}
    assert len(openers) == 5
    assert len(made.source.split("---\n", 2)[2].split()) < 4500
    for block in re.findall(r"^:::: \{\.finding\}\n(.*?)^::::$", made.source, re.M | re.S):
        text = re.sub(r"^::: .*?^:::$|^\|.*$|^: .*$", "", block, flags=re.M | re.S)
        assert len(text.split()) <= 120, text


def test_a_gap_is_told_with_the_number_of_countries_in_which_it_is_clear(made):
    gaps = made.table("gaps").query("indicator == 'clear' and domain == 'sex'")
    clear = gaps[gaps["clear"] == "True"]
    assert 0 < len(clear) < len(gaps)
    (lead,) = re.findall(r"^:::: \{\.opener\}\n(.*)$", chapter(made, "whom"), re.MULTILINE)
    above = (clear["difference"].astype(float) > 0).unique().tolist()
    word = "more" if above == [True] else "fewer"
    assert remove_addresses(lead) == (
        f"In {len(clear)} of {len(gaps)} countries tested, clearly {word} girls than boys said so."
    )


def test_numbers_of_children_are_those_of_the_table_of_sums_with_who_is_added(made):
    (total,) = (
        made.table("total").query("indicator == 'clear' and group == 'all'").to_dict("records")
    )
    names = ("children", "children_low", "children_high")
    words = [build_english("countries").compact(float(total[name])) for name in names]
    said = chapter(made, "many")
    assert (
        f"Added up over 5 countries, that is about {words[0]} children "
        f"({words[1]}\u00a0to\u00a0{words[2]})." in said
    )
    assert (
        "**Added up:** all countries that can be compared. How many children live there is taken "
        "as exact." in made.source
    )
    # The ends of all countries added up would reach further to either side.
    everyone = made.table("denominators").query(
        "indicator == 'clear' and denominator == 'all_children'"
    )
    low, high = (everyone[name].astype(float).sum() for name in names[1:])
    assert float(total["children_low"]) > low
    assert float(total["children_high"]) < high


@pytest.mark.slow
def test_the_first_share_leads_where_there_is_no_summary(tmp_path):
    counts = {
        "daily": {"KEN": (1000, 400), "UGA": (1000, 300)},
    }
    made = make(tmp_path, counts)
    lead = chapter(made, "differ")
    assert re.search(r"Kenya less Uganda: \+10.0 percentage points .*; they differ ", lead)
    assert "summary indicators" not in made.source
    close = {"clear": {"KEN": (1000, 220), "UGA": (1000, 210)}}
    lead = chapter(make(tmp_path / "close", close), "differ")
    assert re.search(r"Kenya less Uganda: \+1.0 percentage points .*is not shown ", lead)


def test_silence_stands_beside_the_claims(made):
    """Only of the indicator of which the codebook says that a "no" may be silence."""
    claims = made.table("silence_claims")
    assert set(claims["indicator"]) == {"clear"}
    pairs = claims[claims["domain"] == "total"].set_index(["country_a", "country_b"])
    printed = [
        line.strip("| ").split(" | ")
        for line in re.findall(
            r"((?:^\|.*\n)+)\n: .*\{#tbl-orderings-clear\}", made.book, re.MULTILINE
        )[0].splitlines()[2:]
    ]
    codes = {name: code for code, name in NAMES.items()}
    assert printed
    for higher, lower, _, _, goes, turns in printed:
        pair = (codes[higher], codes[lower])
        row = pairs.loc[pair if pair in pairs.index else pair[::-1]]
        assert (goes.strip(), turns.strip(" |")) == (
            percent(row["claim_goes"], 0), percent(row["order_turns"], 0),
        )  # fmt: skip
        assert row["above"] == ("a" if pair in pairs.index else "b")
    assert len(cells(made, "tbl-orderings-wide")["Kenya"]) == 3


def test_ranks_with_silence(made):
    printed = cells(made, "tbl-silence-clear")
    ranks = made.table("silence_ranks")
    assert list(printed) == ["10", "20", "30"]
    for share, (first, last, span_) in printed.items():
        own = ranks[ranks["silence"].astype(float) == int(share) / 100]
        assert int(first) == (own["may_be_highest"] == "True").sum()
        assert int(last) == (own["may_be_lowest"] == "True").sum()
        width = own["rank_high"].astype(int) - own["rank_low"].astype(int) + 1
        assert float(span_) == round(width.mean(), 1)
    assert "tbl-silence-wide" not in made.book
    assert {first for first, *_ in printed.values()} == {"1"}
    assert (
        "Even if up to 30 in 100 of those to whom it happened kept silent, only 1 of the countries "
        "may be the highest."
    ) in remove_addresses(chapter(made, "silence"))
    (until,) = set(ranks.loc[ranks["country"] == "KEN", "highest_until"])
    assert float(until) > 0.3
    assert (
        f"This holds as long as no more than {percent(until, 0)} per cent of those to whom it "
        "happened kept silent in any country."
    ) in made.text
    assert "none of them is to blame" in made.text


@pytest.mark.slow
def test_the_only_pair_says_what_silence_would_do(tmp_path):
    made = make(tmp_path, {"clear": {"KEN": (1000, 200), "KHM": (1000, 120)}})
    (claim,) = made.table("silence_claims").query("domain == 'total'").to_dict("records")
    assert (
        f"If {percent(claim['claim_goes'], 0)} per cent of those in Cambodia to whom it happened, "
        "and nobody in Kenya, kept silent, the difference would no longer be certain; at 40 per "
        "cent the order would turn."
    ) in made.text


CAUSAL = ("cause", "effect of", "leads to", "lead to", "because", "due to", "protects", "reduces")


@pytest.mark.slow
def test_what_goes_together_is_told_of_clear_rows_and_without_a_word_on_causes(tmp_path):
    made = make(tmp_path, SHOWN)
    (row,) = made.table("associations").to_dict("records")
    assert (row["clear"], row["countries"]) == ("True", "5")
    told = remove_addresses(chapter(made, "associations"))
    assert "Links between two answers: 1 clear of 1 tested" in told
    assert "Odds ratios are in the data book." in told
    assert row["ratio"] not in told
    assert not [word for word in CAUSAL if word in told.lower()]
