"""What editors tune in Wagtail's settings menu, for the whole installation."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting

from wagtail_helpdesk.models.queues import Queue


class HelpdeskSettings(BaseGenericSetting):
    """Policy that a service desk manager decides."""

    wagtail_reference_index_ignore = True

    default_queue = models.ForeignKey(
        Queue,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("default queue"),
        help_text=_("Takes every mail whose address belongs to no queue."),
        null=True,
        blank=True,
    )
    reopen_window_days = models.PositiveSmallIntegerField(
        _("reopen window (days)"),
        default=7,
        help_text=_(
            "Days in which a reply reopens a resolved ticket; then it closes by "
            "itself. 0: no reply reopens."
        ),
    )
    lock_timeout_hours = models.PositiveSmallIntegerField(
        _("lock timeout (hours)"),
        default=24,
        help_text=_("A lock ends after so long without activity. 0: never."),
    )
    max_attachment_mb = models.PositiveSmallIntegerField(
        _("largest file (MB)"),
        default=25,
        validators=[MinValueValidator(1), MaxValueValidator(1024)],
    )
    reply_separators = models.TextField(
        _("reply separators"),
        blank=True,
        help_text=_(
            "One a line. What follows such a line in a mailed reply is the old text."
        ),
    )

    class Meta:
        verbose_name = _("helpdesk")

    panels = [
        FieldPanel("default_queue"),
        MultiFieldPanel(
            [FieldPanel("reopen_window_days"), FieldPanel("lock_timeout_hours")],
            heading=_("Times"),
        ),
        MultiFieldPanel(
            [FieldPanel("reply_separators"), FieldPanel("max_attachment_mb")],
            heading=_("Mails and files"),
        ),
    ]

    def separators(self) -> list[str]:
        """Return the reply separators, without blank lines (WT-15)."""
        return [
            line.strip() for line in self.reply_separators.splitlines() if line.strip()
        ]

    def window_days_for(self, queue: Queue) -> int:
        """Return the reopen window of a queue, in days (CTI-40)."""
        own = queue.reopen_window_days
        return self.reopen_window_days if own is None else own

    def lock_hours_for(self, queue: Queue) -> int:
        """Return the lock timeout of a queue, in hours; 0 is never."""
        own = queue.lock_timeout_hours
        return self.lock_timeout_hours if own is None else own
