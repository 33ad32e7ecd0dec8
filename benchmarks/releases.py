"""Two hundred random updates of three countries: do two releases tell what a child answered?

    python benchmarks/releases.py             some minutes
    python benchmarks/releases.py --chains 5  less

A chain is a first release and two updates, each published by the gate. In every third chain the
second update takes the first one back but for one child. Every two releases of a chain are attacked
together (``release_attack``); so is each update as it would be published without a gate. And the
hidden numbers of all releases of a chain are audited together, by the equations of all of them.
"""

import argparse
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from release_attack import Published, Told, attack
from release_updates import SIZES, UPDATES, Survey, first_survey, take_back

from disrupting_harm.publication.disclosure.certificate import audit_release
from disrupting_harm.publication.disclosure.earlier_releases import NO_EARLIER, EarlierReleases
from disrupting_harm.publication.release import KEYS, decide_release, withhold_cells
from disrupting_harm.releases.accepted_release import tokens_of_levels
from disrupting_harm.releases.cell_differences import CurrentRun, PublishedVersion
from disrupting_harm.releases.current_children import RestrictedFiles, build_present, read_children
from disrupting_harm.releases.frozen_tables import keep_frozen_tables, keep_held_estimates
from disrupting_harm.releases.gate import decide_tables
from disrupting_harm.releases.history import Key
from disrupting_harm.releases.membership import is_follow_up
from disrupting_harm.releases.records import Children
from disrupting_harm.releases.release_messages import STAYING
from disrupting_harm.stages.estimate import estimate_country
from disrupting_harm.stages.prepare import write_prepared
from disrupting_harm.stages.weight import compute_weights
from disrupting_harm.study.configuration.publication_config import ReleaseRules
from disrupting_harm.study.microdata.typed_answers import prepare_country
from disrupting_harm.study.study import Study, load_study
from disrupting_harm.tables import contracts
from disrupting_harm.tables.io import read_table, write_table

COUNTRIES = ("KEN", "KHM", "UGA")
CHAINS, SEED = 100, 20261126
KEY = Key(bytes(range(32)))


@dataclass(frozen=True, eq=False)
class Release:
    """One release of one country in a chain.

    ``unprotected`` hidden numbers of it and all before it follow from what all of them print.
    """

    survey: Survey
    children: Children
    decisions: pd.DataFrame
    cells: pd.DataFrame
    version: PublishedVersion
    unprotected: int

    @property
    def published(self) -> Published:
        """What an attacker sees of the tables that it published anew."""
        return Published(self.children, self.version.cells)


def read(study: Study, survey: Survey) -> tuple[Children, pd.DataFrame, CurrentRun]:
    """Prepare, weigh and estimate one country as the workflow does."""
    config, code = study.config, survey.country
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        survey.raw.to_csv(folder / "raw.csv", index=False)
        survey.margins.to_csv(folder / "margins.csv", index=False)
        prepared = prepare_country(
            code,
            folder / "raw.csv",
            study.mappings[code],
            study.codebook,
            simulated=True,
            source="selection",
        )
        write_prepared(prepared, folder)
        weights = compute_weights(
            prepared.sample, config.weighting, folder / "margins.csv", None
        ).weights
        write_table(
            folder / "weights.parquet",
            weights,
            contracts.restricted_contract("country/weights"),
            True,
        )
        parts = ("sample", "indicators", "parts", "weights")
        files = RestrictedFiles(**{part: folder / f"{part}.parquet" for part in parts})
        made = folder / "estimates.parquet"
        estimate_country(
            country=code,
            sample=str(files.sample),
            indicators=str(files.indicators),
            parts=str(files.parts),
            weights=str(files.weights),
            item_answers=str(folder / "item_answers.csv"),
            codebook=study.codebook.definitions(),
            estimation=config.estimation.model_dump(mode="json"),
            margins=config.weighting.margins,
            reliability=config.publication.reliability,
            simulated=True,
            output=str(made),
        )
        children = read_children(files, code, study.codebook)
        estimates = read_table(made, contracts.restricted_contract("country/estimates"))
    return children, estimates, build_present(children, study.codebook, KEY)


