"""A Slurm of one node on this machine, bound to loopback, for the length of a test."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Where Slurm's own commands look; Snakemake takes away the variable that would name another file.
SETTINGS = Path("/etc/slurm/slurm.conf")
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun")


def missing() -> list[str]:
    """Return which programs of Slurm are not installed."""
    return [name for name in PROGRAMS if shutil.which(name) is None]


@contextmanager
def one_node(folder: Path, megabytes: int) -> Iterator[None]:
    """Run a Slurm with two processors in ``folder``; needs the rights of root.

    Raises:
        FileExistsError: the machine has a Slurm of its own, which is left alone.
    """
    if SETTINGS.exists():
        raise FileExistsError(f"{SETTINGS}: this machine has a Slurm of its own")
    folder.mkdir(mode=0o755)
    for name in ("state", "spool"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o400)
    SETTINGS.parent.mkdir(exist_ok=True)
    cgroups = SETTINGS.with_name("cgroup.conf")
    started: list[subprocess.Popen[bytes]] = []
    try:
        SETTINGS.write_text(_settings(folder, megabytes), encoding="utf-8")
        cgroups.write_text("CgroupPlugin=disabled\n", encoding="utf-8")
        files = {
            "key-file": key,
            "socket": folder / "munge.socket",
            "pid-file": folder / "munge.pid",
            "log-file": folder / "munge.log",
            "seed-file": folder / "munge.seed",
        }
        options = [f"--{name}={file}" for name, file in files.items()]
        for command in (
            ["munged", "--foreground", "--force", *options],
            ["slurmctld", "-D"],
            ["slurmd", "-D", "-N", _host()],
        ):
            with (folder / f"{command[0]}.out").open("wb") as output:
                started.append(subprocess.Popen(command, stdout=output, stderr=output))
            time.sleep(1)
        _wait_until_idle()
        yield
    finally:
        for process in reversed(started):
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
        SETTINGS.unlink(missing_ok=True)
        cgroups.unlink(missing_ok=True)


def _host() -> str:
    return socket.gethostname().partition(".")[0]


def _wait_until_idle() -> None:
    for _ in range(60):
        state = subprocess.run(
            ["sinfo", "--noheader", "--format=%t"], capture_output=True, text=True, check=False
        )
        if state.stdout.strip() == "idle":
            return
        time.sleep(1)
    raise TimeoutError(f"Slurm has no idle node: {state.stdout}{state.stderr}")


def _settings(folder: Path, megabytes: int) -> str:
    controller, node = free_ports(2)
    user = "root" if os.getuid() == 0 else os.environ["USER"]
    return f"""\
ClusterName=test
SlurmctldHost={_host()}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
SlurmUser={user}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
ReturnToService=2
SwitchType=switch/none
MpiDefault=none
NodeName={_host()} NodeAddr=127.0.0.1 CPUs=2 RealMemory={megabytes} State=UNKNOWN
PartitionName=all Nodes={_host()} Default=YES MaxTime=INFINITE State=UP
"""


def free_ports(number: int) -> list[int]:
    """Return so many ports of loopback that nobody listens at."""
    held = [socket.socket() for _ in range(number)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
