"""The search page, and what the palette shows while one types."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.access import open_to_all_signed_in
from reports import search as searching


@require_safe
@open_to_all_signed_in
def search(request):
    """Everything that fits `q`, by kind; without a word, the pages one may go to."""
    return render(request, "reports/search.html", _found(request))


@require_safe
@open_to_all_signed_in
def search_palette(request):
    """The same as a list of options; without a word, first those in `visited`: ``studios/12,items/7``."""
    found = _found(request)
    if not found["text"]:
        visited = searching.visited(request.user, request.GET.get("visited", "").split(","))
        found["groups"] = [visited, *found["groups"]] if visited.hits else found["groups"]
    return render(request, "reports/search_palette.html", found)


def _found(request):
    text = request.GET.get("q", "").strip()
    words = searching.words_of(text)
    groups = searching.search(request.user, words) if text else [searching.pages(request.user)]
    return {
        "text": text,
        "too_short": bool(text) and not words,
        "groups": groups,
        "count": sum(len(group.hits) for group in groups),
        "cut": any(group.cut for group in groups),
    }
