"""Tables of cells for the tests of publication and comparison."""

import numpy as np
import pandas as pd

from designbased.intervals.limits import korn_graubard
from disrupting_harm.publication.release import decide_release
from disrupting_harm.publication.reliability import judge
from disrupting_harm.study.codebook.codebook import Codebook
from disrupting_harm.study.configuration.publication_config import Publication

CROSSES = {"sex_age": ("sex", "age")}


def from_counts(cells, country="KEN", deff=1.0, df=60, statistics=None):
    """Judged estimates of an unweighted survey from (indicator, domain, level, n, n_yes)."""
    table = pd.DataFrame(cells, columns=["indicator", "domain", "level", "n", "n_yes"])
    table.insert(0, "country", country)
    n = table["n"].to_numpy(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        p = np.where(n > 0, table["n_yes"] / np.where(n > 0, n, 1), np.nan)
        se = np.sqrt(deff * p * (1 - p) / n)
        n_eff = np.where(se > 0, n / deff, n)
    low, high = korn_graubard(p, se, np.where(n > 0, n, np.nan), df)
    table = table.assign(
        population=n * 1000.0,
        estimate=p,
        se=se,
        ci_low=low,
        ci_high=high,
        deff=deff,
        n_eff=n_eff,
        df=df,
        interval="korn_graubard",
    )
    return judge(table, "nchs2017", statistics)


def codebook_of(table, crosses=CROSSES, statistics=None, sensitive=()):
    """A codebook of the indicators and domains of a table of cells; no two are tied."""
    items, domains, indicators = [], [{"id": "total", "label": "Total"}], []
    for domain, own in table.groupby("domain", sort=False):
        if domain in crosses:
            domains.append({"id": domain, "label": domain, "cross": crosses[domain]})
        elif domain != "total":
            values = list(dict.fromkeys(own["level"]))
            # A choice has two values at least; nobody chose the other.
            values += ["nobody"] if len(values) == 1 else []
            items.append({"id": f"of_{domain}", "type": "choice", "values": values})
            domains.append({"id": domain, "label": domain, "item": f"of_{domain}"})
    domains.sort(key=lambda domain: "cross" in domain)
    for name in dict.fromkeys(table["indicator"]):
        statistic = (statistics or {}).get(name, "proportion")
        proportion = statistic == "proportion"
        items.append({"id": f"asked_{name}", "type": "yes_no" if proportion else "number"})
        yes = {"numerator": [{"item": f"asked_{name}", "among": ["yes"]}]}
        counted = yes if proportion else {"value": f"asked_{name}"}
        kept = {"statistic": statistic, "sensitive": name in sensitive}
        indicators.append({"id": name, "module": "m", "label": name, **kept, **counted})
    parts = {"items": items, "domains": domains, "indicators": indicators}
    return Codebook.model_validate({**parts, "modules": [{"id": "m", "label": "M"}]})


def released(table, publication=None, crosses=CROSSES, statistics=None, sensitive=(), **options):
    """The release of a table of judged cells whose indicators are not tied to each other."""
    codebook = codebook_of(table, crosses, statistics, sensitive)
    return decide_release(table, publication or Publication(), codebook, **options)


def random_survey(seed, children=900, indicators=4, unknown=0.0):
    """Cells of a random unweighted survey with a crossed domain and a small region."""
    random = np.random.default_rng(seed)
    sex = random.choice(["boy", "girl"], children)
    age = random.choice(["12-13", "14-15", "16-17"], children)
    region = random.choice(list("ABCDE"), children, p=[0.4, 0.3, 0.2, 0.08, 0.02])
    domains = {
        "total": np.full(children, "all"),
        "sex": sex,
        "age": age,
        "sex_age": np.char.add(np.char.add(sex, "|"), age),
        "region": np.where(random.random(children) < unknown, "", region),
    }
    cells = []
    for number in range(indicators):
        yes = random.random(children) < random.choice([0.01, 0.03, 0.06, 0.2, 0.97])
        valid = random.random(children) < random.choice([1.0, 0.9, 0.15])
        for domain, levels in domains.items():
            for level in sorted(set(levels) - {""}):
                inside = valid & (levels == level)
                cells.append(
                    (f"i{number}", domain, level, int(inside.sum()), int((inside & yes).sum()))
                )
    return from_counts(cells, deff=1.2)
