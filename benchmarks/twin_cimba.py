"""The hall day and M/M/8 in cimba (a C engine, models compiled by numba), as its documentation would write them."""

from __future__ import annotations

import cimba as cb
import numpy as np
from cimba import inputs
from twin_halls import CLOSES_S, GAP_S, LIMIT_S, MIX, MMC, MU, NEEDS, PATIENCE_S, SIGMA, SKILLS, VIP, Days

assert SKILLS == ("AC", "AC", "ABC", "ABC", "ABCD", "ABCD"), "the three pools below are these counters"
MU_A, MU_B, MU_C, MU_D = MU.values()
TO_A, TO_B, TO_C = (float(one) for one in np.cumsum([MIX[need] for need in NEEDS])[:3])
PATIENCE = -17
"""The signal of a customer's timer."""


class Customer(cb.Model):
    """One customer: takes a free unit of the pools that serve the need, or waits in the queue of each of them."""

    hall: cb.Ref["Hall"]  # noqa: UP037  # cimba reads it while Hall is not there yet

    @cb.process
    def visit(self):
        hall = self.hall
        me = cb.this_process()
        begins = cb.now()
        priority = 1 if cb.random.bernoulli(VIP) else 0
        drawn = cb.random.uniform()
        me.timer_set(cb.random.exponential(PATIENCE_S), PATIENCE)
        if drawn < TO_A:
            got = cb.acquire_any((hall.ac, hall.abc, hall.abcd), priority)
            service = cb.random.lognormal(MU_A, SIGMA)
        elif drawn < TO_B:
            got = cb.acquire_any((hall.abc, hall.abcd), priority)
            got = got + 1 if got >= 0 else got
            service = cb.random.lognormal(MU_B, SIGMA)
        elif drawn < TO_C:
            got = cb.acquire_any((hall.ac, hall.abc, hall.abcd), priority)
            service = cb.random.lognormal(MU_C, SIGMA)
        else:
            got = cb.acquire_any((hall.abcd,), priority)
            got = 2 if got == 0 else got
            service = cb.random.lognormal(MU_D, SIGMA)
        if got < 0:
            hall.left += 1
        else:
            me.timers_clear()
            waited = cb.now() - begins
            hall.served += 1
            hall.wait_s += waited
            if waited <= LIMIT_S:
                hall.kept += 1
            cb.hold(service)
            if got == 0:
                hall.ac.release()
            elif got == 1:
                hall.abc.release()
            else:
                hall.abcd.release()
        cb.release(self)


class Hall(cb.Model):
    ac: cb.Resource = cb.Resource(capacity=2)
    abc: cb.Resource = cb.Resource(capacity=2)
    abcd: cb.Resource = cb.Resource(capacity=2)
    came: cb.Output[int]
    kept: cb.Output[int]
    left: cb.Output[int]
    served: cb.Output[int]
    wait_s: cb.Output[float]

    @cb.on_start
    def begin(self):
        self.came = 0
        self.kept = 0
        self.left = 0
        self.served = 0
        self.wait_s = 0.0

    @cb.process
    def arrivals(self):
        while True:
            cb.hold(cb.random.exponential(GAP_S))
            if cb.now() >= CLOSES_S:
                break
            self.came += 1
            cb.spawn(Customer, hall=self)


class Steady(cb.Model):
    customers: cb.Param[int] = 100_000
    gap: cb.Input[float] = inputs.dist.exponential(mean=1 / MMC["rate"])
    service: cb.Input[float] = inputs.dist.exponential(mean=MMC["mean"])
    line: cb.Store[float]
    waits: cb.Dataset
    wait: cb.Output[float]

    @cb.process
    def arrivals(self):
        for _ in range(self.customers):
            cb.hold(self.gap.next())
            self.line.put(cb.now())

    @cb.process(copies=8)
    def server(self):
        while True:
            begins = self.line.get()
            self.waits.record(cb.now() - begins)
            cb.hold(self.service.next())

    @cb.on_end
    def measure(self):
        self.wait = self.waits.sample_mean()


_hall = Hall()


def cimba_days(seed: int, days: int) -> Days:
    results = cb.Experiment(_hall, replications=days, seed=seed).run(workers=1)
    assert not results.failed.any(), results.failure_reasons
    told, names = results[_hall], ("came", "kept", "left", "served", "wait_s")
    return np.column_stack([getattr(told, name).values.ravel() for name in names])


def cimba_steady(seed: int, customers: int) -> float:
    model = Steady()
    model.customers = customers
    results = cb.Experiment(model, replications=1, seed=seed).run(workers=1)
    assert not results.failed.any(), results.failure_reasons
    return float(results[model].wait.values.mean())
