"""A Word file locked with a password, opened with it: msoffcrypto-tool does both of Word's ways.

It needs nothing but olefile and cryptography (which pypdf needs too). It bounds the rounds of
hashing that a file may ask for at Word's own maximum; all else that a broken container makes it
raise is caught here, and this module is the only one that knows it.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

import msoffcrypto
from msoffcrypto.exceptions import FileFormatError, InvalidKeyError

from components.errors import DamagedFile, PasswordRequired, WrongPassword

if TYPE_CHECKING:
    from msoffcrypto.format.base import BaseOfficeFile

_DAMAGED = "This locked Word file is damaged and cannot be opened."


def decrypt(data: bytes, *, password: str | None) -> bytes:
    """Return the bytes of the Word file inside the container `data`.

    Raises: PasswordRequired, WrongPassword, DamagedFile.
    """
    # olefile tells of broken containers here, through a handler that would print.
    logging.getLogger("olefile").addHandler(logging.NullHandler())
    container = _opened(data)
    if not password:
        raise PasswordRequired("This Word file is locked with a password.")
    out = io.BytesIO()
    try:
        container.load_key(password=password, verify_password=True)
        container.decrypt(out)
    except InvalidKeyError:
        raise WrongPassword("That password does not open this Word file.") from None
    except MemoryError:
        raise
    except Exception as error:  # a broken file makes it raise anything, struct.error to KeyError
        raise DamagedFile(_DAMAGED) from error
    return out.getvalue()


def _opened(data: bytes) -> BaseOfficeFile:
    """Return the container, its kind of lock known.

    Raises: DamagedFile.
    """
    try:
        return msoffcrypto.OfficeFile(io.BytesIO(data))
    except FileFormatError as error:
        raise DamagedFile(_DAMAGED) from error
    except MemoryError:
        raise
    except Exception as error:  # as above
        raise DamagedFile(
            "This Word file is locked in a way that cannot be opened here.",
            advice="Open it in Word, remove the password and upload the new copy.",
        ) from error
