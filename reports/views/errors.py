"""What is said to somebody who may not, or who came to where nothing is."""

import re
from difflib import get_close_matches
from urllib.parse import unquote

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.shortcuts import render
from django.utils import timezone

from reports.refused import who_grants, who_may
from reports.search import Hit, pages, search, words_of


def forbidden(request, exception):
    """403: who may do it, and who can give the right."""
    context = {}
    if isinstance(exception, PermissionDenied) and request.user.is_authenticated:
        named = [arg for arg in exception.args if isinstance(arg, str) and "." in arg]
        about = next((arg for arg in exception.args if isinstance(arg, Model)), None)
        on = timezone.localdate()
        context = {
            "who_may": who_may(named[0], about, on=on) if named else [],
            "who_grants": who_grants(request.user, about, on=on),
        }
    return render(request, "403.html", context, status=403)


def not_found(request, exception):
    """404: what the words of the address may have meant, among what this person may see."""
    context = {}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        segments = [part for part in unquote(request.path).split("/") if part]
        text = " ".join(word for part in segments for word in re.split(r"[\W_]+", part) if not word.isdigit())
        context = {"pages": _pages(user, segments), "groups": search(user, _sought(text)), "words": text[:60]}
    return render(request, "404.html", context, status=404)


def _sought(text):
    """Chinese words of the address if there are any; the English ones are our own."""
    chinese = " ".join(re.findall(r"[\u4e00-\u9fff]+", text))
    return words_of(chinese or text)


def _pages(user, segments) -> list[Hit]:
    """The pages whose address begins like this one, or nearly: a letter too many, an old name."""
    if not segments:
        return []
    known = {
        hit.url.strip("/").partition("/")[0]: hit for hit in reversed(pages(user).hits) if hit.url != "/"
    }
    return [known[name] for name in get_close_matches(segments[0].lower(), known, n=3, cutoff=0.7)]
