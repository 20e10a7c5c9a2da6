"""Statuses: names that administrators choose, each of one phase (CTI-26 … CTI-28)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.rules.lifecycle import Phase, phase_choices


class Colour(models.TextChoices):
    """Colours that stand on light and dark ground alike."""

    BLUE = "blue", _("Blue")
    TEAL = "teal", _("Teal")
    GREEN = "green", _("Green")
    AMBER = "amber", _("Amber")
    RED = "red", _("Red")
    PURPLE = "purple", _("Purple")
    GREY = "grey", _("Grey")


class StatusQuerySet(models.QuerySet["Status"]):
    """Sets of statuses."""

    def default_of(self, phase: Phase) -> "Status":
        """Return the status that a ticket takes when a trigger leads to this phase."""
        return self.get(phase=phase, is_default=True)


class Status(models.Model):
    """What agents call the state of a ticket; rules look at its phase only."""

    name = models.CharField(_("name"), max_length=50, unique=True)
    colour = models.CharField(
        _("colour"), max_length=10, choices=Colour.choices, default=Colour.GREY
    )
    phase = models.CharField(
        _("phase"),
        max_length=10,
        choices=phase_choices,
        help_text=_("What the status means to the rules."),
    )
    sort_order = models.PositiveSmallIntegerField(_("sort order"), default=0)
    is_default = models.BooleanField(_("default of its phase"), default=False)

    objects = StatusQuerySet.as_manager()

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("status")
        verbose_name_plural = _("statuses")

    def __str__(self) -> str:
        return self.name
