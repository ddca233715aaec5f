// Every case comes to the same bytes as in Rust.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, compilePolicies, expected, readInput } from "./cases.mjs";

test("there are cases", () => assert.ok(cases.length > 0));

for (const example of cases) {
  test(example.name, () => {
    const error = expected(example, "error.json");
    if (error !== undefined) {
      assert.throws(
        () => compilePolicies(example).evaluate(readInput(example)),
        (thrown) => {
          const { kind, code, message, location, help, others } = JSON.parse(error);
          assert.deepEqual(
            [thrown.kind, thrown.code, thrown.location, thrown.help, thrown.others],
            [kind, code, location, help, others],
          );
          assert.ok(thrown.message.includes(message));
          return true;
        },
      );
      return;
    }
    const input = readInput(example);
    const report = compilePolicies(example).evaluate(input);
    assert.equal(report.render("json"), expected(example, "report.json"));
    const document = expected(example, "input.json");
    if (document !== undefined) assert.equal(`${input}\n`, document);
  });
}
