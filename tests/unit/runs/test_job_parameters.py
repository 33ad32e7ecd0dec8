"""Long parameters of jobs: Snakemake keeps what tells them apart, and a job gets them whole."""

import hashlib
import pickle

from snakemake.persistence.file import FilePersistence

from disrupting_harm.runs.job_parameters import LongParameter

CODEBOOK = {"items": [{"id": "uses_daily", "label": "Uses the internet daily"}]}
OTHER = {"items": [{"id": "uses_daily", "label": "Is online daily"}]}


def test_snakemake_keeps_a_digest_that_changes_with_any_word() -> None:
    def kept(value: object) -> object:
        return FilePersistence._serialize_param_builtin(None, value)  # type: ignore[arg-type]

    assert kept(CODEBOOK) == repr(CODEBOOK)
    digest = hashlib.sha256(repr(CODEBOOK).encode()).hexdigest()
    assert kept(LongParameter(CODEBOOK)) == f"sha256:{digest}"
    assert kept(LongParameter(OTHER)) != kept(LongParameter(CODEBOOK))


def test_a_job_gets_a_plain_mapping() -> None:
    sent = pickle.loads(pickle.dumps(LongParameter(CODEBOOK), protocol=4))
    assert type(sent) is dict
    assert sent == CODEBOOK
