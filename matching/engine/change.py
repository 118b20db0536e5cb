"""What a change of prices may have made of the pairs that a solution left out, compiled: looked at person by person."""

from matching.engine.board import NOWHERE, Ints
from matching.engine.columns import Flags
from matching.engine.compiled import Int, compiled, inlined
from matching.engine.rules import LEAST_SHARED_QUARTERS, kinds_fit, quarters, two_fit
from matching.engine.scene import Scene
from matching.engine.scoring import AVAILABILITY, best_fit, fit, of_hours
from matching.engine.week import Whole

NOT_ELIGIBLE = -1


@inlined
def _worth(scene: Scene, points: Ints, row: int, j: int, at_least: int) -> Int:
    """The score of a pair whose kinds fit, or NOT_ELIGIBLE for one that a rule excludes or that scores less."""
    score = points[j] + fit(scene, row, j)
    if score + scene.terms.points[AVAILABILITY] < at_least:
        return NOT_ELIGIBLE
    shared = quarters(scene, row, j)
    score += of_hours(scene, shared)
    if shared < LEAST_SHARED_QUARTERS or score < at_least or not two_fit(scene, row, j):
        return NOT_ELIGIBLE
    return score


@compiled
def for_newcomer(
    scene: Scene, points: Ints, place: Ints, price: Whole, row: int, asked: int, sponsors: Ints, scores: Whole
) -> int:
    """Find the sponsors who are worth more to a newcomer than they cost.

    Args:
        scene, points: The newcomers and the pool; what each sponsor of the pool brings to every pair.
        place: (people of the pool,) each row's place, or NOWHERE.
        price: (places,) of one seat.
        row: The newcomer's row in the scene.
        asked: What a score must exceed, beside the price.
        sponsors, scores: Take the places and the scores.

    Returns:
        How many there are.
    """
    size = 0
    a = scene.one.rows[row].kind
    for b in range(len(scene.many.kinds)):
        if scene.many.first[b] == scene.many.first[b + 1] or not kinds_fit(scene, a, b):
            continue
        most = best_fit(scene, row, b)
        for j in range(scene.many.first[b], scene.many.first[b + 1]):
            if place[j] == NOWHERE or points[j] < 0:
                continue
            least = max(asked + price[place[j]] + 1, 0)
            if points[j] + most < least:
                continue
            score = _worth(scene, points, row, j, least)
            if score != NOT_ELIGIBLE:
                sponsors[size], scores[size] = place[j], score
                size += 1
    return size


@compiled
def for_sponsor(
    scene: Scene,
    points: Ints,
    j: int,
    price: int,
    spot: Ints,
    asked: Whole,
    fitting: Flags,
    newcomers: Ints,
    scores: Whole,
) -> int:
    """Find the newcomers who are worth more to a sponsor than they are asked.

    Args:
        scene, points: As above; j: the sponsor's row in the pool; price: of one seat.
        spot: (rows of the scene,) each newcomer's place, or NOWHERE.
        asked: (places,) what a score must exceed, beside the price.
        fitting: (kinds of newcomers,) room.
        newcomers, scores: Take the places and the scores.

    Returns:
        How many there are.
    """
    size = 0
    b = scene.many.rows[j].kind
    for a in range(len(scene.one.kinds)):
        fitting[a] = kinds_fit(scene, a, b)
    for row in range(len(spot)):
        i = spot[row]
        if i != NOWHERE and fitting[scene.one.rows[row].kind]:
            score = _worth(scene, points, row, j, max(asked[i] + price + 1, 0))
            if score != NOT_ELIGIBLE:
                newcomers[size], scores[size] = i, score
                size += 1
    return size
