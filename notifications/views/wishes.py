"""What comes by mail: an example of each kind, how many there were, and a switch."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import open_to_all_signed_in
from core.requests import read_or_write
from notifications import kinds
from notifications.forms import WishesForm
from notifications.models import MailWishes, Notice

COUNTED = timedelta(days=30)


@read_or_write
@open_to_all_signed_in
def settings_page(request):
    """Choose; a link in a mail (``?stop=``) asks first whether its kind is to be stopped."""
    wishes, names = MailWishes.objects.of(request.user), kinds.names()
    if request.POST.get("stop") in (*names, MailWishes.ALL):
        wishes.stop(request.POST["stop"])
        messages.success(request, _("It comes to the inbox alone now."))
        return redirect("message-settings")
    typed = request.POST if request.method == "POST" else None
    form = WishesForm(typed, instance=wishes, names=names)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("message-settings")
    asked = request.GET.get("stop", "")
    mine = Notice.objects.visible_to(request.user)
    lately = mine.filter(created_at__gte=timezone.now() - COUNTED).order_by()
    counts = dict(lately.values_list("kind").annotate(Count("pk")))
    chosen = form["mailed"].value() or []
    context = {
        "form": form,
        "kinds": [(kind, counts.get(kind.name, 0), kind.name in chosen) for kind in kinds.every()],
        "asked": asked if asked in (*names, MailWishes.ALL) else "",
        "asked_label": kinds.get(asked).label if asked in names else _("everything"),
    }
    return render(request, "notifications/settings.html", context, status=422 if form.errors else 200)
