"""A finished mini study whose owner has a key: accept it, change its children, update it."""

import csv
import json
import subprocess
from pathlib import Path

from checkout import Checkout
from mini_study import CANARY, CONFIG

RESULTS = Path("results") / "mini"
# The children of two PSUs, one in each area: enough to be published anew.
PSUS = range(54)


def make_signing_key(folder: Path, name: str) -> Path:
    """Make a key of OpenSSH without a passphrase; its public half lies beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
    subprocess.run(command, check=True)
    return path


def write_signers(path: Path, *keys: Path) -> Path:
    """Write who may sign: the owners of these keys, each under the name of the key."""
    public = [(key.name, key.with_suffix(".pub").read_text(encoding="utf-8")) for key in keys]
    path.write_text("".join(f"{name} {text}" for name, text in public), encoding="utf-8")
    return path


class ReleasingStudy:
    """A finished mini study and the key of its releases."""

    def __init__(self, checkout: Checkout, key: Path, signing_key: Path | None = None) -> None:
        self.checkout = checkout
        self.signing_key = signing_key or make_signing_key(key.parent, "institute")
        self.key = {"DISRUPTING_HARM_RELEASE_KEY": str(key)}
        self.public = checkout.folder / RESULTS / "public"
        self.releases = checkout.folder / RESULTS / "restricted" / "releases"

    def copy_to(self, folder: Path) -> "ReleasingStudy":
        """Copy the study; the copy's releases have the same keys."""
        key = Path(self.key["DISRUPTING_HARM_RELEASE_KEY"])
        return ReleasingStudy(self.checkout.copy_to(folder), key, self.signing_key)

    def run(self, *targets: str) -> subprocess.CompletedProcess[str]:
        return self.checkout.run(*targets, config=CONFIG, environment=self.key)

    def release(self, *words: str) -> subprocess.CompletedProcess[str]:
        signed = ["--sign", str(self.signing_key)] if words[0] == "accept" else []
        return self.say("release", *words, *signed)

    def say(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.checkout.say(*words, "--config", CONFIG, environment=self.key)

    def follow(self, **rules: str) -> None:
        """Write how releases are updated into the configuration, in place of what it said."""
        path = self.checkout.folder / CONFIG
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("  release:")]
        said = ", ".join(f"{name}: {value}" for name, value in rules.items())
        kept.insert(kept.index("publication:\n") + 1, f"  release: {{{said}}}\n")
        path.write_text("".join(kept), encoding="utf-8")

    def names(self, country: str, children: range) -> list[str]:
        """Return the identifiers of children as they stand in the raw file."""
        return [f"{CANARY}-{country}{child:04}" for child in children]

    def delete(self, country: str, children: range) -> list[str]:
        """Delete rows of a raw file and return the identifiers that stood there."""
        path = self.checkout.folder / "mini" / f"{country}.csv"
        names = set(self.names(country, children))
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.partition(",")[0] not in names]
        assert len(lines) - len(kept) == len(names)
        path.write_text("".join(kept), encoding="utf-8")
        return sorted(names)

    def rows(self, table: str) -> list[dict[str, str]]:
        with (self.public / table).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def quality(self, country: str) -> dict:
        path = self.public / "countries" / country / "quality.json"
        return json.loads(path.read_text(encoding="utf-8"))

    def manifest(self) -> dict:
        return json.loads((self.public / "manifest.json").read_text(encoding="utf-8"))
