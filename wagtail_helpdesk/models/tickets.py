"""Tickets: one request and its conversation."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase
from wagtail.models import Site

from wagtail_helpdesk.models.queues import Queue
from wagtail_helpdesk.models.requesters import Requester
from wagtail_helpdesk.models.statuses import Status
from wagtail_helpdesk.references import SUBJECT_LENGTH
from wagtail_helpdesk.rules.lifecycle import UNFINISHED, Phase, phase_choices

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser


class Priority(models.IntegerChoices):
    """How urgent it is; a greater number is more urgent (CTI-09, CTI-98)."""

    LOW = 10, _("Low")
    NORMAL = 20, _("Medium")
    HIGH = 30, _("High")
    CRITICAL = 40, _("Critical")


class Channel(models.TextChoices):
    """The way by which something came in."""

    MAIL = "mail", _("mail")
    WEB = "web", _("web page")
    ADMIN = "admin", _("agents' desk")


class HelpdeskTag(TagBase):
    """A tag of tickets; its own table, so that editors' tags stay apart."""

    class Meta:
        verbose_name = _("ticket tag")
        verbose_name_plural = _("ticket tags")


class TaggedTicket(ItemBase):
    """A tag on a ticket."""

    tag = models.ForeignKey(
        HelpdeskTag, on_delete=models.CASCADE, related_name="tagged_tickets"
    )
    content_object = models.ForeignKey(
        "wagtail_helpdesk.Ticket", on_delete=models.CASCADE, related_name="+"
    )


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Sets of tickets; who may see which is asked in ``permissions``."""

    def unfinished(self) -> "TicketQuerySet":
        """Return those on which somebody still has work to do."""
        return self.filter(phase__in=UNFINISHED)

    def unlocked(self, *, now: datetime) -> "TicketQuerySet":
        """Return those that nobody holds at this time (OTRS-09)."""
        return self.filter(Q(locked_by=None) | Q(lock_expires_at__lte=now))

    def locked_by_user(
        self, user: "AbstractBaseUser", *, now: datetime
    ) -> "TicketQuerySet":
        """Return those that this user holds at this time (OTRS-07)."""
        return self.filter(locked_by=user).exclude(lock_expires_at__lte=now)

    def in_watched_queues(self, user: "AbstractBaseUser") -> "TicketQuerySet":
        """Return those of the queues that this user watches (OTRS-22)."""
        return self.filter(queue__watches__user=user)

    def due_for_closure(self, *, now: datetime) -> "TicketQuerySet":
        """Return those resolved whose reopen window is over (CTI-31)."""
        return self.filter(phase=Phase.RESOLVED, closes_at__lte=now)

    def with_expired_lock(self, *, now: datetime) -> "TicketQuerySet":
        """Return those whose lock has expired but is still written down."""
        return self.filter(locked_by__isnull=False, lock_expires_at__lte=now)


class Ticket(models.Model):
    """One request and its conversation. Its primary key is its number.

    Only ``changes.py`` saves a ticket; verbs are in ``wagtail_helpdesk.actions``.
    """

    #: Keeps Wagtail's reference index out of every save (it costs 4 queries).
    wagtail_reference_index_ignore = True

    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    queue = models.ForeignKey(
        Queue,
        on_delete=models.PROTECT,
        related_name="tickets",
        verbose_name=_("queue"),
    )
    status = models.ForeignKey(
        Status,
        on_delete=models.PROTECT,
        related_name="tickets",
        verbose_name=_("status"),
    )
    #: The phase of the status, kept here so that an index serves the lists.
    phase = models.CharField(_("phase"), max_length=10, choices=phase_choices)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.WEB
    )
    requester = models.ForeignKey(
        Requester,
        on_delete=models.PROTECT,
        related_name="tickets",
        verbose_name=_("requester"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="helpdesk_assigned_tickets",
        verbose_name=_("assignee"),
        null=True,
        blank=True,
    )
    assigned_group = models.ForeignKey(
        Group,
        on_delete=models.SET_NULL,
        related_name="helpdesk_assigned_tickets",
        verbose_name=_("assigned group"),
        null=True,
        blank=True,
    )
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="helpdesk_locked_tickets",
        verbose_name=_("locked by"),
        null=True,
        blank=True,
    )
    locked_at = models.DateTimeField(null=True, blank=True)
    #: None while locked means that the lock never expires.
    lock_expires_at = models.DateTimeField(null=True, blank=True)
    is_reopened = models.BooleanField(_("reopened"), default=False)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    #: When the reopen window is over and the ticket closes by itself.
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now)
    site = models.ForeignKey(
        Site, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    tags = TaggableManager(through=TaggedTicket, blank=True)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(
                fields=["queue", "phase", "-updated_at"], name="helpdesk_ticket_queue"
            ),
            models.Index(
                fields=["assignee", "phase", "-updated_at"],
                name="helpdesk_ticket_assignee",
            ),
            models.Index(
                fields=["locked_by", "-updated_at"], name="helpdesk_ticket_locked"
            ),
            models.Index(fields=["phase", "closes_at"], name="helpdesk_ticket_closes"),
            models.Index(fields=["-updated_at", "-id"], name="helpdesk_ticket_updated"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def number(self) -> int:
        """The ticket's number."""
        return self.pk

    @property
    def lock_holder(self) -> "AbstractBaseUser | None":
        """The user who holds the lock now, or None."""
        expires = self.lock_expires_at
        if expires is not None and expires <= timezone.now():
            return None
        return self.locked_by

    def is_locked_against(self, user: "AbstractBaseUser") -> bool:
        """Tell whether another than this user holds the lock (OTRS-08)."""
        holder = self.lock_holder
        return holder is not None and holder.pk != user.pk
