"""Tables of the documents name tests: each must be there."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from components.settings import PROJECT

#: Documents with a table whose last column names the tests of a row, and the fewest rows of it.
TABLES = {"SECURITY.md": 16, "docs/server.md": 12}


def rows(document: str) -> list[str]:
    """Return the rows of the tables that name tests."""
    found: list[str] = []
    names_tests = False
    for line in (PROJECT / document).read_text("utf-8").splitlines():
        if line.endswith("| tests |"):
            names_tests = True
        elif not line.startswith("|"):
            names_tests = False
        elif names_tests and not line.startswith("|---"):
            found.append(line)
    return found


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((PROJECT / file).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


@pytest.mark.parametrize("document", TABLES)
def test_there_are_rows(document: str) -> None:
    assert len(rows(document)) >= TABLES[document]


@pytest.mark.parametrize(
    "row",
    [row for document in TABLES for row in rows(document)],
    ids=lambda row: row.split("|")[1].strip()[:40],
)
def test_each_has_a_test_that_is_there(row: str) -> None:
    named = re.findall(r"`(tests/[^`]*)`", row)
    assert named
    for name in named:
        file, _, function = name.partition("::")
        assert function in functions(file), name
