"""The threat model names tests: each must be there."""

from __future__ import annotations

import ast
import re

import pytest

from components.settings import PROJECT

ROWS = [
    line
    for line in (PROJECT / "SECURITY.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and "| defence |" not in line
]


def functions(file: str) -> set[str]:
    tree = ast.parse((PROJECT / file).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


def test_there_are_threats() -> None:
    assert len(ROWS) > 15


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_each_has_a_test_that_is_there(row: str) -> None:
    named = re.findall(r"`(tests/[^`]*)`", row)
    assert named
    for name in named:
        file, _, function = name.partition("::")
        assert function in functions(file), name
