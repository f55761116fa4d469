"""What a process of `processes.over_processes` does. Imports nothing large before its threads are limited by the environment."""

from __future__ import annotations

from multiprocessing.connection import Connection


def serve(pipe: Connection) -> None:
    """Answer one job after another until the other side goes away."""
    from yingting.twin.many.answering import answer_hall

    while True:
        try:
            job = pipe.recv()
        except EOFError:
            return
        pipe.send(answer_hall(job))
