"""Light, dark or as the device says: a cookie, so that it works signed out and without JavaScript."""

COOKIE = "theme"
THEMES = ("auto", "light", "dark")
A_YEAR = 365 * 24 * 60 * 60  # seconds


def chosen(request):
    """The theme of this device; "auto" as long as none was chosen."""
    theme = request.COOKIES.get(COOKIE)
    return theme if theme in THEMES else "auto"


def remember(response, theme):
    """Keep the choice; an unknown word means "as the device says"."""
    value = theme if theme in THEMES else "auto"
    response.set_cookie(COOKIE, value, max_age=A_YEAR, samesite="Lax", httponly=False)
    return response
