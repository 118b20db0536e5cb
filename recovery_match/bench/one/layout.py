"""The structs of scan.c, field by field, as numpy lays them out."""

import numpy as np

from recovery_match.bench.columns import MOST_VISITS

SPONSOR = np.dtype(
    [
        ("week", "<u8", 3),
        ("alone", "<i4"),
        ("place", "<u4"),
        ("home", "<i4"),
        ("visits", "<i4", MOST_VISITS),
        ("rank", "<u4"),
        ("modes", "u1"),
        ("taste", "u1"),
        ("stated", "u1"),
        ("unused", "u1", 9),
    ]
)
"""64 bytes: a line of the cache."""

BUCKET = np.dtype(
    [
        ("first", "<i8"),
        ("last", "<i8"),
        ("fellowship", "u1"),
        ("gender", "u1"),
        ("comfortable", "u1"),
        ("languages", "u1"),
        ("unused", "u1", 4),
    ]
)

NEWCOMER = np.dtype(
    [
        ("week", "<u8", 3),
        ("near", "<u8"),
        ("tastes", "<u8"),
        ("hours", "<u8"),
        ("meetings", "<i4", 4),
        ("apart", "<i4"),
        ("same_home", "<i4"),
        ("unstated", "<i4"),
        ("most_hours", "<i4"),
        ("most_home", "<i4"),
        ("home", "<i4"),
        ("visits", "<i4", MOST_VISITS),
        ("fellowship", "u1"),
        ("gender", "u1"),
        ("comfortable", "u1"),
        ("languages", "u1"),
        ("modes", "u1"),
        ("stated", "u1"),
        ("unused", "u1", 6),
    ]
)

FOUND = np.dtype([("score", "<i4"), ("rank", "<u4"), ("row", "<i8")])
