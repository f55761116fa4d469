"""The command line: `yingting serve`, `demo`, `worker`, `simulate`, `migrate`, and what other parts bring along."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingting.web.settings")

app = typer.Typer(
    name="yingting", help="迎厅:营业厅运行平台 · Yingting runs service halls", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip
_DEMO_MARK = "demo-hall"

HostOption = Annotated[str, typer.Option(help="监听地址 · address to listen on")]
PortOption = Annotated[int, typer.Option(help="网页端口 · port of the pages", min=1, max=65535)]
LivePortOption = Annotated[
    int | None, typer.Option(help="实时流端口,默认网页端口+1 · port of the live stream", min=1, max=65535)
]
WorkersOption = Annotated[int, typer.Option(help="网页进程数 · processes that serve pages", min=1, max=64)]

# Two also on SQLite: reading (pages, fragments) is most of the work and uses both cores, writers queue on one lock anyway,
# and a process that dies leaves the other serving.
_WORKERS = 2


@app.command()
def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    live_port: LivePortOption = None,
    workers: WorkersOption = _WORKERS,
) -> None:
    """开启大厅:网页、实时流与后台任务 · Open the hall: pages, live stream, background work."""
    environment = _environment(host, port, live_port, workers)
    _run(environment, ["web", "stream", "worker"], ["prepare"], demo=False)


@app.command()
def demo(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    live_port: LivePortOption = None,
    workers: WorkersOption = _WORKERS,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="清空演示数据重新开始 · throw the demo's data away first")
    ] = False,
    data: Annotated[Path, typer.Option(help="演示数据目录 · folder of the demo's data")] = Path("var/demo"),
) -> None:
    """体验一座活的大厅:模拟客户走真实流程 · A living hall with simulated customers."""
    folder = data.resolve()
    environment = _environment(host, port, live_port, workers)
    environment |= {"YINGTING_DATA_DIR": str(folder), "YINGTING_DEMO": "1"}
    _demo_folder(folder, fresh=fresh)
    _run(environment, ["web", "stream", "worker", "simulate"], ["prepare", "opening"], demo=True)


def _demo_folder(folder: Path, *, fresh: bool) -> None:
    """Make the folder, or wipe it: only if a demo made it."""
    mark = folder / _DEMO_MARK
    if fresh and folder.exists():
        if any(folder.iterdir()) and not mark.exists():
            _fail(f"{folder} 不是演示目录,不会清空 · was not made by a demo and is left alone")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()


def _environment(host: str, port: int, live_port: int | None, workers: int) -> dict[str, str]:
    return {
        **os.environ,
        "YINGTING_HOST": host,
        "YINGTING_PORT": str(port),
        "YINGTING_LIVE_PORT": str(live_port or port + 1),
        "YINGTING_WORKERS": str(workers),
        "PYTHONUNBUFFERED": "1",
    }


def _run(environment: dict[str, str], roles: list[str], before: list[str], *, demo: bool) -> None:
    from yingting.web.serving import CannotServe, Supervisor, require_free, run_once

    host, port, live_port = (environment[name] for name in ("YINGTING_HOST", "YINGTING_PORT", "YINGTING_LIVE_PORT"))
    try:
        require_free(host, int(port), "--port")
        require_free(host, int(live_port), "--live-port")
        for role in before:
            run_once(role, environment)
        supervisor = Supervisor(roles, environment, lambda text: print(text, file=sys.stderr, flush=True))
        code = supervisor.run(lambda: _welcome(host, port, demo=demo))
    except CannotServe as why:
        _fail(str(why))
    raise typer.Exit(code)


def _welcome(host: str, port: str, *, demo: bool) -> None:
    from yingting.web.serving import reachable

    address = reachable(host)
    url = f"http://{f'[{address}]' if ':' in address else address}:{port}/"
    console = Console()
    console.print(f"\n大厅已开启 · The hall is open: [bold]{url}[/bold]   (Ctrl+C 结束 · ends it)\n")
    if demo:
        console.print(_sign_ins())
    sys.stdout.flush()


def _sign_ins() -> Table:
    """The cast as a table. The cast's module needs Django's models, so it is read here and nowhere before."""
    import django

    os.environ["YINGTING_DEMO"] = "1"
    django.setup()
    from yingting.planning.cast import MEMBERS, PASSWORD, ROLES

    table = Table(title=f"演示账号 · Demo sign-ins (密码 · password: {PASSWORD})")
    for column in ("工号 No.", "姓名 Name", "角色 Role", "所属 Unit"):
        table.add_column(column)
    for member in MEMBERS:
        name, name_en, _ = ROLES[member.role]
        table.add_row(
            member.staff_no, f"{member.name} · {member.name_en.split(',')[0]}", f"{name} · {name_en}", member.unit
        )
    return table


@app.command()
def worker() -> None:
    """后台任务 · Background work: queued tasks and the schedule; safe to run more than once."""
    from yingting.web.processes import worker as work

    work()


@app.command()
def simulate() -> None:
    """模拟客户与营业员(仅演示)· Simulated customers and clerks, for a demo only."""
    from yingting.web.processes import simulate as live_on

    live_on()


@app.command()
def migrate() -> None:
    """升级数据库、文字与静态文件 · Bring database, messages and static files up to date."""
    from yingting.web.processes import prepare

    prepare()


app.command("upgrade", hidden=True)(migrate)


@app.command()
def version() -> None:
    """版本 · Version."""
    print(_version())


def _version() -> str:
    try:
        return importlib.metadata.version("yingting")
    except importlib.metadata.PackageNotFoundError:
        # A source checkout that is on the path but not installed.
        import tomllib

        pyproject = Path(__file__).resolve().parents[3] / "pyproject.toml"
        return str(tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["version"])


def _fail(text: str) -> None:
    print(text, file=sys.stderr)
    raise typer.Exit(2)


def _mount_parts() -> None:
    import django

    django.setup()
    from yingting.domains.queueing.actions.editing import ship_priorities
    from yingting.foundation.editing.cli import after_init, before_init, commands
    from yingting.foundation.evidence.cli import proofs_app
    from yingting.foundation.privacy.cli import privacy_app
    from yingting.kernel.actors import SYSTEM
    from yingting.kernel.clocks import system_now
    from yingting.reporting.cli import import_app, report
    from yingting.reporting.scorecards.cli import scores_app
    from yingting.web.processes import prepare

    before_init.append(prepare)
    # Without a care lane and an ordinary class no hall could issue a ticket.
    after_init.append(lambda root: ship_priorities(unit=root, actor=SYSTEM, now=system_now()))

    app.add_typer(commands)
    app.add_typer(import_app, name="import")
    app.add_typer(scores_app, name="scores")
    app.add_typer(privacy_app, name="privacy")
    app.add_typer(proofs_app, name="proofs")
    app.command("report")(report)


def main() -> None:
    """Run the command line."""
    own = {info.name or (info.callback.__name__ if info.callback else "") for info in app.registered_commands}
    wanted = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    if wanted not in own:
        # Only now: the supervisor stays without Django, and a broken part must not keep a hall from opening.
        _mount_parts()
    app(prog_name="yingting")


if __name__ == "__main__":
    main()
