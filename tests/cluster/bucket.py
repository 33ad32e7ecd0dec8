"""A SeaweedFS on this machine, bound to loopback, that speaks the protocol of S3."""

import json
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cluster.one_node import free_ports

# Beside the Python that runs the tests, or on the path.
PROGRAM = shutil.which("weed", path=str(Path(sys.executable).parent)) or shutil.which("weed")
REGION = "us-east-1"


@dataclass(frozen=True)
class Service:
    """What a client needs to reach the storage: its address, and a name with its secret."""

    url: str
    key: str
    secret: str

    def client(self) -> Any:
        """Return a client of boto3."""
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
        )


@contextmanager
def storage(folder: Path) -> Iterator[Service]:
    """Run a SeaweedFS in ``folder`` that lets in one client with a secret of its own."""
    assert PROGRAM
    (folder / "data").mkdir(parents=True)
    ports = dict(zip(("master", "volume", "filer", "s3"), _pairs(4), strict=True))
    port, _ = ports["s3"]
    service = Service(f"http://127.0.0.1:{port}", secrets.token_hex(8), secrets.token_hex(16))
    settings = folder / "s3.json"
    settings.write_text(json.dumps(_clients(service)), encoding="utf-8")
    command = [PROGRAM, f"-logdir={folder}", "server", "-filer", "-s3", f"-s3.config={settings}"]
    command += [f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-master.volumeSizeLimitMB=64"]
    for part, (port, remote_calls) in ports.items():
        command += [f"-{part}.port={port}", f"-{part}.port.grpc={remote_calls}"]
    with (folder / "weed.out").open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait_until_there(service, process)
        yield service
    finally:
        process.terminate()
        process.wait(timeout=30)


def _pairs(number: int) -> list[tuple[int, int]]:
    ports = free_ports(2 * number)
    return list(zip(ports[:number], ports[number:], strict=True))


def _clients(service: Service) -> dict[str, Any]:
    credentials = {"accessKey": service.key, "secretKey": service.secret}
    return {"identities": [{"name": "study", "credentials": [credentials], "actions": ["Admin"]}]}


def _wait_until_there(service: Service, process: subprocess.Popen[bytes]) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    for _ in range(60):
        assert process.poll() is None, "SeaweedFS ended by itself"
        try:
            service.client().list_buckets()
        except (BotoCoreError, ClientError):
            time.sleep(1)
        else:
            return
    raise TimeoutError("SeaweedFS does not answer")
