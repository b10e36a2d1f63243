"""What is said when something broke: a number to quote, which stands beside the fault in the log."""

import logging
import secrets

from django.http import HttpResponseServerError
from django.template.loader import render_to_string

log = logging.getLogger(__name__)

#: Easily read out over the telephone: nothing that looks like something else.
SIGNS = "23456789ACDEFGHJKLMNPQRTUVWXY"


def server_error(request):
    """The page of a fault; neither the database nor the person is asked, for either may be what is broken."""
    number = "".join(secrets.choice(SIGNS) for _position in range(8))
    log.error("Fault %s: %s %s", number, request.method, request.path, exc_info=True)
    return HttpResponseServerError(render_to_string("500.html", {"number": number}))
