"""Money of a studio (经费), in yuan: what a year allows, what is asked for, what came and went."""

from django.db import models
from django.db.models import Case, F, Q, Sum, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from core.uploads import random_name
from core.versions import Versioned
from members.models import Person
from studios.models.leave import STAFF
from studios.models.membership import Membership
from studios.models.studio import Studio

#: What a union usually spends on (科目); a studio may name others.
USUAL_LINES = (
    pgettext_lazy("fund line", "test materials"),
    pgettext_lazy("fund line", "small tools"),
    pgettext_lazy("fund line", "books and papers"),
    pgettext_lazy("fund line", "training fees"),
    pgettext_lazy("fund line", "expert advice"),
    pgettext_lazy("fund line", "patent fees"),
    pgettext_lazy("fund line", "machining"),
    pgettext_lazy("fund line", "exchange and travel"),
    pgettext_lazy("fund line", "display boards"),
    pgettext_lazy("fund line", "rewards for results"),
)


class OfReadableFunds(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))


class FundBudget(Versioned):
    """How much a studio may spend in a year on one line. Money that comes in for the line adds to it.

    ``Studio.annual_funds`` stays what the union's workbook says; the page shows both.
    """

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="budgets", verbose_name=_("studio"))
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    line = models.CharField(_("fund line"), max_length=30)
    amount = models.DecimalField(_("budget (yuan)"), max_digits=12, decimal_places=2)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = OfReadableFunds.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("fund line")
        verbose_name_plural = _("fund lines")
        ordering = ["year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "year", "line"],
                name="fund_line_stands_once_in_a_year",
                violation_error_message=_("This line has a budget in that year already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="budget_is_not_negative",
                violation_error_message=_("A budget cannot be negative."),
            ),
        ]

    def __str__(self):
        return f"{self.year} · {self.line}"

    def get_absolute_url(self):
        return reverse("studio-funds", args=[self.studio_id, self.year])


class Booking(models.Model):
    """What an entry and the request for it have in common."""

    FOLDER = "funds"

    line = models.CharField(_("fund line"), max_length=30)
    on = models.DateField(_("day"))
    purpose = models.CharField(_("what for"), max_length=200)
    amount = models.DecimalField(_("amount (yuan)"), max_digits=12, decimal_places=2)
    handler = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    voucher_no = models.CharField(_("voucher no."), max_length=40, blank=True)
    file = models.FileField(_("invoice or receipt"), upload_to=random_name, blank=True)
    file_name = models.CharField(max_length=150, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.purpose

    def keep_file(self, file) -> None:
        """Take a file that was accepted, under the name people gave it."""
        self.file, self.file_name = file, file.name[-150:]


class SpendingQuerySet(OfReadableFunds):
    def of(self, studio, year):
        return self.filter(studio=studio, on__year=year)

    def waiting(self):
        return self.filter(state=Spending.State.WAITING)

    def waiting_for(self, user):
        """Those this person may decide: of the units he looks after, never his own."""
        here = Q(pk=None)
        for role, path in user.scopes:
            if role in STAFF:
                here |= Q(studio__unit__path__startswith=path)
        found = self.waiting().filter(here).exclude(asked_by=user)
        steered = [pk for pk, role in user.studio_roles.items() if role in Membership.STEERING]
        found = found.exclude(studio__in=steered)
        return found.exclude(handler=user.person_id) if user.person_id else found


class Spending(Booking):
    """Money a studio asks to spend. Approved, it becomes an entry of the ledger."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("spending", "waiting")
        APPROVED = "approved", pgettext_lazy("spending", "approved")
        RETURNED = "returned", pgettext_lazy("spending", "returned")
        WITHDRAWN = "withdrawn", pgettext_lazy("spending", "withdrawn")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="spendings", verbose_name=_("studio"))
    over_reason = models.CharField(_("why more than the budget"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING, editable=False)
    asked_by = models.ForeignKey("members.User", models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        "members.User", models.PROTECT, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(null=True)
    opinion = models.CharField(_("opinion"), max_length=300, blank=True)

    objects = SpendingQuerySet.as_manager()

    class Meta:
        verbose_name = _("spending request")
        verbose_name_plural = _("spending requests")
        ordering = ["asked_at", "id"]
        indexes = [models.Index(fields=["studio", "state"], name="spending_of_studio_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="spending_is_more_than_nothing",
                violation_error_message=_("The amount must be more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="nobody_decides_his_own_spending",
            ),
        ]

    def get_absolute_url(self):
        return f"{reverse('studio-funds', args=[self.studio_id, self.on.year])}#waiting"


class FundEntryQuerySet(OfReadableFunds):
    #: A counter-entry takes away what it corrects.
    SIGNED = Case(When(corrects=None, then=F("amount")), default=-F("amount"))

    def of(self, studio, year):
        return self.filter(studio=studio, year=year)

    def by_line(self):
        """(line, income, spent) of the entries; either may be None."""
        kinds = FundEntry.Kind
        sums = (Sum(self.SIGNED, filter=Q(kind=kind)) for kind in (kinds.INCOME, kinds.SPENDING))
        income, spent = sums
        return (
            self.order_by("line")
            .values("line")
            .annotate(income=income, spent=spent)
            .values_list("line", "income", "spent")
        )


class FundEntry(Booking):
    """Money that came or went. Triggers in the database refuse to change or delete it.

    A mistake is taken back by a counter-entry of the same kind (``corrects``), counted with a minus.
    """

    class Kind(models.TextChoices):
        INCOME = "income", pgettext_lazy("funds", "income")
        SPENDING = "spending", pgettext_lazy("funds", "spending")

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="fund_entries", verbose_name=_("studio"))
    #: The year whose budget it is booked to.
    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    spending = models.OneToOneField(Spending, models.PROTECT, null=True, related_name="entry")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+", verbose_name=_("approved by"))
    at = models.DateTimeField()

    objects = FundEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the funds")
        verbose_name_plural = _("ledger of the funds")
        ordering = ["on", "id"]
        indexes = [models.Index(fields=["studio", "year"], name="fund_entry_of_studio_by_year")]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="fund_entry_is_more_than_nothing",
                violation_error_message=_("The amount must be more than nothing."),
            ),
        ]

    def get_absolute_url(self):
        return f"{reverse('studio-funds', args=[self.studio_id, self.year])}#entry-{self.pk}"

    @property
    def signed(self):
        return -self.amount if self.corrects_id else self.amount

    @property
    def income(self):
        """The amount in the column of what came in, None in that of what went out."""
        return self.signed if self.kind == self.Kind.INCOME else None

    @property
    def spent(self):
        return self.signed if self.kind == self.Kind.SPENDING else None
