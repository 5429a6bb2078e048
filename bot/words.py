"""Words as a text is compared by them: without case, endings and small talk, Russian and English in one text."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from bot.answers import analysis

# Words that carry a question and not its subject. Unlike a general list of stop words, this one holds what people
# say to be polite or to begin with, and leaves out what tells two questions of an FAQ apart: `not` above all.
_SMALL_TALK = """
а без более бы был была были было быть в вам вас ваш весь во вот все всего вы где да делать день для до добрый
его ее если есть еще же за здравствуйте и из или им их к каждый как какая какие каким какими какого какое
какой какую ко когда коли коллеги кому кто куда ли лучше между меня мне много могу мое моего моей может можете
можно мои мой мою моя мы на над надо нам нас находится находятся наш наша нет нибудь никак них но ну нужен
нужна нужно о об обо он она они от откуда очень перед по под подскажи подскажите пожалуйста получается помоги
помогите после потом почему при привет про просто раз с сам свое свои свой сделать сейчас скажите сколько со
спасибо так такая также такие такое такой там тебя то того тоже той только том ты у уже хотел хотела хочу чего
чем через что чтобы эта эти это этой этом этот эту я
a about after all also am an and any are as at be been before but by ca can could d did do does doing don for
from get give go got had has have he hello her hey hi him his how i if in into is it its just let like ll m me
might much must my need no of on or our out please re s she should so some tell than thank thanks that the
their them then there these they this those to too up us use ve very want was we were what when where which
while who whom why will with wo would you your
"""
_SPARED = frozenset(_SMALL_TALK.split())


def words(text: str) -> tuple[str, ...]:
    """The words that matter, in order, as they are written."""
    return tuple(word for word in analysis.words(text) if word not in _SPARED)


def stem(word: str) -> str:
    """What stays of the word without its endings."""
    return analysis.stem(word)


def stems(text: str) -> tuple[str, ...]:
    """The stems of the words that matter, in order."""
    return tuple(map(stem, words(text)))


def misspelt(word: str, other: str) -> bool:
    """Whether one may be a slip of the finger for the other: the first letter is right nearly always."""
    shortest = min(len(word), len(other))
    if word[:1] != other[:1] or shortest < 4:
        return False
    allowed = 2 if shortest >= 8 else 1
    return OSA.distance(word, other, score_cutoff=allowed) <= allowed
