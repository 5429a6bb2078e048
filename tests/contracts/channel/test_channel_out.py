"""What every channel promises of what it shows: once, in its place, as it was meant, and to nobody else."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from bot.elsewhere import UNREACHABLE
from bot.errors import DeliveryError, Refused
from bot.incoming import Account, Pressed
from bot.message import Button, Fact, Home, Local, Message
from bot.texts import speaker
from tests.contracts.channel.harness import Harness, Seen
from tests.contracts.channel.sayings import HOSTILE, SAID, WELCOME, checklist, everything_of, meant, post, say

EFFECTS = ("J:reminder:anna:1", "J:reminder:anna:2", "J:reminder:anna:3")


def texts(seen: list[Seen]) -> list[str]:
    return [meant(one.text) for one in seen]


async def test_it_has_the_name_that_the_core_knows_it_by(harness: Harness) -> None:
    assert harness.channel.name == harness.name
    assert harness.channel.can_look == ("looks" not in harness.lacks)


# --- where it arrives


async def test_a_message_arrives_once_and_says_what_was_meant(harness: Harness) -> None:
    posted = await harness.channel.post(post(WELCOME, to=harness.anna))
    assert posted.ref
    (seen,) = await harness.shown_to(harness.anna)
    assert [text for text in SAID if meant(text) not in meant(seen.text)] == []
    assert len(seen.buttons) == 2
    assert await harness.shown_to(harness.boris) == []


@pytest.mark.parametrize(("locale", "said"), [("ru", "Привет"), ("en", "Hello")])
async def test_a_message_is_said_in_the_language_of_its_reader(harness: Harness, locale: str, said: str) -> None:
    both = Local(ru="Привет", en="Hello")
    message = Message(both, facts=(Fact(both, both),), buttons=(Button("done", "1", both),))
    await harness.channel.post(replace(post(message, to=harness.anna), say=speaker(locale)))
    (seen,) = await harness.shown_to(harness.anna)
    assert seen.text.count(said) == 4


async def test_messages_stand_in_the_order_in_which_they_were_posted(harness: Harness) -> None:
    for number, effect in enumerate(EFFECTS):
        await harness.channel.post(post(f"Message {number}", effect, to=harness.anna))
    assert texts(await harness.shown_to(harness.anna)) == ["Message0", "Message1", "Message2"]


async def test_an_answer_in_private_reaches_nobody_else(harness: Harness) -> None:
    await harness.write("hello")
    place = harness.core.received[-1].place
    await harness.channel.post(post("Hello, Anna", at=place))
    assert texts(await harness.shown_to(harness.anna)) == ["Hello,Anna"]
    assert await harness.shown_to(harness.boris) == []


async def test_an_answer_in_a_shared_room_stands_in_the_thread_of_its_question(harness: Harness) -> None:
    await harness.mention("how do I get a VPN?")
    first = harness.core.received[-1].place
    await harness.mention("and a badge?")
    second = harness.core.received[-1].place
    await harness.channel.post(post("Like this", at=first))
    assert texts(await harness.shown_in(first)) == ["Likethis"]
    assert await harness.shown_in(second) == []
    assert await harness.shown_to(harness.anna) == []


async def test_an_answer_in_a_shared_room_can_be_replaced(harness: Harness) -> None:
    await harness.mention("how do I get a VPN?")
    place = harness.core.received[-1].place
    posted = await harness.channel.post(post("Like this", at=place))
    await harness.channel.update(post("Or like that", at=place), posted.ref)
    assert texts(await harness.shown_in(place)) == ["Orlikethat"]


async def test_who_is_known_by_e_mail_alone_is_reached_and_remembered(harness: Harness) -> None:
    harness.needs("finds people by e-mail")
    posted = await harness.channel.post(post("Hello, Boris", to=harness.boris))
    assert texts(await harness.shown_to(harness.boris)) == ["Hello,Boris"]
    assert posted.account is not None
    assert (await harness.channel.whose(posted.account)).email == harness.boris.email


async def test_who_cannot_be_reached_is_told_elsewhere(harness: Harness) -> None:
    harness.needs("knows who is there")
    for why, person in harness.out_of_reach.items():
        with pytest.raises(Refused) as refused:
            await harness.channel.post(post("Hello", to=person))
        assert refused.value.code in UNREACHABLE, why


async def test_a_message_to_nobody_is_refused(harness: Harness) -> None:
    with pytest.raises(Refused):
        await harness.channel.post(post("Hello"))


async def test_where_we_may_not_write_it_is_refused(harness: Harness) -> None:
    harness.needs("lives elsewhere")
    for place in (harness.barred, harness.nowhere):
        with pytest.raises(Refused):
            await harness.channel.post(post("Hello", at=place))


# --- what stands already


async def test_a_message_is_replaced_where_it_stands(harness: Harness) -> None:
    refs = [(await harness.channel.post(post(effect, effect, to=harness.anna))).ref for effect in EFFECTS]
    for ref, text in ((refs[1], "New"), (refs[1], "Newer"), (refs[1], "Newer")):
        assert (await harness.channel.update(post(text, EFFECTS[1], to=harness.anna), ref)).ref == ref
    assert texts(await harness.shown_to(harness.anna)) == [meant(EFFECTS[0]), "Newer", meant(EFFECTS[2])]


async def test_a_replaced_message_has_the_new_buttons_and_no_others(harness: Harness) -> None:
    ref = (await harness.channel.post(post(WELCOME, to=harness.anna))).ref
    button = Button("reopen", "J1 access", "Not yet")
    await harness.channel.update(post(Message("Thank you", buttons=(button,)), to=harness.anna), ref)
    (seen,) = await harness.shown_to(harness.anna)
    assert meant("Welcome") not in meant(seen.text)
    (only,) = seen.buttons
    await harness.press(seen, only)
    assert harness.core.received[-1].said == Pressed("reopen", "J1 access")


async def test_what_is_gone_cannot_be_replaced(harness: Harness) -> None:
    ref = (await harness.channel.post(post("Here", to=harness.anna))).ref
    await harness.remove(ref)
    with pytest.raises(Refused) as refused:
        await harness.channel.update(post("There", to=harness.anna), ref)
    assert refused.value.code == "gone"


@pytest.mark.parametrize(
    "ref", ["", "1", "a:b", "https://a.example#b", "https://a.example#b#c", "#", "D0ANNA:x", "\x00"]
)
async def test_a_name_that_is_no_message_is_refused(harness: Harness, ref: str) -> None:
    with pytest.raises(Refused):
        await harness.channel.update(post("There", to=harness.anna), ref)


async def test_what_was_posted_is_found_and_what_was_not_is_not(harness: Harness) -> None:
    harness.needs("looks")
    posted = await harness.channel.post(post("Hello", EFFECTS[0], to=harness.anna))
    await harness.channel.post(post("Hello", EFFECTS[1], to=harness.anna))
    found = await harness.channel.look(post("Hello", EFFECTS[0], to=harness.anna), 60)
    assert found is not None
    assert found.ref == posted.ref
    assert await harness.channel.look(post("Hello", EFFECTS[2], to=harness.anna), 60) is None
    assert await harness.channel.look(post("Hello", EFFECTS[0][:-1], to=harness.anna), 60) is None


async def test_what_was_posted_in_a_thread_is_found_there(harness: Harness) -> None:
    harness.needs("looks")
    await harness.mention("how do I get a VPN?")
    place = harness.core.received[-1].place
    posted = await harness.channel.post(post("Like this", EFFECTS[0], at=place))
    found = await harness.channel.look(post("Like this", EFFECTS[0], at=place), 60)
    assert found is not None
    assert found.ref == posted.ref


async def test_to_look_where_one_cannot_is_to_find_nothing(harness: Harness) -> None:
    if "looks" not in harness.lacks:
        pytest.skip("it can look")
    await harness.channel.post(post("Hello", to=harness.anna))
    assert await harness.channel.look(post("Hello", to=harness.anna), 60) is None


async def test_an_effect_that_is_posted_twice_leaves_messages_that_are_the_same(harness: Harness) -> None:
    refs = [(await harness.channel.post(post("Hello", to=harness.anna))).ref for _ in range(2)]
    seen = texts(await harness.shown_to(harness.anna))
    assert len(seen) == len(set(refs))
    assert set(seen) == {"Hello"}
    if harness.channel.can_look:
        found = await harness.channel.look(post("Hello", to=harness.anna), 60)
        assert found is not None
        assert found.ref in refs


# --- whatever is said


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
async def test_hostile_text_shows_as_it_was_written_and_calls_nobody(harness: Harness, text: str) -> None:
    ref = (await harness.channel.post(post(everything_of(text), to=harness.anna))).ref
    (seen,) = await harness.shown_to(harness.anna)
    assert meant(seen.text).count(meant(text)) >= 5
    assert seen.calls == ()
    await harness.channel.update(post(everything_of(f"{text} again"), to=harness.anna), ref)
    (seen,) = await harness.shown_to(harness.anna)
    assert meant(seen.text).count(meant(f"{text} again")) >= 5
    assert seen.calls == ()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
async def test_hostile_text_alone_shows_as_it_was_written(harness: Harness, text: str) -> None:
    await harness.channel.post(post(text, to=harness.anna))
    (seen,) = await harness.shown_to(harness.anna)
    assert meant(text) in meant(seen.text)
    assert seen.calls == ()


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\x00", "\u200b"])
async def test_a_message_without_words_is_shown_all_the_same(harness: Harness, text: str) -> None:
    await harness.channel.post(post(everything_of(text), EFFECTS[0], to=harness.anna))
    await harness.channel.post(post(text, EFFECTS[1], to=harness.anna))
    assert len(await harness.shown_to(harness.anna)) == 2


@pytest.mark.parametrize("unit", ["a", "word ", "&", "<", "я", "👩‍👩‍👧‍👦", "\n", "*", "\u202e"])
async def test_a_text_of_any_length_fits(harness: Harness, unit: str) -> None:
    long = (unit * 30_000)[:30_000]
    ref = (await harness.channel.post(post(everything_of(f"Begin {long}"), to=harness.anna))).ref
    await harness.channel.update(post(f"Begin {long}", to=harness.anna), ref)
    (seen,) = await harness.shown_to(harness.anna)
    assert meant(seen.text).startswith("Begin")


@pytest.mark.parametrize("steps", [1, 20, 40])
async def test_a_long_checklist_keeps_every_button(harness: Harness, steps: int) -> None:
    plan = checklist(steps)
    await harness.channel.post(post(plan, to=harness.anna))
    (seen,) = await harness.shown_to(harness.anna)
    harness.core.forget()
    for button in seen.buttons:
        assert (await harness.press(seen, button)).taken
    pressed = [act.said for act in harness.core.received]
    wanted = [item.button for item in plan.items if item.button is not None]
    assert pressed == [Pressed(one.action, one.value) for one in (*wanted, *plan.buttons)]


@pytest.mark.parametrize("steps", [100, 600])
async def test_the_longest_checklist_fits_and_its_buttons_are_those_that_were_put_in(
    harness: Harness, steps: int
) -> None:
    plan = checklist(steps)
    ref = (await harness.channel.post(post("Your plan", to=harness.anna))).ref
    await harness.channel.update(post(plan, to=harness.anna), ref)
    (seen,) = await harness.shown_to(harness.anna)
    assert len(seen.buttons) > 20
    harness.core.forget()
    for button in (seen.buttons[0], seen.buttons[len(seen.buttons) // 2], seen.buttons[-1]):
        assert (await harness.press(seen, button)).taken
    put_in = {item.button.value for item in plan.items if item.button is not None} | {"J"}
    values = [act.said.value for act in harness.core.received if isinstance(act.said, Pressed)]
    assert len(set(values)) == 3
    assert set(values) <= put_in


async def test_buttons_of_one_action_are_told_apart(harness: Harness) -> None:
    buttons = tuple(Button("done", f"J1 step-{number}", f"Step {number}") for number in range(7))
    await harness.channel.post(post(Message("Which one?", buttons=buttons), to=harness.anna))
    (seen,) = await harness.shown_to(harness.anna)
    harness.core.forget()
    for button in seen.buttons:
        await harness.press(seen, button)
    assert [act.said for act in harness.core.received] == [Pressed("done", one.value) for one in buttons]


# --- the page, and who is who


async def test_the_home_page_is_shown_where_there_is_one(harness: Harness) -> None:
    sections = (WELCOME, checklist(30), *(everything_of(text) for text in HOSTILE.values()))
    await harness.channel.show_home(harness.anna, Home(sections), say)
    harness.needs("has a home page")
    assert meant("Welcome, Anna!") in meant(await harness.home_of(harness.anna))


async def test_a_home_page_takes_the_place_of_the_one_before(harness: Harness) -> None:
    await harness.channel.show_home(harness.anna, Home((Message("Old"),)), say)
    await harness.channel.show_home(harness.anna, Home((Message("New"),)), say)
    harness.needs("has a home page")
    assert meant(await harness.home_of(harness.anna)) == "New"


@pytest.mark.parametrize("sections", [0, 1, 200])
async def test_a_home_page_of_any_length_is_no_error(harness: Harness, sections: int) -> None:
    await harness.channel.show_home(harness.anna, Home((WELCOME,) * sections), say)


async def test_a_member_is_vouched_for(harness: Harness) -> None:
    profile = await harness.channel.whose(harness.member.account, harness.member.place)
    assert (profile.account, profile.email) == (harness.member.account, harness.anna.email)


async def test_nobody_else_is_vouched_for(harness: Harness) -> None:
    for why, met in harness.unvouched.items():
        profile = await harness.channel.whose(met.account, met.place)
        assert (profile.account, profile.email) == (met.account, None), why


async def test_who_is_surely_nobody_of_the_company_is_said_to_be_so(harness: Harness) -> None:
    member = await harness.channel.whose(harness.member.account, harness.member.place)
    assert not member.outside
    for why, met in harness.unvouched.items():
        profile = await harness.channel.whose(met.account, met.place)
        assert profile.outside == (why not in harness.undecided), why


@pytest.mark.parametrize("id_", ["", " ", "nobody", "../x", "\x00", "a" * 1000, "<@U0ANNA>", "29:1", "я"])
async def test_what_is_no_account_is_vouched_for_by_nobody(harness: Harness, id_: str) -> None:
    try:
        profile = await harness.channel.whose(Account(harness.name, id_), harness.member.place)
    except DeliveryError:
        return  # the platform does not even take the question
    assert profile.email is None


async def test_a_post_that_was_given_up_leaves_the_channel_usable(harness: Harness) -> None:
    await harness.stall()
    posting = asyncio.create_task(harness.channel.post(post("Never", EFFECTS[0], to=harness.anna)))
    await harness.struck()
    posting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await posting
    await harness.heal()
    await harness.channel.post(post("After all", EFFECTS[1], to=harness.anna))
    assert texts(await harness.shown_to(harness.anna))[-1] == "Afterall"


async def test_some_messages_go_at_once(harness: Harness) -> None:
    posts = (harness.channel.post(post(f"{n}", f"e{n}", to=harness.anna)) for n in range(5))
    refs = {posted.ref for posted in await asyncio.gather(*posts)}
    assert len(refs) == 5
    assert sorted(texts(await harness.shown_to(harness.anna))) == ["0", "1", "2", "3", "4"]
