"""The page of a form that ends in one act: nearly every form of a studio is drawn by it."""

from django.shortcuts import render
from django.utils.translation import gettext as _


def act_page(
    request, form, above, *, title, submit="", studio=None, back="", template="studios/act.html", **more
):
    """``above`` are the breadcrumbs; who gives up goes ``back``, or to the last of them."""
    context = {
        "form": form,
        "studio": studio,
        "title": title,
        "submit": submit or _("Save"),
        "back": back or above[-1][1],
        "breadcrumbs": above,
        **more,
    }
    return render(request, template, context)
