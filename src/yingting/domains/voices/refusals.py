"""The refusals of voices, each with its sentence."""

from yingting.kernel.refusals import declare
from yingting.kernel.words import gettext_noop as _

UNKNOWN = declare("voice.unknown", _("There is no such suggestion, or it is not yours to see."), status=404)
FIELD_MISSING = declare("voice.field_missing", _("Please fill in “%(field)s”."), status=422)
NOBODY_ANSWERS = declare("voice.nobody_answers", _("Nobody here can take this up yet. Ask your administrator."))
OWN_VOTE = declare("voice.own_vote", _("You cannot vote for your own suggestion."))
VOTED = declare("voice.voted", _("You support this suggestion already."))
NOT_VOTED = declare("voice.not_voted", _("You do not support this suggestion."))
JUDGED = declare("voice.judged", _("This suggestion has been answered already."))
OWN_JUDGED = declare("voice.own_judged", _("Your own suggestion is judged by another person."))
JOINED = declare("voice.joined", _("This suggestion was joined to %(number)s. Go on there."))
JOIN_LATER = declare("voice.join_later", _("Join a suggestion to an earlier one that is still open."), status=422)
NOT_ADOPTED = declare("voice.not_adopted", _("Only an adopted suggestion becomes an action."))
NOT_CARRIED_OUT = declare(
    "voice.not_carried_out",
    _("An adopted suggestion is measured once its actions are checked: none is open, one is done."),
)
MEASURE_EARLY = declare("voice.measure_early", _("The days after it end on %(day)s; measure it later."))
MEASURED_BY_DOER = declare("voice.measured_by_doer", _("Who suggested it or carried it out does not measure it."))
MEASURED = declare("voice.measured", _("This indicator was measured for this suggestion already."))
INDICATOR_UNKNOWN = declare(
    "voice.indicator_unknown", _("There is no such indicator, or it has no better and worse."), status=422
)

CAMPAIGN_UNKNOWN = declare("campaign.unknown", _("There is no such campaign, or it is not for your unit."), status=404)
CAMPAIGN_SPAN = declare("campaign.span", _("A campaign ends after it begins, and not in the past."), status=422)

CONSULTATION_UNKNOWN = declare(
    "consultation.unknown", _("There is no such consultation, or you are not asked."), status=404
)
CONSULTATION_SHORT = declare(
    "consultation.short", _("Give people at least %(days)s days to answer."), status=422
)  # fmt: skip
CONSULTATION_FEW = declare(
    "consultation.few", _("Ask at least %(least)s people of the front line; you chose %(n)s."), status=422
)
CONSULTATION_OVER = declare("consultation.over", _("This consultation is over."))
CONSULTATION_RUNS = declare("consultation.runs", _("People may still answer until %(day)s."))
CONSULTATION_SILENT = declare(
    "consultation.silent", _("Only %(n)s people of the front line have answered; it takes %(least)s.")
)
CONSULTATION_OPEN_COMMENTS = declare(
    "consultation.open_comments", _("Say of each comment what became of it; %(n)s are still open.")
)
DRAFT_WRONG = declare("consultation.draft_wrong", _("The draft cannot be taken like this: %(sentence)s"), status=422)
WORDS_MISSING = declare("consultation.words_missing", _("Say what should be changed, or why not."), status=422)

ORDER_UNKNOWN = declare("order.unknown", _("There is no such order, or it is not for you."), status=404)
ORDER_WITHDRAWN = declare("order.withdrawn", _("This order was withdrawn."))
ORDER_OF_RULE = declare("order.of_rule", _("This order stands on a rule: withdraw the version of the rule."))
CONFIRMED = declare("order.confirmed", _("You have confirmed this order already."))
CHECKER_OBEYS = declare(
    "order.checker_obeys", _("You have to obey this order here yourself: let another person check.")
)
CHECK_EARLY = declare("order.check_early", _("This order has not been told to anybody yet."))
NO_TARGET = declare("order.no_target", _("This indicator has no target here, so it cannot tell."), status=422)
NOT_MEASURED = declare("order.not_measured", _("Too few cases in this time to judge by this indicator."), status=422)
