"""The form with which visitors open a ticket. Its fields are all there is (SEC-34)."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.attachments import (
    MAX_FILES,
    IncomingFile,
    check_file,
    most_megabytes,
)
from wagtail_helpdesk.exceptions import AttachmentRefused
from wagtail_helpdesk.markup import MAX_LENGTH, clean_text
from wagtail_helpdesk.models import Priority
from wagtail_helpdesk.models.requesters import NAME_LENGTH
from wagtail_helpdesk.portal.form_keys import KeyState, new_key, state_of
from wagtail_helpdesk.references import SUBJECT_LENGTH

#: Name of the field that people don't see and robots fill in.
TRAP = "website"
#: Name of the hidden field with the signed key.
KEY = "form_key"


class LineField(forms.CharField):
    """One line of text, without what no database or page can bear."""

    def to_python(self, value: Any) -> str:
        """Return the text in one line."""
        return " ".join(clean_text(super().to_python(value) or "").split())


class TextField(forms.CharField):
    """Text of several lines, without what no database or page can bear."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Return the text; a line break counts as one character, as browsers count."""
        return clean_text(super().to_python(value) or "").strip()


class AddressField(forms.EmailField):
    """A mail address, in lower case."""

    def to_python(self, value: Any) -> str:
        """Return the address; two that differ only in case are one person's."""
        return (super().to_python(value) or "").lower()

    def validate(self, value: str) -> None:
        """Refuse letters before the @ that databases fold: ``ſ`` is no ``s``."""
        super().validate(value)
        if not value.rpartition("@")[0].isascii():
            raise ValidationError(gettext("Enter a valid email address."))


class FilesInput(forms.FileInput):
    """The browser's own field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each judged by the rules for attachments (CTI-84 … CTI-88)."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[IncomingFile]:
        """Return the files, or raise with a sentence for each one refused."""
        uploads = [upload for upload in data or [] if upload]
        if len(uploads) > MAX_FILES:
            raise ValidationError(
                gettext("Send at most %(count)d files.") % {"count": MAX_FILES}
            )
        files: list[IncomingFile] = []
        refused: list[str] = []
        most_mb = most_megabytes() if uploads else 0
        for upload in uploads:
            file = IncomingFile(
                name=upload.name,
                content=upload,
                content_type=upload.content_type or "application/octet-stream",
            )
            try:
                check_file(file, most_mb=most_mb)
            except AttachmentRefused as refusal:
                refused.append(str(refusal))
            files.append(file)
        if refused:
            raise ValidationError(refused)
        return files


class TicketForm(forms.Form):
    """What a visitor says to open a ticket (CTI-04 … CTI-10, CTI-18)."""

    name = LineField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We answer to this address."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    subject = LineField(
        label=_("Subject"),
        max_length=SUBJECT_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = TextField(
        label=_("What is it about?"),
        help_text=_("You may use Markdown: **bold**, lists with a dash, `code`."),
        max_length=MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60}),
    )
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        choices=Priority.choices,
        coerce=int,
        initial=Priority.NORMAL,
    )
    attachments = FilesField(label=_("Files"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        asks_email: bool = True,
        has_priority: bool = False,
    ) -> None:
        """Prepare the fields.

        :param asks_email: False if the sender's account has an address.
        :param has_priority: True lets the sender choose one (CTI-09).
        """
        super().__init__(data, files, auto_id="helpdesk-%s", label_suffix="")
        if not asks_email:
            del self.fields["name"], self.fields["email"]
        if not has_priority:
            del self.fields["priority"]
        self.fields["attachments"].help_text = gettext(
            "At most %(count)d files of %(limit)d MB each."
        ) % {"count": MAX_FILES, "limit": most_megabytes()}

    @property
    def key(self) -> str:
        """The key that came with the form; empty if none did."""
        return str(self.data.get(KEY, ""))

    @property
    def next_key(self) -> str:
        """The key to show: the one that came, as long as it is good for something."""
        if self.is_bound and state_of(self.key) != KeyState.USELESS:
            return self.key
        return new_key()

    @property
    def has_lost_files(self) -> bool:
        """Tell whether files came that must be chosen again: browsers forget them."""
        return self.is_bound and bool(self.errors) and bool(self.files)

    def clean(self) -> dict[str, Any]:
        """Refuse what looks like a robot's, so that a person can send it again."""
        if self.data.get(TRAP):
            self.add_error(
                None,
                gettext(
                    "This looked like a robot's request. If it is not, send it again."
                ),
            )
        state = state_of(self.key)
        if state == KeyState.TOO_QUICK:
            self.add_error(None, gettext("That was very quick. Send it once more."))
        elif state == KeyState.USELESS:
            self.add_error(
                None, gettext("This page was open for too long. Send it once more.")
            )
        return self.cleaned_data

    def fingerprint(self, *, email: str) -> str:
        """Return what is the same if this form is sent twice, and else is not.

        The words are in it: who goes back and writes something else sends that too.
        """
        values = self.cleaned_data
        parts = [self.key, email, values["subject"], values["description"]]
        parts += [f"{file.name}/{file.size}" for file in values["attachments"]]
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()
