"""House rules (定制度): what is in force, what was, and the next wording."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.access import permitted
from core.errors import NotAllowedNow
from core.uploads import hand_out
from studios import bin
from studios.forms.rules import RuleForm, RuleVersionForm
from studios.models import Rule, RuleVersion, Studio
from studios.tabs import below, frame

require_form = require_http_methods(["GET", "HEAD", "POST"])


@permitted("studios.view_studio", Studio)
@require_safe
def studio_rules(request, studio):
    """The five questions first, then the other rules, each with all its versions."""
    today = timezone.localdate()
    rank = {kind: place for place, kind in enumerate(Rule.Kind.values)}
    rules = sorted(studio.rules.prefetch_related("versions__by__person"), key=lambda rule: rank[rule.kind])
    for rule in rules:
        versions = list(rule.versions.all())
        rule.in_force = next((version for version in versions if version.effective_on <= today), None)
        rule.others = [version for version in versions if version is not rule.in_force]
    settled = {rule.kind for rule in rules if rule.in_force}
    context = frame(studio, user=request.user, active="studio-rules", on=today) | {
        "rules": rules,
        "missing": [kind for kind in Rule.ASKED_FOR if kind not in settled],
        "asked_for": len(Rule.ASKED_FOR),
        "settled": len(settled.intersection(Rule.ASKED_FOR)),
        "may_change": request.user.has_perm("studios.change_rules", studio),
        "today": today,
    }
    return render(request, "studios/rules.html", context)


@permitted("studios.change_rules", Studio)
@require_form
def rule_new(request, studio):
    """A rule with its first wording."""
    kind = request.GET.get("kind", "")
    title = dict(Rule.Kind.choices).get(kind, "") if kind != Rule.Kind.OTHER else ""
    rule = Rule(studio=studio)
    form = RuleForm(request.POST or None, instance=rule, initial={"kind": kind, "title": title}, once=True)
    wording = RuleVersionForm(
        request.POST or None, request.FILES or None, initial={"effective_on": timezone.localdate()}
    )
    if request.method == "POST" and all([form.is_valid(), wording.is_valid()]):
        with transaction.atomic():
            if form.claim():
                wording.revise(form.save(), by=request.user)
                messages.success(request, _("The rule is written."))
        return redirect(rule if rule.pk else reverse("studio-rules", args=[studio.pk]))
    context = {"form": form, "wording": wording, "title": _("New rule"), "submit": _("Save the rule")}
    return _page(request, studio, context)


@permitted("studios.change_rules", Rule)
@require_form
def rule_revise(request, rule):
    """The next wording; those before stay readable."""
    wording = RuleVersionForm(request.POST or None, request.FILES or None, rule=rule)
    if wording.latest and request.method != "POST":
        wording.initial["text"] = wording.latest.text
        wording.initial["effective_on"] = timezone.localdate()
    if request.method == "POST" and wording.is_valid():
        try:
            wording.revise(rule, by=request.user)
        except NotAllowedNow as refusal:
            wording.add_error(None, str(refusal))
        else:
            messages.success(request, _("The new version is written."))
            return redirect(rule)
    context = {"wording": wording, "title": rule.title, "submit": _("Save as a new version"), "rule": rule}
    return _page(request, rule.studio, context)


@require_POST
@permitted("studios.change_rules", Rule)
def rule_delete(request, rule):
    """Put a rule with all its wordings into the bin."""
    kept = bin.put(rule, by=request.user, at=timezone.now())
    messages.success(request, _("The rule is in the bin."), extra_tags=f"bin:{kept.pk}")
    return redirect("studio-rules", rule.studio_id)


@permitted("studios.view_studio", RuleVersion)
@require_safe
def rule_file(request, version):
    """The file of a version, for whoever may read the studio."""
    if not version.file:
        raise Http404
    return hand_out(version.file, version.file_name or version.rule.title)


def _page(request, studio, context):
    back = reverse("studio-rules", args=[studio.pk])
    context |= {"studio": studio, "back": back, "breadcrumbs": below(studio, (_("House rules"), back))}
    return render(request, "studios/rule_form.html", context)
