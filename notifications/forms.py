"""What the staff ask the ledger of messages; when a message is to come back; what one wants by mail."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from members.models import Person
from notifications import kinds
from notifications.models import MailWishes, Notice

READ, UNREAD = "read", "unread"


class LedgerSearch(HouseForm):
    q = forms.CharField(label=_("Person or text"), required=False, max_length=100, widget=forms.SearchInput)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *Notice.State.choices, (READ, _("read")), (UNREAD, _("not read"))],
    )

    def apply(self, notices):
        """The notices that fit what was asked for; what makes no sense is ignored."""
        self.is_valid()
        if words := self.cleaned_data.get("q", "").strip():
            people = Person.objects.named(words).values("pk")
            notices = notices.filter(
                Q(recipient__person__in=people)
                | Q(recipient__username__iexact=words)
                | Q(subject__icontains=words)
                | Q(kind__in=kinds.speaking_of(words))
            )
        state = self.cleaned_data.get("state")
        if state in (READ, UNREAD):
            return notices.filter(state=Notice.State.SENT, read_at__isnull=state == UNREAD)
        return notices.filter(state=state) if state else notices


class LaterForm(HouseForm):
    """Until when a message is put off: so many days, or a day."""

    days = forms.IntegerField(min_value=1, max_value=366, required=False, widget=forms.HiddenInput)
    day = forms.DateField(label=_("Until"), required=False)

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_day(self):
        days, day = self.cleaned_data.get("days"), self.cleaned_data["day"]
        day = self.on + timedelta(days=days) if days else day
        if day is None or day <= self.on:
            raise forms.ValidationError(_("Please choose a day to come."))
        return day


class WishesForm(HouseModelForm):
    """The hour of the daily mail, and which kinds it carries."""

    LAST_HOUR = 20

    mailed = forms.MultipleChoiceField(label=_("By mail"), required=False)

    class Meta:
        model = MailWishes
        fields = ["hour"]

    def __init__(self, *args, names, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = names
        hours = range(settings.REMINDER_HOUR, self.LAST_HOUR + 1)
        self.fields["hour"] = forms.TypedChoiceField(
            label=_("The daily mail comes from"),
            choices=[(hour, _("%(hour)s o’clock") % {"hour": hour}) for hour in hours],
            coerce=int,
            help_text=_("On working days, once a day at most; nothing to say, no mail."),
        )
        self.initial["hour"] = self.instance.hour or settings.REMINDER_HOUR
        self.fields["mailed"].choices = [(name, name) for name in names]
        self.initial["mailed"] = [name for name in names if self.instance.mails(name)]

    def save(self, commit=True):
        self.instance.stopped = sorted(set(self.names) - set(self.cleaned_data["mailed"]))
        return super().save(commit)
