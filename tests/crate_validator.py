"""Validate a Workflow Run RO-Crate with roc-validator, in an environment that has it.

No network: the context is that which the package rocrate holds, with the one address in which it
differs from RO-Crate 1.1; two checks that only fetch contexts from the web are left out.
"""

import json
import sys
from importlib.resources import files

from rdflib.plugins.shared.jsonld.context import Context
from rocrate_validator import models, services

CRATE = "https://w3id.org/ro/crate/1.1/context"
RUN = "https://w3id.org/ro/terms/workflow-run"
FETCHING = ["ro-crate-1.1_3.1", "ro-crate-1.1_3.2"]

known = {
    CRATE: json.loads((files("rocrate") / "data" / "ro-crate.jsonld").read_text(encoding="utf-8")),
    f"{RUN}/context": {"@context": {"sha256": f"{RUN}#sha256"}},
}
known[CRATE]["@context"]["ComputationalWorkflow"] = "https://bioschemas.org/ComputationalWorkflow"
Context._fetch_context = lambda _self, source, *_more: known[source]
result = services.validate(
    services.ValidationSettings(
        rocrate_uri=sys.argv[1],
        profile_identifier="workflow-run-crate-0.5",
        requirement_severity=models.Severity.REQUIRED,
        skip_checks=FETCHING,
    )
)
for issue in result.get_issues():
    print(f"{issue.check.identifier}: {issue.message}")
print("passed" if result.passed() else "failed", len(result.executed_checks))
