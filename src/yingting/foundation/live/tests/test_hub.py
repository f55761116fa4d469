"""The hub: who is told what, when, and what becomes of lines that take nothing."""

import asyncio
import json

from yingting.foundation.live.hub import BEAT, Hub

A, B = "a" * 32, "b" * 32


class Line:
    """A screen's end of the line: keeps what arrived; `stuck` takes nothing any more."""

    def __init__(self):
        self.got: list[bytes] = []
        self.dropped = False
        self.stuck: asyncio.Event | None = None

    async def send(self, message: bytes) -> None:
        if self.stuck is not None:
            await self.stuck.wait()
        self.got.append(message)

    def drop(self) -> None:
        self.dropped = True

    def events(self) -> list[tuple[str, object]]:
        text = b"".join(self.got).decode()
        return [
            (block.split("\n")[0].removeprefix("event: "), json.loads(block.split("\n")[1].removeprefix("data: ")))
            for block in text.strip().split("\n\n")
            if block
        ]


def listening_hub(**options) -> Hub:
    hub = Hub(**options)
    hub.hears(True)
    return hub


def test_a_screen_is_greeted_with_the_version_of_each_of_its_halls():
    async def story():
        hub, line = listening_hub(), Line()
        hub.changed([A])
        hub.join([A, B], line.send, line.drop)
        await asyncio.sleep(0)
        return hub, line

    hub, line = asyncio.run(story())
    assert line.events() == [("hello", {"halls": {A: hub.versions[A], B: 0}})]


def test_the_first_change_is_told_at_once_and_those_that_follow_closely_together():
    async def story():
        hub, line = listening_hub(gather_s=0.05), Line()
        hub.join([A], line.send, line.drop)
        await asyncio.sleep(0)
        hub.changed([A])
        await asyncio.sleep(0)
        at_once = len(line.events())
        for _ in range(100):
            hub.changed([A])
        await asyncio.sleep(0.02)
        meanwhile = len(line.events())
        await asyncio.sleep(0.06)
        return hub, line, at_once, meanwhile

    hub, line, at_once, meanwhile = asyncio.run(story())
    assert (at_once, meanwhile) == (2, 2)
    assert [name for name, _ in line.events()] == ["hello", "changed", "changed"]
    assert line.events()[-1][1] == {"hall": A, "v": hub.versions[A]}
    versions = [data["v"] for name, data in line.events() if name == "changed"]
    assert versions == sorted(set(versions))


def test_a_screen_hears_nothing_of_a_hall_that_is_not_in_its_token():
    async def story():
        hub, line = listening_hub(), Line()
        hub.join([A], line.send, line.drop)
        await asyncio.sleep(0)
        hub.changed([B])
        await asyncio.sleep(0.01)
        return line

    assert [name for name, _ in asyncio.run(story()).events()] == ["hello"]


def test_a_line_that_takes_nothing_is_cut_and_nothing_piles_up_for_it():
    async def story():
        now = [0.0]
        hub = listening_hub(gather_s=0.0, patience_s=10.0, clock=lambda: now[0])
        slow, quick = Line(), Line()
        screen = hub.join([A], slow.send, slow.drop)
        hub.join([A], quick.send, quick.drop)
        await asyncio.sleep(0)
        slow.stuck = asyncio.Event()
        for second in range(9):
            now[0] = second
            hub.changed([A])
            await asyncio.sleep(0)
            hub.tick()
        piled = dict(screen.pending)
        patient = slow.dropped
        now[0] = 11.0
        hub.tick()
        await asyncio.sleep(0)
        return hub, slow, quick, piled, patient

    hub, slow, quick, piled, patient = asyncio.run(story())
    assert (patient, slow.dropped, quick.dropped) == (False, True, False)
    assert piled == {A: hub.versions[A]}  # one version, however much happened
    assert len(hub) == 1
    assert [name for name, _ in quick.events()] == ["hello"] + ["changed"] * 9


def test_a_broken_line_is_forgotten_without_a_word():
    async def story():
        hub, line = listening_hub(), Line()

        async def broken(message):
            raise ConnectionResetError

        hub.join([A], broken, line.drop)
        await asyncio.sleep(0.01)
        return hub, line

    hub, line = asyncio.run(story())
    assert (len(hub), line.dropped) == (0, True)


def test_every_screen_hears_a_beat_within_its_round_of_seconds():
    async def story():
        hub, lines = listening_hub(beat_s=3), [Line() for _ in range(7)]
        for line in lines:
            hub.join([A], line.send, line.drop)
        await asyncio.sleep(0)
        for _ in range(3):
            hub.tick()
            await asyncio.sleep(0)
        return lines

    assert [line.got.count(BEAT) for line in asyncio.run(story())] == [1] * 7


def test_while_the_database_is_not_heard_screens_get_no_beat_and_afterwards_all_are_told():
    async def story():
        hub, line = listening_hub(beat_s=1), Line()
        hub.join([A], line.send, line.drop)
        await asyncio.sleep(0)
        hub.hears(False)
        hub.tick()
        late = Line()
        hub.join([A], late.send, late.drop)
        await asyncio.sleep(0)
        silence = len(line.got), len(late.got)
        hub.hears(True)
        await asyncio.sleep(0)
        return silence, line, late

    silence, line, late = asyncio.run(story())
    assert silence == (1, 0)
    assert [name for name, _ in line.events()] == ["hello", "changed"]
    assert [name for name, _ in late.events()] == ["hello"]


def test_versions_grow_over_a_restart_of_the_process():
    async def story():
        first = listening_hub()
        first.changed([A])
        await asyncio.sleep(0.005)
        second = listening_hub()
        second.changed([A])
        return first.versions[A], second.versions[A]

    before, after = asyncio.run(story())
    assert before < after
