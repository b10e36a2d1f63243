"""House rules (定制度): what is in force, what was, and the next wording."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core.access import permitted, permitted_globally
from core.errors import NotAllowedNow
from core.requests import read_or_write
from core.uploads import hand_out
from core.versions import save_form
from members.models import Person
from studios import bin, changes
from studios.forms.rules import RuleForm, RuleTemplateForm, RuleVersionForm
from studios.forms.settings import FORMS, form_for
from studios.house_rules import Coordination, kept
from studios.models import Rule, RuleReading, RuleTemplate, RuleVersion, Studio
from studios.tabs import below, frame


@permitted("studios.view_studio", Studio)
@require_safe
def studio_rules(request, studio):
    """The five questions first, then the other rules, each with all its versions and who has read it."""
    today = timezone.localdate()
    rank = {kind: place for place, kind in enumerate(Rule.Kind.values)}
    rules = sorted(studio.rules.prefetch_related("versions__by__person"), key=lambda rule: rank[rule.kind])
    for rule in rules:
        versions = list(rule.versions.all())
        rule.in_force = next((version for version in versions if version.effective_on <= today), None)
        rule.others = [version for version in versions if version is not rule.in_force]
    _say_settings([version for rule in rules for version in rule.versions.all()])
    _say_who_has_read(rules, studio, request.user, on=today)
    settled = {rule.kind for rule in rules if rule.in_force}
    may_change = request.user.has_perm("studios.change_rules", studio)
    asked = {rule.kind for rule in rules}
    context = frame(studio, user=request.user, active="studio-rules", on=today) | {
        "rules": rules,
        "missing": [kind for kind in Rule.ASKED_FOR if kind not in settled],
        "asked_for": len(Rule.ASKED_FOR),
        "settled": len(settled.intersection(Rule.ASKED_FOR)),
        "may_change": may_change,
        "offered": RuleTemplate.objects.exclude(kind__in=asked).exclude(text="").count() if may_change else 0,
        "today": today,
    }
    return render(request, "studios/rules.html", context)


def _say_settings(versions):
    """Give each version the sentences of its settings; one query for the people named."""
    told = {version: version.kept for version in versions}
    named = [pk for said in told.values() if isinstance(said, Coordination) for pk in said.person_ids]
    names = dict(Person.objects.filter(pk__in=named).values_list("pk", "name")) if named else {}
    for version, said in told.items():
        version.sentences = said.sentences(names) if said else []


def _say_who_has_read(rules, studio, user, *, on):
    """Give each rule in force the members who have read it and those who have not. Two queries."""
    in_force = [rule.in_force for rule in rules if rule.in_force]
    readings = RuleReading.objects.filter(version__in=in_force).values_list("version", "person")
    read = set(readings)
    people = [membership.person for membership in studio.memberships.current(on=on).select_related("person")]
    for rule in rules:
        if rule.in_force:
            rule.not_read = [one for one in people if (rule.in_force.pk, one.pk) not in read]
            rule.read_count, rule.member_count = len(people) - len(rule.not_read), len(people)
            rule.may_read = user.person in rule.not_read if user.person_id else False


@permitted("studios.change_rules", Studio)
@read_or_write
def rule_new(request, studio):
    """A rule with its first wording; the kind that comes with the link brings its settings along."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in FORMS else ""
    title = dict(Rule.Kind.choices).get(asked, "") if asked != Rule.Kind.OTHER else ""
    today, data = timezone.localdate(), request.POST or None
    form = RuleForm(
        data, instance=Rule(studio=studio), initial={"kind": asked, "title": title}, kind=kind, once=True
    )
    wording = RuleVersionForm(data, request.FILES or None, initial={"effective_on": today})
    settings = form_for(kind, data, studio=studio, on=today)
    if request.method == "POST" and _all_valid(form, wording, settings):
        with transaction.atomic():
            if form.claim():
                wording.revise(form.save(), by=request.user, settings=settings and settings.settings)
                messages.success(request, _("The rule is written."))
        return redirect(form.instance if form.instance.pk else reverse("studio-rules", args=[studio.pk]))
    context = {
        "form": form,
        "wording": wording,
        "settings": settings,
        "title": _("New rule"),
        "submit": _("Save the rule"),
    }
    return _page(request, studio, context)


