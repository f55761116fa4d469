"""Working time: which hours count, what a limit is, when it is due and why.

    calendars    which hours of which day count as working time, and what says so
    limits       how long something may take: amount, unit, how days are counted, legal basis
    ledgers      what happened to a clock: started, paused, resumed, stopped, given another limit, corrected
    timelines    a calendar as a function of time, and back
    deadlines    the due moment, what is used, when a share is used, the breach: pure functions of the three above
    explaining   a due moment told line by line
    batches      the due moments of very many clocks at once (the only module that needs numpy)

Nothing is counted up and stored: a deadline is asked for and follows from limit, events and calendar. Instants are aware
UTC and are taken to the whole second. A zone's daylight saving is kept; work over midnight is two spans on two days.
"""
