"""Planning's refusals, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

DEMO_ONLY = declare("demo.only", _("Only a demo hall's clock can be set. This is a real hall."), status=403)
SPEED_UNKNOWN = declare("demo.speed_unknown", _("The clock runs at one of these speeds: %(speeds)s."), status=422)
CLOCK_BACKWARDS = declare("demo.clock_backwards", _("A hall's clock can only be put forward."), status=422)
CROWD_COMES = declare(
    "demo.crowd_comes", _("A coach is arriving already. Its customers come within a quarter of an hour.")
)
CROWD_TOO_LATE = declare(
    "demo.crowd_too_late", _("A coach comes only while the hall is open for another quarter of an hour.")
)
