"""Who may open what: the one guard of every view.

A view either gives a right by name (``permitted``, ``permitted_globally``), or says that everybody who is
signed in may open it. A house test fails on a view that does none of these.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

#: What ``.permission`` says on a view for everybody who is signed in.
SIGNED_IN = "signed in"


def permitted(permission, model, *, key="pk"):
    """Give the view the object: 404 if the user may not see it, 403 if he may see it but not do this."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            obj = get_object_or_404(model.objects.visible_to(request.user), pk=kwargs.pop(key))
            if not request.user.has_perm(permission, obj):
                raise PermissionDenied(permission, obj)
            return view(request, obj, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate


def permitted_globally(permission):
    """For pages that belong to no single object: 403 for whoever lacks the right everywhere."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate


def open_to_all_signed_in(view):
    """Everybody who is signed in may open it; what it lists is still only what he may see."""
    view.permission = SIGNED_IN
    return view
