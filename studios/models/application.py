"""Applying for a studio to be named: draft > submitted > unit checked > approved, returned or refused."""

from django.db import models
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.kept_files import KeptFile
from core.versions import Versioned
from members.models import Role, RoleGrant, Unit, without_spaces
from studios.models.studio import Studio


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those of the units one oversees once they have been handed in."""
        if user.is_superuser:
            return self
        handed_in = Q(pk=None)
        for role, path in user.scopes:
            if role in (Role.GROUP_ADMIN, Role.GROUP_STAFF, Role.UNIT_CONTACT):
                handed_in |= Q(unit__path__startswith=path)
        return self.filter(Q(applicant=user) | (handed_in & ~Q(state=Application.State.DRAFT)))

    def open(self):
        return self.filter(state__in=Application.OPEN)

    def editable(self):
        """Those that the applicant may still write in."""
        return self.filter(state__in=Application.EDITABLE)

    def waiting_for(self, user):
        """Those whose next step is this person's: to correct, to check or to decide."""
        own = Q(applicant=user, state=Application.State.RETURNED)
        foreign = Q(pk=None)
        for role, path in user.scopes:
            inside = Q(unit__path__startswith=path)
            if role == Role.GROUP_ADMIN:
                foreign |= inside & Q(state=Application.State.UNIT_CHECKED)
            if role in (Role.UNIT_CONTACT, Role.GROUP_ADMIN, Role.GROUP_STAFF):
                here = inside & Q(state=Application.State.SUBMITTED)
                foreign |= here if role == Role.UNIT_CONTACT else here & ~Q(pk__in=self._with_contact(user))
        return self.filter(own | (foreign & ~Q(applicant=user)))

    def _with_contact(self, user):
        """Submitted ones whose unit's union has somebody other than the applicant to check them."""
        contacts = RoleGrant.objects.in_force(on=user.today).filter(
            role=Role.UNIT_CONTACT, user__is_active=True
        )
        above = (
            contacts.exclude(user=OuterRef("applicant"))
            .annotate(within=ExpressionWrapper(OuterRef("unit__path"), CharField()))
            .filter(within__startswith=F("unit__path"))
        )
        return Application.objects.filter(Exists(above), state=Application.State.SUBMITTED).values("pk")


