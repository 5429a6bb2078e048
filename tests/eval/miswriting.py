"""What people's fingers do to a question. Seeded: the same every time. Written apart from what repairs it."""

from __future__ import annotations

import random
import re

SHARE = 0.2  # of the words have a slip

_RUSSIAN, _ENGLISH = "абвгдежзийклмнопрстуфхцчшщъыьэюя", "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)

# Key by key, the rows of the two keyboards.
_ROWS_RU = "ёйцукенгшщзхъфывапролджэячсмитьбю"
_ROWS_EN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_UPPER_RU = _ROWS_RU.upper()
_UPPER_EN = '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>'
_TO_EN = str.maketrans(_ROWS_RU + _UPPER_RU + "?.,", _ROWS_EN + _UPPER_EN + "&/?")
_TO_RU = str.maketrans(_ROWS_EN + _UPPER_EN + "?", _ROWS_RU + _UPPER_RU + ",")

_ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_SCHEMES = (  # a passport, a chat, a library, another chat
    "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia",
    "a b v g d e yo zh z i y k l m n o p r s t u f h ts ch sh sch _ y _ e yu ya",
    "a b v g d e jo zh z i j k l m n o p r s t u f h c ch sh shh _ y ' e ju ja",
    "a b v g d e e j z i i k l m n o p r s t u f x c ch sh sh _ y _ e u ya",
)
_LATIN = tuple(
    {letter: latin.replace("_", "") for letter, latin in zip(_ALPHABET, scheme.split(), strict=True)}
    for scheme in _SCHEMES
)


def with_slips(text: str, chance: random.Random) -> str:
    """In that share of the words of three letters and more one letter is swapped, left out, added or another."""
    return re.sub(r"[^\W\d_]{3,}", lambda word: _slip(word[0], chance) if chance.random() < SHARE else word[0], text)


def _slip(word: str, chance: random.Random) -> str:
    letters = _RUSSIAN if _CYRILLIC.search(word) else _ENGLISH
    at, kind = chance.randrange(len(word)), chance.randrange(4)
    if kind == 0:
        at = min(at, len(word) - 2)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    return word[:at] + chance.choice(letters) + word[at + (kind == 3) :]


def on_the_english_keyboard(text: str) -> str:
    """Russian, typed while the keyboard was English."""
    return text.translate(_TO_EN)


def on_the_russian_keyboard(text: str) -> str:
    """English, typed while the keyboard was Russian."""
    return text.translate(_TO_RU)


def in_latin_letters(text: str, chance: random.Random) -> str:
    """Russian in Latin letters, by one of the ways in which people do it."""
    latin = chance.choice(_LATIN)
    return "".join(latin.get(letter, letter) for letter in text.casefold())
