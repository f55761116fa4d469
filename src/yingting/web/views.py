"""The front door: start page, sign-in, language, health."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext, ngettext
from django.views.decorators.http import require_POST
from django.views.defaults import page_not_found, server_error

from yingting.domains.cases.facade import now_for
from yingting.domains.voices.queries.home import home_of
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Hall
from yingting.planning.cast import MEMBERS
from yingting.web import throttling
from yingting.web.refusing import problem
from yingting.web.screens import all_doors
from yingting.web.start import demo_clock, demo_members


def start(request: HttpRequest) -> HttpResponse:
    """Show what the visitor may open: in a demo the screens and sign-ins, else the person's own screens."""
    if settings.DEMO:
        hall = Hall.objects.select_related("unit").order_by("code").first()
        context = {
            "screens": all_doors(hall.code if hall else ""),
            "members": demo_members(),
            "clock": demo_clock(hall),
            "hall": hall,
        }
        return render(request, "web/start_demo.html", context)
    if not request.user.is_authenticated:
        return redirect("sign-in")
    return render(request, "web/start.html", {"voices": home_of(request.actor, now_for(request.actor))})  # type: ignore[attr-defined]


def _safe_target(request: HttpRequest, fallback: str = "start") -> str:
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()) else fallback


def _welcome(request: HttpRequest, person: Person) -> HttpResponse:
    """Sign the person in and go on, in the person's language if one is set."""
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    response = redirect(_safe_target(request))
    if person.language:
        _remember_language(response, person.language)
    return response


def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by staff number and password; ten failures in ten minutes mean a wait."""
    if request.method != "POST":
        return _sign_in_page(request)
    staff_no, address = request.POST.get("username", ""), request.META.get("REMOTE_ADDR", "")
    if not throttling.tries_left(staff_no, address):
        return _wait_page(request)
    form = AuthenticationForm(request, data=request.POST)
    if form.is_valid():
        throttling.forget_failures(staff_no, address)
        return _welcome(request, form.get_user())
    if not staff_no.strip() or not request.POST.get("password"):
        return _sign_in_page(request, gettext("Enter your staff number and your password."), 422)
    left = throttling.note_failure(staff_no, address)
    return _sign_in_page(request, _wrong(left), 422) if left else _wait_page(request)


def _wait_page(request: HttpRequest) -> HttpResponse:
    said = gettext("Too many wrong tries. Wait ten minutes, or ask your administrator for a new password.")
    response = _sign_in_page(request, said, 429)
    response.headers["Retry-After"] = str(throttling.WINDOW_S)
    return response


def _wrong(left: int) -> str:
    said = gettext("Staff number or password is not right. Check both and try again.")
    if left > 3:
        return said
    more = ngettext("%(left)s try left.", "%(left)s tries left.", left) % {"left": left}
    return f"{said} {more}"


def _sign_in_page(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "error": error,
        "staff_no": request.POST.get("username", ""),
        "next": request.POST.get("next", request.GET.get("next", "")),
    }
    return render(request, "web/sign_in.html", context, status=status)


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a member of the cast without a password. Exists in a demo only; elsewhere there is no such page."""
    staff_no = request.POST.get("staff_no", "")
    if not settings.DEMO or staff_no not in {member.staff_no for member in MEMBERS}:
        raise Http404
    person = Person.objects.filter(staff_no=staff_no, is_active=True).first()
    if person is None:
        raise Http404
    return _welcome(request, person)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("start")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch between Chinese and English; kept in a cookie."""
    response = redirect(_safe_target(request))
    language = request.POST.get("language", "")
    if check_for_language(language):
        _remember_language(response, language)
    return response


def _remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax")


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address: a page, or for the API a problem."""
    if request.path_info.startswith(settings.API_PREFIX):
        return problem(status=404, code="address.unknown", title="There is nothing at this address.")
    return page_not_found(request, exception)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a failure of ours: a page, or for the API a problem. What was acknowledged before is kept."""
    if request.path_info.startswith(settings.API_PREFIX):
        return problem(status=500, code="server.failed", title="Something failed here. Send the same request again.")
    return server_error(request)
