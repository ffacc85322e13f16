"""What becomes of a picture: its pixels, as they are seen upright, and nothing else of its file."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from components.errors import DamagedPicture, NotAPicture, PictureTooLarge, PictureTooSmall
from components.pictures import DEFAULT_LIMITS, PictureChange, PictureLimits, Prepared
from components.pictures.encoding import encode

from .making import bomb, chunk, halves, png, saved


def encoded(data: bytes, **limits: Any) -> Prepared:
    return encode(data, name="a picture", limits=PictureLimits(**limits))


def seen(picture: Prepared) -> Image.Image:
    """The picture as it goes to the model, which is a bare JPEG in color."""
    image = Image.open(io.BytesIO(picture.data))
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    assert image.size == (picture.width, picture.height)
    return image


def color(image: Image.Image, x: float, y: float) -> str:
    """What is at a place, both from 0 to 1."""
    at = (min(int(x * image.width), image.width - 1), min(int(y * image.height), image.height - 1))
    red, green, blue = image.getpixel(at)
    names = {(1, 0, 0): "red", (0, 0, 1): "blue", (1, 1, 1): "white", (0, 0, 0): "black"}
    return names.get((red > 127, green > 127, blue > 127), f"{red, green, blue}")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_kind(kind: str) -> None:
    picture = encoded(saved(halves(), kind))
    image = seen(picture)
    assert (color(image, 0.5, 0.1), color(image, 0.5, 0.9)) == ("red", "blue")
    assert (picture.original_width, picture.original_height) == (80, 60)
    assert picture.changes == ()


class TestNotes:
    def test_the_place_and_the_camera_are_gone(self) -> None:
        exif = Image.Exif()
        exif[ExifTags.Base.Make] = "SECRETCAMERA"
        exif.get_ifd(ExifTags.IFD.GPSInfo)[2] = (52.0, 31.0, 12.0)
        data = saved(halves(), "JPEG", exif=exif, comment=b"SECRETCOMMENT")
        assert b"SECRETCAMERA" in data
        picture = encoded(data)
        assert set(picture.changes) == {PictureChange.CLEANED, PictureChange.LOCATION}
        assert_bare(picture)

    def test_text_and_profile_of_a_png(self) -> None:
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "SECRETTEXT")
        text.add_itxt("XML:com.adobe.xmp", "<x>SECRETXMP</x>")
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        picture = encoded(saved(halves(), pnginfo=text, icc_profile=profile))
        assert picture.changes == (PictureChange.CLEANED,)
        assert_bare(picture)

    @pytest.mark.parametrize("kind", ["WEBP", "GIF"])
    def test_of_other_kinds(self, kind: str) -> None:
        how = {"WEBP": {"xmp": b"<x>SECRET</x>"}, "GIF": {"comment": b"SECRET"}}[kind]
        data = saved(halves(), kind, **how)
        assert b"SECRET" in data
        picture = encoded(data)
        assert picture.changes == (PictureChange.CLEANED,)
        assert_bare(picture)

    def test_what_hangs_on_behind_is_gone(self) -> None:
        assert_bare(encoded(saved(halves(), "JPEG") + b"SECRETZIP" * 100))

    def test_notes_that_are_broken_do_no_harm(self) -> None:
        data = saved(halves(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 40)
        assert_bare(encoded(data))


def assert_bare(picture: Prepared) -> None:
    image = seen(picture)
    assert b"SECRET" not in picture.data
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    # Every segment is one that decoding needs: APP0, tables, the frame, the scan.
    at, markers = 2, []
    while picture.data[at + 1] != 0xDA:
        markers.append(picture.data[at + 1])
        at += 2 + int.from_bytes(picture.data[at + 2 : at + 4])
    assert set(markers) <= {0xE0, 0xDB, 0xC0, 0xC4}


class TestUpright:
    @pytest.mark.parametrize(
        ("orientation", "where"),
        [
            (1, (0.5, 0.1)),
            (2, (0.5, 0.1)),
            (3, (0.5, 0.9)),
            (4, (0.5, 0.9)),
            (5, (0.1, 0.5)),
            (6, (0.9, 0.5)),
            (7, (0.9, 0.5)),
            (8, (0.1, 0.5)),
        ],
    )
    def test_as_the_camera_noted(self, orientation: int, where: tuple[float, float]) -> None:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        picture = encoded(saved(halves(), "JPEG", exif=exif))
        lies = orientation > 4
        size = (60, 80) if lies else (80, 60)
        assert seen(picture).size == size
        assert (picture.original_width, picture.original_height) == size
        assert color(seen(picture), *where) == "red"
        assert (PictureChange.TURNED in picture.changes) == (orientation > 1)

    def test_a_png_too(self) -> None:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        assert color(seen(encoded(saved(halves(), exif=exif))), 0.9, 0.5) == "red"

    @pytest.mark.parametrize("orientation", [0, 9, 60_000])
    def test_a_note_without_meaning(self, orientation: int) -> None:
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        picture = encoded(saved(halves(), "JPEG", exif=exif))
        assert color(seen(picture), 0.5, 0.1) == "red"
        assert PictureChange.TURNED not in picture.changes


class TestSize:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG"])
    def test_a_large_one_is_made_smaller(self, kind: str) -> None:
        picture = encoded(saved(halves(4000, 3000), kind))
        assert seen(picture).size == (1600, 1200)
        assert (picture.original_width, picture.original_height) == (4000, 3000)
        assert picture.changes == (PictureChange.SMALLER,)

    def test_a_small_one_stays(self) -> None:
        assert seen(encoded(saved(halves(1600, 40)))).size == (1600, 40)

    @pytest.mark.parametrize("size", [(1, 1), (31, 500), (5000, 60)])
    def test_nothing_to_see(self, size: tuple[int, int]) -> None:
        with pytest.raises(PictureTooSmall, match=f"{size[0]:,} × {size[1]:,}"):
            encoded(saved(Image.new("L", size)))

    @pytest.mark.parametrize("side", [9_000, 60_000, 2**31 - 1])
    def test_one_that_says_it_is_huge_is_not_decoded(self, side: int) -> None:
        with pytest.raises(PictureTooLarge):
            encoded(png(side, side))

    def test_a_bomb(self) -> None:
        data = bomb(20_000, 5_000)
        assert len(data) < 200_000
        with pytest.raises(PictureTooLarge, match="20,000 × 5,000 pixels, more than the 80 mill"):
            encoded(data)
        assert seen(encoded(data, pixels=100_000_000)).size == (1600, 400)

    def test_a_bomb_of_text(self) -> None:
        import zlib

        text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9))
        with pytest.raises((DamagedPicture, PictureTooLarge)):
            encoded(png(40, 40, text, data=zlib.compress(b"\0" * 41 * 40)))


class TestKindsOfPixels:
    def test_a_picture_for_print(self) -> None:
        picture = encoded(saved(halves().convert("CMYK"), "JPEG"))
        assert color(seen(picture), 0.5, 0.1) == "red"
        assert picture.changes == (PictureChange.FROM_PRINT,)

    def test_sixteen_bits_are_scaled_and_not_cut(self) -> None:
        gray = np.full((60, 80), 0x4000, np.uint16)
        image = seen(encoded(saved(Image.fromarray(gray))))
        assert image.getpixel((40, 30)) == (64, 64, 64)

    @pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
    def test_what_is_transparent_is_white(self, kind: str) -> None:
        clear = Image.new("RGBA", (80, 60), (0, 0, 0, 0))
        clear.paste((220, 20, 20, 255), (0, 0, 80, 30))
        picture = encoded(saved(clear, kind))
        image = seen(picture)
        assert (color(image, 0.5, 0.1), color(image, 0.5, 0.9)) == ("red", "white")
        assert PictureChange.FLATTENED in picture.changes

    def test_a_palette_with_a_transparent_color(self) -> None:
        image = halves().quantize(4)
        blue = image.getpixel((40, 55))
        picture = encoded(saved(image, transparency=blue))
        assert color(seen(picture), 0.5, 0.9) == "white"
        assert picture.changes == (PictureChange.FLATTENED,)

    def test_an_alpha_that_hides_nothing_is_not_mentioned(self) -> None:
        assert encoded(saved(halves().convert("RGBA"))).changes == ()

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P"])
    def test_others(self, mode: str) -> None:
        image = Image.new("L", (80, 60), 255).convert(mode)
        assert color(seen(encoded(saved(image))), 0.5, 0.5) == "white"

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
    def test_one_that_moves_gives_its_first_frame(self, kind: str) -> None:
        later = Image.new("RGB", (80, 60), (20, 20, 220))
        data = saved(halves(), kind, save_all=True, append_images=[later, later.rotate(90)])
        picture = encoded(data)
        assert color(seen(picture), 0.5, 0.1) == "red"
        assert picture.changes == (PictureChange.FIRST_FRAME,)


class TestRefusals:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_a_file_that_is_not_all_there(self, kind: str, share: float) -> None:
        noise = np.random.default_rng(1).integers(0, 255, (60, 80, 3), np.uint8)
        data = saved(Image.fromarray(noise), kind)
        with pytest.raises(DamagedPicture):
            encoded(data[: int(len(data) * share)])

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_bytes_that_were_changed(self, kind: str) -> None:
        """Whatever is in a file, it is a picture or one of our errors."""
        data = saved(halves(), kind)
        chance = np.random.default_rng(5)
        for _ in range(60):
            broken = bytearray(data)
            for at in chance.integers(0, len(data), 12):
                broken[at] = chance.integers(0, 256)
            try:
                seen(encoded(bytes(broken)))
            except (DamagedPicture, NotAPicture, PictureTooLarge, PictureTooSmall) as error:
                assert error.advice  # noqa: PT017 - either is right

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "empty"),
            (b"It was a dark and stormy night.", "no picture"),
            (b"%PDF-1.7\n", "a PDF"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
            (b"II*\0\x08\0\0\0", "TIFF"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
            (b"BM\x36\0\0\0", "BMP"),
            (b"RIFF\0\0\0\0AVI LIST", "no picture"),
        ],
    )
    def test_what_is_no_picture(self, data: bytes, said: str) -> None:
        with pytest.raises(NotAPicture, match=said):
            encoded(data)

    def test_another_kind_under_these_first_bytes(self) -> None:
        with pytest.raises(DamagedPicture):
            encoded(b"\xff\xd8\xff" + saved(halves(), "PNG"))


def test_the_limits_are_consistent() -> None:
    limits = DEFAULT_LIMITS
    assert limits.shortest_side < limits.longest_side
    assert limits.longest_side**2 < limits.pixels
