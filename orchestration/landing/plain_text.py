"""Bring a delivered text file to plain UTF-8 before anything reads it.

DuckDB could read UTF-16 and Latin-1 itself, but reads big-endian UTF-16 as no rows at all, says
nothing of a file cut in the middle of a character, and needs twice the time that decoding here and
reading UTF-8 takes (measured on 195 MB).
"""

import codecs
import gzip
import shutil
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from orchestration.landing.errors import FileRefusedError

BLOCK = 1 << 20
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UTF_8 = ("utf-8", "utf-8-sig", "ascii")
GLOB_CHARACTERS = frozenset("*?[]{}")


def simple_name(path: Path, working_dir: Path) -> Path:
    """Return a name for a file that is UTF-8 and that DuckDB doesn't take for a pattern."""
    if GLOB_CHARACTERS.isdisjoint(str(path)) and _is_utf8(str(path)):
        return path
    link = working_dir / "delivered"
    link.symlink_to(path)
    return link


def _is_utf8(name: str) -> bool:
    # Bytes that are no UTF-8 stand as lone surrogates in a name, which can't be written as UTF-8.
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def plain_text(path: Path, encoding: str, working_dir: Path) -> Path:
    """Return a path under which the content stands as plain UTF-8, of a copy only where needed.

    Raises:
        FileRefusedError: the file is not text of that encoding, or its compression is damaged.
    """
    name = codecs.lookup(encoding).name
    compressed = path.suffix == ".gz"
    _check_beginning(path, name, compressed=compressed)
    if not compressed and name in UTF_8:
        return simple_name(path, working_dir)
    copy = working_dir / "plain"
    _transcode(path, copy, name, compressed=compressed)
    return copy


@contextmanager
def empty_folder(path: Path) -> Iterator[Path]:
    """Yield an empty folder and remove it; what a killed run left in it is people's data too."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def first_bytes(path: Path, *, compressed: bool) -> bytes:
    """Return the beginning of a file.

    Raises:
        FileRefusedError: it is said to be compressed and is not readable so.
    """
    try:
        with _open(path, compressed=compressed) as stream:
            return stream.read(BLOCK)
    except (EOFError, OSError, zlib.error) as error:
        if not compressed:
            raise
        raise FileRefusedError("the gzip compression is damaged or cut short") from error


def _open(path: Path, *, compressed: bool) -> AbstractContextManager[BinaryIO]:
    return cast(BinaryIO, gzip.open(path, "rb")) if compressed else path.open("rb")


def _check_beginning(path: Path, encoding: str, *, compressed: bool) -> None:
    start = first_bytes(path, compressed=compressed)
    if not start:
        raise FileRefusedError(
            "the file is empty: a delivery without rows still has its header, or is not sent"
        )
    wide = encoding.startswith(("utf-16", "utf-32"))
    if not wide and (start.startswith(UTF_16_MARKS) or b"\x00" in start[:4096]):
        raise FileRefusedError(
            f"the file looks like UTF-16 or is not text; the contract says {encoding}"
        )
    if wide and b"\x00" not in start[:4096] and not start.startswith(UTF_16_MARKS):
        raise FileRefusedError(f"the file does not look like {encoding}, as the contract says")


def _transcode(path: Path, target: Path, encoding: str, *, compressed: bool) -> None:
    try:
        with _open(path, compressed=compressed) as source, target.open("wb") as copy:
            if encoding in UTF_8:
                # Left undecoded: a byte that is not UTF-8 costs its line, not the file.
                shutil.copyfileobj(source, copy, BLOCK)
            else:
                _decode(source, copy, encoding)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise FileRefusedError("the gzip compression is damaged or cut short") from None


def _decode(source: BinaryIO, copy: BinaryIO, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    witness = _Utf8Witness()
    lines = 1
    try:
        while block := source.read(BLOCK):
            witness.see(block)
            text = decoder.decode(block)
            lines += text.count("\n")
            copy.write(text.encode("utf-8"))
        copy.write(decoder.decode(b"", final=True).encode("utf-8"))
    except UnicodeError:
        raise FileRefusedError(
            f"not {encoding}, as the contract says, in or after line {lines}"
        ) from None
    if witness.is_utf8():
        raise FileRefusedError(f"the file is UTF-8; the contract says {encoding}")


class _Utf8Witness:
    """Notice text that is UTF-8, whatever it was declared: hardly any other is so by chance."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._valid = True
        self._has_letters_beyond_ascii = False

    def see(self, block: bytes) -> None:
        if not self._valid:
            return
        try:
            text = self._decoder.decode(block)
        except UnicodeDecodeError:
            self._valid = False
            return
        self._has_letters_beyond_ascii = self._has_letters_beyond_ascii or not text.isascii()

    def is_utf8(self) -> bool:
        return self._valid and self._has_letters_beyond_ascii
