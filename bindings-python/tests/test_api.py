"""What is special to Python: kinds of arguments, exceptions, plain data, threads."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

import plangate
from plangate import Error, Input, PolicySet

PLAN: dict[str, Any] = {"format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": []}
RESOURCES = """\
# METADATA
# title: Nothing is created
# description: Any resource in the plan is one too many.
package plangate.plan.nothing

deny contains {"message": "something is there", "resource": resource.address} if {
    some resource in input.plan.resources
}
"""
BUCKET = {
    "address": "aws_s3_bucket.logs",
    "mode": "managed",
    "type": "aws_s3_bucket",
    "name": "logs",
    "provider_name": "registry.terraform.io/hashicorp/aws",
    "change": {"actions": ["create"], "before": None, "after": {"bucket": "logs"}, "after_unknown": {}},
}


def plan(*resources: dict[str, Any]) -> str:
    return json.dumps({**PLAN, "resource_changes": list(resources)})


def test_documents_come_as_text_bytes_or_data() -> None:
    actor = {"login": "ada", "teams": ["pläne"]}
    text = json.dumps(actor, ensure_ascii=False)
    documents = {
        Input().with_actor(actor).to_json(),
        Input().with_actor(text).to_json(),
        Input().with_actor(text.encode()).to_json(),
    }
    assert [json.loads(document)["actor"]["login"] for document in documents] == ["ada"]


def test_other_kinds_are_type_errors() -> None:
    with pytest.raises(TypeError, match="expected str or bytes, found int"):
        Input.from_terraform(1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Input().with_actor({"login": {1, 2}})
    with pytest.raises(ValueError):
        Input().with_actor({"login": "ada", "attributes": {"x": float("nan")}})


def test_an_input_does_not_change() -> None:
    before = Input()
    after = before.with_actor({"login": "ada"})
    assert "actor" not in json.loads(before.to_json())
    assert "actor" in json.loads(after.to_json())


def test_errors_have_parts() -> None:
    with pytest.raises(Error) as refused:
        Input.from_terraform(b'{"a": 1,\n "a": 2}')
    error = refused.value
    assert error.kind == "syntax"
    assert error.code == "json.duplicate_key"
    assert error.location is not None and error.location["line"] == 2
    assert error.help is not None
    assert error.others == []
    assert str(error).endswith(error.message)


def test_a_report_is_plain_data() -> None:
    report = PolicySet.compile({"nothing.rego": RESOURCES}).evaluate(Input.from_terraform(plan(BUCKET)))
    assert report.decision == "deny"
    assert [finding["resource"] for finding in report.findings] == ["aws_s3_bucket.logs"]
    assert report.to_dict() == json.loads(report.to_json())
    assert report.to_dict()["findings"] == report.findings
    assert report.render("json") == report.to_json()
    assert "something is there" in report.render("text")
    assert repr(report) == "<plangate.Report: deny>"
    with pytest.raises(Error, match="unknown format `pdf`") as refused:
        report.render("pdf")
    assert refused.value.help == "one of: text, json, markdown"


def test_broken_policies_are_errors() -> None:
    with pytest.raises(Error) as refused:
        PolicySet.compile({"broken.rego": "package plangate.plan.x\n\ndeny contains"})
    assert refused.value.kind in ("policy", "syntax")
    assert refused.value.location is not None and refused.value.location["source"] == "broken.rego"
    with pytest.raises(Error):
        PolicySet.compile({})


def test_a_configuration_can_switch_a_policy_off() -> None:
    policies = PolicySet.compile({"nothing.rego": RESOURCES})
    milder = policies.with_config('[policies.plan.nothing]\nenforcement = "advisory"\n')
    document = Input.from_terraform(plan(BUCKET))
    assert policies.evaluate(document).decision == "deny"
    assert milder.evaluate(document).decision == "allow"


def test_other_threads_go_on_while_policies_run() -> None:
    resources = [{**BUCKET, "address": f"aws_s3_bucket.b{i}", "name": f"b{i}"} for i in range(3_000)]
    document = Input.from_terraform(plan(*resources))
    policies = PolicySet.compile({"nothing.rego": RESOURCES})
    done = threading.Event()
    steps = 0

    def evaluate() -> None:
        policies.evaluate(document)
        done.set()

    worker = threading.Thread(target=evaluate)
    worker.start()
    while not done.is_set():
        steps += 1
    worker.join()
    # With the interpreter's lock held all the time, the loop would see one or two steps.
    assert steps > 1_000


def test_the_package_names_its_version() -> None:
    assert PolicySet.bundled().evaluate(Input()).to_dict()["engine"]["version"] == plangate.__version__
