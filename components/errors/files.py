"""Files that somebody uploads: manuscripts and pictures."""

from __future__ import annotations

from components.errors.base import FirstReaderError


class ManuscriptError(FirstReaderError):
    """A file cannot be read as a manuscript."""


class EmptyFile(ManuscriptError):
    """The file holds no text at all."""

    default_advice = "Check that this is the right file, save it again and upload it once more."


class UnsupportedType(ManuscriptError):
    """The bytes are not of a kind that we read."""

    default_advice = (
        "Save the manuscript as Word (.docx), OpenDocument (.odt), RTF, EPUB, PDF, Markdown (.md)"
        " or plain text (.txt)."
    )


class PasswordRequired(ManuscriptError):
    """The file is encrypted and no password was given."""

    default_advice = "Type the password; it is used once, here, and not kept."


class WrongPassword(PasswordRequired):
    """The file is encrypted and the password given does not open it."""

    default_advice = "Check the password and type it again."


class ImageOnly(ManuscriptError):
    """The pages hold pictures of text and no text."""

    default_advice = "Run the file through text recognition (OCR) first, or ask for the original."


class DamagedFile(ManuscriptError):
    """The file is broken beyond reading."""

    default_advice = "Open it in the program that made it, save it again and upload the new copy."


class LimitReached(ManuscriptError):
    """The file is larger, or takes longer to read, than a manuscript would."""

    default_advice = "Split the file, or save the text alone as plain text (.txt)."


class PictureError(FirstReaderError):
    """A file cannot be taken as a picture."""


class NotAPicture(PictureError):
    """The bytes are not of a kind of picture that we take."""

    default_advice = "Save the picture as JPEG or PNG and choose the new file."


class DamagedPicture(PictureError):
    """The picture is broken beyond decoding."""

    default_advice = "Open it in the program that made it, save it as JPEG and choose the new file."


class PictureTooLarge(PictureError):
    """The picture has more bytes or pixels, or takes more work, than one to look at needs."""

    default_advice = "Save a copy of it that is 4,000 pixels wide at most, and choose that."


class PictureTooSmall(PictureError):
    """Too little of it is there, or would be left of it, to show anything."""

    default_advice = "Choose the original of the picture, or a part of it that is less narrow."


class TooManyPictures(PictureError):
    """There are more pictures than go with one question."""

    default_advice = "Ask about some of them now, and about the others after that."
