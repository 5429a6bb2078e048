"""Russian in Latin letters: what a word may be in Cyrillic, by the schemes that people mix."""

from __future__ import annotations

import re
from itertools import islice, product

MOST = 48  # spellings of one word

# Of each run of letters what it may stand for, the likeliest first.
_SCHEMES = """
shch щ | sch щ сч | sh ш щ | shh щ | zh ж | kh х | ch ч | ts ц тс | tz ц | yu ю | ju ю жу | iu ю иу | ya я
ja я жа | ia я ия иа | yo е йо | jo е жо йо | io ио е | ye е ые | je е же ье | eh э ех | yi ый ы | yy ый | yj ый
iy ий | ij ий | ii ии ий | ey ей | oy ой | ay ай | uy уй | iya ия | ija ия | iia ия | aya ая | aja ая | yye ые
yie ые | ck к | ph ф | qu кв | a а | b б | c ц к с | d д | e е | f ф | g г | h х | i и | j й ж | k к | l л | m м
n н | o о | p п | q к | r р | s с | t т | u у | v в | w в ш | x х кс | y ы й | z з | 4 ч | 6 ш
"""
_RUNS = {run: tuple(cyrillic) for run, *cyrillic in map(str.split, re.split(r"[|\n]", _SCHEMES.strip()))}
_LETTERS = {**_RUNS, "'": ("ь", "")}
_FIRST = {**_LETTERS, "e": ("э", "е"), "y": ("й", "ы")}
_RUN = re.compile("|".join(sorted(_LETTERS, key=len, reverse=True)) + "|.", re.DOTALL)


def spellings(word: str) -> tuple[str, ...]:
    """What the word, in small Latin letters, may be in Cyrillic, the likeliest first; at most MOST."""
    runs = _RUN.findall(word)
    choices = [(_LETTERS if at else _FIRST).get(run, (run,)) for at, run in enumerate(runs)]
    return tuple(dict.fromkeys(map("".join, islice(product(*choices), MOST))))
