"""The roles that every installation begins with. They may be edited like any other."""

from __future__ import annotations

from yingting.foundation.people.models import Role
from yingting.foundation.people.permissions import Permission as P  # noqa: N817 - a table of them must stay readable

ROLES: dict[str, tuple[str, str, list[P]]] = {
    "clerk": (
        "营业员", "Clerk",
        [P.QUEUE_SERVE, P.QUEUE_VIEW, P.CASE_REGISTER, P.CASE_HANDLE, P.CUSTOMERS_VIEW, P.CUSTOMERS_KEEP, P.APPOINTMENTS_BOOK],
    ),
    "guide": (
        "导购", "Guide",
        [P.FLOOR_GUIDE, P.QUEUE_ISSUE, P.QUEUE_VIEW, P.CASE_REGISTER, P.CASE_HANDLE, P.CUSTOMERS_VIEW, P.CUSTOMERS_KEEP, P.APPOINTMENTS_BOOK],
    ),
    "guard": ("保安", "Guard", [P.FLOOR_GUIDE, P.QUEUE_VIEW]),
    "duty_manager": (
        "值班经理", "Duty manager",
        [P.QUEUE_SERVE, P.QUEUE_ISSUE, P.QUEUE_SUPERVISE, P.QUEUE_VIEW, P.FLOOR_GUIDE, P.FLOOR_PLAN, P.SHIFTS_PLAN, P.REPORT_VIEW, P.TWIN_ASK,
         P.PRIVACY_REVEAL, P.CASE_REGISTER, P.CASE_HANDLE, P.CUSTOMERS_VIEW, P.CUSTOMERS_KEEP, P.APPOINTMENTS_BOOK, P.APPOINTMENTS_PLAN],
    ),
    "hall_manager": (
        "厅经理", "Hall manager",
        [P.QUEUE_SUPERVISE, P.QUEUE_ISSUE, P.QUEUE_VIEW, P.FLOOR_GUIDE, P.FLOOR_PLAN, P.SHIFTS_PLAN, P.REPORT_VIEW, P.REPORT_IMPORT, P.TWIN_ASK,
         P.FIGURES_ENTER, P.BASELINE_TAKE, P.HALL_CONFIGURE, P.DEVICE_MANAGE, P.CALENDAR_CONFIGURE, P.PRIVACY_REVEAL,
         P.CASE_REGISTER, P.CASE_HANDLE, P.CASE_SUPERVISE, P.CUSTOMERS_VIEW, P.CUSTOMERS_KEEP, P.CUSTOMERS_MANAGE,
         P.APPOINTMENTS_BOOK, P.APPOINTMENTS_PLAN],
    ),
    "service_manager": (
        "服务经理", "Service manager",
        [P.QUEUE_VIEW, P.SHIFTS_PLAN, P.REPORT_VIEW, P.REPORT_IMPORT, P.TWIN_ASK, P.SCORE_FREEZE, P.FIGURES_ENTER, P.BASELINE_TAKE,
         P.BULLETIN_ISSUE, P.PRIVACY_REVEAL, P.PRIVACY_EXPORT, P.CASE_REGISTER, P.CASE_HANDLE, P.CASE_SUPERVISE,
         P.CASE_PENALISE, P.CUSTOMERS_VIEW, P.CUSTOMERS_KEEP, P.CUSTOMERS_MANAGE, P.APPOINTMENTS_BOOK, P.APPOINTMENTS_PLAN],
    ),
    "account_manager": (
        "客户经理", "Account manager",
        [P.QUEUE_VIEW, P.CASE_REGISTER, P.CASE_HANDLE, P.CUSTOMERS_VIEW, P.CUSTOMERS_KEEP, P.APPOINTMENTS_BOOK, P.PRIVACY_REVEAL],
    ),
    "hotline": (
        "热线坐席", "Hotline agent", [P.CASE_REGISTER, P.CUSTOMERS_VIEW, P.APPOINTMENTS_BOOK],
    ),
    # Whoever watches over personal data (PIPL art. 52) does not use it: no right to reveal.
    "privacy_officer": (
        "个人信息保护负责人", "Privacy officer", [P.QUEUE_VIEW, P.PRIVACY_AUDIT, P.PRIVACY_JUDGE, P.PRIVACY_RETAIN],
    ),
    "administrator": ("管理员", "Administrator", list(P)),
}  # fmt: skip


def shipped_roles() -> dict[str, Role]:
    """Create the shipped roles that are not there yet; return all of them by key."""
    there = set(Role.objects.values_list("key", flat=True))
    missing = []
    for key, (name, name_en, permissions) in ROLES.items():
        if key not in there:
            given = [str(permission) for permission in permissions]
            missing.append(Role(key=key, name=name, name_en=name_en, permissions=given, shipped_permissions=given))
    Role.objects.bulk_create(missing, ignore_conflicts=True)  # another process of the same start may be making them too
    return {role.key: role for role in Role.objects.all()}
