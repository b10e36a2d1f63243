"""The vocabulary of the pages: one tag per component. docs/components.md is the contract.

A component is this tag, `templates/components/<name>.html` and `static/css/components/<name>.css`,
all of the same name. It sees its arguments only.
"""

from urllib.parse import urlencode

from django import template
from django.template.loader import render_to_string
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html

from core import meanwhile, shown, workdays

register = template.Library()

TONE_ICONS = {
    "accent": "flame",
    "good": "circle-check",
    "warn": "alert-triangle",
    "bad": "alert-circle",
    "info": "info-circle",
    "plain": "circle",
}
MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "bad", "info": "info", "debug": "plain"}


def draw(component, **arguments):
    return render_to_string(f"components/{component}.html", arguments)


def leaf(function):
    """A component of one tag, without a body."""
    return register.inclusion_tag(f"components/{function.__name__}.html")(function)


# --- Filters

register.filter("percent_shown", shown.percent_shown)
register.filter("dash", shown.dash)
register.filter("wan", shown.wan)
register.filter("yuan", shown.yuan)
register.filter("day", shown.day)
register.filter("shortly", shown.moment)
register.filter("exactly", shown.exactly)


@register.filter
def moment_of(value):
    """A day or a moment in short; whoever points at it is told the whole of it."""
    if not value:
        return shown.DASH
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}</time>',
        value.isoformat(),
        shown.exactly(value),
        shown.moment(value),
    )


@register.filter
def grouped(value):
    """A whole number by thousands; anything else as it is."""
    return shown.number(value) if type(value) is int else value


@register.filter
def message_tone(level):
    """The tone of a message of Django's messages framework, by its level tag."""
    return MESSAGE_TONES.get(level, "plain")


@register.simple_tag(takes_context=True)
def due(context, value, open=True):
    """A day with how far it is in working days; the day alone for what is no longer open."""
    away = _away(context, value) if open else ""
    if not away:
        return shown.day(value)
    return format_html('{} · <span class="nowrap">{}</span>', shown.day(value), away)


def _away(context, value):
    """How many working days a day is away, in words; "" for none."""
    if not value:
        return ""
    return shown.working_days_from_now(value, calendar=workdays.of_page(context.request))


@register.inclusion_tag("meanwhile.html")
def watch(record):
    """Says on the page of a record that somebody changed it, when that has happened; never jumps."""
    return {"question": meanwhile.question(record)}


