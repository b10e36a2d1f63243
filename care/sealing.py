"""Texts that nobody can read in the database: sealed with a key that lies outside of it."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow


class NoKey(NotAllowedNow):
    """Care records cannot be written or read here."""

    sentence = _("Care records are not set up here: the key that seals them is missing (CARE_KEY).")


def is_set_up() -> bool:
    """Whether there is a key to seal with."""
    return bool(settings.CARE_KEYS)


def seal(text: str) -> str:
    """The text as it is stored. NoKey where none is set."""
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The text again; None where none of the keys fits."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def resealed(sealed: str) -> str | None:
    """The same sealed with the newest key; None where none of the keys fits."""
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken:
        return None


def _keys() -> MultiFernet:
    """The newest key seals; the older ones still open."""
    if not is_set_up():
        raise NoKey
    return MultiFernet([Fernet(key) for key in settings.CARE_KEYS])
