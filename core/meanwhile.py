"""Whether the record that somebody looks at was changed meanwhile: asked by the page now and then."""

from urllib.parse import urlencode

from django.apps import apps
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.access import open_to_all_signed_in
from core.requests import number_of
from core.versions import Versioned

#: Sent along by whatever asks by itself: that is no sign of somebody at work, and keeps nobody signed in.
BY_ITSELF = "X-By-Itself"


def stamp(record: Versioned) -> str:
    """Something that differs as soon as the record was saved, or reported on."""
    reported_at = getattr(record, "reported_at", None)
    return f"{record.version}-{reported_at.timestamp() if reported_at else 0:.6f}"


def question(record: Versioned) -> str:
    """What the page asks, as the query of an address."""
    return urlencode({"of": record._meta.label_lower, "pk": record.pk, "seen": stamp(record)})


@require_safe
@open_to_all_signed_in
def meanwhile(request):
    """Nothing (204) as long as all is as it was seen; else a bar, and the person decides when to look."""
    record = get_object_or_404(
        _model(request.GET.get("of", "")).objects.visible_to(request.user),
        pk=number_of(request.GET.get("pk")),
    )
    if stamp(record) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "meanwhile_bar.html")


def _model(label):
    """A model whose records are edited and whose scope is known; nothing else can be asked about."""
    app, _dot, name = label.partition(".")
    try:
        model = apps.get_model(app, name)
    except LookupError:
        raise Http404 from None
    if not (issubclass(model, Versioned) and hasattr(model.objects, "visible_to")):
        raise Http404
    return model
