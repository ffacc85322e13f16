"""Where each user's own lenses are.

Known without a running app, so that a shell can list them while there is no Ollama.
"""

from __future__ import annotations

import hashlib

from components.analysis import OwnLenses
from components.settings import Settings

_FOLDER = "lenses"


def own_lenses(settings: Settings, owner: str = "") -> OwnLenses:
    """Return the lenses that a user made; the empty name is the only user's.

    A user's name comes from outside: the folder is called by its hash, so that no name is a path.
    """
    folder = settings.data_folder / _FOLDER
    return OwnLenses(folder / hashlib.sha256(owner.encode()).hexdigest() if owner else folder)
