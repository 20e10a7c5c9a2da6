"""Forms of the mailbox."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from sandbox.mailbox.composing import File, bare_addresses
from sandbox.mailbox.models import Mail
from sandbox.mailbox.people import desk_addresses
from sandbox.mailbox.quoting import MailProgram


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> tuple[File, ...]:
        """Return what was chosen, read."""
        chosen: Sequence[UploadedFile] = data if isinstance(data, list) else [data]
        return tuple(
            File(
                name=file.name or "file",
                content_type=file.content_type or "application/octet-stream",
                content=file.read(),
            )
            for file in chosen
            if super(FilesField, self).clean(file, initial)
        )


class AddressesField(forms.CharField):
    """Addresses as one types them, with names or without, separated by commas."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2000)
        super().__init__(**kwargs)

    def clean(self, value: str) -> str:
        """Return the line as it was typed, if there is an address in it."""
        line = super().clean(value)
        if line and not bare_addresses(line):
            raise forms.ValidationError("Write an address, such as kim@post.example.")
        return line


class ComposeForm(forms.Form):
    """A mail to write: a new one, an answer or a forward."""

    sender = AddressesField(
        label="From",
        help_text="Anybody you like, also somebody who does not exist.",
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )
    to = AddressesField(
        label="To",
        widget=forms.TextInput(attrs={"list": "addresses", "autocomplete": "off"}),
    )
    cc = AddressesField(
        label="Cc",
        required=False,
        widget=forms.TextInput(attrs={"list": "addresses", "autocomplete": "off"}),
    )
    subject = forms.CharField(label="Subject", max_length=900, required=False)
    body = forms.CharField(
        label="Words", required=False, widget=forms.Textarea(attrs={"rows": 9})
    )
    program = forms.ChoiceField(
        label="Mail program",
        choices=[(program.value, program.label) for program in MailProgram],
        initial=MailProgram.GMAIL.value,
        widget=forms.RadioSelect,
    )
    files = FilesField(label="Files", required=False)
    other = forms.ModelChoiceField(
        Mail.objects.all(), required=False, widget=forms.HiddenInput
    )
    is_forward = forms.BooleanField(required=False, widget=forms.HiddenInput)


class UploadForm(forms.Form):
    """A mail in a file."""

    file = forms.FileField(
        label="Mail (.eml)",
        widget=forms.ClearableFileInput(attrs={"accept": ".eml,message/rfc822"}),
    )
    recipient = forms.ChoiceField(label="Deliver to", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].choices = [
            ("", "whom the mail names"),
            *((address, address) for _, address in desk_addresses()),
        ]
