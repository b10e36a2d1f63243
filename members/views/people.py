"""One's own account, and the page of a person: who he is and what he carries."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import open_to_all_signed_in, permitted
from core.requests import read_or_write
from core.versions import save_form
from members.forms import OwnPersonForm, PersonForm
from members.models import Person, User
from members.sections import sections_for


@require_safe
@open_to_all_signed_in
def account(request):
    """One's own login: who one is here, the roles one holds, the keyboard."""
    grants = request.user.grants.select_related("unit")
    return render(request, "members/account.html", {"person": request.user.person, "grants": grants})


@require_POST
@open_to_all_signed_in
def shortcuts(request):
    """Turn the single-key shortcuts on (``on=1``) or off for oneself."""
    User.objects.filter(pk=request.user.pk).update(shortcuts=request.POST.get("on") == "1")
    return redirect(reverse("account") + "#keyboard")


@require_safe
@permitted("members.view_person", Person)
def person(request, person):
    """Who somebody is, and what he carries as far as one may see it."""
    user = request.user
    context = {
        "person": person,
        "mobile": person.mobile if user.has_perm("members.view_mobile", person) else person.mobile_masked,
        "private": user.has_perm("members.change_person", person),
        "sections": sections_for(user, person),
    }
    return render(request, "members/person.html", context)


@read_or_write
@permitted("members.change_person", Person)
def person_edit(request, person):
    """Staff keep the whole person; he himself corrects what he knows best."""
    data = request.POST if request.method == "POST" else None

    def make_form():
        record = Person.objects.visible_to(request.user).get(pk=person.pk)
        if request.user.has_perm("members.change_roster", record):
            return PersonForm(data, instance=record, user=request.user)
        return OwnPersonForm(data, instance=record)

    if data is None:
        form = make_form()
    else:
        form, saved = save_form(make_form)
        if saved:
            messages.success(request, _("Saved."))
            if form.merged:
                messages.info(request, _("Also kept, changed by somebody else: %s") % ", ".join(form.merged))
            return redirect(person)
    breadcrumbs = [(person.name, person.get_absolute_url())]
    return render(
        request, "members/person_form.html", {"person": person, "form": form, "breadcrumbs": breadcrumbs}
    )
