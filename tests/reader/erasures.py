"""What was erased, and what is read in its place, as FORMAT.md says under *Erasing*."""


def settle(commits, leaves, require):
    """Checks that what is redacted was erased with right, and puts in its place what is to be read.

    `commits` are all commits as objects; `leaves` has for each, by its number, a list of
    (leaf, whether it is redacted) of its events; `require(holds, sentence)` refuses.
    """
    listed, finished = {}, set()
    for commit in commits:
        for event in commit["events"]:
            data = event["data"]
            if event["kind"] == "event_erased":
                place = (data["sequence"], data["index"])
                listed[place] = (data["leaf"], data.get("instead"), commit["sequence"])
            elif event["kind"] == "erasure_finished":
                finished.add(data["of"])
    for number, of_commit in leaves.items():
        for index, (leaf, redacted) in enumerate(of_commit):
            erased = listed.get((number, index))
            where = f"event {index} of commit {number}"
            if redacted:
                right = erased is not None and erased[0] == leaf.hex()
                require(right, f"{where} is redacted, and no event_erased lists it")
            elif erased is not None:
                require(erased[2] not in finished, f"{where} is live after its erasure")
                require(erased[0] == leaf.hex(), f"{where} is listed with another leaf")
    for commit in commits:
        for index, event in enumerate(commit["events"]):
            place = (commit["sequence"], index)
            if place in listed:
                leaf, instead, _ = listed[place]
                replaced = instead or {"kind": "erased", "data": {"leaf": leaf}}
                event.clear()
                event.update(kind=replaced["kind"], data=replaced["data"])
    return commits
