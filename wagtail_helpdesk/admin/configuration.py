"""What managers and administrators set up: queues and statuses."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import ProtectedError
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TitleFieldPanel,
)
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views import snippets

from wagtail_helpdesk.admin.choices import forget_choices
from wagtail_helpdesk.admin.policy import QUEUE_POLICY
from wagtail_helpdesk.admin.ticket_list import CellColumn
from wagtail_helpdesk.models import Queue, Status

STATUS_POLICY = ModelPermissionPolicy(Status)


class PlainIndexView(snippets.IndexView):
    """A list of settings: no checkboxes, for nothing is done to many at once."""

    FORMATS = ()

    @cached_property
    def columns(self) -> list[Column]:
        """The columns without that of the checkboxes."""
        return super().columns[1:]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the style sheet, which draws a status as it looks on the tickets."""
        context = super().get_context_data(*args, **kwargs)
        sheet = Media(css={"all": ["wagtail_helpdesk/css/desk.css"]})
        return {**context, "media": context["media"] + sheet}

    def get_base_queryset(self) -> Any:
        """Return the rows with which this user may do anything (LF-W1)."""
        return self.permission_policy.instances_user_has_any_permission_for(
            self.request.user, {"add", "change", "delete"}
        )


class AskedPerInstanceMixin(PermissionCheckedMixin):
    """Ask for the right to this row, where Wagtail asks for a right to any (LF-W1)."""

    def user_has_permission(self, permission: str) -> bool:
        """Tell whether the user may do this with the row at hand."""
        row = getattr(self, "object", None)
        if row is None or row.pk is None:
            return bool(super().user_has_permission(permission))
        return self.permission_policy.user_has_permission_for_instance(
            self.request.user, permission, row
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Look the row up before the question is asked."""
        if getattr(self, "object", None) is None:
            self.object = self.get_object()
        if not self.user_has_permission(self.permission_required):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class CreateView(snippets.CreateView):
    """The form of a new row."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save it, and offer it from now on."""
        response = super().form_valid(form)
        forget_choices()
        return response


class EditView(AskedPerInstanceMixin, snippets.EditView):
    """The form of one row."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save it, and offer it as it is now."""
        response = super().form_valid(form)
        forget_choices()
        return response


class DeleteView(AskedPerInstanceMixin, snippets.DeleteView):
    """Delete a row, unless something needs it."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete it, or say what stands in the way."""
        reason = self.reason_to_keep(self.object)
        if not reason:
            try:
                with transaction.atomic():
                    response = super().form_valid(form)
                forget_choices()
                return response
            except ProtectedError:
                reason = gettext("It can't be deleted: there are tickets that have it.")
        messages.error(self.request, reason)
        return redirect(self.edit_url_name, self.object.pk)

    def reason_to_keep(self, row: models.Model) -> str:
        """Return why this row may not go, or an empty string."""
        return ""


class DeleteStatusView(DeleteView):
    """Delete a status that is no default."""

    def reason_to_keep(self, row: models.Model) -> str:
        """Keep one default for each phase, without which no rule works (CTI-28)."""
        if isinstance(row, Status) and row.is_default:
            return gettext(
                "It can't be deleted: it is the default of its phase. Make another "
                "status the default first."
            )
        return ""


class StatusForm(WagtailAdminModelForm):
    """A status; keeps exactly one default in each phase."""

    def clean(self) -> dict[str, Any]:
        """Refuse what would leave a phase without its default (CTI-28)."""
        data: dict[str, Any] = super().clean()
        if self.instance.pk is None:
            return data
        before = Status.objects.get(pk=self.instance.pk)
        if data.get("phase") != before.phase:
            if before.is_default:
                self.add_error(
                    "phase",
                    gettext(
                        "It is the default of its phase, and so has to stay in it."
                    ),
                )
            elif before.tickets.exists():
                self.add_error(
                    "phase", gettext("There are tickets with this status already.")
                )
        if before.is_default and not data.get("is_default"):
            self.add_error(
                "is_default",
                gettext("Make another status the default of this phase instead."),
            )
        return data

    def save(self, commit: bool = True) -> Status:
        """Save it; a new default takes the place of the old one."""
        with transaction.atomic():
            if self.instance.is_default:
                of_phase = Status.objects.filter(phase=self.instance.phase)
                # One after the other: two at once would leave the phase two defaults.
                of_phase.select_for_update().filter(is_default=True).first()
                rivals = of_phase.filter(is_default=True)
                rivals.exclude(pk=self.instance.pk).update(is_default=False)
            return super().save(commit=commit)


def url_finder(viewset: snippets.SnippetViewSet) -> type[ModelAdminURLFinder]:
    """Return a finder that asks the policy for each row, on every Wagtail."""
    return type(
        f"{viewset.model.__name__}URLFinder",
        (ModelAdminURLFinder,),
        {
            "edit_url_name": viewset.get_url_name("edit"),
            "permission_policy": viewset.permission_policy,
        },
    )


class SettingsViewSet(snippets.SnippetViewSet):
    """A list and a form, nothing else: no chooser, no copy, no usage (LF-W1)."""

    index_view_class = PlainIndexView
    add_view_class = CreateView
    edit_view_class = EditView
    delete_view_class = DeleteView
    index_template_name = "wagtailadmin/generic/index.html"
    index_results_template_name = "wagtailadmin/generic/index_results.html"
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = False
    list_per_page = 100

    @property
    def url_finder_class(self) -> type[ModelAdminURLFinder]:
        """The finder of a row's form."""
        return url_finder(self)

    def register_chooser_viewset(self) -> None:
        """Register none: Wagtail's shows every row to every editor."""

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the addresses that are not there."""
        return super().get_common_view_kwargs(
            **{"usage_url_name": None, "history_url_name": None, **kwargs}
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return the list, the forms, and the question before deleting."""
        return [
            path("", self.index_view, name="list"),
            path("results/", self.index_results_view, name="list_results"),
            path("add/", self.add_view, name="add"),
            path("edit/<int:pk>/", self.edit_view, name="edit"),
            path("delete/<int:pk>/", self.delete_view, name="delete"),
        ]


class QueueViewSet(SettingsViewSet):
    """Queues with their addresses, and who may work in them."""

    model = Queue
    permission_policy = QUEUE_POLICY
    url_namespace = "wagtail_helpdesk_queues"
    url_prefix = "helpdesk/queues"
    icon = "folder-open-inverse"
    menu_label = _("Queues")
    menu_name = "wagtail-helpdesk-queues"
    ordering = ["sort_order", "name"]
    list_display = [
        "name",
        Column("public_address", label=_("Address")),
        BooleanColumn("is_restricted", label=_("Restricted")),
        BooleanColumn("is_active", label=_("Active")),
    ]
    edit_handler = ObjectList(
        [
            TitleFieldPanel("name", targets=["slug"]),
            FieldPanel("slug"),
            FieldPanel("description"),
            MultiFieldPanel(
                [
                    InlinePanel("addresses", label=_("address")),
                    FieldPanel("sender_name"),
                    FieldPanel("restrict_replies"),
                ],
                heading=_("Mail"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("is_restricted"),
                    InlinePanel(
                        "grants",
                        label=_("group"),
                        help_text=_(
                            "Groups whose members work in this queue. A role in all "
                            "queues is given on the page of the group itself, under "
                            "Settings › Groups."
                        ),
                    ),
                ],
                heading=_("Who works here"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel(
                        [
                            FieldPanel("reopen_window_days"),
                            FieldPanel("lock_timeout_hours"),
                        ]
                    ),
                    FieldPanel("sort_order"),
                    FieldPanel("is_active"),
                ],
                heading=_("Rules"),
            ),
        ]
    )


class StatusViewSet(SettingsViewSet):
    """The names that tickets' states have here (CTI-27)."""

    model = Status
    permission_policy = STATUS_POLICY
    delete_view_class = DeleteStatusView
    url_namespace = "wagtail_helpdesk_statuses"
    url_prefix = "helpdesk/statuses"
    icon = "tag"
    menu_label = _("Statuses")
    menu_name = "wagtail-helpdesk-statuses"
    ordering = ["sort_order", "pk"]
    list_display = [
        "name",
        CellColumn("status_itself", label=_("Shown as")),
        Column("get_phase_display", label=_("Phase")),
        BooleanColumn("is_default", label=_("Default of its phase")),
    ]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            FieldPanel("colour"),
            FieldPanel("phase"),
            FieldPanel("is_default"),
            FieldPanel("sort_order"),
        ],
        base_form_class=StatusForm,
    )
