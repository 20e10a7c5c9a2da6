"""The page with which visitors open a ticket: a mixin for any site's own base page.

Nothing concrete may stand here. A site with its own base page imports this module
and must not get a page type of ours by it.
"""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Site

from wagtail_helpdesk.actors import user_label
from wagtail_helpdesk.conf import get_login_url
from wagtail_helpdesk.exceptions import HelpdeskError
from wagtail_helpdesk.portal.forms import KEY, TRAP, TicketForm
from wagtail_helpdesk.portal.slots import Limit
from wagtail_helpdesk.portal.submissions import (
    ACCOUNT_LIMITS,
    ADDRESS_LIMITS,
    NETWORK_LIMITS,
    Submitter,
    TooManySubmissions,
    network_of,
    submit,
)

_FEATURES = ["h2", "h3", "bold", "italic", "link", "ol", "ul", "hr"]
_TEMPLATE = "wagtail_helpdesk/portal/ticket_form_page.html"
_THANKS_TEMPLATE = "wagtail_helpdesk/portal/ticket_form_page_thanks.html"
_COOKIE = "helpdesk_ticket"
_COOKIE_SECONDS = 60 * 60
_SAMPLE_NUMBER = 1042


def _guarded(response: HttpResponse) -> HttpResponse:
    """Keep a page that holds one visitor's words out of every cache.

    ``no-referrer`` would be too much: with it browsers send the form without an
    origin, and Django's protection from forged requests refuses it.
    """
    add_never_cache_headers(response)
    response["Referrer-Policy"] = "same-origin"
    return response


