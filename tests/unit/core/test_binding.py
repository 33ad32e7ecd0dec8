"""A stage gets the values of its rule by the names of its arguments."""

from types import SimpleNamespace

import pytest

from disrupting_harm.core.job import bind_arguments


class Files(list):
    """Files of a job as Snakemake has them: a list whose items answer to names."""

    def __init__(self, **named: object) -> None:
        super().__init__(named.values())
        self.named = named

    def items(self):
        return self.named.items()


def job(wildcards=None, inputs=None, params=None, outputs=None) -> SimpleNamespace:
    kinds = {"wildcards": wildcards, "input": inputs, "params": params, "output": outputs}
    return SimpleNamespace(**{kind: Files(**(values or {})) for kind, values in kinds.items()})


def test_values_come_by_name_params_before_inputs_before_wildcards() -> None:
    def weigh(*, country, sample, margins, seed): ...

    rule = job({"country": "KEN", "seed": "x"}, {"sample": "s.csv", "margins": "m"}, {"seed": 7})
    expected = {"country": "KEN", "sample": "s.csv", "margins": "m", "seed": 7}
    assert bind_arguments(weigh, rule, {}) == expected
    rule = job({"country": "KEN"}, {"sample": "s.csv", "margins": "m"}, {"margins": [], "seed": 7})
    assert bind_arguments(weigh, rule, {}) == expected | {"margins": []}


def test_outputs_are_one_each_by_name_or_all() -> None:
    def publish(*, table_output, output): ...
    def compare(*, outputs): ...

    assert bind_arguments(publish, job(outputs={"table": "t.csv"}), {}) == {
        "table_output": "t.csv",
        "output": "t.csv",
    }
    two = {"gaps": "g.csv", "bounds": "b.csv"}
    assert bind_arguments(compare, job(outputs=two), {}) == {"outputs": two}
    with pytest.raises(TypeError, match="no input or param 'output'"):
        bind_arguments(publish, job(outputs={"table": "t.csv", "other": "o.csv"}), {})


def test_a_file_is_the_only_one_of_its_input_or_none() -> None:
    def read(*, one: str, perhaps: str | None, many): ...

    inputs = {"one": Files(a="1.csv"), "perhaps": Files(), "many": Files(a="1.csv", b="2.csv")}
    bound = bind_arguments(read, job(inputs=inputs), {})
    assert bound == {"one": "1.csv", "perhaps": None, "many": ["1.csv", "2.csv"]}
    assert type(bound["many"]) is list


def test_what_the_script_gives_or_has_a_default_is_not_asked_for() -> None:
    def audit(*, margins=(), files): ...

    assert bind_arguments(audit, job(), {"files": {}}) == {}
    with pytest.raises(TypeError, match="the rule of audit has no input or param 'files'"):
        bind_arguments(audit, job(), {})
