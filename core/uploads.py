"""Files of people: known by their content when taken in, handed out as nothing that runs."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of one file."""

MOST_PIXELS = 40_000_000
MOST_FILES = 9

#: What is shown in the browser; everything else is only ever saved.
IMAGE_TYPES = {".jpg": "image/jpeg", ".png": "image/png"}
_OFFICE = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}
_READ_AS_IMAGE = ("JPEG", "PNG", "WEBP", "GIF", "BMP")


def random_name(record, filename: str) -> str:
    """Where the file of a record is stored: in the ``FOLDER`` of its kind, under a random name.

    The name people gave is kept in its row.
    """
    return f"{record.FOLDER}/{uuid4().hex}{Path(filename).suffix.lower()[:10]}"


def accept(upload: UploadedFile) -> UploadedFile:
    """The file as it is kept: a photo drawn anew without its metadata, anything else as it came.

    Raises ValidationError for a file that is too large, or that is neither a photo nor a PDF, a Word, Excel
    or PowerPoint file without macros, nor a video.
    """
    name = Path(upload.name or "file").name
    if upload.size is None or upload.size > LARGEST_FILE:
        raise ValidationError(_("“%(name)s” is larger than 20 MB."), params={"name": name})
    head = upload.read(64)
    upload.seek(0)
    suffix = _suffix(head, upload)
    if suffix:
        upload.seek(0)
        upload.name = Path(name).stem[:120] + suffix
        return upload
    return _redrawn(upload, name)


def _suffix(head: bytes, upload) -> str | None:
    if head.startswith(b"%PDF-"):
        return ".pdf"
    if head[4:8] == b"ftyp" and head[8:12] not in (b"heic", b"heix", b"mif1", b"avif"):
        return ".mp4"
    if head.startswith(b"PK\x03\x04"):
        return _office_suffix(upload)
    return None


def _office_suffix(upload) -> str | None:
    """Only the table of contents is read; nothing is unpacked."""
    try:
        names = zipfile.ZipFile(upload).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next(
        (suffix for folder, suffix in _OFFICE.items() if any(name.startswith(folder) for name in names)), None
    )


def _redrawn(upload, name: str) -> UploadedFile:
    Image.init()  # or a format that nobody has read yet is not known
    try:
        image = Image.open(upload, formats=_READ_AS_IMAGE)
        if image.width * image.height > MOST_PIXELS:
            raise ValidationError(
                _("The photo “%(name)s” has more than 40 megapixels."), params={"name": name}
            )
        image = ImageOps.exif_transpose(image)
        clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        kept = io.BytesIO()
        # A new picture of the pixels alone: no place, no device, no hidden second file.
        if clear:
            image.convert("RGBA").save(kept, "PNG")
        else:
            image.convert("RGB").save(kept, "JPEG", quality=85)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        if isinstance(error, ValidationError):
            raise
        raise ValidationError(
            _("“%(name)s” is not a photo, PDF, Word, Excel, PowerPoint or MP4 file that can be read."),
            params={"name": name},
        ) from error
    suffix, kind = (".png", "image/png") if clear else (".jpg", "image/jpeg")
    return SimpleUploadedFile(Path(name).stem[:120] + suffix, kept.getvalue(), kind)


def hand_out(stored, name: str) -> FileResponse:
    """A stored file for a view that has checked who asks: photos are shown, everything else is saved."""
    kind = IMAGE_TYPES.get(Path(stored.name).suffix.lower())
    response = FileResponse(
        stored.open("rb"),
        as_attachment=kind is None,
        filename=name,
        content_type=kind or "application/octet-stream",
    )
    # Whatever is inside: it is no page of ours and runs nothing.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
