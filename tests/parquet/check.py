"""Reads exported Parquet with those who will read it, and compares it with the same export as JSON Lines."""

import datetime
import decimal
import json
import pathlib
import re
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet

TYPES = {
    "born": pa.date32(),
    "credit": pa.decimal128(38, 9),
    "updated": pa.timestamp("us", tz="UTC"),
    "time": pa.timestamp("us", tz="UTC"),
    "revision": pa.int64(),
    "stands": pa.bool_(),
}


def plain(value):
    """A value of Parquet as JSON Lines has it."""
    if isinstance(value, datetime.datetime):
        text = value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
        return re.sub(r"(\.\d*?)0+Z$", r"\1Z", text)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value.normalize(), "f")
    return value


def to_microseconds(text):
    """Parquet's times end there."""
    return re.sub(r"(T\d\d:\d\d:\d\d\.\d{6})\d*Z$", lambda it: re.sub(r"\.?0+$", "", it[1]) + "Z", text)


def flat(value):
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, dict):
        return "; ".join(f"{name}={flat(it)}" for name, it in value.items())
    return value


def check(path):
    table = pyarrow.parquet.read_table(path)
    expected = [json.loads(line) for line in open(path.with_suffix(".jsonl"), encoding="utf-8")]
    file = pyarrow.parquet.ParquetFile(path)
    for group in range(file.metadata.num_row_groups):
        for column in range(file.metadata.num_columns):
            assert file.metadata.row_group(group).column(column).compression == "SNAPPY"
    for name, kind in TYPES.items():
        if name in table.column_names:
            assert table.schema.field(name).type == kind, (path, name, table.schema.field(name))
    assert table.num_rows == len(expected), path
    for row, other in zip(table.to_pylist(), expected):
        unreadable = json.loads(row.pop("unreadable") or "{}")
        for name, value in row.items():
            is_time = isinstance(value, datetime.datetime)
            value = unreadable.get(name, plain(value))
            expected = to_microseconds(other[name]) if is_time else flat(other[name])
            assert value == expected, (path, name, value, other[name])
    found = duckdb.sql(f"SELECT * FROM read_parquet('{path}')")
    assert found.columns == table.column_names
    assert len(found.fetchall()) == table.num_rows
    return table.num_rows


def tableau(folder):
    try:
        import tableauhyperapi as hyper
    except ImportError:
        return "left out"
    rows = 0
    with hyper.HyperProcess(hyper.Telemetry.DO_NOT_SEND_USAGE_DATA_TO_TABLEAU) as process:
        with hyper.Connection(process.endpoint) as connection:
            for path in sorted(folder.glob("*.parquet")):
                name = hyper.escape_string_literal(str(path.resolve()))
                rows += len(connection.execute_list_query(f"SELECT * FROM external({name})"))
            name = hyper.escape_string_literal(str((folder / "records.parquet").resolve()))
            if (folder / "typed.csv").exists():
                asked = f"SELECT born, credit FROM external({name}) WHERE given_name = 'Ada'"
                [[born, credit]] = connection.execute_list_query(asked)
                assert (str(born), float(credit)) == ("1985-04-25", 1234.5), (born, credit)
    return rows


def main(folder):
    folder = pathlib.Path(folder)
    rows = {path.stem: check(path) for path in sorted(folder.glob("*.parquet"))}
    print(f"pyarrow and DuckDB read {rows}; Tableau's engine: {tableau(folder)} rows")
    if not (folder / "typed.csv").exists():
        assert all(rows[name] > 0 for name in ("records", "golden", "xref", "tasks")), rows
        return
    records = pyarrow.parquet.read_table(folder / "records.parquet").to_pylist()
    assert records[0]["born"] == datetime.date(1985, 4, 25)
    assert records[0]["credit"] == decimal.Decimal("1234.5")
    assert json.loads(records[1]["unreadable"])["born"] == "31.02.1985", records[1]


main(sys.argv[1])
