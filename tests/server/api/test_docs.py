"""What docs/api.md has a shell do is done, as it stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from components.settings import PROJECT
from tests.server.api.asking import TEXT, token_in

#: Before the lines of the page: an answer that is an error ends them.
STRICT = 'set -euo pipefail\ncurl() { command curl --fail-with-body --noproxy "*" "$@"; }\n'


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_the_lines_of_the_page_are_good(address: str, data: Path, tmp_path: Path) -> None:
    page = (PROJECT / "docs/api.md").read_text(encoding="utf-8")
    lines = "".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL))
    assert lines.count("curl") > 8
    script = lines.replace("http://127.0.0.1:8501", address).replace("TOKEN=...", "TOKEN=$GIVEN")
    (tmp_path / "chapter.txt").write_text(TEXT, encoding="utf-8")
    done = subprocess.run(
        ["bash", "-c", STRICT + script],
        cwd=tmp_path,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "GIVEN": token_in(data)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"status":"completed"' in (tmp_path / "job.json").read_text()
    assert "event: figures" in done.stdout
    assert '"openapi":"3.1.0"' in done.stdout
