"""One form for each verb that asks something."""

import json
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk import permissions
from wagtail_helpdesk.admin.choices import (
    Pairs,
    get_choices,
    people,
    queues_seen_by,
)
from wagtail_helpdesk.attachments import MAX_FILES, IncomingFile
from wagtail_helpdesk.models import (
    Priority,
    Queue,
    Requester,
    Status,
    Ticket,
)
from wagtail_helpdesk.references import SUBJECT_LENGTH
from wagtail_helpdesk.rules.lifecycle import (
    TRANSITIONS,
    Phase,
    Role,
    Trigger,
    phases_to_choose,
    trigger_of_choice,
)

MARKDOWN_HELP = _(
    "**bold**, *italic*, `code`, - list, > quote, [text](address). No HTML."
)


class FilesInput(forms.ClearableFileInput):
    """A chooser of several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files of one form, ready for the verbs."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[IncomingFile]:
        """Return the files.

        :raises ValidationError: there are too many of them (CTI-85).
        """
        uploads: list[UploadedFile] = [
            super(FilesField, self).clean(upload, initial)
            for upload in (data if isinstance(data, list | tuple) else [data])
            if upload
        ]
        if len(uploads) > MAX_FILES:
            raise forms.ValidationError(
                gettext("Choose at most %(number)d files.") % {"number": MAX_FILES}
            )
        return [
            IncomingFile(
                name=upload.name or "",
                content=upload,
                content_type=upload.content_type or "application/octet-stream",
            )
            for upload in uploads
        ]


def _most_files() -> str:
    return gettext("At most %(number)d files.") % {"number": MAX_FILES}


def _files_field() -> FilesField:
    return FilesField(
        label=_("Files"),
        required=False,
        allow_empty_file=True,
        help_text=lazy(_most_files, str)(),
    )


def _text_area(**attrs: str | int) -> forms.Textarea:
    return forms.Textarea(
        attrs={
            "rows": 5,
            "data-controller": "w-autosize",
            "class": "helpdesk-text",
            **attrs,
        }
    )


class RenderedAtField(forms.Field):
    """When the form was shown, so that a second press of the button is noticed."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=lambda: timezone.now().timestamp())

    def to_python(self, value: Any) -> datetime | None:
        """Return the time, or None if the value is none of ours."""
        try:
            return datetime.fromtimestamp(float(value), tz=UTC)
        except (TypeError, ValueError, OverflowError, OSError):
            return None


