"""On which channel somebody hears from us: their own choice, being added to one, and being sent away."""

from __future__ import annotations

import msgspec

from bot import elsewhere, speech
from bot.errors import Misunderstood
from bot.journey import plan
from bot.message import Button, Message, Phrase, Reply
from bot.people import Person
from bot.turn import Turn

ACTION = "channel"


async def channel(turn: Turn) -> Reply | None:
    """`channel teams`: where notifications go from now on; `channel auto`: wherever one speaks; alone: what it is."""
    if not turn.words:
        return turn.answer_in_private(_which(turn))
    named = speech.channel(turn.words[0])
    if named is None:
        raise Misunderstood(Phrase("channel-unknown", {"name": turn.words[0]}))
    if named != speech.AUTO:
        _reachable(turn, named)
    _prefer(turn, None if named == speech.AUTO else named)
    if named == speech.AUTO:
        return turn.answer_in_private(Message(Phrase("channel-auto")))
    return turn.answer_in_private(Message(Phrase("channel-chosen", {"channel": title(named)})))


def title(channel: str) -> Phrase:
    """The name of a channel, for people."""
    return Phrase(f"channel-{channel}")


def open_to(turn: Turn, person: Person) -> list[str]:
    """The channels on which the person can be written to."""
    known = (*person.accounts, person.reach)
    return [one for one in turn.company.channels if one in known and one not in person.blocked]


def _which(turn: Turn) -> Message:
    speaker = turn.speaker
    now = title(speaker.channel(turn.company.channels))
    key = "channel-now" if speaker.preferred is None else "channel-now-chosen"
    known = open_to(turn, speaker)
    others = [one for one in known if one != speaker.preferred and len(known) > 1]
    buttons = [Button(ACTION, one, Phrase(f"button-channel-{one}")) for one in others]
    if speaker.preferred is not None:
        buttons.append(Button(ACTION, speech.AUTO, Phrase("button-channel-auto")))
    return Message(Phrase(key, {"channel": now}), buttons=tuple(buttons))


def _reachable(turn: Turn, named: str) -> None:
    """Raises Misunderstood where they could not be written to: what is chosen must work."""
    if named not in turn.company.channels:
        raise Misunderstood(Phrase("channel-off", {"channel": title(named)}))
    if named not in open_to(turn, turn.speaker):
        raise Misunderstood(Phrase("channel-not-yours", {"channel": title(named)}))


def _prefer(turn: Turn, named: str | None) -> None:
    if turn.speaker.preferred != named:
        turn.speaker = msgspec.structs.replace(turn.speaker, preferred=named)
        turn.put_person(turn.speaker)


async def installed(turn: Turn) -> Reply | None:
    """The bot was added: a hello, once, and the plans that wait for this person."""
    place = turn.incoming.place
    if not place.private:
        turn.say_at(
            f"hello:{place.channel}:{place.conversation}", place, Message(Phrase("hello-all")), turn.speaker, once=True
        )
        return None
    journeys = await turn.active_journeys(turn.speaker)
    buttons = (Button("status", "", Phrase("button-status")), Button("help", "", Phrase("button-help")))
    key = "hello-newcomer" if journeys else "hello-added"
    hello = Message(Phrase(key, {"name": turn.speaker.first_name}), buttons=buttons[0 if journeys else 1 :])
    turn.say(f"hello:{place.channel}:{turn.speaker.id}", turn.speaker, hello, once=True)
    for journey in journeys:
        turn.add(plan.checklist(journey, turn.speaker, place.channel))
    return None


async def removed(turn: Turn) -> Reply | None:
    """The bot was taken away: what there is to tell goes elsewhere, until they speak here again."""
    if turn.incoming.place.private:
        await elsewhere.block(turn, turn.speaker, turn.incoming.account.channel)
    return None
