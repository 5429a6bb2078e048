"""What a handler holds: who spoke, what they said, the reads it may do, and how it answers."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec

from bot import roster, speech
from bot.closed_accounts import unlist
from bot.effects import Effect, Say
from bot.errors import Misunderstood, NeedsAccount
from bot.incoming import Account, Incoming, Installed, Removed, Submitted
from bot.journey.state import Journey
from bot.journey.world import Present
from bot.message import Form, Message, Phrase, Reply, Text
from bot.people import Person, Role, normal_email
from bot.speech import Ref
from bot.work import Company, Work

LONGEST_NAME = 4  # words


class Turn(Work):
    """One act of one person. A handler is called again on a conflict, so it only reads, decides and answers."""

    def __init__(self, company: Company, now: datetime.datetime, incoming: Incoming, speaker: Person) -> None:
        super().__init__(company, now)
        self.incoming = incoming
        self.speaker = speaker
        self.roles = company.policy.roles(speaker)
        self.words: tuple[str, ...] = ()  # after the verb, without small words
        self.text = ""  # the same as it was written
        self.present = Present.at(speaker.id, incoming.place)

    def answer(self, message: Message) -> Reply | None:
        """Answer where the person spoke: in the acknowledgement where they see it, else as a message."""
        if self.incoming.answers_at_once:
            return Reply(message.language or self.speaker.locale, message)
        effect = f"{self.incoming.id}:answer"
        if self.incoming.place.private:
            self.say(effect, self.speaker, message)
        else:
            self.say_at(effect, self.incoming.place, message, self.speaker)
        return None

    @property
    def takes_forms(self) -> bool:
        return self._opens_forms or self.incoming.takes_forms

    @property
    def _opens_forms(self) -> bool:
        return self.incoming.answers_at_once or self.incoming.opens_forms

    def ask(self, form: Form) -> Reply | None:
        """Ask with a form, in the acknowledgement or as a message that others do not see."""
        if self._opens_forms:
            return Reply(self.speaker.locale, form=form)
        return self.answer_in_private(Message(form.title, form=form))

    def ask_again(self, form: Form, field: str, wrong: Text) -> Reply:
        """What was sent off cannot be taken: the form stays, with what was written and what is wrong with one field.

        Raises:
            Misunderstood: the form can no longer be changed, so that it is said as a message.
        """
        if self.incoming.answers_at_once:
            return Reply(self.speaker.locale, errors={field: wrong})
        if self.incoming.on is None or not isinstance(self.incoming.said, Submitted):
            raise Misunderstood(wrong)
        values = self.incoming.said.values
        fields = tuple(
            msgspec.structs.replace(
                one, value=values.get(one.name, one.value), error=wrong if one.name == field else None
            )
            for one in form.fields
        )
        again = msgspec.structs.replace(form, fields=fields)
        return Reply(self.speaker.locale, instead=Message(form.title, form=again))

    def answer_in_private(self, message: Message) -> Reply | None:
        """What is not for everybody who reads a channel: asked there, it is answered in direct messages."""
        if self.incoming.answers_at_once or self.incoming.place.private:
            return self.answer(message)
        self.say(f"{self.incoming.id}:private", self.speaker, message)
        return self.answer(Message(Phrase("answered-in-private")))

    def answer_in_place(self, message: Message) -> Reply | None:
        """In the place of the message whose button was pressed, where only this person reads it and it can be changed:
        its old buttons are gone then. Elsewhere it is an answer of its own, in private."""
        here, effect = self.incoming, f"{self.incoming.id}:instead"
        if not here.place.private or here.pressed is None:
            self.say(effect, self.speaker, message)
            return None
        act = Say(message, person=self.speaker.id, on=here.pressed)
        self.add(Effect(id=effect, lane=self.lane(self.speaker), act=act))
        return None if here.on is None else Reply(self.speaker.locale, instead=message)  # the same, at once

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    def heads(self, person: Person) -> bool:
        """May this speaker see and steer that person's onboarding? Managers their people's, HR everyone's."""
        return person.manager == self.speaker.id or self.has(Role.HR, Role.ADMIN)

    async def find(self, ref: Ref) -> Person:
        """The person that a mention, an e-mail, a handle or an unambiguous name means.

        Raises:
            Misunderstood: nobody, or several.
            NeedsAccount: a mention of an account that we do not know yet.
        """
        if ref.kind == "mention":
            account = Account(self.incoming.place.channel, ref.value)
            owner = await self.owner(account)
            if owner is None or not owner.is_active:
                raise NeedsAccount(account)
            return owner
        if ref.kind == "email":
            found = await self.person_by_email(ref.value)
            if found is None:
                raise Misunderstood(Phrase("person-unknown", {"who": ref.value}))
            if not found.is_active:
                raise Misunderstood(Phrase("person-left", {"name": found.name}))
            return found
        return await self._by_name(ref.value)

    async def whose(self, words: Sequence[str]) -> tuple[Person, list[str]]:
        """Whom the words name, and the other words: by a mention, `@handle` or e-mail anywhere, or by a name in front.

        Raises:
            Misunderstood: nobody, or several.
            NeedsAccount: a mention of an account that we do not know yet.
        """
        for word in words:
            ref = speech.ref(word)
            if ref is not None:
                return await self.find(ref), [one for one in words if one != word]
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            if await self._namesakes(" ".join(words[:length])):
                return await self._by_name(" ".join(words[:length])), list(words[length:])
        raise Misunderstood(Phrase("person-unknown", {"who": words[0] if words else ""}))

    async def _namesakes(self, name: str) -> list[Person]:
        return await roster.named(self, normal_email(name))

    async def _by_name(self, name: str) -> Person:
        found = await self._namesakes(name)
        if not found:
            raise Misunderstood(Phrase("person-unknown", {"who": name}))
        if len(found) > 1:
            names = ", ".join(sorted(f"{one.name} (@{one.handle})" for one in found[:5]))
            raise Misunderstood(Phrase("person-ambiguous", {"who": name, "names": names}))
        return found[0]

    async def active_journeys(self, person: Person) -> list[Journey]:
        return [journey for journey in await self.journeys_of(person.id) if journey.status == "active"]

    def meet(self) -> None:
        """Remember where the person speaks: there they are answered, wherever they were before."""
        if isinstance(self.incoming.said, Removed):
            return
        channel, address = self.incoming.account.channel, self.incoming.address
        after = self.speaker.welcoming(channel).restored(channel).speaking(self.incoming.locale)
        # An administrator can add us for everybody: that is no choice of theirs.
        if not isinstance(self.incoming.said, Installed) or after.reach is None:
            after = msgspec.structs.replace(after, reach=channel)
        if address is not None and after.addresses.get(channel) != address:
            after = after.with_address(channel, address)
        if after != self.speaker:
            unlist(self, self.speaker, after)
            self.speaker = after
            self.put_person(after)