class Application(Versioned):
    """A request to be named (申报). It may be saved half-finished; only handing in asks for the whole.

    ``team`` is a list of people ``{"name", "staff_no", "role", "duty"}``, ``topics`` a list of
    ``{"title", "source", "kind", "horizon", "baseline", "target", "unit_of_measure", "due_on"}``.
    ``returned_fields`` names what the last return asked to be corrected.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("handed in")
        UNIT_CHECKED = "unit_checked", _("checked by the unit union")
        APPROVED = "approved", _("approved")
        RETURNED = "returned", _("returned for correction")
        REFUSED = "refused", _("not named")
        WITHDRAWN = "withdrawn", _("withdrawn")

    EDITABLE = (State.DRAFT, State.RETURNED)
    OPEN = (State.DRAFT, State.SUBMITTED, State.UNIT_CHECKED, State.RETURNED)

    #: The whole life of an application.
    NEXT = {
        State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
        State.SUBMITTED: {State.UNIT_CHECKED, State.RETURNED, State.REFUSED, State.WITHDRAWN},
        State.UNIT_CHECKED: {State.APPROVED, State.RETURNED, State.REFUSED, State.WITHDRAWN},
        State.RETURNED: {State.SUBMITTED, State.WITHDRAWN},
        State.APPROVED: set(),
        State.REFUSED: set(),
        State.WITHDRAWN: set(),
    }

    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT, editable=False)
    applicant = models.ForeignKey(
        "members.User",
        models.PROTECT,
        related_name="applications",
        verbose_name=_("applicant"),
        editable=False,
    )
    name = models.CharField(_("name of the studio"), max_length=100, blank=True)
    type = models.CharField(
        _("type"), max_length=12, choices=Studio.Type, default=Studio.Type.MODEL_WORKER, blank=True
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name=_("unit")
    )
    trade = models.CharField(_("speciality"), max_length=100, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    area = models.DecimalField(_("area (m²)"), max_digits=9, decimal_places=2, null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    lead_name = models.CharField(_("lead"), max_length=60, blank=True)
    lead_staff_no = models.CharField(_("staff number of the lead"), max_length=30, blank=True)
    lead_honours = models.CharField(_("honours of the lead"), max_length=300, blank=True)
    lead_post = models.CharField(_("post of the lead"), max_length=60, blank=True)
    lead_title = models.CharField(_("professional title of the lead"), max_length=60, blank=True)
    lead_skill_grade = models.CharField(_("skill grade of the lead"), max_length=30, blank=True)

    team = models.JSONField(_("studio team"), default=list, blank=True)
    topics = models.JSONField(_("topics of this year and next"), default=list, blank=True)
    equipment = models.TextField(_("place and equipment"), blank=True)
    rules = models.TextField(_("house rules"), blank=True)
    achievements = models.TextField(_("achievements of the last three years"), blank=True)
    training = models.TextField(_("training of people"), blank=True)
    annual_funds = models.DecimalField(
        _("annual funds (10,000 yuan)"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    funds_source = models.CharField(_("source and use of the funds"), max_length=300, blank=True)
    deeds = models.TextField(_("feature and deeds"), max_length=2000, blank=True)

    returned_fields = models.JSONField(default=list, blank=True, editable=False)
    studio = models.OneToOneField(
        Studio, models.PROTECT, null=True, blank=True, related_name="application", editable=False
    )
    decided_by = models.ForeignKey(
        "members.User", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("applicant")),
                name="nobody_decides_his_own_application",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(studio__isnull=False, decided_by__isnull=False),
                name="approved_application_has_its_studio",
            ),
        ]

    def __str__(self):
        return self.name or str(_("New application"))

    def get_absolute_url(self):
        return reverse("application", args=[self.pk])

    @classmethod
    def begun_by(cls, user) -> "Application":
        """A blank one, not stored yet: nearly always whoever applies will lead the studio.

        His staff number comes along, for he must be known again by it.
        """
        blank = cls(applicant=user)
        if person := user.person:
            blank.unit = person.unit
            blank.lead_name, blank.lead_staff_no = person.name, person.staff_no or ""
            blank.lead_honours, blank.lead_post = person.honours, person.post
            blank.lead_title, blank.lead_skill_grade = person.title, person.skill_grade
        return blank

    def would_be_led_by(self, user) -> bool:
        """Whether it asks for a studio of the user's own: he is the lead it names, by number or by name."""
        if user.person is None:
            return False
        staff_no = without_spaces(self.lead_staff_no)
        if staff_no and user.person.staff_no:
            return staff_no == user.person.staff_no
        return bool(self.lead_name) and without_spaces(self.lead_name) == user.person.name

    @property
    def is_editable(self) -> bool:
        return self.state in self.EDITABLE


class ApplicationStep(models.Model):
    """What somebody decided about an application, with his opinion."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=12, choices=Application.State)
    opinion = models.TextField(_("opinion"), blank=True)
    fields = models.JSONField(default=list, blank=True)
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.application}: {self.get_state_display()}"


class ApplicationFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(application__in=Application.objects.visible_to(user))


class ApplicationFile(KeptFile):
    """Proof that comes with an application."""

    FOLDER = "applications"

    application = models.ForeignKey(Application, models.CASCADE, related_name="files")
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ApplicationFileQuerySet.as_manager()

    # It answers for its application wherever somebody asks who may do what with it.

    @property
    def applicant_id(self):
        return self.application.applicant_id

    @property
    def state(self):
        return self.application.state

    @property
    def unit(self):
        return self.application.unit
