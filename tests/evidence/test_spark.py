"""Every indicator unchanged on Spark, over the same Parquet files: the big deployment has the same numbers."""

import shutil
from importlib.util import find_spec
from random import Random

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.evidence.days import rows_of_days
from tests.evidence.test_two_computations import ON_FACTS, TABLES, TERMS
from yingting.indicators.measuring import measure

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed: scripts/setup spark"),
    pytest.mark.skipif(
        shutil.which("java") is None, reason="Spark needs Java 17, and there is no java on this machine"
    ),
    # Spark 4.0 talks to pandas as it was before version 3, and leaves its sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "UTC",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # Compiling and collecting for a long life costs a JVM of half a minute more than it brings.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("yingting")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark"))).getOrCreate()
    yield ibis.pyspark.connect(session)
    session.stop()


def test_every_indicator_says_the_same_on_spark_as_on_duckdb(spark, tmp_path):
    rows = rows_of_days(Random(7), days=4, length=300)
    for name, table in TABLES.items():
        pq.write_table(pa.Table.from_pylist(rows[name], schema=table.schema), tmp_path / f"{name}.parquet")
    duck = ibis.duckdb.connect()
    compared = 0
    for found in ON_FACTS:
        for by in ((), ("hall", "business_day", *found.detail)):
            on_duck, on_spark = (
                measure(found.indicators, found.open(opener(engine, tmp_path)), TERMS[found.rows], by, minimum_sample=1)
                for engine in (duck, spark)
            )
            compared += same(on_duck, on_spark)
    assert compared > 1000, "groups times indicators"


def opener(engine, folder):
    return lambda table: engine.read_parquet(str(folder / f"{table.name}.parquet"))


def same(on_duck, on_spark):
    """Compare group by group; return how many values were compared."""
    by_group = {one.group: one for one in on_spark}
    assert set(by_group) == {one.group for one in on_duck}
    rated = 0
    for one in on_duck:
        for key, reading in one.by_key.items():
            other = by_group[one.group][key]
            assert (other.n, other.is_rated) == (reading.n, reading.is_rated), (key, one.group)
            if reading.is_rated:
                assert other.value == pytest.approx(reading.value, rel=0, abs=1e-9), (key, one.group)
                rated += 1
    return rated
