"""Requesters: people who ask, known by their mail address, account optional."""

from django.conf import settings
from django.db import connections, models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

#: Characters of a name; the width of its column.
NAME_LENGTH = 150


class RequesterQuerySet(models.QuerySet["Requester"]):
    """Sets of people who ask."""

    def add(self, email: str, *, name: str = "", language: str = "") -> "Requester":
        """Return a newcomer's row; of two at once the second gets the first one's.

        :param email: in lower case.
        """
        newcomer = self.model(email=email, name=name[:NAME_LENGTH], language=language)
        has_target = connections[self.db].features.supports_update_conflicts_with_target
        [person] = self.bulk_create(
            [newcomer],
            update_conflicts=True,
            unique_fields=["email"] if has_target else None,
            update_fields=["email"],
        )
        # Not every database says which row it was.
        return person if person.pk else self.get(email=email)

    def known_by(
        self, email: str, *, name: str = "", language: str = ""
    ) -> "Requester":
        """Return the person with this address, added if need be, never changed.

        :param email: in lower case.
        """
        known = self.filter(email=email).first()
        return known or self.add(email, name=name, language=language)


class Requester(models.Model):
    """Someone who asks (RT-01: no account is needed)."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="helpdesk_requester",
        verbose_name=_("account"),
        null=True,
        blank=True,
    )
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        help_text=_("Code of the language of mails to this person; empty: the site's."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RequesterQuerySet.as_manager()

    class Meta:
        ordering = ["name", "email"]
        verbose_name = _("requester")
        verbose_name_plural = _("requesters")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="helpdesk_requester_lower",
                violation_error_message=_("Write the address in lower case."),
            )
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name, else the address."""
        return self.name or self.email
