"""Many halls over a Spark cluster: the same function over the same Parquet files of visits, one group of rows a hall.

Needs Spark 4 (its grouped Arrow functions); this package, numba and pyarrow must be importable where the executors run, and
`spark.executorEnv.OMP_NUM_THREADS=1` keeps one thread a task. Nothing of Django goes along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa

from yingting.twin.many.answering import READ, answer_hall
from yingting.twin.many.jobs import HallFacts, HallJob, ManyQuestion, as_table, as_text

_KNOWN = "hall string, facts string"
ROWS = (
    "hall string, figure string, now double, then double, difference double, low double, high double, problems string, "
    "inputs string"
)


def over_spark(spark: Any, visits: Any, facts: Iterable[tuple[str, HallFacts]], question: ManyQuestion) -> Any:
    """Return a Spark data frame with the rows of `jobs.ROWS` of every hall that has facts, in any order.

    `spark` is a session, `visits` a data frame of the fact table (the days that are learned from; rows of other halls are left
    alone), `facts` the halls' codes with what is known of them. Nothing is worked out before somebody reads the rows.
    """
    known = spark.createDataFrame([(hall, as_text(one)) for hall, one in facts], _KNOWN)
    mine = visits.select("hall", *READ)
    both = known.groupBy("hall").cogroup(mine.groupBy("hall"))
    return both.applyInArrow(_answering(as_text(question)), ROWS)


def _answering(question: str) -> Callable[[pa.Table, pa.Table], pa.Table]:
    def answered(known: pa.Table, visits: pa.Table) -> pa.Table:
        if not known.num_rows:
            return as_table([])
        row = known.to_pylist()[0]
        return as_table(answer_hall(HallJob(row["hall"], row["facts"], question, visits.select(READ))))

    return answered
