"""Every case comes to the same bytes as in Rust."""

from __future__ import annotations

from pathlib import Path

import pytest

import cases
from plangate import Error


def test_there_are_cases() -> None:
    assert cases.CASES


@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path) -> None:
    if (case / "error.json").exists():
        with pytest.raises(Error) as refused:
            cases.compile_policies(case).evaluate(cases.read_input(case))
        assert cases.parts(refused.value) == cases.expected_error(case)
        return
    document = cases.read_input(case)
    report = cases.compile_policies(case).evaluate(document)
    assert report.to_json().encode() == (case / "report.json").read_bytes()
    if (case / "input.json").exists():
        assert document.to_json().encode() + b"\n" == (case / "input.json").read_bytes()
