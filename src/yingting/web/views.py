"""The front door: start page, sign-in, language, health."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST


def start(request: HttpRequest) -> HttpResponse:
    """Show what the visitor may open: in a demo the screens and sign-ins, else the person's own screens."""
    if not request.user.is_authenticated and not settings.DEMO:
        return redirect("sign-in")
    return render(request, "web/start.html")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by staff number and password."""
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        target = request.POST.get("next", "")
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
        return redirect(target if safe else "start")
    return render(request, "web/sign_in.html", {"form": form, "next": request.GET.get("next", "")})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    logout(request)
    return redirect("start")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch between Chinese and English; kept in a cookie."""
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    response = redirect(target if safe else "start")
    language = request.POST.get("language", "")
    if check_for_language(language):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax")
    return response


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
