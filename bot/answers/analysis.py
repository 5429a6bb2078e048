"""Text as a search compares it: words in one spelling, and their Snowball stems, Russian and English in one text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from Stemmer import Stemmer

# What a question is read of: nobody types more, and the rest would only cost time.
MAX_QUESTION = 2000
LONGEST_WORD = 60
AT_ONCE = (
    2000  # characters that are put into one spelling together: marks upon one letter are sorted, which takes its time
)

_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile(r"[а-я]")
# Half a surrogate pair is a legal Python string, and nothing that can be written to a file.
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
# Apostrophes of all kinds, and what stands inside a word unseen: soft hyphens, spaces of no width, marks of stress.
_ODD = re.compile("[’ʼ`\u00ad\u200b\u0301]")
_SPELLINGS = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "\u00ad": None, "\u200b": None, "\u0301": None})
_DENIED = re.compile(r"n't\b")
_POSSESSIVE = re.compile(r"'(?:s|re|ve|ll|d|m)\b")

# A stemmer of PyStemmer keeps its own cache; ours is one dictionary look-up for both.
_RUSSIAN, _ENGLISH = Stemmer("russian", 0), Stemmer("english", 0)


def writable(text: str) -> str:
    """The text without what UTF-8 cannot hold."""
    return _HALF_PAIR.sub(" ", text)


def plain(text: str) -> str:
    """The text in one spelling: NFKC, no case, `е` for `ё`, `not` for `n't`, no possessive endings."""
    folded = "".join(unicodedata.normalize("NFKC", part) for part in _parts(writable(text)))
    folded = folded.casefold().replace("ё", "е")
    if _ODD.search(folded):
        folded = folded.translate(_SPELLINGS)
    if "'" not in folded:
        return folded
    return _POSSESSIVE.sub(" ", _DENIED.sub(" not", folded.replace("can't", "can not")))


def _parts(text: str) -> Iterator[str]:
    """Parted before a space where there is one: a letter and its marks stay together."""
    begin = 0
    while len(text) - begin > AT_ONCE:
        space = text.rfind(" ", begin + 1, begin + AT_ONCE)
        end = begin + AT_ONCE if space < 0 else space
        yield text[begin:end]
        begin = end
    yield text[begin:]


def words(text: str) -> list[str]:
    """All words, in order, in one spelling. A number is a word too."""
    found = _WORD.findall(plain(text))
    if max(map(len, found), default=0) <= LONGEST_WORD:
        return found
    return [word for word in found if len(word) <= LONGEST_WORD]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """What stays of a word, which is in one spelling already, without its endings."""
    stemmer = _RUSSIAN if _CYRILLIC.search(word) else _ENGLISH
    return str(stemmer.stemWord(word))


def stems(text: str) -> list[str]:
    """The stems of all words, in order."""
    return list(map(stem, words(text)))


# Words that carry a question and not its subject, in one spelling.
_STOP_WORDS = """
а без бы был была были было быть в вам вас ваш вы во вот все всего всех где да для до его ее если есть еще же за и
из или им их к как какая какие каким каких какого какое какой какую каком ко когда кто кого кому который которая
которое которые ли между меня мне можно мой мои моя мы на над нам нас наш не него нее ней нет них но ну о об обо он
она они от по под после почему при про с со сколько так такая такие такое такой там тебе тебя то того тоже той
только том ты у уже чего чем что чтобы эта эти это этой этом этот эту я здравствуйте подскажите пожалуйста привет
скажите спасибо
a about after all also am an and any are as at be been before but by can could did do does doing for from had has
have he her him his how i if in into is it its just me might much must my no not of on or our out she should so
some than that the their them then there these they this those to too up us was we were what when where which while
who whom why will with would you your hello hey hi please thank thanks
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# Those that say that a text is English: in Latin letters or on the other keyboard they are no Russian words (`to`, `on`
# and `not` are).
_ENGLISH_WORDS = """
about after all also an and any are as at be been before can could did does doing for from had has have he her him his
how in into is it its just me might much must of or our out she should some than that the their them then there these
they this those too up us was were what when where which while who whom why will with would you your
"""
ENGLISH = frozenset(_ENGLISH_WORDS.split())
