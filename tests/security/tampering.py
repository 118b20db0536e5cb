"""What somebody does to the audit who has the database for themself, and not the key: past every trigger."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

ENTRY, LINK, WAITING, HEADS = (f"accounts_audit{name}" for name in ("entry", "link", "waiting", "heads"))
Dice = random.Random

COLUMNS = {
    "at": "at + interval '1 microsecond'",
    "actor": "gen_random_uuid()",
    "verb": "verb || '.'",
    "target_kind": "target_kind || 'x'",
    "target_id": "target_id || '1'",
    "member": "gen_random_uuid()",
    "intergroup_id": "coalesce(intergroup_id, 0) + 1000",
    "ids": """ids || '{"more": "1"}'""",
    "proof": "set_byte(proof, 20, get_byte(proof, 20) # 1)",
}


@contextmanager
def past_triggers() -> Iterator[Any]:
    """A cursor of a superuser who switched the triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def one(cursor: Any, dice: Dice, table: str, column: str = "id") -> int:
    cursor.execute(f"SELECT {column} FROM {table} ORDER BY {column}")
    return int(dice.choice(cursor.fetchall())[0])


def linked(cursor: Any, dice: Dice) -> int:
    """The id of some entry that a chain holds."""
    return one(cursor, dice, LINK, "entry")


def alter(cursor: Any, dice: Dice) -> None:
    """Change one column of an entry."""
    column = dice.choice(sorted(COLUMNS))
    cursor.execute(f"UPDATE {ENTRY} SET {column} = {COLUMNS[column]} WHERE id = %s", [one(cursor, dice, ENTRY)])


def delete(cursor: Any, dice: Dice) -> None:
    """Take an entry away."""
    cursor.execute(f"DELETE FROM {ENTRY} WHERE id = %s", [one(cursor, dice, ENTRY)])


def delete_with_link(cursor: Any, dice: Dice) -> None:
    """Take an entry away with its link, and close the gap."""
    entry = linked(cursor, dice)
    cursor.execute(f"DELETE FROM {LINK} WHERE entry = %s RETURNING office, place", [entry])
    office, place = cursor.fetchone()
    cursor.execute(f"DELETE FROM {ENTRY} WHERE id = %s", [entry])
    cursor.execute(f"SELECT id FROM {LINK} WHERE office = %s AND place > %s ORDER BY place", [office, place])
    for (after,) in cursor.fetchall():
        cursor.execute(f"UPDATE {LINK} SET place = place - 1 WHERE id = %s", [after])


def swap_links(cursor: Any, dice: Dice) -> None:
    """Let two links of a chain hold each other's entry."""
    cursor.execute(f"SELECT office FROM {LINK} GROUP BY office HAVING count(*) > 1 ORDER BY 1")
    office = dice.choice(cursor.fetchall())[0]
    cursor.execute(f"SELECT id, entry FROM {LINK} WHERE office = %s ORDER BY place", [office])
    (first, one_entry), (second, other_entry) = dice.sample(cursor.fetchall(), 2)
    for row, entry in ((first, -1), (second, one_entry), (first, other_entry)):
        cursor.execute(f"UPDATE {LINK} SET entry = %s WHERE id = %s", [entry, row])


def swap_entries(cursor: Any, dice: Dice) -> None:
    """Let two entries change their numbers, each with its proof."""
    cursor.execute(f"SELECT entry FROM {LINK} ORDER BY entry")
    first, second = (row[0] for row in dice.sample(cursor.fetchall(), 2))
    for before, after in ((first, -1), (second, first), (-1, second)):
        cursor.execute(f"UPDATE {ENTRY} SET id = %s WHERE id = %s", [after, before])


def cut_the_tail(cursor: Any, dice: Dice) -> None:
    """Take the last entries of a chain away, with their links."""
    office = one(cursor, dice, LINK, "office")
    cursor.execute(f"SELECT place FROM {LINK} WHERE office = %s", [office])
    place = dice.choice(cursor.fetchall())[0]
    cursor.execute(f"DELETE FROM {LINK} WHERE office = %s AND place >= %s RETURNING entry", [office, place])
    cursor.execute(f"DELETE FROM {ENTRY} WHERE id = ANY(%s)", [[row[0] for row in cursor.fetchall()]])


def cut_the_tail_and_say_so(cursor: Any, dice: Dice) -> None:
    """The same, and the heads tell of what is left; their proof can't be made without the key."""
    cut_the_tail(cursor, dice)
    cursor.execute(
        f"""UPDATE {HEADS} SET chains = (
            SELECT coalesce(jsonb_object_agg(office, jsonb_build_object(
                'count', count, 'last', last, 'cut', 0, 'cut_last', repeat('0', 64))), '{{}}')
            FROM (SELECT DISTINCT ON (office) office, place AS count, encode(value, 'hex') AS last
                    FROM {LINK} ORDER BY office, place DESC) ends)"""
    )


def take_an_office(cursor: Any, dice: Dice) -> None:
    """Take a whole chain away, out of the heads too."""
    office = one(cursor, dice, LINK, "office")
    cursor.execute(f"DELETE FROM {LINK} WHERE office = %s RETURNING entry", [office])
    cursor.execute(f"DELETE FROM {ENTRY} WHERE id = ANY(%s)", [[row[0] for row in cursor.fetchall()]])
    cursor.execute(f"UPDATE {HEADS} SET chains = chains - %s", [str(office)])


def take_the_heads(cursor: Any, dice: Dice) -> None:
    cursor.execute(f"DELETE FROM {HEADS}")


def smuggle_in(cursor: Any, dice: Dice) -> None:
    """Write an entry without the key; the triggers let it wait for its link as every other."""
    cursor.execute("SET LOCAL session_replication_role = origin")
    cursor.execute(
        f"INSERT INTO {ENTRY} (at, verb, target_kind, target_id, ids, proof) "
        "SELECT at, verb || 'x', target_kind, target_id, ids, set_byte(proof, 0, get_byte(proof, 0) # 1) "
        f"FROM {ENTRY} WHERE id = %s",
        [one(cursor, dice, ENTRY)],
    )


def hide_from_the_chain(cursor: Any, dice: Dice) -> None:
    """Let an entry be forgotten before it is linked."""
    cursor.execute(f"DELETE FROM {WAITING} WHERE entry = %s", [one(cursor, dice, WAITING, "entry")])


def forge_a_link(cursor: Any, dice: Dice) -> None:
    cursor.execute(f"UPDATE {LINK} SET value = sha256(value) WHERE id = %s", [one(cursor, dice, LINK)])


DEEDS: list[Callable[[Any, Dice], None]] = [
    alter,
    delete,
    delete_with_link,
    swap_links,
    swap_entries,
    cut_the_tail,
    cut_the_tail_and_say_so,
    take_an_office,
    take_the_heads,
    smuggle_in,
    hide_from_the_chain,
    forge_a_link,
]
