"""Two releases of one study: what few children changed stays as it was published."""

import csv
import json
from pathlib import Path

import pytest
from checkout import Checkout
from mini_study import CANARY, CONFIG
from releasing import PSUS, ReleasingStudy, write_signers

from disrupting_harm.core.job_records import sha256

ASKED_OF_PARENTS = (
    "  - {id: parents_say, type: yes_no, respondent: caregiver, same_as: rare,"
    " question: A rare answer}",
    "  - {id: parents_say, module: use, label: The same, "
    'numerator: [{item: parents_say, among: ["yes"]}]}',
    '  parents_say: {column: q2, codes: {1: "yes", 0: "no"}}',
)


@pytest.fixture
def study(mini_copy: Checkout, tmp_path: Path) -> ReleasingStudy:
    return ReleasingStudy(mini_copy, tmp_path / "safe" / "key")


@pytest.mark.slow
def test_what_few_children_changed_stays_as_it_was_published(study: ReleasingStudy) -> None:
    first = study.release("accept", "2026-1", "--by", "the board")
    assert first.returncode == 0, first.stderr
    assert "Release 2026-1 is accepted: 2 countries" in first.stdout
    assert study.manifest()["release"] == "2026-1"
    accepted = json.loads((study.releases / "2026-1" / "accepted.json").read_text())
    assert (accepted["by"], accepted["countries"]) == ("the board", ["N", "S"])
    # A run that would take no notice of it does not start.
    unaware = study.run()
    assert unaware.returncode == 1
    assert "'publication.release.after' does not name it. Add 'after: 2026-1'." in unaware.stderr

    old = {name: study.rows(name) for name in ("estimates.csv", "comparison/gaps.csv")}
    study.follow(after="2026-1")
    consent = study.names("N", range(40, 41))
    ids = study.checkout.folder.parent / "ids.txt"
    ids.write_text("".join(f"{name}\n" for name in consent), encoding="utf-8")
    raw = (study.checkout.folder / "mini" / "N.csv").read_text(encoding="utf-8").splitlines(True)
    withdrawn = study.release("withdraw", "N", "--ids", str(ids))
    assert withdrawn.returncode == 0, withdrawn.stderr
    # The row goes in the same step, and no other changes.
    left = (study.checkout.folder / "mini" / "N.csv").read_text(encoding="utf-8")
    assert left == "".join(line for line in raw if not line.startswith(consent[0]))
    assert "1 row of mini/N.csv deleted." in withdrawn.stdout
    assert "Their answers remain in" in withdrawn.stdout
    study.delete("S", PSUS)
    done = study.run()
    assert done.returncode == 0, done.stderr
    assert (
        "N stays as in 2026-1. Fewer than 10 of its respondents changed, and nothing is published "
        "of so few. Collect changes until the next date of publication."
    ) in done.stderr
    assert "S: all may be published anew after release 2026-1." in done.stderr
    assert "Not a release: nobody has accepted these results" in done.stderr
    assert study.manifest()["release"] == "not a release"

    new = study.rows("estimates.csv")
    assert "release" not in new[0]
    was, now = (
        {(row["country"], row["indicator"], row["domain"], row["level"]): row for row in rows}
        for rows in (old["estimates.csv"], new)
    )
    assert was.keys() == now.keys()
    assert all(was[cell] == now[cell] for cell in was if cell[0] == "N")
    whole = ("S", "daily", "total", "all")
    assert (was[whole]["n"], now[whole]["n"]) == ("540", "486")
    # A gap rests on the same children as its two levels; its limits with others on all of them.
    alone = ("difference", "ci_low", "ci_high", "p_value")
    for before, after in zip(
        old["comparison/gaps.csv"], study.rows("comparison/gaps.csv"), strict=True
    ):
        if after["country"] == "N":
            assert [before[name] for name in alone] == [after[name] for name in alone]
    for name in ("standardised", "bounds", "adjusted", "prevalence", "adjusted_countries"):
        assert "release" not in study.rows(f"comparison/{name}.csv")[0]

    compared = study.release("compare")
    assert compared.returncode == 3
    with (study.releases / "compare.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["country", "indicator", "domain", "decision", "differ"]
    assert {(row["country"], row["decision"], row["differ"]) for row in rows} == {
        ("N", "held", "1-9"),
        ("S", "reissue", "10+"),
    }

    # Statistics for a comparison elsewhere are of numbers that this run made.
    frozen = study.say("statistics", "export", "N", str(study.public.parent / "sent" / "N"))
    assert frozen.returncode == 1
    assert "some numbers stay as an earlier release has them" in frozen.stderr
    reissued = study.say("statistics", "export", "S", str(study.public.parent / "sent" / "S"))
    assert reissued.returncode == 0, reissued.stderr

    second = study.release("accept", "2026-2")
    assert second.returncode == 0, second.stderr
    again = study.release("accept", "2026-2")
    assert again.returncode == 1
    assert "A release is final: take another name" in again.stderr
    verified = study.say("verify")
    assert verified.returncode == 0, verified.stdout

    # Whoever receives the second release has the folder of statements beside it.
    statements = study.public.parent / "release"
    said = json.loads((statements / "2026-2.json").read_text())["predicate"]["buildDefinition"]
    rests_on = {entry["name"]: entry["digest"]["sha256"] for entry in said["resolvedDependencies"]}
    assert rests_on["accepted.json"] == sha256(study.releases / "2026-2" / "accepted.json")
    assert rests_on["release/2026-1.json"] == sha256(statements / "2026-1.json")
    signers = write_signers(study.checkout.folder / "signers", study.signing_key)
    signed = study.say("verify", "--signers", str(signers))
    assert signed.returncode == 0, signed.stderr
    first_name, second_name = (
        f"{name}@{sha256(statements / f'{name}.json')[:12]}" for name in ("2026-1", "2026-2")
    )
    assert f"Release {second_name}: signed by institute" in signed.stdout
    assert f"follows release {first_name}: signed by institute" in signed.stdout
    assert f"Its identity is {second_name}, signed" in second.stdout
    assert first_name in (study.public / "data.html").read_text(encoding="utf-8")

    # The very same results again: S is equal to release 2026-2, N stays as in 2026-1.
    study.follow(after="2026-2", on_change="stop")
    table = (study.public / "estimates.csv").read_bytes()
    study.delete("S", range(60, 61))
    stopped = study.run()
    assert stopped.returncode == 3, stopped.stderr
    assert "'publication.release.on_change' is 'stop'" in stopped.stderr
    assert (study.public / "estimates.csv").read_bytes() == table

    said = [first, unaware, withdrawn, done, compared, second, again, stopped]
    assert not [run for run in said if CANARY in run.stdout + run.stderr]
    kept = [path for path in study.releases.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if CANARY.encode() in path.read_bytes()]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


@pytest.mark.slow
def test_a_wrong_number_is_retracted_where_few_answers_change(study: ReleasingStudy) -> None:
    with (study.checkout.folder / "mini" / "indicators.yaml").open("a", encoding="utf-8") as file:
        file.write("  - {id: either, module: use, label: Either, any_of: [daily, rare]}\n")
    first = study.run()
    assert first.returncode == 0, first.stderr
    assert study.release("accept", "2026-1").returncode == 0
    raw = study.checkout.folder / "mini" / "N.csv"
    lines = raw.read_text(encoding="utf-8").splitlines()
    for place in range(1, 6):
        cells = lines[place].split(",")
        cells[6] = str(1 - int(cells[6]))
        lines[place] = ",".join(cells)
    raw.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sentence = "Weekly users were counted as daily."
    study.follow(after="2026-1", corrected=f'{{daily: "{sentence}"}}')
    old = {tuple(row.values())[:4]: row for row in study.rows("estimates.csv")}
    done = study.run()
    assert done.returncode == 0, done.stderr
    assert (
        "N: all may be published anew after release 2026-1. 'daily' is retracted: too few answers "
        "change. 'either' is retracted: too few answers change."
    ) in done.stderr

    for row in study.rows("estimates.csv"):
        if row["country"] == "N" and row["indicator"] in ("daily", "either"):
            assert (row["shown"], row["reason"], row["status"]) == (
                "r", "retracted", "suppress_disclosure",
            )  # fmt: skip
            assert {row[name] for name in ("n", "population", "estimate", "ci_low")} == {""}
        else:
            assert row == old[tuple(row.values())[:4]]
    # What counts it is retracted with it, by the same sentence.
    assert study.quality("N")["retracted"] == {"daily": sentence, "either": sentence}
    assert "retracted" not in study.quality("S")
    # Nothing rests on it.
    for name in ("gaps", "standardised", "bounds", "adjusted", "adjusted_countries"):
        rows = study.rows(f"comparison/{name}.csv")
        numbers = ("difference", "estimate", "lower", "ratio")
        assert not [
            row
            for row in rows
            if (row["country"], row["indicator"]) == ("N", "daily")
            and any(row.get(number) for number in numbers)
        ]
    report = (study.public / "reports" / "N" / "en" / "report.html").read_text(encoding="utf-8")
    text = " ".join(report.split())
    # Once below each table that has one of them, or both.
    sign = "r: retracted, as it was wrong; too few answers change for a new number."
    assert text.count(sentence) == text.count(sign) > 0
    told = study.say("explain", "N/daily/estimate")
    assert "retracted, as it was wrong" in told.stdout
    page = (study.public / "explained" / "N.html").read_text(encoding="utf-8")
    assert "retracted, as it was wrong" in page

    # The old number is published for ever, so the new one waits, whatever the next run. That asks
    # parents, too, so that it has pairs, of which no release has a table.
    assert study.release("accept", "2026-2").returncode == 0
    assert not (study.public / "countries" / "N" / "dyads.csv").exists()
    study.checkout.edit("mini/indicators.yaml", "domains:\n", f"{ASKED_OF_PARENTS[0]}\ndomains:\n")
    for file, line in zip(("indicators", "mapping"), ASKED_OF_PARENTS[1:], strict=True):
        with (study.checkout.folder / "mini" / f"{file}.yaml").open("a", encoding="utf-8") as text:
            text.write(f"{line}\n")
    study.follow(after="2026-2", corrected=f'{{daily: "{sentence}"}}')
    again = study.run()
    assert again.returncode == 0, again.stderr
    assert {
        row["shown"]
        for row in study.rows("estimates.csv")
        if (row["country"], row["indicator"]) == ("N", "daily")
    } == {"r"}
    for country in ("N", "S"):
        pairs = study.rows(f"countries/{country}/dyads.csv")
        assert {(row["child"], row["caregiver"]) for row in pairs} == {("rare", "parents_say")}
    assert study.release("accept", "2026-3").returncode == 0


@pytest.mark.slow
def test_what_is_renamed_or_left_out_leads_on(study: ReleasingStudy) -> None:
    assert study.release("accept", "2026-1").returncode == 0
    assert not (study.public / "addresses-moved.csv").exists()
    study.checkout.edit(
        "mini/indicators.yaml", "  - {id: daily, module", "  - {id: each_day, module"
    )
    codebook = study.checkout.folder / "mini" / "indicators.yaml"
    kept = [
        line
        for line in codebook.read_text(encoding="utf-8").splitlines(keepends=True)
        if "id: rare, module" not in line and "item: rare" not in line
    ]
    codebook.write_text("".join(kept), encoding="utf-8")
    study.follow(after="2026-1", moved='{daily: {to: each_day, why: "the form says so"}}')
    done = study.run()
    assert done.returncode == 0, done.stderr

    rows = {row["old"]: row for row in study.rows("addresses-moved.csv")}
    assert rows["N/daily"] == {
        "old": "N/daily", "new": "N/each_day", "why": "the form says so", "release": "2026-1"
    }  # fmt: skip
    assert {row["new"] for old, row in rows.items() if old.startswith("S/daily/")} == {
        row.replace("daily", "each_day") for row in rows if row.startswith("S/daily/")
    }
    assert rows["N/rare"]["new"] == ""
    assert rows["N/rare"]["why"].startswith("nobody has said why")
    assert {old.split("/")[1] for old in rows} == {"daily", "rare"}
    page = (study.public / "explained" / "N.html").read_text(encoding="utf-8")
    assert "<li id=daily><code>daily</code>: <a href=#each_day>it is N/each_day now" in page
    assert "<li id=rare><code>rare</code>: it was withdrawn, after release 2026-1" in page
    told = study.say("explain", "N/daily/estimate")
    assert told.returncode == 0, told.stderr
    assert (
        "moved           it is N/each_day now, after release 2026-1: the form says so"
        in told.stdout
    )
    assert "number          N/each_day/estimate" in told.stdout


def test_a_release_is_what_the_last_run_made(study: ReleasingStudy) -> None:
    page = study.public / "index.html"
    whole = page.read_text(encoding="utf-8")
    page.write_text(whole + "<!-- by hand -->", encoding="utf-8")
    changed = study.release("accept", "r1")
    assert changed.returncode == 1
    assert "1 file not as the last run made them, first: changed index.html" in changed.stderr
    page.write_text(whole, encoding="utf-8")

    study.checkout.edit(CONFIG, "review: show", "review: hold")
    other = study.release("accept", "r1")
    assert other.returncode == 1
    assert "key 'publication': it was changed since the last run" in other.stderr
    study.checkout.edit(CONFIG, "review: hold", "review: show")

    for key, value in (
        ("licence", "CC0-1.0"),
        ("contact", "nobody@example.org"),
        ("code", "https://example.org/code"),
    ):
        study.checkout.edit(CONFIG, f"  {key}: {value}\n", "")
        assert study.run().returncode == 0
        unnamed = study.release("accept", "r1")
        assert unnamed.returncode == 1
        assert f"key 'study.{key}': it is empty, and pages say that it is named" in unnamed.stderr
        study.checkout.edit(CONFIG, "  population:", f"  {key}: {value}\n  population:")
    assert study.run().returncode == 0

    study.checkout.edit("mini/mapping.yaml", "child_id: id\n", "")
    nameless = study.release("accept", "r1")
    assert nameless.returncode == 1
    assert "mapping key 'child_id': it is missing, and row numbers change" in nameless.stderr
    # No key was made for a release that was not accepted.
    assert not Path(study.key["DISRUPTING_HARM_RELEASE_KEY"]).exists()
    assert not study.releases.exists()


def test_a_name_is_one_of_a_folder_and_of_no_number(study: ReleasingStudy) -> None:
    for name, said in (
        ("../mini", "a release is named by letters and digits"),
        ("", "a release is named by letters and digits"),
        ("2026", "YAML would read it as a number or date"),
        ("2026-11-24", "YAML would read it as a number or date"),
    ):
        done = study.release("accept", name)
        assert done.returncode == 1, name
        assert said in done.stderr
    assert (study.public / "index.html").is_file()
    assert not study.releases.exists()


def test_a_release_needs_its_key(study: ReleasingStudy) -> None:
    inside = {"DISRUPTING_HARM_RELEASE_KEY": str(study.checkout.folder / "key")}
    outside, study.key = study.key, inside
    assert study.release("accept", "r1").returncode == 1
    study.key = outside
    assert study.release("accept", "r1").returncode == 0

    study.follow(after="r1")
    study.key = {"DISRUPTING_HARM_RELEASE_KEY": f"{outside['DISRUPTING_HARM_RELEASE_KEY']}-lost"}
    for done in (study.run(), study.release("compare")):
        assert done.returncode == 1
        assert "Without it nothing can be updated." in done.stderr
    study.key = outside
    assert study.release("compare").returncode == 0
    missing = study.release("compare", "--to", "r0")
    assert missing.returncode == 1
    assert "there is no release 'r0'" in missing.stderr
    study.follow(after="r0")
    gone = study.run()
    assert gone.returncode == 1
    assert "there is no accepted release 'r0'" in gone.stderr


def test_nothing_is_withdrawn_where_one_line_is_wrong(
    study: ReleasingStudy, tmp_path: Path
) -> None:
    assert study.release("accept", "r1").returncode == 0
    record = study.releases / "r1" / "N.records.parquet"
    raw = study.checkout.folder / "mini" / "N.csv"
    before = record.read_bytes(), raw.read_bytes()
    ids = tmp_path / "ids.txt"
    for country, lines, said in (
        ("N", "CANARY-7391-N0001\n\nCANARY-7391-N9999\n", "ids.txt, line 3: no accepted release"),
        ("N", "\n", "it names nobody"),
        ("X", "CANARY-7391-N0001\n", "country X: no accepted release has it"),
    ):
        ids.write_text(lines, encoding="utf-8")
        done = study.release("withdraw", country, "--ids", str(ids))
        assert done.returncode == 1
        assert said in done.stderr
        assert CANARY not in done.stderr
        assert (record.read_bytes(), raw.read_bytes()) == before


@pytest.mark.slow
def test_nobody_accepts_what_nobody_signs(study: ReleasingStudy) -> None:
    """Neither without a key and a reason, nor with a key that is none: and nothing is kept."""
    for key in ([], ["--sign", "no-such-key"]):
        refused = study.say("release", "accept", "2026-1", *key)
        assert refused.returncode == 1
        assert not (study.releases / "2026-1" / "accepted.json").exists()
        assert study.manifest()["release"] == "not a release"
        assert not list(study.public.parent.glob("release/*"))
    assert "Name a key of OpenSSH" in refused.stderr

    study.follow(
        unsigned="this is a rehearsal",
        sign_offs="{study: [statistician, partner], countries: [office]}",
    )
    assert study.run().returncode == 0
    both = study.release("accept", "2026-1")
    assert both.returncode == 1
    assert "it says that releases are not signed" in both.stderr
    agreed = ("--sign-off", "partner=B", "--sign-off", "office S=C", "--sign-off")
    stranger = study.say("release", "accept", "2026-1", *agreed, "somebody=A")
    assert stranger.returncode == 1
    assert "'somebody' is no role of this release" in stranger.stderr
    unsigned = study.say("release", "accept", "2026-1", *agreed, "statistician=A")
    assert unsigned.returncode == 0, unsigned.stderr
    assert "not signed: hand" in unsigned.stdout
    assert "Nobody agreed to it as office N: it says so." in unsigned.stdout
    kept = json.loads((study.releases / "2026-1" / "accepted.json").read_text(encoding="utf-8"))
    assert kept["sign_offs"] == {"statistician": "A", "partner": "B", "office S": "C"}
    assert kept["missing_sign_offs"] == ["office N"]
    stated = (study.public.parent / "release" / "2026-1.json").read_text(encoding="utf-8")
    stated_roles = json.loads(stated)["predicate"]["buildDefinition"]["externalParameters"]
    # Roles are stated, and no person.
    assert stated_roles["signOffs"] == {
        "agreed": ["statistician", "partner", "office S"],
        "missing": ["office N"],
    }
    page = (study.public / "data.html").read_text(encoding="utf-8")
    assert "not signed: this is a rehearsal" in page
