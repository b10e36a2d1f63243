"""Keeping views of lists, and choosing columns."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import lists
from core.access import open_to_all_signed_in, permitted
from core.htmx import came_from
from core.models import ColumnChoice, SavedView
from core.requests import number_of


def _list(name):
    if name not in lists.LISTS:
        raise Http404
    return lists.LISTS[name]


@open_to_all_signed_in
@require_POST
def view_save(request, name):
    """Keep an address under a name, or (``view``) let one's own view follow what is seen now."""
    house_list, user, typed = _list(name), request.user, request.POST
    query = lists.said(QueryDict(typed.get("query", "")))
    columns = house_list.chosen(typed.get("cols", "").split(",")) if typed.get("cols") else []
    if columns == house_list.keys:
        columns = []
    if len(query) > SavedView._meta.get_field("query").max_length:
        messages.error(request, _("This address is too long to be kept."))
        return redirect(came_from(request, default=house_list.url))
    mine = SavedView.objects.visible_to(user).filter(owner=user, list_name=house_list.name)
    if (pk := number_of(typed.get("view"))) is not None:
        view = mine.filter(pk=pk).first()
        if view is None:
            raise Http404
        view.query, view.columns = query, columns
        view.save()
    else:
        called = typed.get("name", "").strip()[:40]
        if not called:
            messages.error(request, _("Give the view a name."))
            return redirect(came_from(request, default=house_list.url))
        view = _keep(user, house_list, called, query, columns, typed)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(view)


@transaction.atomic
def _keep(user, house_list, called, query, columns, typed):
    role = typed.get("default_for", "")
    shared = bool(typed.get("shared") or role)
    if shared and not user.has_perm("core.share_view"):
        raise PermissionDenied("core.share_view")
    if role and (not user.has_perm("core.set_default_view") or role not in dict(SavedView.roles())):
        raise PermissionDenied("core.set_default_view")
    if role:
        # There is one default for a role; the view that was it stays, shared.
        SavedView.objects.filter(list_name=house_list.name, default_for=role).update(default_for="")
    told = {"query": query, "columns": columns, "shared": shared, "default_for": role}
    view, _new = SavedView.objects.update_or_create(
        owner=user, list_name=house_list.name, name=called, defaults=told
    )
    return view


@require_POST
@permitted("core.delete_view", SavedView)
def view_delete(request, view):
    """Throw one's own view away; the rows it showed stay."""
    view.delete()
    messages.success(request, _("The view is deleted."))
    return redirect(_list(view.list_name).url)


@open_to_all_signed_in
@require_POST
def columns(request, name):
    """Choose the columns of a list; remembered for this person and said in the address."""
    house_list = _list(name)
    chosen = house_list.chosen(house_list.keys if request.POST.get("every") else request.POST.getlist("col"))
    ColumnChoice.objects.update_or_create(
        user=request.user, list_name=house_list.name, defaults={"columns": chosen}
    )
    query = QueryDict(lists.said(QueryDict(request.POST.get("query", ""))), mutable=True)
    view = request.POST.get("view", "")
    known = view.isdecimal() or view in [each.pk for each in house_list.views]
    address = urlencode({"view": view if known else lists.PLAIN, "cols": ",".join(chosen)})
    return redirect(f"{house_list.url}?{'&'.join(filter(None, [query.urlencode(), address]))}")
