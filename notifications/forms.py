"""What the staff ask the ledger of messages."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm
from members.models import Person
from notifications import kinds
from notifications.models import Notice

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