class TicketFormPageMixin(RoutablePageMixin, models.Model):
    """A page with a form that opens a ticket in one queue, and a page of thanks.

    Use it as ``class ContactFormPage(TicketFormPageMixin, YourBasePage)`` and put
    ``*TicketFormPageMixin.ticket_form_panels`` into its ``content_panels``.
    """

    intro = RichTextField(_("introduction"), features=_FEATURES, blank=True)
    queue = models.ForeignKey(
        "wagtail_helpdesk.Queue",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("queue"),
        help_text=_("Takes what is sent with this form."),
        limit_choices_to={"is_active": True},
    )
    is_open_to_guests = models.BooleanField(
        _("open to guests"),
        default=False,
        help_text=_(
            "Anybody may use the form, and type anybody's address into it. Off: only "
            "those who are signed in may."
        ),
    )
    has_priority = models.BooleanField(
        _("asks for a priority"),
        default=False,
        help_text=_("Off: what is sent gets the medium one."),
    )
    thank_you_text = RichTextField(
        _("text of thanks"),
        features=_FEATURES,
        blank=True,
        help_text=_("Shown after sending, below the number."),
    )

    #: The form; a subclass of :class:`TicketForm`.
    form_class: ClassVar[type[TicketForm]] = TicketForm
    #: How many tickets guests may open from one network.
    network_limits: ClassVar[tuple[Limit, ...]] = NETWORK_LIMITS
    #: How many tickets guests may open under one address.
    address_limits: ClassVar[tuple[Limit, ...]] = ADDRESS_LIMITS
    #: How many tickets one account may open.
    account_limits: ClassVar[tuple[Limit, ...]] = ACCOUNT_LIMITS

    #: For the ``content_panels`` of the page type.
    ticket_form_panels: ClassVar[list[Any]] = [
        FieldPanel("intro"),
        MultiFieldPanel(
            [
                FieldPanel("queue"),
                FieldPanel("is_open_to_guests"),
                FieldPanel("has_priority"),
            ],
            heading=_("Form"),
        ),
        FieldPanel("thank_you_text"),
    ]

    preview_modes: ClassVar[list[tuple[str, Any]]] = [
        ("", _("Form")),
        ("thanks", _("Thanks")),
    ]

    class Meta:
        abstract = True

    # --- What a subclass may change -----------------------------------------------

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the site's own template for this page type, else ours."""
        return [super().get_template(request, *args, **kwargs), _TEMPLATE]

    def get_thanks_template(self, request: HttpRequest) -> list[str]:
        """Return the same for the page of thanks: ``…_thanks.html``."""
        own = super().get_template(request)
        return [own.replace(".html", "_thanks.html"), _THANKS_TEMPLATE]

    def get_login_url(self, request: HttpRequest) -> str:
        """Return where one signs in: where Wagtail sends readers of private pages."""
        return redirect_to_login(request.get_full_path(), get_login_url()).url

    def get_form(self, request: HttpRequest) -> TicketForm | None:
        """Return the form as this visitor gets it; None if there is none for them."""
        if not self._is_open_to(request):
            return None
        is_posted = self._is_posted(request)
        if not is_posted and not self.queue.is_active:
            return None
        return self.form_class(
            request.POST if is_posted else None,
            request.FILES if is_posted else None,
            asks_email=not self._account_email(request),
            has_priority=self.has_priority,
        )

    # --- The two pages --------------------------------------------------------------

    @path("")
    def index_route(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the form, or take it."""
        form = self.get_form(request)
        if not self._is_posted(request):
            return self._show_form(request, form, status=200)
        if form is None:
            return self._show_form(request, form, status=403)
        status = 200
        if form.is_valid():
            try:
                number = submit(
                    form,
                    queue=self.queue,
                    submitter=self._submitter(request, form),
                    site=Site.find_for_request(request),
                )
            except HelpdeskError as refusal:
                form.add_error(None, str(refusal))
                status = 429 if isinstance(refusal, TooManySubmissions) else 200
            else:
                return self._go_to_thanks(request, number)
        return self._show_form(request, form, status=status)

    @path("thanks/")
    def thanks(self, request: HttpRequest) -> HttpResponse:
        """Say the number, to the one who has just got it."""
        number = request.get_signed_cookie(
            _COOKIE, None, salt=self._cookie_salt, max_age=_COOKIE_SECONDS
        )
        if number is None:
            return _guarded(HttpResponseRedirect(self._form_url(request)))
        return self._show_thanks(request, int(number))

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show an editor the form, or the page of thanks with a made-up number."""
        if mode_name == "thanks":
            return self._show_thanks(request, _SAMPLE_NUMBER)
        return self.index_route(request)

    # --- How they are made ----------------------------------------------------------

    def _is_posted(self, request: HttpRequest) -> bool:
        """Tell whether the form was sent; a preview never takes anything."""
        return request.method == "POST" and not getattr(request, "is_preview", False)

    def _is_open_to(self, request: HttpRequest) -> bool:
        return self.is_open_to_guests or request.user.is_authenticated

    def _account_email(self, request: HttpRequest) -> str:
        if not request.user.is_authenticated:
            return ""
        name = request.user.get_email_field_name()
        return str(getattr(request.user, name, "") or "").lower()

    def _submitter(self, request: HttpRequest, form: TicketForm) -> Submitter:
        values = form.cleaned_data
        user: Any = request.user
        email = self._account_email(request) or values["email"]
        if user.is_authenticated:
            limits = [(f"account {user.pk}", limit) for limit in self.account_limits]
            return Submitter(email, user_label(user), tuple(limits))
        network = network_of(request.META.get("REMOTE_ADDR", ""))
        limits = [(f"network {network}", limit) for limit in self.network_limits]
        limits += [(f"address {email}", limit) for limit in self.address_limits]
        return Submitter(email, values["name"], tuple(limits))

    def _form_url(self, request: HttpRequest) -> str:
        return str(self.get_url(request) or request.path)

    @property
    def _cookie_salt(self) -> str:
        return f"wagtail_helpdesk.portal.thanks.{self.pk}"

    def _go_to_thanks(self, request: HttpRequest, number: int) -> HttpResponse:
        url = self._form_url(request)
        thanks = f"{url.rstrip('/')}/{self.reverse_subpage('thanks')}"
        response = HttpResponseRedirect(thanks)
        response.set_signed_cookie(
            _COOKIE,
            str(number),
            salt=self._cookie_salt,
            max_age=_COOKIE_SECONDS,
            path=urlsplit(url).path,
            secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
        return _guarded(response)

    def _show_form(
        self, request: HttpRequest, form: TicketForm | None, *, status: int
    ) -> HttpResponse:
        context = self.get_context(request)
        context |= {
            "form": form,
            "key_name": KEY,
            "trap_name": TRAP,
            "account_email": self._account_email(request),
            "login_url": (
                "" if self._is_open_to(request) else self.get_login_url(request)
            ),
        }
        template = self.get_template(request)
        return _guarded(TemplateResponse(request, template, context, status=status))

    def _show_thanks(self, request: HttpRequest, number: int) -> HttpResponse:
        context = self.get_context(request)
        context |= {"number": number, "form_url": self._form_url(request)}
        template = self.get_thanks_template(request)
        response = _guarded(TemplateResponse(request, template, context))
        response["X-Robots-Tag"] = "noindex"
        return response
