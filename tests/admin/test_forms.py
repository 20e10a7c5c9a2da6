"""What a form takes, where the views do not show it."""

from typing import Any

import pytest

from tests import factories
from wagtail_helpdesk.admin.choices import get_choices
from wagtail_helpdesk.admin.forms import AssignForm, MoveForm, StatusForm, VerbForm
from wagtail_helpdesk.models import Status
from wagtail_helpdesk.rules.lifecycle import Phase

pytestmark = pytest.mark.django_db


def _group() -> Any:
    return factories.make_agent().groups.get()


def _status() -> Status:
    return Status.objects.create(name="Parked", phase=Phase.OPEN, sort_order=9)


@pytest.mark.req("REL-53")
@pytest.mark.parametrize(
    ("form_class", "make", "field", "prefix"),
    [
        (AssignForm, factories.make_agent, "assignee", "user-"),
        (AssignForm, _group, "assignee", "group-"),
        (MoveForm, factories.make_queue, "queue", ""),
        (StatusForm, _status, "status", ""),
    ],
)
def test_what_was_deleted_since_it_was_offered_is_no_choice(
    form_class: type[VerbForm], make: Any, field: str, prefix: str
) -> None:
    ticket, agent = factories.make_ticket(), factories.make_agent()
    row = make()
    get_choices()

    def form() -> VerbForm:
        data = {field: f"{prefix}{pk}"}
        return form_class(data, ticket=ticket, user=agent)

    pk = row.pk
    assert form().is_valid()
    row.delete()

    assert form().errors.keys() == {field}
