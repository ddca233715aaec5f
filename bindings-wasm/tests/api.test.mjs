// What is special to JavaScript: kinds of arguments, errors, plain objects, values that are kept.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Input, PolicySet } from "./cases.mjs";

const policy = `# METADATA
# title: Nothing is created
# description: Any resource in the plan is one too many.
package plangate.plan.nothing

deny contains {"message": "something is there", "resource": resource.address} if {
    some resource in input.plan.resources
}
`;
const bucket = {
  address: "aws_s3_bucket.logs",
  mode: "managed",
  type: "aws_s3_bucket",
  name: "logs",
  provider_name: "registry.terraform.io/hashicorp/aws",
  change: { actions: ["create"], before: null, after: { bucket: "logs" }, after_unknown: {} },
};
const plan = JSON.stringify({ format_version: "1.2", terraform_version: "1.9.0", resource_changes: [bucket] });

test("documents come as text or bytes", () => {
  const actor = JSON.stringify({ login: "ada", name: "Ada Löwe" });
  const fromText = new Input().withActor(actor);
  const fromBytes = new Input().withActor(new TextEncoder().encode(actor));
  assert.equal(String(fromText), String(fromBytes));
  assert.equal(fromText.toJSON().actor.name, "Ada Löwe");
  assert.throws(() => Input.fromTerraform({}), TypeError);
  assert.throws(() => PolicySet.compile({ "a.rego": 1 }), TypeError);
});

test("with methods leave the value that they are called on alone", () => {
  const before = new Input();
  before.withActor('{"login": "ada"}');
  before.withActor('{"login": "bob"}');
  assert.equal(before.toJSON().actor, undefined);
});

test("errors are errors, with their parts", () => {
  const check = (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, "PlangateError");
    assert.equal(error.kind, "syntax");
    assert.equal(error.code, "json.duplicate_key");
    assert.equal(error.location.line, 2);
    assert.match(error.message, /^plan:2:2: /);
    assert.equal(typeof error.help, "string");
    return true;
  };
  assert.throws(() => Input.fromTerraform('{"a": 1,\n "a": 2}'), check);
  assert.throws(() => PolicySet.compile({}), { name: "PlangateError" });
});

test("a report is plain data", () => {
  const report = PolicySet.compile({ "nothing.rego": policy }).evaluate(Input.fromTerraform(plan));
  assert.equal(report.decision, "deny");
  assert.deepEqual(report.findings.map((finding) => finding.resource), ["aws_s3_bucket.logs"]);
  assert.deepEqual(report.toJSON(), JSON.parse(report.render("json")));
  assert.equal(JSON.stringify(report), JSON.stringify(report.toJSON()));
  assert.match(report.render("text"), /something is there/);
  assert.throws(() => report.render("pdf"), { code: "render.format", help: "one of: text, json, markdown" });
});

test("a configuration can make a policy milder", () => {
  const policies = PolicySet.compile({ "nothing.rego": policy });
  const milder = policies.withConfig('[policies.plan.nothing]\nenforcement = "advisory"\n');
  const input = Input.fromTerraform(plan);
  assert.equal(policies.evaluate(input).decision, "deny");
  assert.equal(milder.evaluate(input).decision, "allow");
});
