"""What must be done before a hall can open its doors: database, messages, static files. Each step says how long it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from yingting.foundation.editing.people.shipping import give_new_permissions
from yingting.kernel.actors import SYSTEM
from yingting.kernel.clocks import system_now
from yingting.web.translations import compile_catalogues


def prepare() -> None:
    """Bring database, messages and static files up to date. Running it again changes nothing."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    step("数据库 · database", migrate)
    step("岗位权限 · roles", _roles)
    step("文字目录 · messages", _messages)
    step("静态文件 · static files", _static_files)


def migrate() -> str:
    """Apply the migrations that are not applied yet."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        return "已是最新 · up to date"
    call_command("migrate", verbosity=0, interactive=False)
    return f"{len(missing)} 个迁移 · migrations applied"


def _roles() -> str:
    found = give_new_permissions(actor=SYSTEM, now=system_now())
    if not found:
        return "已是最新 · up to date"
    given = sum(len(one.permissions) for one in found if one.is_given)
    edited = [f"{one.role}: {', '.join(one.permissions)}" for one in found if not one.is_given]
    left = f"; 已改过,请管理员决定 · edited, for an administrator to decide: {'; '.join(edited)}" if edited else ""
    return f"新增 {given} 项 · given{left}"


def _messages() -> str:
    try:
        return f"{len(compile_catalogues())} 个已编译 · compiled"
    except PermissionError:
        return "只读安装,跳过 · installed read-only, skipped"


def _static_files() -> str:
    call_command("collectstatic", verbosity=0, interactive=False)
    return str(settings.STATIC_ROOT)


def step(title: str, work: Callable[[], str]) -> None:
    """Do one step and say what it did and how long it took."""
    begun = time.monotonic()
    print(f"  {title} …", end="", flush=True)  # noqa: T201 - this is what the person who starts the hall reads
    outcome = work()
    print(f" {outcome} ({time.monotonic() - begun:.1f} s)", flush=True)  # noqa: T201 - as above
    sys.stdout.flush()
