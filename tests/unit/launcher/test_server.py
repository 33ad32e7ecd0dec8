"""The process that forks jobs: what its children do, see and leave behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from preconditions import needs

from disrupting_harm_launcher.client import Server

pytestmark = needs("not on Linux")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A process for all tests that leave it as it is: it loads libraries for seconds."""
    server = Server(is_whole_run=True)
    yield server
    server.stop()


@pytest.fixture
def spoilt_server() -> Iterator[Server]:
    """A process for one test, which leaves it dead or unfit."""
    server = Server(is_whole_run=True)
    yield server
    server.stop()


def script(folder: Path, *lines: str) -> str:
    """Write a script into a file whose number no other has."""
    path = folder / f"script{len(list(folder.iterdir()))}.py"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def children(process: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    text = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(number) for number in text.split()]


def wait_for(path: Path) -> str:
    while not (path.is_file() and path.read_text()):
        time.sleep(0.01)
    return path.read_text()


def test_a_script_is_run_as_the_main_program(server: Server, tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = script(
        tmp_path,
        "import os, sys",
        f"open({str(told)!r}, 'w').write(f'{{__name__}} {{os.getppid()}} {{sys.path[0]}}')",
    )
    assert server.run_script(program)
    name, parent, first = told.read_text().split(" ", 2)
    assert server._process is not None
    assert (name, int(parent)) == ("__main__", server._process.pid)
    # A file of the folder that hides a library would be found by no other process either.
    assert first != str(Path.cwd())


def test_expected_stages_are_there_before_the_first_job(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    program = script(
        tmp_path,
        "import os, sys",
        "loaded = 'disrupting_harm.stages.ledger' in sys.modules",
        f"open({str(seen)!r}, 'w').write(f'{{loaded}} {{hash(\"KEN\")}} {{os.environ[\"TZ\"]}}')",
    )
    server = Server(is_whole_run=False, stages=["ledger"])
    try:
        assert server.run_script(program)
    finally:
        server.stop()
    # Rules set the environment of jobs, and this process did not wait for them.
    same_hashes = subprocess.run(
        [sys.executable, "-c", "print(hash('KEN'))"],
        env={**os.environ, "PYTHONHASHSEED": "0"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert seen.read_text() == f"True {same_hashes.stdout.strip()} UTC"


def test_without_jobs_nothing_waits_for_expected_stages() -> None:
    others = children(os.getpid())
    server = Server(is_whole_run=False, stages=["report"])
    (process,) = {*children(os.getpid())} - {*others}
    server.stop()
    assert not Path(f"/proc/{process}").exists()


def test_children_leave_nothing_to_the_next(server: Server, tmp_path: Path) -> None:
    first = script(
        tmp_path,
        "from disrupting_harm.core import errors",
        "import os",
        "os.environ['LEFT'] = errors.LEFT = 'behind'",
    )
    second = script(
        tmp_path,
        "from disrupting_harm.core import errors",
        "import os",
        "assert not hasattr(errors, 'LEFT') and 'LEFT' not in os.environ",
    )
    assert server.run_script(first)
    assert server.run_script(second)


@pytest.mark.parametrize(
    "end", ["raise ValueError(3)", "os._exit(1)", "os.kill(os.getpid(), 9)", "sys.exit(2)"]
)
def test_a_failing_child_is_told(server: Server, tmp_path: Path, end: str) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        server.run_script(script(tmp_path, "import os, sys", end))
    assert server.run_script(script(tmp_path, "pass"))


def test_a_child_that_goes_on_alone_does_not_hold_the_job(server: Server, tmp_path: Path) -> None:
    """The end of a job is the end of its process, not of programs that it has left running."""
    line = "subprocess.Popen(['sleep', '60'], stdout=subprocess.DEVNULL).pid"
    told = tmp_path / "told"
    program = script(
        tmp_path, "import os, subprocess", f"open({str(told)!r}, 'w').write(str({line}))",
        "os._exit(1)",
    )  # fmt: skip
    with pytest.raises(subprocess.CalledProcessError):
        server.run_script(program)
    # Had the job waited for it, there would be none to end.
    os.kill(int(told.read_text()), signal.SIGKILL)


def test_many_at_once(server: Server, tmp_path: Path) -> None:
    written = [tmp_path / f"written{number}" for number in range(24)]
    line = "import time; time.sleep(0.2); open({!r}, 'w').write('x')"
    programs = [script(tmp_path, line.format(str(path))) for path in written]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(server.run_script, programs))
    assert all(path.read_text() == "x" for path in written)


def test_with_a_second_thread_it_forks_no_more(
    spoilt_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child of a process with threads can hang for ever, so that the job is left to others."""
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    starts_thread = "threading.Thread(target=time.sleep, args=[9e9], daemon=True).start()"
    (tmp_path / "busy.py").write_text(f"import threading, time\n{starts_thread}")
    mark = tmp_path / "mark"
    writes = f"open({str(mark)!r}, 'w').close()"
    assert not spoilt_server.run_script(script(tmp_path, "from busy import time", writes))
    assert not spoilt_server.run_script(script(tmp_path, writes))
    assert not mark.exists()


def test_the_libraries_of_all_stages_start_no_thread() -> None:
    """Otherwise the warm process would help nobody."""
    program = (
        "import sys\n"
        "from disrupting_harm_launcher import server\n"
        "server.prepare_process()\n"
        "for script in sys.argv[1:]:\n"
        "    server.load_modules(*server.modules_of(script))\n"
        "    assert server.has_one_thread(), script\n"
        # A fault would not have been kept.
        "assert server.compute_once.cache_info().currsize == len(server.COMPUTED_ONCE)\n"
        "print(*(name for names in server.LOADED_WHEN_USED.values() for name in names\n"
        "    if name not in sys.modules))\n"
    )
    scripts = sorted(Path("workflow/scripts").glob("*.py"))
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, scripts)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # Each name is of a module that is there: an update of a library has not renamed it.
    assert done.stdout.split() == []


def test_a_killed_server_costs_its_waiting_jobs_nothing(
    spoilt_server: Server, tmp_path: Path
) -> None:
    began, told = tmp_path / "began", tmp_path / "told"
    program = script(
        tmp_path,
        "import os, time",
        f"open({str(began)!r}, 'w').write('x')",
        "time.sleep(1)",
        f"open({str(told)!r}, 'w').write('x')",
    )
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(spoilt_server.run_script, program)
        wait_for(began)
        assert spoilt_server._process is not None
        spoilt_server._process.kill()
        # The child goes on, and says so itself.
        assert running.result()
    assert told.exists()
    # The next is not taken: Snakemake starts it as ever.
    assert not spoilt_server.run_script(program)


def test_it_ends_with_its_client(tmp_path: Path) -> None:
    began = tmp_path / "began"
    program = script(
        tmp_path,
        "import os, time",
        f"open({str(began)!r}, 'w').write(str(os.getppid()))",
        "time.sleep(600)",
    )
    client = (
        "import sys\nfrom disrupting_harm_launcher.client import Server\n"
        "Server(is_whole_run=True).run_script(sys.argv[1])"
    )
    with subprocess.Popen([sys.executable, "-c", client, program]) as process:
        server = int(wait_for(began))
        (child,) = children(server)
        process.kill()
    while Path(f"/proc/{server}").exists():
        time.sleep(0.01)
    # Like any other job, what was running when the client was killed is not touched.
    os.kill(child, signal.SIGKILL)
