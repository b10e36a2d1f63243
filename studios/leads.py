"""A lead without an account can do nothing on the site: said where he is named."""

from django.contrib import messages
from django.utils.translation import gettext as _


def warn_without_account(request, lead) -> None:
    """Say what is to be done next where the person who leads from now on cannot sign in."""
    if lead.has_account:
        return
    if request.user.has_perm("members.manage_users"):
        said = _("%(name)s has no account and cannot report yet. The studio's page has the button for one.")
    else:
        said = _("%(name)s has no account and cannot report yet. Ask the group's administrator for one.")
    messages.warning(request, said % {"name": lead})
