"""Plays the fixtures of hub/1 against hub1.py: python3 check_fixtures.py [folder of the fixtures]"""

import json
import sys
from pathlib import Path

from hub1 import GIVE_UP, Copy, NotHub1, Resync, digest_of, h32, read_frame, with_ops

FOLDER = Path(__file__).resolve().parents[2] / "packages/live/fixtures"


def check_digest(fixture):
    for case in fixture["hashes"]:
        yield f"h32 of {case['text']!r}", h32(case["text"]), case["h32"]
    for case in fixture["maps"]:
        yield case["name"], digest_of(case["entries"]), case["digest"]


def asked_of(effect, wanted):
    """A Resync in the fixture's words."""
    if not isinstance(effect, Resync):
        return None
    asked = {"why": effect.why}
    if effect.position is not None:
        asked["e"], asked["o"] = effect.position
    if wanted is not None and "dg" in wanted:
        asked["dg"] = effect.digest
    return asked


def copy_of(copy):
    position = None if copy.position is None else {"e": copy.position[0], "o": copy.position[1]}
    values = {key: value for key, (value, _) in copy.entries.items()}
    return {"follows": copy.follows, "position": position, "digest": copy.digest, "map": values}


def check_replica(fixture):
    for scenario in fixture["scenarios"]:
        copy = Copy(fixture["topic"])
        now_ms = 0
        for number, step in enumerate(scenario["steps"], 1):
            where = f"{scenario['name']}, step {number}"
            now_ms = step.get("at", now_ms)
            effects = []
            if step.get("lost"):
                copy.lost()
            elif "frame" in step:
                effects = [copy.receive(message, now_ms) for message in read_frame(json.dumps(step["frame"]))]
            effect = next((one for one in effects if one is not None), None)
            yield f"{where}: asks", asked_of(effect, step.get("asks")), step.get("asks")
            yield f"{where}: gives up", effect is GIVE_UP, step.get("givesUp", False)
            if "copy" in step:
                yield f"{where}: copy", copy_of(copy), step["copy"]


def check_malformed(fixture):
    for case in fixture["fromHub"]:
        try:
            read_frame(case["text"])
            found = "messages"
        except NotHub1:
            found = "notHub1"
        yield case["name"], found, case["is"]


def check_squash(fixture):
    # What holds whatever was there before holds for a map with some of the keys.
    before = {"a": ("old", 1), "b": ("old", 1), "z": ("old", 1)}
    for case in fixture["cases"]:
        single = before
        for delta in case["deltas"]:
            single = with_ops(single, delta["ops"], delta["o"])
        squashed = case["squashed"]
        yield case["name"], with_ops(before, squashed["ops"], squashed["o"]), single


CHECKS = {
    "digest.json": check_digest,
    "replica.json": check_replica,
    "malformed.json": check_malformed,
    "squash.json": check_squash,
}


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    passed = failed = 0
    for name, check in CHECKS.items():
        fixture = json.loads((folder / name).read_text(encoding="utf-8"))
        for what, found, wanted in check(fixture):
            # As JSON, so that 1 and True are not the same.
            if json.dumps(found, sort_keys=True) == json.dumps(wanted, sort_keys=True):
                passed += 1
            else:
                failed += 1
                print(f"{name}: {what}\n  found  {found}\n  wanted {wanted}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