def published(study: Study, survey: Survey, earlier: Sequence[Release], gate: bool) -> Release:
    """Publish one country after earlier releases, or without a look at them."""
    children, estimates, present = read(study, survey)
    rules, book = study.config.publication, study.codebook
    found = decide_tables(present, [before.version for before in earlier], book, ReleaseRules())
    free = decide_tables(present, [], book, ReleaseRules())
    known = found.earlier_releases if gate else EarlierReleases(found.before)
    previous = earlier[-1].cells if earlier and gate else None
    if gate and found.is_held:
        # Nothing new is published, and so nothing more is told.
        decided, told = (
            withhold_cells(keep_held_estimates(earlier[-1].cells, found.tables, book)),
            (),
        )
    else:
        decided = decide_release(estimates, rules, book, earlier=known if gate else NO_EARLIER)
        *_, told = audit_release(
            decided.sort_values(KEYS, ignore_index=True), rules, book, earlier=known
        )
    cells = keep_frozen_tables(decided, previous, found if gate else free, book)
    name = f"release {len(earlier) + 1}"
    cells = cells.assign(release=cells["release"].where(cells["release"] != "", name))
    own = cells[cells["release"] == name].reset_index(drop=True)
    levels = tokens_of_levels(own, survey.country, book, KEY)
    version = PublishedVersion(name, present.records, own, levels)
    tables = (found if gate else free).tables
    return Release(survey, children, tables, cells, version, len(told))


def chains(study: Study, places: Iterable[int]) -> Iterator[dict[str, object]]:
    """Yield one row per update: its kind, what was published anew, and what is told.

    Args:
        study: the default study.
        places: which chains; each has random numbers of its own.
    """
    sensitive = {entry.id for entry in study.codebook.indicators if entry.sensitive}
    for place in places:
        random = np.random.default_rng([SEED, place])
        first = first_survey(study, COUNTRIES[place % len(COUNTRIES)], random)
        history = [published(study, first, [], gate=False)]
        kind, size = random.choice(list(UPDATES)), int(random.choice(SIZES))
        for step in range(2):
            before = history[-1].survey
            if step and place % 3 == 2 and kind != "reweight":
                kind, size = "take back", size
                survey = take_back(history[0].survey, before, random)
            else:
                if step:
                    kind, size = random.choice(list(UPDATES)), int(random.choice(SIZES))
                survey = UPDATES[kind](before, size, random)
            made = published(study, survey, history, gate=True)
            free = published(study, survey, history, gate=False)
            told, open_ = (
                sum((attack(old.published, new, sensitive) for old in history), Told(0, 0, 0))
                for new in (made.published, free.published)
            )
            yield {
                "country": first.country,
                "update": kind,
                "size": size,
                **new_shares(study, made.decisions),
                "answers": open_.differing,
                "told without a gate": open_.alone + open_.all_yes,
                "told": told.alone,
                "all said yes": told.all_yes,
                "unprotected without a gate": free.unprotected,
                "unprotected": made.unprotected,
            }
            history.append(made)


def new_shares(study: Study, decisions: pd.DataFrame) -> dict[str, float]:
    """Return the shares of tables that are published anew, follow-up questions apart."""
    book = study.codebook
    follow_ups = [entry.id for entry in book.indicators if is_follow_up(entry, book)]
    own = decisions["indicator"].isin(follow_ups)
    new = ~decisions["decision"].isin(STAYING)
    return {"new tables": new[~own].mean(), "new follow-ups": new[own].mean()}


def main() -> None:
    """Run the chains and print the updates by kind and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chains", type=int, default=CHAINS, help="chains of two updates")
    parser.add_argument("--config", type=Path, default=Path("config/config.yaml"))
    options = parser.parse_args()
    rows = pd.DataFrame(chains(load_study(options.config), range(options.chains)))
    grouped = rows.groupby(["update", "size"])
    table = grouped[["new tables", "new follow-ups"]].mean().mul(100).round(1)
    counts = ["answers", "told without a gate", "told", "all said yes"]
    counts += ["unprotected without a gate", "unprotected"]
    print(table.join(grouped[counts].sum()).join(grouped.size().rename("updates")).to_string())
    print(
        f"\n{len(rows)} updates; told in all: {rows['told'].sum()}, "
        f"all said yes: {rows['all said yes'].sum()}, "
        f"hidden numbers unprotected: {rows['unprotected'].sum()}"
    )


if __name__ == "__main__":
    main()
