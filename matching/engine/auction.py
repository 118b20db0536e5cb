"""Prices near those of the optimum, by auction: quick, and good enough to tell which pairs are worth looking at.

Whoever has no seat bids for the one they would keep the most of, so much that the next best would be as good, and a
step more; whoever had it looks on (Bertsekas 1988). Then seats that nobody took at their price are offered for less
(the reverse auction: Bertsekas and Castanon 1992). Nobody is further than a step from the best they could have.
"""

from typing import NamedTuple

import numpy as np

from matching.engine.compiled import Int, compiled, inlined
from matching.engine.graph import NOBODY, Graph, Ints
from matching.engine.week import Whole

MOST_BIDS = 100
"""Bids for each newcomer and seat, beyond which an auction ends where it is: any prices will do to go on from."""


class Auction(NamedTuple):
    """How an auction stands.

    Attributes:
        first: (sponsors + 1,) where each sponsor's seats begin; sponsor: (seats,) whose each is.
        price, taken: (seats,) of each seat, and the newcomer who has it, or NOBODY.
        ask: (sponsors,) the lowest price of their seats.
        seat, gain: (newcomers,) the seat each has, or NOBODY; and what they keep at most.
        line: Room for those who wait: newcomers or seats.
    """

    first: Whole
    sponsor: Ints
    price: Whole
    taken: Ints
    ask: Whole
    seat: Ints
    gain: Whole
    line: Ints

    @classmethod
    def of(cls, newcomers: int, seats: Whole, price: Whole) -> "Auction":
        """Nobody has a seat yet; all of a sponsor's seats have the same price."""
        many = np.minimum(seats, max(newcomers, 1))
        sponsor = np.repeat(np.arange(len(seats), dtype=np.int32), many)
        return cls(
            first=np.concatenate(([0], np.cumsum(many))),
            sponsor=sponsor,
            price=price[sponsor],
            taken=np.full(len(sponsor), NOBODY, dtype=np.int32),
            ask=price.copy(),
            seat=np.full(newcomers, NOBODY, dtype=np.int32),
            gain=np.zeros(newcomers, dtype=np.int64),
            line=np.empty(max(newcomers, len(sponsor)), dtype=np.int32),
        )


class Theirs(NamedTuple):
    """The pairs of a graph once more, those of a sponsor side by side: they are read much more often than made.

    Attributes:
        newcomer, worth: (pairs,) in the order of `Graph.pairs_of`.
    """

    newcomer: Ints
    worth: Whole


def hold(graph: Graph, auction: Auction, step: int) -> None:
    """Go on with this step: the smaller, the nearer to the optimum, and the longer it takes."""
    theirs = Theirs(graph.newcomer[graph.pairs_of], graph.worth[graph.pairs_of])
    _hold(graph, theirs, auction, step, MOST_BIDS * (len(auction.seat) + len(auction.price)))


@compiled
def _hold(graph: Graph, theirs: Theirs, auction: Auction, step: int, bids: int) -> None:
    line, size = auction.line, np.int64(0)
    for i in range(len(auction.seat) - 1, -1, -1):
        if not _content(graph, auction, i, step):
            line[size] = i
            size += 1
    while size > 0 and bids > 0:
        bids -= 1
        size -= 1
        left = _bid(graph, auction, line[size], step)
        if left != NOBODY:
            line[size] = left
            size += 1
    size = np.int64(0)
    for seat in range(len(auction.price) - 1, -1, -1):
        if auction.taken[seat] == NOBODY and auction.price[seat] > 0:
            line[size] = seat
            size += 1
    for i in range(len(auction.seat)):
        auction.gain[i] = _kept(graph, auction, i)
    while size > 0 and bids > 0:
        bids -= 1
        size -= 1
        left = _offer(graph, theirs, auction, line[size], step)
        if left != NOBODY and auction.price[left] > 0:
            line[size] = left
            size += 1
    for i in range(len(auction.seat)):
        auction.gain[i] = max(_kept(graph, auction, i), _best(graph, auction, i))


