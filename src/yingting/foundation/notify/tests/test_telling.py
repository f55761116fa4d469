"""Messages in the inbox: told once, folded in a storm, read by their owner alone."""

import datetime as dt

import pytest
from django.utils.translation import override

from yingting.foundation.journal.models import Fact
from yingting.foundation.notify.keeping import forget_old
from yingting.foundation.notify.models import Message, Notice
from yingting.foundation.notify.reading import inbox_of, letters, read_all, read_message, unread_count
from yingting.foundation.notify.rules import Severity
from yingting.foundation.notify.telling import Telling, notify
from yingting.foundation.notify.words import name, word
from yingting.foundation.people.models import Person
from yingting.foundation.sites.models import Unit
from yingting.kernel.actors import SYSTEM
from yingting.kernel.refusals import Refusal

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def tell(cast, now):
    def tell(*staff_nos, subject="", severity=Severity.WARNING, kind="test.told", at=now, **more):
        telling = Telling(kind, "Messages", severity, {}, subject=subject, **more)
        people = [cast.people[staff_no] for staff_no in staff_nos or ("1301",)]
        return notify(people=people, telling=telling, actor=SYSTEM, now=at)

    return tell


def test_everybody_named_gets_it_once_and_the_journal_holds_ids_only(cast, tell):
    notice = tell("1301", "1201", "1301")
    assert set(Message.objects.values_list("person__staff_no", flat=True)) == {"1201", "1301"}
    (fact,) = Fact.objects.filter(subject=notice)
    people = [str(cast.people[staff_no]) for staff_no in ("1201", "1301")]
    assert (fact.kind, fact.data) == (
        "message.told",
        {"kind": "test.told", "severity": "warning", "people": people, "folded": 0, "deliveries": []},
    )


def test_nobody_who_left_is_told(cast, tell):
    Person.objects.filter(staff_no="1301").update(is_active=False)
    assert tell("1301") is None
    assert not Notice.objects.exists()


def test_the_same_subject_is_told_once_while_it_is_open(tell, cast, actor_of, now):
    tell(subject="alert:1")
    assert tell(subject="alert:1") is None
    assert tell("1301", "1201", subject="alert:1") is not None  # one of them does not know it yet
    assert unread_count(cast.people["1301"]) == 1
    read_all(actor=actor_of("1301"), until=now, now=now + MINUTE)
    assert tell(subject="alert:1", at=now + MINUTE) is not None


def test_it_is_told_again_when_it_gets_worse(tell, cast):
    tell(subject="alert:1", severity=Severity.WARNING)
    assert tell(subject="alert:1", severity=Severity.URGENT) is not None
    assert tell(subject="alert:1", severity=Severity.WARNING) is None
    assert unread_count(cast.people["1301"]) == 2


def test_a_storm_is_one_line_with_a_number(tell, cast, actor_of, now):
    for n in range(18):
        tell(subject=f"alert:{n}", at=now + n * MINUTE)
    me = actor_of("1301")
    assert unread_count(me.person) == 6
    shown = letters(list(inbox_of(me, only_unread=True)))
    assert [letter.more for letter in shown] == [12, 0, 0, 0, 0, 0]
    assert len(shown[0].folded) == 12
    assert Message.objects.filter(person=me.person).count() == 18  # nothing is lost
    tell(subject="other", kind="test.other", at=now + 18 * MINUTE)
    tell(subject="later", at=now + 66 * MINUTE)
    assert unread_count(me.person) == 8


def test_a_message_folded_into_one_already_read_makes_it_unread_again(tell, cast, actor_of, now):
    for n in range(6):
        tell(at=now + n * MINUTE)
    me = actor_of("1301")
    assert read_all(actor=me, until=now + 6 * MINUTE, now=now + 6 * MINUTE) == 6
    tell(at=now + 7 * MINUTE)
    assert unread_count(me.person) == 1
    (row,) = inbox_of(me, only_unread=True)
    read_message(message=row.pk, actor=me, now=now + 8 * MINUTE)
    assert Message.objects.filter(person=me.person, read_at__isnull=True).count() == 0


def test_reading_is_recorded_once(tell, actor_of, now):
    tell()
    me = actor_of("1301")
    (row,) = inbox_of(me, only_unread=True)
    for minutes in (3, 5):
        read_message(message=row.pk, actor=me, now=now + minutes * MINUTE)
    (fact,) = Fact.objects.filter(kind="message.read")
    assert (fact.subject, fact.data["after_min"]) == (row.pk, 3.0)
    row.refresh_from_db()
    assert row.read_at == now + 3 * MINUTE


def test_anothers_message_does_not_exist(tell, actor_of, now):
    tell("1301")
    (row,) = Message.objects.all()
    with pytest.raises(Refusal) as no:
        read_message(message=row.pk, actor=actor_of("1201"), now=now)
    assert no.value.code == "message.unknown"
    row.refresh_from_db()
    assert row.read_at is None
    assert not Fact.objects.filter(kind="message.read").exists()


def test_reading_all_leaves_what_came_after_the_page(tell, actor_of, now):
    tell()
    tell(at=now + 2 * MINUTE)
    assert read_all(actor=actor_of("1301"), until=now + MINUTE, now=now + 3 * MINUTE) == 1
    assert unread_count(actor_of("1301").person) == 1


def test_each_reader_has_it_in_their_language(cast, actor_of, now):
    hall = Unit.objects.get(code="H01")
    telling = Telling(
        "t.t", "%(n)s more", Severity.NOTE, {"n": 3, "place": name(hall), "what": word("Messages")}, body="Given up."
    )
    notify(people=[cast.people["1301"]], telling=telling, actor=SYSTEM, now=now)
    row = inbox_of(actor_of("1301"), only_unread=True).get()
    said = {}
    for language in ("zh-hans", "en"):
        with override(language):
            (letter,) = letters([row])
            said[language] = (letter.title, letter.body, letter.severity_title)
    assert said == {"zh-hans": ("还有 3 条", "已放弃。", "提示"), "en": ("3 more", "Given up.", "Information")}


def test_names_and_words_in_a_sentence_follow_the_language(cast):
    from yingting.foundation.notify.words import in_words

    params = {"place": name(Unit.objects.get(code="H01")), "what": word("Messages"), "n": 2}
    with override("en"):
        assert in_words("%(place)s: %(what)s %(n)s", params) == "Tianhe Road hall: Messages 2"
    assert in_words("%(place)s: %(what)s %(n)s", params) == "天河路营业厅: 消息 2"


def test_messages_are_forgotten_after_the_rules_days(tell, actor_of, now):
    tell(subject="read")
    read_all(actor=actor_of("1301"), until=now, now=now)
    tell(subject="unread", at=now + MINUTE)
    forget_old(now=now + dt.timedelta(days=90))
    assert Message.objects.count() == 2
    forget_old(now=now + dt.timedelta(days=91))
    assert list(Message.objects.values_list("subject", flat=True)) == ["unread"]
    forget_old(now=now + dt.timedelta(days=181))
    assert (Message.objects.count(), Notice.objects.count()) == (0, 0)
