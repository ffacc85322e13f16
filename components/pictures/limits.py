"""How much a picture may ask of this computer, and how large it goes to a model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """The most that one picture may take, and the size that it is given."""

    #: Bytes. A phone's photo has 3 to 12 MB, an uncompressed scan of a page some 40.
    file_bytes: int = 64 * 1024 * 1024

    #: Pixels, by the header and before anything is decoded. A page of A3 scanned at 600 dots an
    #: inch has 70 million, a phone's photo 12 to 50; a made-up file of 100 KB can say 4 billion.
    pixels: int = 80_000_000

    #: Pixels on the longest side that the model gets. Models look at 336 to some 1,500 and make
    #: anything larger smaller themselves; a page of typescript can still be read at 1,600.
    longest_side: int = 1_600

    #: Pixels on the shortest side that the model gets. Some models fail below 28, their grid.
    shortest_side: int = 32

    #: Pictures with one question. Each takes 250 to 2,500 tokens of the model's room.
    pictures: int = 8

    #: Seconds, of waiting and of processor time. A PNG of `pixels` took 5, with transparency 15,
    #: on two cores that others used too.
    seconds: float = 30.0

    #: Bytes of address space for the decoding process. `pixels` with transparency take three
    #: copies of 320 MB at the same time: as decoded, and twice while they are made smaller.
    memory_bytes: int = 1536 * 1024 * 1024


DEFAULT_LIMITS = PictureLimits()
