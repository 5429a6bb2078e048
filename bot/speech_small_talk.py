"""Small talk: a greeting, a thank-you, a good-bye. No question and no command, and answered all the same.

Only a text that is small talk from end to end counts: "hi" does, "hi, where is my badge?" is a question.
"""

from __future__ import annotations

import re

from bot.answers.repair import other_layout

LONGEST = 80

# The kinds, and what is said of each. Where a text has several, the kind that stands first here is answered.
_SAID = {
    "human": """позови человека, позовите человека, нужен человек, мне нужен человек, живой человек,
        хочу поговорить с человеком, можно поговорить с человеком,
        talk to a human, i want to talk to a human, i want to talk to a person, can i talk to a human""",
    "who": """кто ты, ты кто, кто вы, ты бот, вы бот, ты робот, ты человек, вы человек, ты живой, как тебя зовут,
        who are you, what are you, are you a bot, are you a robot, are you human, are you real, what is your name,
        what's your name, что ты умеешь, что вы умеете, что умеешь, что ты можешь, чем ты поможешь, чем можешь помочь,
        помогите мне, how can you help, what can you do, help me, i need help""",
    "sorry": """ты дурак, дурак, ты тупой, тупой, идиот, ты идиот, ты глупый, глупый, ты бесполезен, бесполезный,
        плохой, заткнись, отстань, отвали, иди в баню, пошел вон, пошел ты, иди к черту, иди на хуй, иди нахуй,
        пошел нахуй, fuck you, fuck off, go away, you are stupid, you're stupid, stupid, idiot, you are an idiot,
        useless, you are useless, you're useless, dumb, bad, shut up""",
    "how": """как дела, как ты, как жизнь, как поживаешь, как настроение,
        how are you, how are you doing, how are things, how is it going, how's it going, what's up""",
    "thanks": """спасибо, благодарю, спс, пасиб, мерси, спасибо за помощь, спасибо за ответ,
        thanks, thank you, thanks a lot, many thanks, thx, ty, cheers,
        thank you for your help, thanks for your help, thanks for the help""",
    "bye": """пока, до свидания, до завтра, до встречи, хорошего дня, хорошего вечера, хороших выходных, спокойной ночи,
        bye, goodbye, see you, see you tomorrow, have a nice day, have a good day, good night""",
    "hello": """привет, приветик, приветствую, здравствуй, здравствуйте, добрый день, доброе утро, добрый вечер,
        доброго дня, доброго времени суток, хай,
        hello, hi, hey, good morning, good afternoon, good evening, good day""",
    "fine": """ок, окей, хорошо, понятно, ясно, понял, поняла, принято, отлично, супер, класс, круто, ура, ага,
        договорились,
        ok, okay, got it, i see, understood, great, cool, nice, perfect, sounds good, all right""",
}
KINDS = tuple(_SAID)
_PHRASES = {tuple(one.split()): kind for kind, phrases in _SAID.items() for one in phrases.split(",")}
_MOST_WORDS = max(map(len, _PHRASES))
# What may stand around a phrase: whom it is said to, and how warmly.
_AROUND = frozenset(
    """большое огромное вам тебе вас очень всё все всем коллеги бот и
    very so much there all everyone team bot and butterboard""".replace("ё", "е").split()
)
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_WARM_SIGNS = frozenset("👍🙏👌💛❤🎉🔥🤝")


def small_talk(text: str) -> str | None:
    """The kind of small talk that the whole text is, also on the wrong keyboard; None: there is anything else in it."""
    if len(text) > LONGEST:
        return None
    return _kind(text) or _kind(other_layout(text))


def _kind(text: str) -> str | None:
    left = tuple(_WORD.findall(text.casefold().replace("ё", "е").replace("’", "'")))
    if not left and _WARM_SIGNS.intersection(text):
        return "thanks"
    found = set()
    while left:
        words = next((n for n in range(_MOST_WORDS, 0, -1) if left[:n] in _PHRASES), 0)
        if words:
            found.add(_PHRASES[left[:words]])
        elif left[0] not in _AROUND:
            return None
        left = left[words or 1 :]
    return next((kind for kind in KINDS if kind in found), None)
