"""Numbers as people write them."""

from decimal import Decimal


def plain(number: Decimal | None) -> str | None:
    """A number as it was typed: without the zeros that the database adds."""
    return None if number is None else f"{Decimal(number).normalize():f}"
