"""What is refused or read alike in every request, whatever page it asks for."""

from django.core.exceptions import SuspiciousOperation
from django.middleware.gzip import GZipMiddleware
from django.views.decorators.http import require_http_methods

#: For the view of a form: reading shows it, POST sends it.
read_or_write = require_http_methods(["GET", "HEAD", "POST"])

#: Digits of the largest id there can be, 2**63 - 1, less one.
_DIGITS = 18


def number_of(text: str | None) -> int | None:
    """The id that stands in an address or in a form; None for whatever cannot be one."""
    return int(text) if text and len(text) <= _DIGITS and text.isascii() and text.isdigit() else None


class NoNulMiddleware:
    """Refuses (400) what holds a NUL: nobody types one, and PostgreSQL can neither store nor look for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        typed = [*request.GET.lists(), *request.POST.lists(), ("", [request.path])]
        if any("\0" in text for name, values in typed for text in (name, *values)):
            raise SuspiciousOperation("NUL")


class CompressedPagesMiddleware(GZipMiddleware):
    """Pages travel compressed; files that people download are packed already and are left alone."""

    #: What a page is made of; style sheets and scripts are compressed when they are collected.
    TEXTS = ("text/html", "application/json", "application/manifest+json", "text/javascript", "image/svg+xml")

    def process_response(self, request, response):
        if response.streaming or not response.get("Content-Type", "").startswith(self.TEXTS):
            return response
        return super().process_response(request, response)
