"""What the form takes, and what it says to the rest."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from tests.portal.conftest import Typed
from wagtail_helpdesk.models import HelpdeskSettings, Priority
from wagtail_helpdesk.portal.forms import TicketForm

pytestmark = pytest.mark.django_db


def upload(name: str, content: bytes = b"a line") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/plain")


def form_with_files(data: dict[str, Any], *files: SimpleUploadedFile) -> TicketForm:
    return TicketForm(data, MultiValueDict({"attachments": list(files)}))


def limit_files(*, megabytes: int) -> None:
    policy = HelpdeskSettings.load()
    policy.max_attachment_mb = megabytes
    policy.save()


@pytest.mark.req("CTI-04", "CTI-05", "CTI-18")
def test_form_is_valid_when_filled_in(typed: Typed) -> None:
    form = TicketForm(typed())
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "name": "Ana Customer",
        "email": "ana@example.org",
        "subject": "The kettle is loud",
        "description": "It whistles **all** day.",
        "attachments": [],
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", " \u202e\x07 "),
        ("subject", "x" * 256),
        ("description", ""),
        ("description", "\r\n \x00"),
        ("description", "x" * (64 * 1024 + 1)),
        ("email", ""),
        ("email", "nobody"),
        ("email", "a@b.example, c@d.example"),
        ("email", "a@b.example\nBcc: c@d.example"),
        ("email", "jo\u017fe@example.org"),
        ("name", "x" * 151),
    ],
)
@pytest.mark.req("CTI-04", "CTI-05", "CTI-18")
def test_form_says_at_the_field_what_is_wrong(
    typed: Typed, field: str, value: str
) -> None:
    form = TicketForm(typed(**{field: value}))
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_form_cleans_what_is_typed(typed: Typed) -> None:
    form = TicketForm(
        typed(
            email=" Ana@Example.ORG ",
            subject="Two\r\nlines \u202e\x00here",
            description="One\r\ntwo\x00\r\n",
        )
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["email"] == "ana@example.org"
    assert form.cleaned_data["subject"] == "Two lines here"
    assert form.cleaned_data["description"] == "One\ntwo"


def test_form_counts_a_line_break_as_one_when_browsers_send_two(typed: Typed) -> None:
    form = TicketForm(typed(description="x\r\n" * (32 * 1024)))
    assert form.is_valid(), form.errors


@pytest.mark.req("CTI-09")
def test_form_asks_for_a_priority_only_if_told_to(typed: Typed) -> None:
    data = typed(priority="40")
    without = TicketForm(data)
    assert without.is_valid()
    assert "priority" not in without.cleaned_data
    asking = TicketForm(data, has_priority=True)
    assert asking.is_valid()
    assert asking.cleaned_data["priority"] == Priority.CRITICAL
    assert not TicketForm(typed(priority="99"), has_priority=True).is_valid()


def test_form_asks_for_no_address_when_the_account_has_one(typed: Typed) -> None:
    form = TicketForm(typed(), asks_email=False)
    assert form.is_valid()
    assert "email" not in form.cleaned_data
    assert "name" not in form.cleaned_data


@pytest.mark.req("CTI-10", "CTI-82", "CTI-85")
def test_form_takes_ten_files_and_no_eleventh(typed: Typed) -> None:
    files = [upload(f"{number}.txt") for number in range(11)]
    form = form_with_files(typed(), *files[:10])
    assert form.is_valid(), form.errors
    names = [file.name for file in form.cleaned_data["attachments"]]
    assert names == [f"{number}.txt" for number in range(10)]
    refused = form_with_files(typed(), *files)
    assert refused.errors == {"attachments": ["Send at most 10 files."]}


@pytest.mark.req("CTI-84", "CTI-87", "CTI-88")
def test_form_says_of_each_file_why_it_is_refused(typed: Typed) -> None:
    limit_files(megabytes=1)
    form = form_with_files(
        typed(),
        upload("good.txt"),
        upload("bad.EXE"),
        upload("worse.txt", b"MZ\x90\x00"),
        upload("large.txt", b"x" * (1024 * 1024 + 1)),
    )
    assert list(form.errors) == ["attachments"]
    sentences = form.errors["attachments"]
    assert [sentence.split()[0] for sentence in sentences] == [
        "bad.EXE",
        "worse.txt",
        "large.txt",
    ]
    assert form.has_lost_files


def test_form_tells_the_limits_of_files() -> None:
    limit_files(megabytes=7)
    field = TicketForm().fields["attachments"]
    assert field.help_text == "At most 10 files of 7 MB each."


def test_form_can_be_sent_again_when_the_trap_is_filled(typed: Typed) -> None:
    data = typed(website="https://spam.example")
    form = TicketForm(data)
    assert list(form.errors) == ["__all__"]
    again = TicketForm(data | {"website": "", "form_key": form.next_key})
    assert again.is_valid()


def test_form_can_be_sent_again_when_it_was_too_quick(typed: Typed, clock: Any) -> None:
    data = typed()
    clock.shift(-9)
    form = TicketForm(data)
    assert form.errors == {"__all__": ["That was very quick. Send it once more."]}
    clock.shift(9)
    assert TicketForm(data | {"form_key": form.next_key}).is_valid()


@pytest.mark.parametrize("key", ["", "forged"])
def test_form_gets_a_new_key_when_its_own_is_useless(
    typed: Typed, clock: Any, key: str
) -> None:
    form = TicketForm(typed(form_key=key))
    assert list(form.errors) == ["__all__"]
    new = form.next_key
    clock.shift(10)
    assert TicketForm(typed(form_key=new)).is_valid()


@pytest.mark.req("REL-26")
def test_fingerprint_is_the_same_for_the_same_form_only(typed: Typed) -> None:
    data = typed()

    def fingerprint(**changes: str) -> str:
        form = TicketForm(data | changes)
        assert form.is_valid(), form.errors
        return form.fingerprint(email="ana@example.org")

    assert fingerprint() == fingerprint()
    others = {
        fingerprint(subject="Something else"),
        fingerprint(description="Something else"),
        fingerprint(form_key=typed()["form_key"]),
    }
    assert len(others) == 3
    assert fingerprint() not in others
