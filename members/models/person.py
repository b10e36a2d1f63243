"""People, with or without a login."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin
from simple_history.models import HistoricalRecords

from core.versions import Versioned


def without_spaces(name: str) -> str:
    """A name as it is compared and stored: 张　三 and 张 三 are 张三."""
    return "".join(name.split())


def pinyin_initials(name: str) -> str:
    """The first letters of a name's syllables in lower case, as people type them: 李雪莲 is lxl."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:100]


def masked(number: str) -> str:
    """A telephone number for those who need not ring it: 138****5678."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 7 else number


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself, the people of one's own studios, and whoever belongs to the units one oversees."""
        if user.is_superuser:
            return self
        seen = Q(pk=user.person_id) | Q(memberships__studio__in=user.studio_ids)
        for path in user.reaching_paths:
            seen |= Q(unit__path__startswith=path) | Q(memberships__studio__unit__path__startswith=path)
        return self.filter(pk__in=self.model._base_manager.filter(seen).values("pk"))

    def named(self, words):
        """Whose name contains the words, or whose initials begin with them."""
        words = without_spaces(words)
        return self.filter(Q(name__icontains=words) | Q(initials__startswith=words.lower()))


class Person(Versioned):
    """A worker, engineer or official of the group. Known by staff number (工号) where there is one."""

    class Sex(models.TextChoices):
        MALE = "male", _("male")
        FEMALE = "female", _("female")

    DERIVED = ("initials",)

    name = models.CharField(_("name"), max_length=60, db_index=True)
    initials = models.CharField(max_length=100, editable=False, default="", db_index=True)
    staff_no = models.CharField(_("staff number"), max_length=30, unique=True, null=True, blank=True)
    unit = models.ForeignKey(
        "members.Unit", models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("unit")
    )
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    born_on = models.DateField(_("month of birth"), null=True, blank=True)
    education = models.CharField(_("education"), max_length=30, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    title = models.CharField(_("professional title"), max_length=60, blank=True)
    skill_grade = models.CharField(_("skill grade"), max_length=30, blank=True)
    trade = models.CharField(_("trade"), max_length=60, blank=True)
    team = models.CharField(_("team"), max_length=100, blank=True)
    mobile = models.CharField(_("mobile"), max_length=30, blank=True)
    honours = models.CharField(_("honours"), max_length=300, blank=True)

    objects = PersonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "id"]

    def __str__(self):
        return self.name

    def settle(self):
        """Bring the name into its stored form; called before every save, also by bulk writers."""
        self.name = without_spaces(self.name)
        self.initials = pinyin_initials(self.name)
        self.staff_no = self.staff_no or None

    def save(self, *args, **kwargs):
        self.settle()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("person", args=[self.pk])

    def is_below(self, paths) -> bool:
        """Whether his unit, or the unit of a studio he belongs to, lies in one of the subtrees."""
        inside = Q(pk=None)
        for path in paths:
            inside |= Q(unit__path__startswith=path) | Q(memberships__studio__unit__path__startswith=path)
        return type(self).objects.filter(inside, pk=self.pk).exists()

    @property
    def has_account(self) -> bool:
        """Whether an account is his; without one he can do nothing on the site."""
        return hasattr(self, "user")

    @property
    def mobile_masked(self) -> str:
        return masked(self.mobile)
