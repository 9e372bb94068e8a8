#!/usr/bin/env python3
"""Writes the rows of a CSV file in other formats: Parquet, SQLite, xlsx.

    make.py FILE.csv FOLDER [parquet sqlite xlsx]

A column whose every value is a day is one of days, one of true and false one of those; all else is text.
"""

import csv
import datetime
import pathlib
import re
import sqlite3
import sys

DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


def kind(values):
    filled = [value for value in values if value]
    if filled and all(map(DAY.match, filled)):
        return "day"
    if filled and all(value in ("true", "false") for value in filled):
        return "flag"
    return "text"


def typed(value, what):
    if value == "":
        return None
    if what == "day":
        return datetime.date.fromisoformat(value)
    return value == "true" if what == "flag" else value


def parquet(path, names, kinds, columns):
    import pyarrow
    import pyarrow.parquet

    types = {"day": pyarrow.date32(), "flag": pyarrow.bool_(), "text": pyarrow.string()}
    arrays = [
        pyarrow.array([typed(value, what) for value in column], types[what])
        for column, what in zip(columns, kinds)
    ]
    table = pyarrow.table(dict(zip(names, arrays)))
    pyarrow.parquet.write_table(table, path, row_group_size=50_000)


def sqlite(path, names, kinds, columns):
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    quoted = ", ".join('"%s"' % name for name in names)
    database.execute(f"CREATE TABLE customers ({quoted})")
    places = ", ".join("?" * len(names))
    rows = ([value or None for value in row] for row in zip(*columns))
    database.executemany(f"INSERT INTO customers VALUES ({places})", rows)
    database.commit()
    database.close()


def xlsx(path, names, kinds, columns):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("customers")
    sheet.append(names)
    for row in zip(*columns):
        sheet.append([typed(value, what) for value, what in zip(row, kinds)])
    book.save(path)


FORMATS = {"parquet": parquet, "sqlite": sqlite, "xlsx": xlsx}


def main(source, folder, *formats):
    with open(source, newline="", encoding="utf-8") as file:
        names, *rows = csv.reader(file)
    columns = list(zip(*rows)) or [()] * len(names)
    kinds = [kind(column) for column in columns]
    for name in formats or FORMATS:
        target = pathlib.Path(folder) / f"{pathlib.Path(source).stem}.{name}"
        FORMATS[name](target, names, kinds, columns)
        print(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
