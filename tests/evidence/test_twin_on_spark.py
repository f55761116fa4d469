"""Many halls asked on Spark, over the Parquet files of the lake: the same function, the same rows as in processes here."""

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yingting.twin.calibrating.days import DayFacts
from yingting.twin.levers import MoreCounters
from yingting.twin.many.jobs import Effort, HallFacts, HallJob, ManyQuestion, Try, as_text
from yingting.twin.many.processes import over_processes
from yingting.twin.many.spark import over_spark
from yingting.twin.tests.made_up import MONDAY, TRUTH
from yingting.twin.tests.tabled import past_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed: scripts/setup spark"),
    pytest.mark.skipif(
        shutil.which("java") is None, reason="Spark needs Java 17, and there is no java on this machine"
    ),
    # Spark 4.0 leaves its sockets to the garbage collector and calls Python as it was.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SRC = str(Path(__file__).parents[2] / "src")
DAYS = 10
OPEN = {"opens_s": 9 * 3600.0, "closes_s": 17 * 3600.0}
FACTS = HallFacts(tuple(DayFacts(MONDAY + day, **OPEN) for day in range(DAYS)), DayFacts(MONDAY + DAYS, **OPEN))
QUESTION = ManyQuestion(Try((MoreCounters(36000.0, 43200.0),)), Effort(worlds=3, most_days=150), seed=5)


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").appName("yingting")
    settings = {
        "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "4", "spark.sql.session.timeZone": "UTC",
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR", "spark.executorEnv.OMP_NUM_THREADS": "1",
        "spark.executorEnv.PYTHONPATH": SRC,
        # Compiling and collecting for a long life costs a JVM of half a minute more than it brings.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark")),
    }  # fmt: skip
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()
    del os.environ["PYSPARK_PYTHON"]


def test_spark_gives_the_rows_that_processes_give(spark, tmp_path):
    pasts = {f"H{seed}": past_of(TRUTH, DAYS, seed) for seed in (1, 2, 3)} | {"H4": past_of(TRUTH, 2, 4)}
    for hall, past in pasts.items():
        row = past.append_column("hall", pa.array([hall] * past.num_rows))
        (tmp_path / f"hall={hall}").mkdir()
        pq.write_table(row, tmp_path / f"hall={hall}" / "visits.parquet")
    stranger = past_of(TRUTH, 1, 9)  # rows of a hall that nobody asked about
    pq.write_table(stranger.append_column("hall", pa.array(["H9"] * stranger.num_rows)), tmp_path / "more.parquet")
    files = [str(path) for path in tmp_path.rglob("*.parquet")]
    facts = [(hall, FACTS) for hall in (*pasts, "H5")]  # H5 has no visit at all
    rows = over_spark(spark, spark.read.parquet(*files), facts, QUESTION).toArrow().to_pylist()
    pasts["H5"] = past_of(TRUTH, 1, 5).slice(0, 0)
    jobs = [HallJob(hall, as_text(FACTS), as_text(QUESTION), past) for hall, past in pasts.items()]
    here = [
        {name: getattr(row, name) for name in row.__slots__} for answer in over_processes(jobs, 2) for row in answer
    ]
    assert in_order(rows) == in_order(here)
    assert {row["hall"] for row in rows} == {"H1", "H2", "H3", "H4", "H5"}
    assert sum(row["figure"] == "within" for row in rows) == 3


def in_order(rows):
    return sorted(rows, key=lambda row: (row["hall"], row["figure"]))
