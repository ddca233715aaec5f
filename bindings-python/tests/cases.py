"""Cases, by the rules in tests/cases/README.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from plangate import Error, Input, PolicySet

ROOT = Path(__file__).parents[2] / "tests" / "cases"
CASES = sorted(folder for folder in ROOT.glob("*/*") if folder.is_dir())


def read_input(case: Path) -> Input:
    plans = sorted(case.glob("plan.*"))
    document = Input.from_terraform(plans[0].read_bytes()) if plans else Input()
    for path in sorted(case.glob("change*.json")):
        document = document.with_change(path.read_bytes())
    for path in sorted(case.glob("team.*.json")):
        slug = path.name[len("team.") : -len(".json")].replace("__", "/")
        document = document.with_github_team(slug, path.read_bytes())
    for name in ["actor", "stack", "request", "run"]:
        path = case / f"{name}.json"
        if path.exists():
            document = getattr(document, f"with_{name}")(path.read_bytes())
    time = case / "time.txt"
    if time.exists():
        document = document.with_time(time.read_text("utf-8").strip())
    return document


def compile_policies(case: Path) -> PolicySet:
    folder = case / "policies"
    sources = {path.name: path.read_text("utf-8") for path in folder.glob("*")}
    if not sources:
        policies = PolicySet.bundled()
    elif (case / "bundled").exists():
        policies = PolicySet.compile({**PolicySet.bundled_sources(), **sources})
    else:
        policies = PolicySet.compile(sources)
    config = case / "plangate.toml"
    return policies.with_config(config.read_text("utf-8")) if config.exists() else policies


def parts(error: Error) -> dict[str, Any]:
    """The error as it stands in a case's error.json."""
    found = {
        "kind": error.kind,
        "code": error.code,
        "message": error.message,
        "location": error.location,
        "help": error.help,
        "others": [parts(other) for other in error.others],
    }
    return {name: value for name, value in found.items() if value}


def expected_error(case: Path) -> Any:
    return json.loads((case / "error.json").read_bytes())