@register.simple_tag(takes_context=True)
def block_again(context, name):
    """What a page put into a block, a second time: the title of the tab is also the heading."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return block.nodelist.render(context) if block else ""


# --- Words and signs


@leaf
def icon(name, label=""):
    return {"name": name, "label": label}


@leaf
def badge(text, tone="plain", icon=""):
    return {"text": text, "tone": tone, "icon": icon or TONE_ICONS[tone]}


@leaf
def person(name, sub="", href=""):
    # Chinese names are known by their last two characters; the family name alone would make many alike.
    name = str(name)
    return {
        "name": name,
        "sub": sub,
        "href": href,
        "initial": name[:1].upper() if name.isascii() else name[-2:],
    }


@leaf
def progress(percent, expected=None, href="", label="", small=False):
    width = shown.percent_width(percent)
    return {
        "text": shown.percent_shown(percent),
        "width": width,
        "tick": shown.percent_width(expected) if width is not None else None,
        "expected_text": shown.percent_shown(expected),
        "done": width == 100,
        "href": href,
        "label": label,
        "small": small,
    }


@leaf
def figure(label, value, sub="", href="", tone="plain", unit=""):
    has_sign = tone not in ("plain", "accent")
    return {
        "label": label,
        "value": grouped(value),
        "sub": sub,
        "href": href,
        "tone": tone,
        "unit": unit,
        "icon": TONE_ICONS[tone] if has_sign else "",
    }


@leaf
def lights(lights, small=False):
    return {"lights": lights, "small": small}


@leaf
def steps(steps):
    icons = {"done": "check", "now": "circle-dot", "bad": "x"}
    return {
        "steps": [
            (label, state, note, "".join(href), icons.get(state)) for label, state, note, *href in steps
        ]
    }


@leaf
def empty(title, text="", action="", href="", icon="inbox"):
    return {"title": title, "text": text, "action": action, "href": href, "icon": icon}


@leaf
def fact(label, value, href=""):
    return {"label": label, "value": shown.dash(value), "href": href if value not in (None, "") else ""}


@leaf
def file_link(name, href, size=None, sub=""):
    return {"name": name, "href": href, "size": size, "sub": sub}


@register.inclusion_tag("components/toast.html", takes_context=True)
def toast(context, text, tone="plain"):
    # A message about an act that can be taken back carries the way back as a tag: ``undo:`` what
    # ``core.undo.offer`` gave, ``bin:`` the number of what was put into the bin.
    way, _colon, back = str(getattr(text, "extra_tags", None) or "").partition(":")
    return {
        "text": text,
        "tone": tone,
        "icon": TONE_ICONS[tone],
        "undo": back if way == "undo" else "",
        "bin": back if way == "bin" else "",
        "csrf_token": context.get("csrf_token", ""),
    }


@leaf
def history(entries):
    return {"entries": entries}


@leaf
def conflict(rows, who="", when=None):
    return {"rows": rows, "who": who, "when": when}


# --- Acts


@leaf
def button(
    label, href=None, tone="plain", icon="", name="", value="", small=False, confirm="", shortcut="", needs=""
):
    return {
        "label": label,
        "href": href,
        "tone": tone,
        "icon": icon,
        "name": name,
        "value": value,
        "small": small,
        "confirm": confirm,
        "shortcut": shortcut,
        "needs": needs,
    }


@register.simple_block_tag(takes_context=True)
def post_button(context, content, label, action, tone="plain", icon="", confirm="", small=False):
    return draw(
        "post_button",
        content=content,
        label=label,
        action=action,
        tone=tone,
        icon=icon,
        confirm=confirm,
        small=small,
        csrf_token=context.get("csrf_token", ""),
    )


@register.simple_block_tag
def actions(content, end=False):
    return draw("actions", content=content, end=end)


@register.simple_block_tag
def menu(content, label, icon="dots", small=False):
    return draw("menu", content=content, label=label, icon=icon, small=small)


@register.simple_block_tag
def disclosure(content, label, icon="", open=False, tone="quiet"):
    return draw("disclosure", content=content, label=label, icon=icon, open=open, tone=tone)


@register.simple_block_tag
def dialog(content, id, title, opener, tone="plain", icon="", small=False):
    return draw(
        "dialog", content=content, id=id, title=title, opener=opener, tone=tone, icon=icon, small=small
    )


# --- Getting about


@leaf
def month_grid(label, weeks, remarks=()):
    return {"label": label, "weeks": weeks, "remarks": remarks}


@leaf
def as_of(holds, swap=False):
    return {"holds": holds, "swap": swap}


@leaf
def tabs(tabs, more=()):
    return {"tabs": tabs, "more": more}


@leaf
def period_nav(current, previous=None, next=None, options=()):
    return {"current": current, "previous": previous, "next": next, "options": options}


@register.inclusion_tag("components/list_views.html", takes_context=True)
def list_views(context, look, export=""):
    query = context["request"].GET.urlencode()
    return {
        "look": look,
        "export": f"{export}?{query}" if export else "",
        "csrf_token": context.get("csrf_token", ""),
    }


@leaf
def group_heading(group, span):
    return {"group": group, "span": span}


@leaf
def totals(totals, span, label=""):
    return {"totals": totals, "span": span, "label": label}


@register.simple_block_tag
def choose_bar(content, form):
    return draw("choose_bar", content=content, form=form)


@leaf
def filter_chips(chips, clear_url=""):
    return {"chips": chips, "clear_url": clear_url}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, page, label=""):
    query = context["request"].GET
    return {
        "page": page,
        "label": label,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "gap": page.paginator.ELLIPSIS,
        "rest": _query_without(query, "page"),
    }


@register.inclusion_tag("components/column.html", takes_context=True)
def column(context, label, sort="", number=False):
    query = context["request"].GET
    order = query.get("o", "")
    direction = {sort: "ascending", f"-{sort}": "descending"}.get(order, "") if sort else ""
    return {
        "label": label,
        "sort": f"-{sort}" if direction == "ascending" else sort,
        "direction": direction,
        "number": number,
        "rest": _query_without(query, "o", "page"),
    }


def _query_without(query, *names):
    """The query string of the page without some parameters, ready to be continued with `name=value`."""
    kept = [(name, value) for name, values in query.lists() if name not in names for value in values]
    return urlencode(kept) + "&" if kept else ""


# --- Boxes


@register.simple_block_tag
def card(content, title="", icon="", tone="plain", sub="", link="", href="", id=""):
    return draw(
        "card", content=content, title=title, icon=icon, tone=tone, sub=sub, link=link, href=href, id=id
    )


@register.simple_block_tag
def alert(content, title="", tone="info"):
    return draw("alert", content=content, title=title, tone=tone, icon=TONE_ICONS[tone])


@register.simple_block_tag
def table(content, caption, cards=True, count=None):
    return draw("table", content=content, caption=caption, cards=cards, count=count)


@register.simple_block_tag
def rows(content):
    return draw("rows", content=content)


@register.simple_block_tag(takes_context=True)
def row(context, content, title, sub="", href="", icon="", tone="plain", when=None, due=None):
    # A day that is due, in place of one that merely was, says how far it is.
    return draw(
        "row",
        content=content,
        title=title,
        sub=sub,
        href=href,
        icon=icon,
        tone=tone,
        when=when or due,
        away=_away(context, due),
    )


@register.simple_block_tag
def line(content, title, id="", href="", sub="", signs=(), percent="", expected=None, why="", level=0):
    # An unset percentage is a line without a bar; None is "not planned".
    return draw(
        "line",
        content=content,
        title=title,
        id=id,
        href=href,
        sub=sub,
        signs=signs,
        percent=percent,
        has_bar=percent != "",
        expected=expected,
        why=why,
        level=level,
    )


@register.simple_block_tag
def facts(content):
    return draw("facts", content=content)


@register.simple_block_tag
def timeline(content):
    return draw("timeline", content=content)


@register.simple_block_tag
def moment(content, who, when, icon="", tone="plain"):
    return draw("moment", content=content, who=who, when=when, icon=icon or TONE_ICONS[tone], tone=tone)


# --- Forms


@leaf
def field(bound):
    return {"bound": bound}


@leaf
def slider(bound):
    return {"bound": bound}


@leaf
def choice(bound):
    return {"bound": bound}


@leaf
def form_errors(form):
    return {"form": form}


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(context, form, target="", search=""):
    asked = context["request"].GET
    hidden = [(name, asked[name]) for name in ("o", "g", "view", "cols") if name in asked]
    hidden += [(bound.html_name, bound.value()) for bound in form if bound.is_hidden and bound.value()]
    visible = [bound for bound in form if bound.name != search and not bound.is_hidden]
    used = sum(1 for bound in visible if bound.value() not in (None, "", [], ()))
    return {
        "form": form,
        "target": target,
        "search": form[search] if search else None,
        "fields": visible,
        "hidden": hidden,
        "used": used,
        "path": context["request"].path,
    }


@register.simple_block_tag(takes_context=True)
def form(
    context, content, form=None, submit="", cancel="", action="", tone="primary", icon="", method="post"
):
    return draw(
        "form",
        content=content,
        form=form,
        submit=submit,
        cancel=cancel,
        action=action,
        tone=tone,
        icon=icon,
        method=method,
        csrf_token=context.get("csrf_token", ""),
    )
