#!/usr/bin/env python3
"""best_clusters.py TRUTH PAIRS: connected components of scored pairs at the threshold that is best
for them, which only the truth knows.

TRUTH has the columns id,cluster; PAIRS is Parquet with id_l, id_r and p. Prints one JSON line with
threshold, precision, recall and F1 of the pairs inside the components."""
import collections
import json
import sys

import duckdb

THRESHOLDS = (0.999, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3, 0.1)


def pairs_of(sizes):
    return sum(size * (size - 1) // 2 for size in sizes)


def main():
    truth_file, pairs_file = sys.argv[1:]
    db = duckdb.connect()
    truth = dict(db.sql(f"select id, cluster from read_csv('{truth_file}', all_varchar = true)").fetchall())
    pairs = db.sql(
        f"""select id_l::varchar, id_r::varchar, p from read_parquet('{pairs_file}')
            where p >= {min(THRESHOLDS)} order by p desc"""
    ).fetchall()
    total = pairs_of(collections.Counter(truth.values()).values())
    parents = {}

    def root(record):
        top = record
        while (above := parents.get(top, top)) != top:
            top = above
        while (above := parents.get(record, record)) != top:
            parents[record] = top
            record = above
        return top

    best, place = None, 0
    for threshold in THRESHOLDS:
        while place < len(pairs) and pairs[place][2] >= threshold:
            left, right = root(pairs[place][0]), root(pairs[place][1])
            parents[right] = left
            place += 1
        groups, cells = collections.Counter(), collections.Counter()
        for record, cluster in truth.items():
            top = root(record)
            groups[top] += 1
            cells[top, cluster] += 1
        claimed, right_pairs = pairs_of(groups.values()), pairs_of(cells.values())
        precision = right_pairs / claimed if claimed else 1.0
        recall = right_pairs / total if total else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        if best is None or f1 > best["f1"]:
            best = {"threshold": threshold, "precision": precision, "recall": recall, "f1": f1}
    print(json.dumps(best))


main()
