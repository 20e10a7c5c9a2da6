"""The panel on Wagtail's page of a group: its roles in the queues."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_lazy

from wagtail_helpdesk.admin.choices import forget_choices
from wagtail_helpdesk.models import Queue, QueueGrant, QueueRole

_EVERYWHERE = "everywhere"


class QueueRolesForm(forms.Form):
    """One choice of a role for all queues, and one for each.

    Whoever may edit groups may give every other right there, too, so Wagtail's own
    guard of that page is the guard of this panel.
    """

    prefix = "helpdesk_roles"

    #: Missing from a request that never had this panel; such a one changes nothing.
    is_present = forms.BooleanField(
        widget=forms.HiddenInput, initial=True, required=False
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, instance: Group | None = None
    ) -> None:
        super().__init__(data, files)
        self.instance = instance if instance is not None else Group()
        roles = self._roles()
        self._add(
            _EVERYWHERE,
            label=gettext_lazy("All queues that are not restricted"),
            role=roles.get(None, ""),
        )
        for queue in Queue.objects.all():
            self._add(
                f"queue_{queue.pk}", label=queue.name, role=roles.get(queue.pk, "")
            )

    def _roles(self) -> dict[int | None, str]:
        if self.instance.pk is None:
            return {}
        grants = QueueGrant.objects.filter(group=self.instance)
        return dict(grants.values_list("queue", "role"))

    def _add(self, name: str, *, label: Any, role: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=[("", gettext("No role")), *QueueRole.choices],
            initial=role,
            required=False,
        )

    def as_admin_panel(self) -> str:
        """Return the panel."""
        return render_to_string(
            "wagtail_helpdesk/admin/group_panel.html", {"form": self}
        )

    @transaction.atomic
    def save(self) -> None:
        """Write down the roles that were changed."""
        if not self.cleaned_data.get("is_present"):
            return
        before = self._roles()
        for name, role in self.cleaned_data.items():
            if name == "is_present":
                continue
            queue = None if name == _EVERYWHERE else int(name.removeprefix("queue_"))
            if role == before.get(queue, ""):
                continue
            QueueGrant.objects.filter(group=self.instance, queue=queue).delete()
            if role:
                QueueGrant.objects.create(
                    group=self.instance, queue_id=queue, role=role
                )
        transaction.on_commit(forget_choices)
