"""The families of figures that are held against their history, each with its floor."""

from collections.abc import Mapping

# How far a family of measures may move before anybody cares, whatever history says.
FLOORS: Mapping[str, float] = {
    "unusual volume": 0.5,
    "missing values": 0.10,
    "one value on many rows": 0.05,
    "wrong format": 0.10,
    "broken encoding": 0.02,
    "another mix of values": 0.15,
    "amounts of another size": 0.40,
    "decimals lost": 0.10,
    "sign turned round": 0.05,
    "shifted clock": 0.20,
    "repeated content": 0.10,
    "day and month swapped": 0.15,
    "keys taken over by others": 0.05,
    "lines without their order": 0.02,
    "lines disagree with their order": 0.05,
    "old rows": 0.8,
    "dates in the future": 0.05,
    "known rows changed": 0.20,
    "keys numbered anew": 0.15,
    "references to nothing": 0.05,
    "part of a source missing": 0.10,
    "coverage lost": 0.05,
    "linked otherwise": 0.08,
    "strangers linked": 0.02,
    "ids changed": 0.03,
    "model less sure": 0.05,
    "golden values flipped": 0.02,
    "main metrics drifted": 0.20,
}
# How many robust standard deviations of its history a figure may move. What is one figure in
# thousands must move far before it means something.
VARIATION = 5.0
# A figure that sums up many values that come and go by themselves has no long tails, and there are
# few of them: less is enough.
VARIATIONS: Mapping[str, float] = {"part of a source missing": 3.0}
