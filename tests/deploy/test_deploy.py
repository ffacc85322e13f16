"""The files for a publisher's server: they agree with the settings, and what the image holds runs.

What needs a container's engine is not run here: building the image and starting the composition.
"""

from __future__ import annotations

import ipaddress
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from components.engine.private.pins import OLLAMA_VERSION
from components.settings import PROJECT, Settings
from tests.browser.app_process import running
from tests.doubles.scripted_ollama import ScriptedOllama
from tests.environment import GIVEN
from tests.scripting import playing

DEPLOY = PROJECT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
UNITS = sorted(DEPLOY.glob("*.service"))


def instructions(name: str) -> list[str]:
    """Return what follows `name` in each line of the Dockerfile that begins with it."""
    return re.findall(rf"^{name}\s+(.*)$", DOCKERFILE, re.MULTILINE)


def settings(service: str) -> Settings:
    """Return what First Reader takes the environment of a service for."""
    given = {"SITE": "reader.house.example", "POSTGRES_PASSWORD": "secret"}

    def filled(found: re.Match[str]) -> str:
        return given.get(found[1], found[2] or "")

    environment = SERVICES[service]["environment"]
    return Settings.from_environment(
        {
            name: re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", filled, value)
            for name, value in environment.items()
        }
    )


class TestCompose:
    @pytest.mark.parametrize("name", SERVICES)
    def test_every_service_has_few_rights(self, name: str) -> None:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "/tmp" in service["tmpfs"]
        assert set(service.get("cap_add", ())) <= {"NET_BIND_SERVICE"}
        assert re.search(r":\d+\.\d+\.?\d*(-\w+)?$", service["image"])

    def test_the_network_sees_the_proxy_only(self) -> None:
        assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
        for name in ("app", "worker", "postgres"):
            for network in SERVICES[name]["networks"]:
                assert COMPOSE["networks"][network]["internal"]

    def test_the_pages_believe_the_proxy_and_nobody_else(self) -> None:
        app = settings("app")
        address = SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
        (pool,) = COMPOSE["networks"]["front"]["ipam"]["config"]
        assert app.proxy == address
        assert ipaddress.ip_address(address) in ipaddress.ip_network(pool["subnet"])
        assert ipaddress.ip_address(address) not in ipaddress.ip_network(pool["ip_range"])
        assert app.host == "0.0.0.0"
        assert "reader.house.example" in app.trusted_hosts
        caddy = (DEPLOY / "Caddyfile").read_text("utf-8")
        (header,) = re.findall(r"header_up (\S+) \{http\.auth\.user\.id\}", caddy)
        assert header.lower() == app.user_header
        (upstream,) = re.findall(r"reverse_proxy (\S+)", caddy)
        assert upstream == f"app:{app.port}"

    def test_pages_and_workers_share_store_and_servers(self) -> None:
        app, worker = settings("app"), settings("worker")
        assert (
            app.database
            == worker.database
            == ("postgresql://first_reader:secret@postgres/first_reader")
        )
        assert app.hosts == worker.hosts == (("http://ollama:11434", 1),)

    def test_ollama_is_the_version_that_is_tested(self) -> None:
        assert SERVICES["ollama"]["image"] == f"ollama/ollama:{OLLAMA_VERSION.removeprefix('v')}"

    def test_volumes_and_networks_are_declared(self) -> None:
        for service in SERVICES.values():
            assert set(service["networks"]) <= set(COMPOSE["networks"])
            named = {volume.split(":")[0] for volume in service.get("volumes", ())}
            assert {name for name in named if not name.startswith(".")} <= set(COMPOSE["volumes"])


class TestImage:
    def test_it_is_of_a_fixed_version_and_runs_without_rights(self) -> None:
        for base in instructions("FROM"):
            assert re.match(r"python:\d+\.\d+\.\d+-slim-", base)
        (user,) = instructions("USER")
        assert int(user.split(":")[0]) > 0

    def test_what_it_installs_is_held_against_hashes(self) -> None:
        installs = re.findall(r"pip install[^&]*", DOCKERFILE)
        assert installs
        assert all("--require-hashes -r /requirements" in line for line in installs)
        assert {*re.findall(r"-r /(\S+)", DOCKERFILE)} <= {path.name for path in PROJECT.iterdir()}

    def test_what_it_copies_runs_is_healthy_and_writes_nothing_beside_itself(
        self, tmp_path: Path
    ) -> None:
        app = tmp_path / "app"
        app.mkdir()
        for line in instructions("COPY"):
            source, target = line.split()[-2:]
            if line.startswith("--from") or source.endswith(".lock"):
                continue
            if (PROJECT / source).is_dir():
                shutil.copytree(PROJECT / source, app / target)
            else:
                shutil.copy(PROJECT / source, app / target)
        before = {path: path.stat().st_mtime_ns for path in app.rglob("*")}
        (health,) = re.findall(r"HEALTHCHECK.*CMD (\[.*\])", DOCKERFILE)
        python, *check = json.loads(health)
        command = json.loads(instructions("CMD")[-1])
        assert (python, command[0]) == ("python", "python")
        environ = {name: value for name, value in GIVEN.items() if "FIRST_READER" not in name}
        environ |= {
            "FIRST_READER_DATA_DIR": str(tmp_path / "data"),
            "FIRST_READER_USER_HEADER": "X-Remote-User",
            "FIRST_READER_PROXY": "192.0.2.1",
            "FIRST_READER_HOST": "0.0.0.0",
            "PYTHONDONTWRITEBYTECODE": "1",  # It was compiled when the image was built.
        }
        with playing(ScriptedOllama()) as ollama:
            environ |= {"OLLAMA_HOST": ollama.url}
            with running(environ, [sys.executable, *command[1:]], folder=app) as (address, _):
                local = address.replace("0.0.0.0", "127.0.0.1")
                check[-1] = check[-1].replace("http://127.0.0.1:8501", local)
                done = subprocess.run([sys.executable, *check], check=False)
                page = httpx.get(local, headers={"X-Remote-User": "anna"}, trust_env=False)
        assert done.returncode == 0
        assert page.status_code == 403
        assert {path: path.stat().st_mtime_ns for path in app.rglob("*")} == before


class TestUnits:
    @pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
    def test_systemd_understands_it(self, unit: Path, tmp_path: Path) -> None:
        analyse = shutil.which("systemd-analyze")
        if analyse is None:
            pytest.skip("no systemd on this computer")
        text = unit.read_text("utf-8").replace("/opt/first-reader/.venv/bin/python", sys.executable)
        copy = tmp_path / unit.name.replace("@", "@1")
        copy.write_text(text)
        done = subprocess.run(
            [analyse, "verify", "--man=no", copy], capture_output=True, text=True, check=False
        )
        about_it = [line for line in done.stderr.splitlines() if unit.name.split("@")[0] in line]
        assert (done.returncode, about_it) == (0, [])

    def test_pages_and_workers_are_held_alike(self) -> None:
        pages, worker = (
            [
                line
                for line in unit.read_text("utf-8").splitlines()
                if not line.startswith(("Description=", "ExecStart="))
            ]
            for unit in UNITS
        )
        assert pages == worker
        assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "User=first-reader"} <= set(pages)
