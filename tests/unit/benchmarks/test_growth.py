"""The script that measures the stages of a large country calls them as their rules do."""

import inspect
from importlib import import_module
from pathlib import Path


def test_every_stage_gets_the_arguments_that_it_takes(tmp_path: Path) -> None:
    import growth

    given = growth.arguments(tmp_path)
    for stage, name in growth.STAGES.items():
        function = getattr(import_module(f"disrupting_harm.stages.{stage}"), name)
        inspect.signature(function).bind(**given[stage])
