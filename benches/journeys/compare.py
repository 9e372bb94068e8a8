"""compare.py STEWARD: what steward and retentioneering say of the same funnels. Prints a line for each."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pandas
import retentioneering
from retentioneering.eventstream.eventstream import Eventstream

FUNNELS = [
    ["home", "catalog", "product_view", "add_to_cart", "cart", "payment_details", "purchase"],
    ["home", "purchase"],
    ["catalog", "product_view", "catalog", "product_view"],
    ["product_view", "wishlist_add", "purchase", "review_page"],
    ["payment_error", "support_chat", "purchase"],
    ["purchase", "purchase", "purchase"],
]


def main():
    steward = sys.argv[1]
    package = pathlib.Path(retentioneering.__file__).parent
    events = pandas.read_csv(package / "datasets" / "ecom.csv.gz")
    workspace, register = pathlib.Path("workspace"), pathlib.Path("register")
    shutil.rmtree(workspace, ignore_errors=True)
    shutil.rmtree(register, ignore_errors=True)
    workspace.mkdir()
    events.insert(0, "id", range(len(events)))
    events.to_csv(workspace / "events.csv", index=False)
    events[["user_id"]].drop_duplicates().to_csv(workspace / "users.csv", index=False)

    journeys = ""
    for number, steps in enumerate(FUNNELS):
        # Two steps of one kind have names of their own.
        written = [f'{{ name = "{place}-{step}", kinds = "{step}" }}' for place, step in enumerate(steps)]
        journeys += f'[[journeys]]\nid = "f{number}"\nsteps = [{", ".join(written)}]\n'
    settings = """[workspace]
name = "clickstream"
[fields.user]
type = "identifier"
[sources.shop]
key = "user_id"
map = { user = "user_id" }
[streams.events]
source = "shop"
kind = { column = "event" }
key = "id"
at = "timestamp"
subject = { key = "user_id" }
""" + journeys
    environment = {**os.environ, "XDG_DATA_HOME": str(register.absolute())}

    def run(*arguments):
        told = subprocess.run(
            [steward, *arguments], cwd=workspace, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return told.stdout

    run("init")
    (workspace / "steward.toml").write_text(settings)
    run("govern", "adopt", "--yes")
    run("import", "users.csv", "--source", "shop")
    run("import", "events.csv", "--stream", "events")
    counted = {it["id"]: it for it in map(json.loads, run("journeys", "--json").splitlines())}

    stream = Eventstream(events)
    differ = 0
    for number, steps in enumerate(FUNNELS):
        own = [step["reached"] for step in counted[f"f{number}"]["steps"]]
        theirs = [step["unique_paths"] for step in stream.funnel_data(steps)["steps"]]
        differ += own != theirs
        print("equal" if own == theirs else "DIFFERS", " > ".join(steps), own, theirs)
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