@permitted("studios.change_rules", Rule)
@read_or_write
def rule_revise(request, rule):
    """The next wording; those before stay readable."""
    today, data = timezone.localdate(), request.POST or None
    wording = RuleVersionForm(data, request.FILES or None, rule=rule)
    latest = wording.latest
    if latest and request.method != "POST":
        wording.initial["text"] = latest.text
        wording.initial["effective_on"] = today
    settings = form_for(
        rule.kind, data, studio=rule.studio, on=today, settings=latest.kept if latest else None
    )
    if request.method == "POST" and _all_valid(wording, settings):
        try:
            wording.revise(rule, by=request.user, settings=settings and settings.settings)
        except NotAllowedNow as refusal:
            wording.add_error(None, str(refusal))
        else:
            messages.success(request, _("The new version is written."))
            return redirect(rule)
    context = {
        "wording": wording,
        "settings": settings,
        "title": rule.title,
        "submit": _("Save as a new version"),
        "rule": rule,
    }
    return _page(request, rule.studio, context)


@require_POST
@permitted("studios.change_rules", Studio)
def rules_start(request, studio):
    """Begin with the group's templates where the studio has no rule yet."""
    begun = changes.start_from_templates(studio, on=timezone.localdate(), by=request.user)
    said = ngettext(
        "%(count)d rule begins with the group's template; change what is different with you.",
        "%(count)d rules begin with the group's templates; change what is different with you.",
        len(begun),
    )
    messages.success(request, said % {"count": len(begun)})
    return redirect("studio-rules", studio.pk)


@require_POST
@permitted("studios.read_rule", RuleVersion)
def rule_read(request, version):
    """A member says that he has read a version and understood it."""
    if request.user.person is None:
        raise PermissionDenied("studios.read_rule")  # nobody in particular has read it
    RuleReading.objects.get_or_create(
        version=version, person=request.user.person, defaults={"at": timezone.now()}
    )
    messages.success(request, _("Thank you: it is noted that you have read it."))
    return redirect("studio-rules", version.studio.pk)


@require_safe
@permitted_globally("studios.change_templates")
def rule_templates(request):
    """What the group offers for each of the five questions."""
    written = {template.kind: template for template in RuleTemplate.objects.exclude(text="")}
    rows = [(kind, written.get(kind.value)) for kind in Rule.ASKED_FOR]
    for _kind, template in rows:
        if template:
            template.sentences = template.kept.sentences() if template.kept else []
    return render(request, "studios/rule_templates.html", {"rows": rows})


@permitted_globally("studios.change_templates")
@read_or_write
def rule_template(request, kind):
    """Write the group's template of one of the five questions."""
    if kind not in FORMS:
        raise Http404
    data, label = request.POST or None, Rule.Kind(kind).label
    if data is not None:
        RuleTemplate.objects.get_or_create(kind=kind, defaults={"title": label})
    stored = RuleTemplate.objects.filter(kind=kind).first() or RuleTemplate(kind=kind, title=label)
    settings = form_for(kind, data, settings=stored.kept)

    def make_form():
        fresh = RuleTemplate.objects.filter(kind=kind).first() or stored
        if data is not None and settings.is_valid():
            fresh.settings = kept(settings.settings)
        return RuleTemplateForm(data, instance=fresh)

    if data is not None and settings.is_valid():
        form, saved = save_form(make_form)
        if saved:
            messages.success(request, _("Saved."))
            return redirect("rule-templates")
    else:
        form = make_form()
    back = reverse("rule-templates")
    context = {
        "form": form,
        "settings": settings,
        "title": label,
        "back": back,
        "breadcrumbs": [(_("Templates of house rules"), back)],
    }
    return render(request, "studios/rule_template.html", context)


@require_POST
@permitted("studios.change_rules", Rule)
def rule_delete(request, rule):
    """Put a rule with all its wordings into the bin."""
    deleted = bin.put(rule, by=request.user, at=timezone.now())
    messages.success(request, _("The rule is in the bin."), extra_tags=f"bin:{deleted.pk}")
    return redirect("studio-rules", rule.studio_id)


@permitted("studios.view_studio", RuleVersion)
@require_safe
def rule_file(request, version):
    """The file of a version, for whoever may read the studio."""
    if not version.file:
        raise Http404
    return hand_out(version.file, version.file_name or version.rule.title)


def _all_valid(*forms):
    """Every form is asked, so that each says at once what is wrong with it."""
    return [each for each in forms if each is not None and not each.is_valid()] == []


def _page(request, studio, context):
    back = reverse("studio-rules", args=[studio.pk])
    context |= {"studio": studio, "back": back, "breadcrumbs": below(studio, (_("House rules"), back))}
    return render(request, "studios/rule_form.html", context)
