"""The tokens with which programs reach over HTTP what a user has.

One file a user, readable to the account of the app alone. Whoever can read it could read the store
beside it as well; so it is kept as it is, and Settings can show it.
"""

import hashlib
import re
import secrets
import threading
from hmac import compare_digest

from components.engine.private.folder import write_whole
from components.errors import SettingsError
from components.settings import Settings

_FORM = re.compile(r"[A-Za-z0-9_-]{43}")

#: Two windows that ask for the first token at the same moment get one.
_making = threading.Lock()


class ApiToken:
    """The token of `owner`; the empty name is the only user's.

    A user's name comes from outside: the file is called by its hash, so that no name is a path.
    """

    def __init__(self, settings: Settings, owner: str = "") -> None:
        self.path = settings.data_folder / "api-tokens" / hashlib.sha256(owner.encode()).hexdigest()

    def value(self) -> str:
        """Return the token, made now where there is none. Raises: SettingsError."""
        with _making:
            return self._read() or self._make()

    def renew(self) -> str:
        """Make another token, so that the one before opens nothing. Raises: SettingsError."""
        with _making:
            return self._make()

    def is_value(self, given: str) -> bool:
        """Whether `given` is the token, in constant time; not where there is none yet."""
        value = self._read()
        return value is not None and compare_digest(value.encode(), given.encode())

    def _read(self) -> str | None:
        try:
            text = self.path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return text if _FORM.fullmatch(text) else None

    def _make(self) -> str:
        value = secrets.token_urlsafe(32)
        try:
            for folder in (self.path.parent.parent, self.path.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.path, value)
        except OSError as error:
            raise SettingsError(
                f"The token could not be kept ({error.strerror}).",
                advice="See that the data folder can be written, then try again.",
            ) from error
        return value
