"""Links between cases: those that hold, and those that were taken back."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yingting.domains.cases.models import Link, LinkSort, Unlink


def links() -> QuerySet[Link]:
    """Return the links that hold."""
    return Link.objects.exclude(Exists(Unlink.objects.filter(link=OuterRef("pk"))))


def links_of(case: UUID) -> QuerySet[Link]:
    """Return the links of a case that hold, from either side."""
    return links().filter(Q(case=case) | Q(other=case)).select_related("case", "other")


def loose_links(case: UUID) -> QuerySet[Link]:
    """Return the links of a case that may be taken back: what was split off stays so."""
    return links_of(case).exclude(sort=LinkSort.SPLIT)


def taken_back(case: UUID) -> QuerySet[Unlink]:
    """Return the links of a case that were taken back, with whom and why, the latest first."""
    rows = Unlink.objects.select_related("link__case", "link__other", "by")
    return rows.filter(Q(link__case=case) | Q(link__other=case)).order_by("-at")
