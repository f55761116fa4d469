"""The figures of channels once more, in plain Python: (value, n) by key."""

from yingting.indicators.tests.plainly import count, ratio, share


def by_hand(rows, t):
    done = ["counter" for row in rows["stints"] if row["outcome"] == "served"]
    done += [row["channel"] for row in rows["ways"] if row["is_done"]]
    answers = [row["answer"] for row in rows["ways"] if row["answer"]]
    ended = [answer for answer in answers if answer != "open"]
    return {
        "channels.done": count(done),
        "channels.e_share": share(channel in t.e_channels for channel in done),
        "channels.self_service_share": share(channel == "self_service" for channel in done),
        "channels.offers": count(answers),
        "channels.accepted": share(answer == "accepted" for answer in ended),
        "channels.insisted": share(answer == "insisted" for answer in ended),
        "channels.assisted_share": ratio(
            [row["assisted"] for row in rows["assists"]], [row["kiosk_tickets"] for row in rows["assists"]]
        ),
        "channels.back": share(answer == "back" for answer in ended),
    }