class VerbForm(forms.Form):
    """What a verb asks; one without fields is just a button."""

    def __init__(self, *args: Any, ticket: Ticket, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ticket = ticket
        self.user = user
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the ticket and on the one who acts."""


def _still_there(rows: Any, pk: str) -> Any:
    """Return the row: what is offered may be some seconds old, what is set may not.

    :raises ValueError: it is gone; a field says that this is no choice then.
    """
    row = rows.filter(pk=pk).first()
    if row is None:
        raise ValueError(f"There is no row {pk} any more.")
    return row


class StatusField(forms.TypedChoiceField):
    """A choice of those statuses that an agent may give the ticket now."""

    def offer(self, ticket: Ticket, *, phase: Phase, keeps: str) -> None:
        """Offer what is possible in this phase; ``keeps`` is to choose nothing."""
        possible = phases_to_choose(phase, role=Role.AGENT)
        self.statuses = {
            str(status.pk): status
            for status in get_choices().statuses
            if status.phase in possible
        }
        offered = [
            (pk, status.name)
            for pk, status in self.statuses.items()
            if status.pk != ticket.status_id
        ]
        self.choices = [("", keeps), *offered]
        self.coerce = lambda pk: _still_there(Status.objects, pk)

    def resolving(self, phase: Phase) -> list[str]:
        """Return the keys of the offered statuses that resolve the ticket."""
        return [
            pk
            for pk, status in self.statuses.items()
            if trigger_of_choice(phase, chosen=Phase(status.phase), role=Role.AGENT)
            is Trigger.RESOLVED
        ]


def _default_of(phase: Phase) -> str:
    """Return the name of the status that the phase begins with."""
    defaults = (status for status in get_choices().statuses if status.is_default)
    return next((status.name for status in defaults if status.phase == phase), "")


class ReplyForm(VerbForm):
    """An answer, with what becomes of the ticket (OTRS-16)."""

    body = forms.CharField(required=False, widget=_text_area(), help_text=MARKDOWN_HELP)
    uploads = _files_field()
    status = StatusField(label=_("Next status"), required=False, empty_value=None)
    notes = forms.CharField(
        label=_("Resolution notes"),
        required=False,
        widget=_text_area(rows=2),
        help_text=_(
            "What solved it; the requester reads it. Only for a resolved status."
        ),
    )
    rendered_at = RenderedAtField()

    def prepare(self) -> None:
        """Name the requester, and say which status a mere reply leaves behind."""
        person = self.ticket.requester.display_name
        self.fields["body"].label = gettext("Reply to %(name)s") % {"name": person}
        phase = Phase(self.ticket.phase)
        after = TRANSITIONS.get((phase, Trigger.AGENT_REPLIED), phase)
        field: Any = self.fields["status"]
        name = self.ticket.status.name
        if after != phase:
            name = _default_of(after)
        keeps = gettext("%(status)s (as it is)")
        if after != phase:
            keeps = gettext("%(status)s (as after every reply)")
        field.offer(self.ticket, phase=phase, keeps=keeps % {"status": name})
        self.resolving_json = json.dumps(field.resolving(phase))


class NoteForm(VerbForm):
    """A note that agents alone read."""

    body = forms.CharField(
        label=_("Internal note"),
        required=False,
        widget=_text_area(),
        help_text=MARKDOWN_HELP,
    )
    uploads = _files_field()
    rendered_at = RenderedAtField()


class TextForm(forms.Form):
    """The text of a message or a note, to be changed."""

    body = forms.CharField(
        label=_("Text"),
        required=False,
        widget=_text_area(),
        help_text=MARKDOWN_HELP,
    )


class ResolveForm(VerbForm):
    """What solved it (CTI-36)."""

    notes = forms.CharField(
        label=_("Resolution notes"),
        required=False,
        widget=_text_area(rows=4),
        help_text=_("What solved it; the requester reads it. May be left empty."),
    )


def _people(ticket: Ticket) -> Pairs:
    """Return who may be assigned; of a restricted queue, those with a role there."""
    if ticket.queue.is_restricted:
        return people(permissions.agents([ticket.queue]))
    return get_choices().agents


def _prefixed(kind: str, pairs: Pairs) -> list[tuple[str, str]]:
    return [(f"{kind}-{pk}", name) for pk, name in pairs]


def _chosen(choice: str) -> dict[str, Any]:
    """Return a choice of the form for assigning as the action's arguments."""
    kind, _dash, pk = choice.partition("-")
    if kind == "user":
        return {"assignee": _still_there(get_user_model()._default_manager, pk)}
    return {"group": _still_there(Group.objects, pk)}


class AssignForm(VerbForm):
    """Who is responsible: an agent or a group (CTI-71, CTI-72)."""

    assignee = forms.TypedChoiceField(label=_("Assignee"), coerce=_chosen)

    def prepare(self) -> None:
        """Offer agents and groups."""
        field: Any = self.fields["assignee"]
        field.choices = [
            ("", gettext("Choose…")),
            (gettext("Agents"), _prefixed("user", _people(self.ticket))),
            (gettext("Groups"), _prefixed("group", get_choices().groups)),
        ]

    @property
    def chosen(self) -> dict[str, Any]:
        """The arguments of ``actions.assign``."""
        arguments: dict[str, Any] = self.cleaned_data["assignee"]
        return arguments


class StatusForm(VerbForm):
    """Another status."""

    status = StatusField(label=_("Status"), empty_value=None)

    def prepare(self) -> None:
        """Offer what is possible now."""
        phase = Phase(self.ticket.phase)
        field: Any = self.fields["status"]
        field.offer(self.ticket, phase=phase, keeps=gettext("Choose…"))


class MoveForm(VerbForm):
    """Another queue."""

    queue = forms.TypedChoiceField(
        label=_("Queue"), coerce=lambda pk: _still_there(Queue.objects, pk)
    )

    def prepare(self) -> None:
        """Offer the queues that the agent may see and that take tickets."""
        field: Any = self.fields["queue"]
        field.choices = [
            ("", gettext("Choose…")),
            *(
                (str(queue.pk), queue.name)
                for queue in queues_seen_by(self.user)
                if queue.is_active and queue.pk != self.ticket.queue_id
            ),
        ]


class NewTicketForm(forms.Form):
    """A ticket that an agent opens for somebody (CTI-02)."""

    email = forms.EmailField(label=_("Requester's e-mail address"))
    name = forms.CharField(
        label=_("Requester's name"),
        required=False,
        max_length=150,
        help_text=_("For a new requester only; who is known keeps the known name."),
    )
    queue = forms.ModelChoiceField(
        label=_("Queue"), queryset=Queue.objects.none(), empty_label=None
    )
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LENGTH)
    body = forms.CharField(
        label=_("Text"),
        required=False,
        widget=_text_area(rows=8),
        help_text=MARKDOWN_HELP,
    )
    uploads = _files_field()
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=Priority.choices[::-1],
        coerce=int,
        initial=Priority.NORMAL,
    )
    status = forms.ModelChoiceField(
        label=_("Status"), queryset=Status.objects.none(), empty_label=None
    )
    is_quiet = forms.BooleanField(
        label=_("Send no receipt"),
        required=False,
        help_text=_("Nobody is mailed about this ticket being opened."),
    )
    rendered_at = RenderedAtField()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues = permissions.queues_for_verb(user, "open_ticket")
        queue_field: Any = self.fields["queue"]
        queue_field.queryset = Queue.objects.filter(
            pk__in=[queue.pk for queue in queues]
        )
        choices = phases_to_choose(Phase.NEW, role=Role.AGENT) - {Phase.RESOLVED}
        status_field: Any = self.fields["status"]
        status_field.queryset = Status.objects.filter(phase__in=choices)
        status_field.initial = Status.objects.default_of(Phase.NEW)

    def clean_email(self) -> str:
        """Return the address as requesters are known by it."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        """Ask for a text before a requester is made for it."""
        data = super().clean() or {}
        if not data.get("body", "").strip() and not data.get("uploads"):
            self.add_error("body", gettext("Write something first."))
        return data

    def requester(self) -> Requester:
        """Return the person of this address, known already or new."""
        data = self.cleaned_data
        return Requester.objects.known_by(data["email"], name=data["name"].strip())
