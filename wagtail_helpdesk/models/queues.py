"""Queues: where tickets wait, who works on them, and the addresses they answer to."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


class AddressMode(models.TextChoices):
    """What becomes of a mail to an address (RT-06, RT-31)."""

    PUBLIC = "public", _("Public: tickets and replies")
    COMMENT = "comment", _("Internal: agents' notes")


class QueueRole(models.TextChoices):
    """What a group may do in a queue; ``permissions.ROLES`` says which verbs."""

    READER = "reader", _("Reader")
    AGENT = "agent", _("Agent")
    SENIOR = "senior", _("Senior agent")
    MANAGER = "manager", _("Queue manager")


class Queue(ClusterableModel):
    """A topic or a team whose tickets wait together (OTRS-25)."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    description = models.TextField(_("description"), blank=True)
    sender_name = models.CharField(
        _("sender name"),
        max_length=100,
        blank=True,
        help_text=_("Stands before the address in the mails of this queue."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("An inactive queue takes no new tickets; its old ones stay."),
    )
    is_restricted = models.BooleanField(
        _("restricted"),
        default=False,
        help_text=_(
            "Tickets exist only for the groups listed below, not for all agents."
        ),
    )
    restrict_replies = models.BooleanField(
        _("restrict replies"),
        default=True,
        help_text=_(
            "Only the requester, participants and agents may write to a ticket by "
            "mail. A mail of anybody else becomes a ticket of its own."
        ),
    )
    reopen_window_days = models.PositiveSmallIntegerField(
        _("reopen window (days)"),
        null=True,
        blank=True,
        help_text=_("Empty: as in the helpdesk settings. 0: no reply reopens."),
    )
    lock_timeout_hours = models.PositiveSmallIntegerField(
        _("lock timeout (hours)"),
        null=True,
        blank=True,
        help_text=_("Empty: as in the helpdesk settings. 0: locks never expire."),
    )
    sort_order = models.PositiveSmallIntegerField(_("sort order"), default=0)

    class Meta:
        ordering = ["sort_order", "name"]
        verbose_name = _("queue")
        verbose_name_plural = _("queues")

    def __str__(self) -> str:
        return self.name

    @property
    def public_address(self) -> str:
        """The address its mails are sent from; empty if it has none."""
        return public_address(self.addresses.all())


class QueueAddress(models.Model):
    """A mail address and what becomes of the mails to it."""

    queue = ParentalKey(Queue, on_delete=models.CASCADE, related_name="addresses")
    email = models.EmailField(_("address"), unique=True)
    mode = models.CharField(
        _("mode"),
        max_length=10,
        choices=AddressMode.choices,
        default=AddressMode.PUBLIC,
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="helpdesk_queueaddress_lower",
                violation_error_message=_("Write the address in lower case."),
            )
        ]

    def __str__(self) -> str:
        return self.email


def public_address(addresses: Iterable[QueueAddress]) -> str:
    """Return the first public address of a queue's own; empty if there is none."""
    public = (each.email for each in addresses if each.mode == AddressMode.PUBLIC)
    return next(public, "")


class QueueGrant(models.Model):
    """A group's role in one queue, or in every queue that is not restricted."""

    queue = ParentalKey(
        Queue,
        on_delete=models.CASCADE,
        related_name="grants",
        null=True,
        blank=True,
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.CASCADE,
        related_name="helpdesk_grants",
        verbose_name=_("group"),
    )
    role = models.CharField(
        _("role"), max_length=10, choices=QueueRole.choices, default=QueueRole.AGENT
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "group"], name="helpdesk_queuegrant_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_role_display()}"


class QueueWatch(models.Model):
    """An agent who watches a queue: it stands in "My queues", its news are mailed."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="helpdesk_watches",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "user"], name="helpdesk_queuewatch_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.queue}"
