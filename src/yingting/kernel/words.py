"""Mark English source sentences in code that must not know Django.

The catalogue tools find the name `gettext_noop`; whoever shows the sentence translates it.
"""


def gettext_noop(message: str) -> str:
    """Return the sentence unchanged; its only effect is to be found by makemessages."""
    return message
