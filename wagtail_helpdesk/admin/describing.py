"""Verbs beside the facts of a ticket: subject, priority, requester, links."""

import re
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk import actions, permissions
from wagtail_helpdesk.actors import Actor
from wagtail_helpdesk.admin.forms import VerbForm
from wagtail_helpdesk.admin.verb_rows import TicketVerb, with_field
from wagtail_helpdesk.models import Priority, Requester, Ticket, TicketLink
from wagtail_helpdesk.references import SUBJECT_LENGTH
from wagtail_helpdesk.rules.links import LinkKind

_NUMBER = re.compile(r"\s*#?([1-9][0-9]{0,9})\s*", re.ASCII)


class SubjectForm(VerbForm):
    """Another subject."""

    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LENGTH)

    def prepare(self) -> None:
        """Begin with the subject as it is."""
        self.fields["subject"].initial = self.ticket.subject


class PriorityForm(VerbForm):
    """Another priority (CTI-09)."""

    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=Priority.choices[::-1], coerce=int
    )

    def prepare(self) -> None:
        """Begin with the priority as it is."""
        self.fields["priority"].initial = self.ticket.priority


class RequesterForm(VerbForm):
    """Who really asks (RT-28)."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=150,
        help_text=_("For a new requester only; who is known keeps the known name."),
    )
    keep_as_copied = forms.BooleanField(
        label=_("Keep the former requester as a copied person"), required=False
    )

    def clean_email(self) -> str:
        """Return the address as requesters are known by it."""
        return str(self.cleaned_data["email"]).strip().lower()


class LinkForm(VerbForm):
    """Another ticket, and what this one is to it (CTI-63 … CTI-65)."""

    kind = forms.ChoiceField(label=_("This ticket is"), choices=LinkKind.choices)
    number = forms.CharField(
        label=_("Number of the other ticket"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def clean_number(self) -> Ticket:
        """Return the ticket, if there is one of this number for this user."""
        match = _NUMBER.fullmatch(self.cleaned_data["number"])
        visible = permissions.visible_tickets(self.user)
        ticket = visible.filter(pk=int(match[1])).first() if match else None
        if ticket is None:
            raise forms.ValidationError(gettext("There is no such ticket."))
        return ticket


class UnlinkForm(VerbForm):
    """One of the ticket's own links, to be taken away (CTI-66)."""

    link = forms.IntegerField(widget=forms.HiddenInput)

    def clean_link(self) -> TicketLink:
        """Return the link, if its other end exists for this user, too."""
        ticket = self.ticket
        visible = permissions.visible_tickets(self.user).values("pk")
        own = Q(source=ticket, target__in=visible) | Q(
            target=ticket, source__in=visible
        )
        links = TicketLink.objects.filter(own).select_related("source", "target")
        link = links.filter(pk=self.cleaned_data["link"]).first()
        if link is None:
            raise forms.ValidationError(gettext("This link is gone already."))
        return link


def _change_requester(ticket: Ticket, actor: Actor, form: RequesterForm) -> str:
    data: dict[str, Any] = form.cleaned_data
    person = Requester.objects.known_by(data["email"], name=data["name"])
    actions.change_requester(
        ticket, actor=actor, requester=person, keep_as_copied=data["keep_as_copied"]
    )
    return ""


def _link(ticket: Ticket, actor: Actor, form: LinkForm) -> str:
    data = form.cleaned_data
    actions.link(ticket, actor=actor, target=data["number"], kind=data["kind"])
    return ""


DESCRIBING_VERBS = [
    TicketVerb(
        name="rename",
        permission="rename",
        label=_("Change subject"),
        form_class=SubjectForm,
        act=with_field(actions.rename, "subject"),
        success=_("The subject is changed."),
        icon="edit",
        explanation=_("The requester sees it in the next mail."),
    ),
    TicketVerb(
        name="priority",
        permission="set_priority",
        label=_("Set priority"),
        form_class=PriorityForm,
        act=with_field(actions.set_priority, "priority"),
        success=_("The priority is set."),
        icon="order",
        explanation=_("Only agents see this."),
    ),
    TicketVerb(
        name="requester",
        permission="change_requester",
        label=_("Change requester"),
        form_class=RequesterForm,
        act=_change_requester,
        success=_("This ticket has a new requester."),
        icon="user",
        explanation=_("From now on this person gets the mails. Nobody is mailed now."),
    ),
    TicketVerb(
        name="link",
        permission="link",
        label=_("Add link"),
        form_class=LinkForm,
        act=_link,
        success=_("The tickets are linked."),
        icon="link",
        explanation=_("Only agents see this, on both tickets."),
    ),
    TicketVerb(
        name="unlink",
        permission="unlink",
        label=_("Remove link"),
        form_class=UnlinkForm,
        act=with_field(actions.unlink, "link"),
        success=_("The link is removed, from both tickets."),
        icon="cross",
    ),
]