@inlined
def _best(graph: Graph, auction: Auction, i: int) -> Int:
    """The most that a newcomer could keep."""
    best = np.int64(0)
    for pair in range(graph.first[i], graph.first[i + 1]):
        best = max(best, graph.worth[pair] - auction.ask[graph.sponsor[pair]])
    return best


@inlined
def _kept(graph: Graph, auction: Auction, i: int) -> Int:
    """What a newcomer keeps who has a seat; nought for one who has none."""
    seat = auction.seat[i]
    if seat != NOBODY:
        for pair in range(graph.first[i], graph.first[i + 1]):
            if graph.sponsor[pair] == auction.sponsor[seat]:
                return graph.worth[pair] - auction.price[seat]
    return np.int64(0)


@inlined
def _content(graph: Graph, auction: Auction, i: int, step: int) -> bool:
    """Tell whether a newcomer has what is best but for a step; whoever has not gives their seat back."""
    if auction.seat[i] == NOBODY:
        return False
    if _kept(graph, auction, i) >= _best(graph, auction, i) - step:
        return True
    _vacate(auction, auction.seat[i])
    return False


@inlined
def _vacate(auction: Auction, seat: int) -> None:
    auction.seat[auction.taken[seat]] = NOBODY
    auction.taken[seat] = NOBODY


@inlined
def _take(auction: Auction, seat: int, i: int, price: int) -> None:
    """Let a newcomer have a seat at a price."""
    auction.taken[seat], auction.seat[i], auction.price[seat] = i, seat, price
    _ask(auction, auction.sponsor[seat])


@inlined
def _ask(auction: Auction, j: int) -> None:
    ask = auction.price[auction.first[j]]
    for seat in range(auction.first[j] + 1, auction.first[j + 1]):
        ask = min(ask, auction.price[seat])
    auction.ask[j] = ask


@inlined
def _bid(graph: Graph, auction: Auction, i: int, step: int) -> Int:
    """Let a newcomer bid for the seat of which they would keep the most; gives who had it, or NOBODY."""
    best, second, wish = np.int64(0), np.int64(0), NOBODY
    for pair in range(graph.first[i], graph.first[i + 1]):
        kept = graph.worth[pair] - auction.ask[graph.sponsor[pair]]
        if kept > best:
            best, second, wish = kept, best, pair
        elif kept > second:
            second = kept
    if wish == NOBODY:
        return NOBODY
    j, seat = graph.sponsor[wish], NOBODY
    for one in range(auction.first[j], auction.first[j + 1]):
        if seat == NOBODY and auction.price[one] == auction.ask[j]:
            seat = one
        else:
            second = max(second, graph.worth[wish] - auction.price[one])
    left = auction.taken[seat]
    if left != NOBODY:
        _vacate(auction, seat)
    _take(auction, seat, i, auction.price[seat] + best - second + step)
    return left


@inlined
def _offer(graph: Graph, theirs: Theirs, auction: Auction, seat: int, step: int) -> Int:
    """Offer a free seat for what most would give to have it; gives the seat that whoever takes it leaves, or NOBODY."""
    j = auction.sponsor[seat]
    best, second, who = np.int64(0), np.int64(0), NOBODY
    for at in range(graph.first_of[j], graph.first_of[j + 1]):
        i = theirs.newcomer[at]
        given = theirs.worth[at] - auction.gain[i]
        if given <= second or (auction.seat[i] != NOBODY and auction.sponsor[auction.seat[i]] == j):
            continue
        if given > best:
            best, second, who = given, best, i
        else:
            second = given
    if who == NOBODY or best <= step:
        auction.price[seat] = min(auction.price[seat], max(best, 0))
        _ask(auction, j)
        return NOBODY
    left = auction.seat[who]
    if left != NOBODY:
        _vacate(auction, left)
    price = min(max(second - step, 0), auction.price[seat])
    for at in range(graph.first[who], graph.first[who + 1]):
        if graph.sponsor[at] == j:
            auction.gain[who] = graph.worth[at] - price
    _take(auction, seat, who, price)
    return left
