"""What the second reader makes of erasures, in commits made up for it."""

import unittest

import erasures
from steward_reader import Wrong, require

LEAF = "aa" * 32


def settled(redacted, listed=True, finished=True, leaf=LEAF):
    """The events of a first commit, of which one is erased by the second."""
    gone = {"kind": "erased", "data": {"leaf": LEAF}}
    there = {"kind": "exported", "data": {"destination": "ada.csv"}}
    commits = [{"sequence": 1, "events": [gone if redacted else there]}]
    if listed:
        instead = {"kind": "exported", "version": 1, "data": {}}
        place = {"sequence": 1, "index": 0, "leaf": leaf, "instead": instead}
        commits.append({"sequence": 2, "events": [{"kind": "event_erased", "data": place}]})
    if finished:
        of = {"kind": "erasure_finished", "data": {"of": 2}}
        commits.append({"sequence": 3, "events": [of]})
    leaves = {1: [(bytes.fromhex(LEAF), redacted)]}
    return erasures.settle(commits, leaves, require)[0]["events"]


class Erasures(unittest.TestCase):
    def test_what_was_put_in_its_place_is_read_from_the_first_step_on(self):
        expected = [{"kind": "exported", "data": {}}]
        self.assertEqual(settled(redacted=True), expected)
        self.assertEqual(settled(redacted=False, finished=False), expected)

    def test_nothing_is_erased_without_right_or_left_when_it_should_be_gone(self):
        for case in (
            dict(redacted=True, listed=False, finished=False),
            dict(redacted=True, leaf="bb" * 32),
            dict(redacted=False, finished=False, leaf="bb" * 32),
            dict(redacted=False),
        ):
            with self.subTest(case), self.assertRaises(Wrong):
                settled(**case)


if __name__ == "__main__":
    unittest.main()
