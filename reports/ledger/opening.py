"""Opening a file that somebody sent: only a plain, whole .xlsx of bearable size comes through.

The zip container is judged by its directory, before anything is unpacked. Python's zipfile never unpacks more
than the directory declares, so the limits hold for what is read later too.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
#: The most that the file may hold, packed or unpacked, in bytes.
MOST_BYTES = 50 * MEGABYTE
#: The most that a part may unpack to, in times its packed size.
MOST_RATIO = 100
#: The most parts in the container.
MOST_PARTS = 500

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTENT_TYPES = "[Content_Types].xml"


class Refused(Exception):
    """The file is not read at all; the message says why, in the reader's language."""


def open_container(source: str | Path | bytes | IO[bytes]) -> zipfile.ZipFile:
    """The zip container of a workbook: a path, the bytes or an open binary file.

    Raises Refused for what is not a workbook, truncated, encrypted, with macros or too large.
    """
    data = _bytes(source)
    if not data:
        raise Refused(_("The file is empty."))
    if data.startswith(_OLE):
        raise Refused(_refusal_of_ole(data))
    if not data.startswith(b"PK"):
        raise Refused(_("This is not an Excel workbook (.xlsx)."))
    try:
        container = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Refused(_("The file is truncated or damaged.")) from None
    _check_directory(container.infolist())
    _check_contents(container)
    return container


def _bytes(source: str | Path | bytes | IO[bytes]) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, (str, Path)):
        with Path(source).open("rb") as file:
            return _bytes(file)
    source.seek(0)
    data = source.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(_too_large())
    return data


def _too_large() -> str:
    return _("The file holds more than %(megabytes)s MB.") % {"megabytes": MOST_BYTES // MEGABYTE}


def _refusal_of_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _("The workbook is encrypted. Remove its password and send it again.")
    return _("This is an old workbook (.xls). Save it as .xlsx and send it again.")


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > MOST_PARTS:
        raise Refused(_("The file holds more than %(count)s parts.") % {"count": MOST_PARTS})
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused(_("The workbook is encrypted. Remove its password and send it again."))
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise Refused(_too_large())
    if any(part.file_size > MOST_RATIO * part.compress_size for part in parts):
        raise Refused(
            _("A part of the file unpacks to more than %(ratio)s times its size.") % {"ratio": MOST_RATIO}
        )


def _check_contents(container: zipfile.ZipFile) -> None:
    names = {name.lower() for name in container.namelist()}
    if _CONTENT_TYPES.lower() not in names:
        raise Refused(_("This is not an Excel workbook (.xlsx)."))
    types = read_part(container, _CONTENT_TYPES)
    macros = any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names)
    if macros or re.search(rb"macroEnabled|vbaProject|ms-excel\.(int)?macrosheet", types, re.IGNORECASE):
        raise Refused(_("The workbook holds macros. Save it as .xlsx without macros and send it again."))
    if b"spreadsheetml" not in types:
        raise Refused(_("This is not an Excel workbook (.xlsx)."))


def read_part(container: zipfile.ZipFile, name: str) -> bytes:
    """The unpacked bytes of one part. Raises Refused if it is missing or damaged."""
    try:
        return container.read(name)
    except KeyError:
        raise Refused(_("This is not an Excel workbook (.xlsx).")) from None
    except Exception:  # zlib, CRC, unsupported compression: all say that the bytes are not whole
        raise Refused(_("The file is truncated or damaged.")) from None
