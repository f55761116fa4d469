"""Decisions about cases: nothing here reads a clock or a table.

processes  the shape of a process: steps with standard action, owner, limit; clocks; what closing needs
holding    who owns a case at every instant: assignments, hand-overs that must be accepted, bounces
gate       what is missing before a case may be closed
ladder     the escalation matrix: which rungs are reached, which levels were skipped
oversight  boards, findings, ratings: their numbers, and who may judge what
answers    fixed answers and how they are told
numbers    numbers that can be said on the phone and not guessed
public     what customers may leave on their phones, and the stage of a case in their words
"""
