"""Which studio "my month" means for somebody with several: the one whose month this browser opened last."""

from core.themes import A_YEAR
from studios.models import Membership

COOKIE = "studio"


def meant(request) -> int | None:
    """The studio that is meant without a question: the only one, the last one, or the only one steered."""
    roles = request.user.studio_roles
    if len(roles) == 1:
        return next(iter(roles))
    last = request.COOKIES.get(COOKIE, "")
    if last.isascii() and last.isdigit() and int(last) in roles:
        return int(last)
    steered = [studio for studio, role in roles.items() if role in Membership.STEERING]
    return steered[0] if len(steered) == 1 else None


def remember(request, response, studio):
    """Keep in this browser whose month was opened, where its user has several to choose from."""
    roles = request.user.studio_roles
    if len(roles) > 1 and studio.pk in roles:
        response.set_cookie(
            COOKIE,
            studio.pk,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response
