"""A password is what nobody guesses early: long, and not put together from what everybody tries first."""

import time
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts import passwords
from accounts.models import User

GOOD = (
    "correct horse battery staple",
    "the kettle sings at seven",
    "mi abuela vende flores azules",
    "trois chats mangent du pain",
    "my dog likes old shoes",
    "el perro come pan",
    "gato negro luna llena",
    "Xk3#vTq9Lm2&wPz8",
    "ftqnwpzlvkhrcbx",
    "犬が赤い靴を食べた朝の庭にて",
)
BREACHED = (
    "passwordpassword",
    "password1234567",
    "Password123456!",
    "P@ssw0rdP@ssw0rd",
    "qwertyuiopasdfgh",
    "poiuytrewqlkjhgf",
    "123456789012345",
    "aaaaaaaaaaaaaaaaaa",
    "abcdefghijklmnop",
    "iloveyouiloveyou",
    "letmeinletmein123",
    "monkeymonkey2024",
    "dragon monkey foot",
    "sunshine-sunshine",
    "motdepassemotdepasse",
    "contraseñacontraseña",
    "jesusjesusjesus1",
    "one day at a time",
    "onedayatatime1935",
    "un jour à la fois 2020",
    "drowssapdrowssap",
)


def refused(password: str, user: User | None = None) -> set[str]:
    """The reasons for which it is not taken."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


@pytest.mark.parametrize("password", [one for one in GOOD if len(one) >= passwords.SHORTEST])
def test_a_few_words_of_any_language_or_a_random_text_will_do(password: str) -> None:
    assert refused(password) == set()


@pytest.mark.parametrize("password", BREACHED)
def test_what_is_tried_first_is_refused_though_it_is_long(password: str) -> None:
    assert refused(password) == {"password_too_common"}


def test_control_the_list_alone_would_let_almost_all_of_them_through() -> None:
    """The negative control: Django's own look into the list of breached passwords, without taking them apart."""
    listed = CommonPasswordValidator().passwords
    assert sum(one.lower() in listed for one in BREACHED) <= 4


@pytest.mark.parametrize(("length", "codes"), [(14, {"password_too_short"}), (15, set()), (128, set())])
def test_from_15_characters_to_128(length: int, codes: set[str]) -> None:
    text = "vkqzjwpxmtrfbgnhdlcsy"
    assert refused((text[::-1] + "8" + text + "kf wq nb zt hx rp vd cj mg ls " * 9)[:length]) == codes
    assert refused((text + "q wj zk " * 30)[:129]) >= {"password_too_long"}


def test_nothing_is_asked_of_what_is_in_it() -> None:
    """NIST SP 800-63B-4: no rule of composition."""
    assert refused("blue lamp near the river") == refused("quietly seven foxes wander") == set()


def test_what_others_know_of_the_account_counts_for_nothing(ana: User) -> None:
    ana.email = "penelope.quartzwood@example.org"
    ana.save()
    ana.profile.first_name = "Wilhelmine"
    ana.profile.save()
    for password in ("penelope.quartzwood", "quartzwoodpenelope1", "WilhelmineWilhelmine9", "two lights two lights"):
        assert refused(password, ana) == {"password_too_common"}, password
    assert refused("quartzwoodpenelope1") == set()


@given(st.text(max_size=200))
def test_any_text_has_a_price_and_more_of_it_never_costs_less(text: str) -> None:
    price = passwords.bits(text)
    assert price >= 0
    assert passwords.bits(text + "7q") >= price - 1e-9


def test_one_form_whichever_keyboard_it_was_typed_on() -> None:
    composed, apart, wide = "ni\u00f1o azul en la playa", "nin\u0303o azul en la playa", "ｎｉñｏ azul en la playa"
    assert passwords.plain(composed) == passwords.plain(apart) == passwords.plain(wide)


def test_the_longest_is_weighed_in_no_time() -> None:
    passwords.bits("warm up")
    began = time.process_time()
    passwords.bits("correct horse battery staple " * 5)
    assert time.process_time() - began < 0.2


def test_it_needs_no_network_and_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: 1 / 0)
    with connection.execute_wrapper(lambda *_: 1 / 0):
        assert passwords.bits("passwordpassword") < passwords.ENOUGH
    source = Path(passwords.__file__).read_text()
    assert not [word for word in ("http", "urllib", "socket") if word in source]
