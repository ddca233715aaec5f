// Cases, by the rules in tests/cases/README.md.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.env.PLANGATE_WASM_PACKAGE;
if (!folder) throw new Error("PLANGATE_WASM_PACKAGE is not set: run `cargo xtask wasm`");
export const { Input, PolicySet, Report } = createRequire(import.meta.url)(join(folder, "plangate.js"));

const root = fileURLToPath(new URL("../../tests/cases/", import.meta.url));

// Paths are sorted by code unit, as Rust and Python sort the ASCII names that cases have.
const list = (folder) => readdirSync(folder).sort();
const folders = (folder) =>
  readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();

export const cases = folders(root).flatMap((topic) =>
  folders(join(root, topic)).map((name) => ({ name: `${topic}/${name}`, folder: join(root, topic, name) })),
);

export function readInput({ folder }) {
  const files = list(folder);
  const bytes = (name) => new Uint8Array(readFileSync(join(folder, name)));
  const plan = files.find((name) => name.startsWith("plan."));
  let input = plan ? Input.fromTerraform(bytes(plan)) : new Input();
  for (const name of files.filter((name) => /^change.*\.json$/.test(name))) input = input.withChange(bytes(name));
  for (const name of files.filter((name) => /^team\..*\.json$/.test(name))) {
    const slug = name.slice("team.".length, -".json".length).replaceAll("__", "/");
    input = input.withGithubTeam(slug, bytes(name));
  }
  if (files.includes("actor.json")) input = input.withActor(bytes("actor.json"));
  if (files.includes("stack.json")) input = input.withStack(bytes("stack.json"));
  if (files.includes("request.json")) input = input.withRequest(bytes("request.json"));
  if (files.includes("run.json")) input = input.withRun(bytes("run.json"));
  if (files.includes("time.txt")) input = input.withTime(text(folder, "time.txt").trim());
  return input;
}

export function compilePolicies({ folder }) {
  const files = list(folder);
  let policies;
  if (files.includes("policies")) {
    const own = list(join(folder, "policies")).map((name) => [name, text(folder, join("policies", name))]);
    const bundled = files.includes("bundled") ? PolicySet.bundledSources() : {};
    policies = PolicySet.compile({ ...bundled, ...Object.fromEntries(own) });
  } else {
    policies = PolicySet.bundled();
  }
  return files.includes("plangate.toml") ? policies.withConfig(text(folder, "plangate.toml")) : policies;
}

// The bytes that a case is compared with, or nothing where it has no such file.
export function expected({ folder }, name) {
  return existsSync(join(folder, name)) ? text(folder, name) : undefined;
}

function text(folder, name) {
  return readFileSync(join(folder, name), "utf8");
}
