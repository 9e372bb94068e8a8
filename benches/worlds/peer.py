"""peer.py RECORDS TRUTH: Splink on a world, with plain settings.

RECORDS has id, source and the fields of a world in one layout, TRUTH id and cluster. What is
compared, and by which rules pairs are found, follows from which columns hold values; nothing is tuned
to a world. Prints one JSON line: F1 of the pairs inside clusters at .95 and at the best threshold, F1 of
pairs at the best threshold, CPU seconds."""
import collections
import json
import logging
import sys
import time
import warnings

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

THRESHOLDS = (0.999, 0.99, 0.98, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.3, 0.1)
# Cleaned as anybody would: lower case, no accents, only the signs that count.
CLEAN = {
    "given_name": "regexp_replace(lower(strip_accents(given_name)), '[^a-z ]', '', 'g')",
    "family_name": "regexp_replace(lower(strip_accents(family_name)), '[^a-z ]', '', 'g')",
    "organisation": "trim(regexp_replace(lower(strip_accents(organisation)), '[^a-z0-9 ]', '', 'g'))",
    "birth_date": "birth_date",
    "gender": "gender",
    "email": "lower(email)",
    "phone": "right(regexp_replace(phone, '[^0-9]', '', 'g'), 9)",
    "street": "lower(strip_accents(street))",
    "city": "lower(strip_accents(city))",
    "postcode": "upper(replace(postcode, ' ', ''))",
    "number": "number",
}
RULES = [
    ("email",), ("phone",), ("number",), ("family_name", "given_name"), ("family_name", "birth_date"),
    ("given_name", "birth_date"), ("family_name", "postcode"), ("given_name", "postcode"),
    ("birth_date", "postcode"), ("street", "postcode"), ("organisation",), ("organisation_start", "city"),
]
SURE = [("given_name", "family_name", "birth_date"), ("given_name", "family_name", "email"), ("email", "street"),
        ("given_name", "family_name", "street"), ("organisation", "street"), ("organisation", "phone")]


def main():
    records, truth_file = sys.argv[1:]
    db = duckdb.connect()
    columns = ", ".join(f"nullif({how}, '') as {name}" for name, how in CLEAN.items())
    db.execute(f"create table cleaned as select id, {columns} from read_csv('{records}', all_varchar = true)")
    db.execute("create table people as select *, left(organisation, 5) as organisation_start from cleaned")
    held = {name for name in CLEAN if db.sql(f"select count({name}) from people").fetchone()[0] > 0}
    held |= {"organisation_start"} & {f"{name}_start" for name in held}
    pairs = linked(db, held)
    print(json.dumps({**scored(db, truth_file, pairs), "cpu": round(time.process_time(), 2)}))


def linked(db, held):
    def blocks(rules):
        return [block_on(*rule) for rule in rules if held.issuperset(rule)]

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=comparisons(held),
        blocking_rules_to_generate_predictions=blocks(RULES),
    )
    linker = Linker(DuckDBAPI(connection=db).register(db.table("people")), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(blocks(SURE) or blocks(RULES)[:1], recall=0.7)
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in blocks([("family_name", "given_name"), ("email",), ("phone",), ("organisation",), ("street", "postcode")])[:3]:
        try:
            training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
        except Exception:  # A block without pairs teaches nothing: Splink's defaults stand.
            continue
    found = linker.inference.predict(threshold_match_probability=0.01)
    return db.sql(f"select id_l, id_r, match_probability from {found.physical_name} order by 3 desc, 1, 2").fetchall()


def comparisons(held):
    known = {
        "organisation": cl.JaroWinklerAtThresholds("organisation", [0.95, 0.88]),
        "birth_date": cl.DateOfBirthComparison("birth_date", input_is_string=True),
        "email": cl.EmailComparison("email"),
        "phone": cl.DamerauLevenshteinAtThresholds("phone", [1]),
        "street": cl.JaroWinklerAtThresholds("street", [0.95, 0.88]),
        "city": cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        "postcode": cl.DamerauLevenshteinAtThresholds("postcode", [1]),
        "number": cl.DamerauLevenshteinAtThresholds("number", [1]),
        "gender": cl.ExactMatch("gender"),
    }
    people = []
    if {"given_name", "family_name"} <= held:
        people = [cl.ForenameSurnameComparison("given_name", "family_name")]
    return people + [comparison for name, comparison in known.items() if name in held]


def scored(db, truth_file, pairs):
    truth = dict(db.sql(f"select id, cluster from read_csv('{truth_file}', all_varchar = true)").fetchall())
    total = pairs_of(collections.Counter(truth.values()).values())
    right, best_pairs = 0, 0.0
    for number, (left, second, _) in enumerate(pairs, 1):
        right += truth[left] == truth[second]
        best_pairs = max(best_pairs, f1(right, number, total))
    by_threshold = clusters(truth, pairs, total)
    return {"clusters": by_threshold[0.95], "best_clusters": max(by_threshold.values()), "best_pairs": best_pairs}


def clusters(truth, pairs, total):
    """F1 of the pairs inside connected components, by threshold."""
    parents, place, found = {}, 0, {}

    def root(record):
        top = record
        while (above := parents.get(top, top)) != top:
            top = above
        parents[record] = top
        return top

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
        found[threshold] = f1(pairs_of(cells.values()), pairs_of(groups.values()), total)
    return found


def pairs_of(sizes):
    return sum(size * (size - 1) // 2 for size in sizes)


def f1(right, claimed, total):
    return 2 * right / (claimed + total) if claimed + total else 1.0


main()
