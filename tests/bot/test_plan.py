"""What must happen outside because of what happened; whether it is still wanted; how a journey looks to people."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot import commands
from bot.calendar import calendar_of
from bot.effects import CreateIssue, Effect, Lane, Say, ShowChecklist, ShowHome
from bot.journey import views
from bot.journey.wanted import Defer, Drop, Hold, Send, Verdict, wanted
from bot.message import Day, Fact, Local, Message, Phrase
from bot.people import Person
from bot.scenario import ParentTemplate, fill, make_scenario
from tests.bot.kit import (
    ANNA,
    BORIS,
    HELGA,
    ISSUE,
    NEWCOMER,
    Story,
    day,
    local,
    moment,
    person,
    scenario,
    step,
)

NOON_BEFORE = "2026-11-30 09:00"
FIRST_MORNING = "2026-12-01 06:00"
MOSCOW = calendar_of("Europe/Moscow", "RU")


def begun(**more: Any) -> Story:
    story = Story(**more)
    story.starts(NOON_BEFORE, "2026-12-01")
    story.wakes(FIRST_MORNING)
    return story


def drafts(story: Story) -> list[CreateIssue]:
    return [effect.act for effect in story.effects if isinstance(effect.act, CreateIssue)]


# --- who hears what


def test_at_the_start_the_newcomer_is_welcomed_and_the_manager_told() -> None:
    story = Story()
    story.starts(NOON_BEFORE, "2026-12-01")
    assert story.said_to(ANNA) == ["welcome"]
    assert story.said_to(BORIS) == ["started", "step-for-manager"]


def test_hr_who_started_it_is_told_as_well() -> None:
    story = Story()
    story.starts(NOON_BEFORE, "2026-12-01", by=HELGA)
    assert story.said_to(HELGA) == ["started"]
    assert story.said_to(BORIS) == ["started", "step-for-manager"]


def test_somebody_who_starts_their_own_is_told_once() -> None:
    story = Story(newcomer=BORIS, manager=BORIS)
    story.starts(NOON_BEFORE, "2026-12-01")
    assert story.said_to(BORIS) == ["welcome", "step-for-manager"]


def test_a_journey_without_a_manager_does_without_one() -> None:
    story = Story(manager=None)
    story.starts(NOON_BEFORE, "2026-12-01", by=HELGA)
    story.completes("reading", "2026-11-30 10:00")
    story.wakes("2026-12-01 06:00")
    story.wakes("2026-12-20 10:00")
    assert story.said_to(ANNA) == ["welcome", "steps-opened", "remind papers"]
    assert story.said_to(HELGA) == ["started"]
    assert drafts(story)[0].draft.assignee is None


def test_steps_that_time_opens_are_announced_together() -> None:
    story = begun()
    assert story.said_to(ANNA) == ["welcome", "steps-opened"]
    news = story.effect(f"j:opened:papers:{ANNA.id}")
    assert (news.quiet, news.steps) == (True, ("papers", "reading"))


def test_steps_that_an_act_opens_need_no_announcement() -> None:
    story = begun()
    story.completes("papers", "2026-12-02 08:00")
    assert story.said_to(ANNA) == ["welcome", "steps-opened"]


def test_reminders_of_one_moment_are_one_message_to_whoever_does_the_steps() -> None:
    of = scenario(
        step("a", due=1, remind=(0,)), step("b", due=1, remind=(0,)), step("c", who="manager", due=1, remind=(0,))
    )
    story = begun(of=of)
    story.wakes("2026-12-02 07:00")
    assert story.said_to(ANNA)[-1] == "remind a b"
    assert story.said_to(BORIS)[-1] == "remind c"


def test_late_reminders_of_the_policy_send_go_each_alone_and_skipped_ones_not_at_all() -> None:
    of = scenario(
        step("a", due=1, remind=(0,), late="send"),
        step("b", due=1, remind=(0,), late="send"),
        step("c", due=1, remind=(0,), late="digest"),
        step("d", due=1, remind=(0,), late="digest"),
        step("e", due=1, remind=(0,), late="skip"),
    )
    story = begun(of=of)
    story.wakes("2026-12-09 07:00")
    assert story.said_to(ANNA)[2:] == ["remind c d", "remind a", "remind b"]


def test_what_has_to_wait_for_the_morning_stands_in_nobodys_way() -> None:
    story = begun()
    story.wakes("2026-12-02 07:00")
    quiet = [effect for effect in story.effects if effect.quiet]
    assert quiet
    assert all(effect.lane.bulk for effect in quiet)
    assert not any(effect.lane.bulk for effect in story.effects if not effect.quiet)


def test_a_managers_step_that_time_opens_keeps_their_hours_and_is_dropped_once_done() -> None:
    story = begun(of=scenario(step("a"), step("b", who="manager", day=1)))
    story.wakes("2026-12-02 06:00")
    told = story.effect(f"j:opened:b:{BORIS.id}")
    assert (told.quiet, told.steps) == (True, ("b",))


def test_an_escalation_tells_the_manager() -> None:
    story = begun()
    story.wakes("2026-12-04 07:00")
    assert "overdue" in story.said_to(BORIS)


def test_a_done_step_makes_its_issue_as_the_scenario_says() -> None:
    story = begun()
    story.completes("reading", "2026-12-01 22:30")  # already the second in Moscow
    (made,) = drafts(story)
    assert made.draft.summary == "Check: Anna Smirnova"
    assert fill(made.draft.description, made.draft.values) == "Reading of the docs, Boris Orlov, 2026-12-02"
    assert (made.draft.due, made.draft.assignee) == (day("2026-12-07"), BORIS.email)
    assert story.effect("j:issue:reading").lane == Lane("tracker", "j")


def test_an_issue_in_russian_has_a_russian_date() -> None:
    template = replace(ISSUE, language="ru", assignee="newcomer")
    story = begun(of=scenario(step("a", jira=template)))
    story.completes("a", "2026-12-01 08:00")
    (made,) = drafts(story)
    assert fill(made.draft.description, made.draft.values) == "A (ru), Boris Orlov, 01.12.2026"
    assert made.draft.assignee == ANNA.email


FREE = replace(ISSUE, language=None, summary=Local(ru="По-русски: {name}", en="In English: {name}"))


@pytest.mark.parametrize(
    ("assignee", "summary"),
    [
        ("manager", "По-русски: Anna Smirnova"),
        ("newcomer", "In English: Anna Smirnova"),
        (HELGA.email, "In English: Anna Smirnova"),
        ("nobody@example.org", "По-русски: Anna Smirnova"),
        (None, "По-русски: Anna Smirnova"),
    ],
)
def test_an_issue_is_in_the_language_of_whoever_it_is_for(assignee: str | None, summary: str) -> None:
    """The newcomer and HR read English, the manager Russian: what is nobody's, the manager looks at."""
    story = begun(of=scenario(step("a", jira=replace(FREE, assignee=assignee))))
    story.completes("a", "2026-12-01 08:00")
    (made,) = drafts(story)
    assert made.draft.summary == summary
    assert made.draft.language == ("en" if summary.startswith("In") else "ru")
    date = fill("{date}, {step}", made.draft.values)
    assert date == ("2026-12-01, A" if made.draft.language == "en" else "01.12.2026, A (ru)")


def test_whoever_a_step_was_given_to_reads_its_issue_in_their_language() -> None:
    template = replace(FREE, on="open", assignee="manager")
    story = begun(of=scenario(step("first"), step("a", who="manager", after=("first",), jira=template)))
    given = commands.ChangeStep(step="a", by=BORIS.id, assignee=HELGA.id)
    story.does(given, moment("2026-12-01 08:00"))
    story.completes("first", "2026-12-01 08:01")
    assert drafts(story)[-1].draft.summary == "In English: Anna Smirnova"


def test_the_issue_of_a_whole_onboarding_is_in_the_managers_language() -> None:
    parent = ParentTemplate(type="Epic", summary=Local(ru="Онбординг: {name}", en="Onboarding: {name}"))
    of = make_scenario("newcomer", local("Newcomer"), (step("a"),), parent)
    assert drafts(begun(of=of))[0].draft.summary == "Онбординг: Anna Smirnova"
    assert drafts(begun(of=of, manager=HELGA))[0].draft.summary == "Onboarding: Anna Smirnova"


def test_an_issue_may_be_made_when_its_step_opens() -> None:
    story = begun(of=scenario(step("a", jira=replace(ISSUE, on="open"))))
    assert [made.step for made in drafts(story)] == ["a"]
    story.completes("a", "2026-12-01 08:00")
    assert len(drafts(story)) == 1


def test_without_a_tracker_the_manager_hears_of_the_done_step() -> None:
    story = begun(tracker=None)
    story.completes("reading", "2026-12-01 08:00")
    assert drafts(story) == []
    assert story.said_to(BORIS)[-1] == "step-done-by"


def test_a_recorded_issue_is_shown_to_the_manager() -> None:
    story = begun()
    story.completes("reading", "2026-12-01 08:00")
    story.does(commands.RecordIssue(step="reading", key="ONB-1", url="https://jira/ONB-1"), moment("2026-12-01 08:01"))
    assert story.said_to(BORIS)[-1] == "step-done-issue"


def test_a_refused_issue_is_told_to_the_manager() -> None:
    story = begun()
    story.does(commands.RecordRefusal("reading", "invalid"), moment("2026-12-01 08:01"))
    assert story.said_to(BORIS)[-1] == "issue-refused"


def test_the_end_is_celebrated() -> None:
    story = begun()
    for name in ("papers", "reading", "meeting"):
        story.completes(name, "2026-12-02 08:00")
    story.completes("laptop", "2026-12-02 08:00", by=BORIS)
    assert story.said_to(ANNA)[-1] == "finished"
    assert story.said_to(BORIS)[-1] == "finished-by"


def test_after_a_stop_nobody_hears_anything_but_the_stop() -> None:
    story = begun()
    story.completes("reading", "2026-12-01 08:00")
    story.effects.clear()
    story.does(commands.StopJourney(HELGA.id), moment("2026-12-01 08:01"))
    assert story.said_to(ANNA) == ["stopped"]
    assert story.said_to(BORIS) == ["stopped-by"]
    story.effects.clear()
    story.does(commands.RecordIssue(step="reading", key="ONB-1", url="u"), moment("2026-12-01 08:02"))
    story.does(commands.RecordRefusal("reading", "invalid"), moment("2026-12-01 08:03"))
    story.wakes("2026-12-20 08:03")
    assert story.effects == []
    assert story.now_standing.step("reading").issue is not None


# --- boards


def boards(story: Story) -> list[Effect]:
    return [effect for effect in story.effects if isinstance(effect.act, ShowChecklist | ShowHome)]


def test_the_checklist_is_kept_up_to_date_on_every_channel_of_the_person() -> None:
    two = replace(ANNA, accounts={"chat": "A", "mail": "a", "gone": "x"}, reach="mail", homes=("mail", "gone"))
    story = Story(newcomer=two, channels=("chat", "mail"))
    story.starts(NOON_BEFORE, "2026-12-01")
    assert {effect.id for effect in boards(story)} == {
        "j:checklist:chat",
        "j:checklist:mail",
        f"home:{two.id}:mail",
    }
    assert all(effect.replaces for effect in boards(story))
    assert story.effect(f"j:welcome:{two.id}").lane == Lane("mail", two.id)


def test_the_managers_home_page_follows_their_people() -> None:
    story = Story(manager=replace(BORIS, homes=("chat",)))
    story.starts(NOON_BEFORE, "2026-12-01")
    assert f"home:{BORIS.id}:chat" in {effect.id for effect in boards(story)}


# --- wanted


def asked(effect: Effect, story: Story | None, at: str, reader: Person | None = None) -> Verdict:
    calendar = calendar_of(reader.timezone, reader.country) if reader else None
    return wanted(effect, story.journey if story else None, calendar, moment(at))


SAY = Effect(id="x", lane=Lane("chat", "p"), act=Say(Message("hello"), person="p"))


def test_what_depends_on_nothing_is_sent() -> None:
    assert asked(SAY, None, NOON_BEFORE) == Send()


def test_what_has_expired_is_dropped() -> None:
    effect = replace(SAY, expires=moment("2026-12-01 08:00"))
    assert asked(effect, None, "2026-12-01 07:59") == Send()
    assert asked(effect, None, "2026-12-01 08:00") == Drop("expired")


def test_what_has_its_time_waits_for_it() -> None:
    effect = replace(SAY, not_before=moment("2026-12-01 08:00"))
    assert asked(effect, None, "2026-12-01 07:59") == Defer(moment("2026-12-01 08:00"))
    assert asked(effect, None, "2026-12-01 08:00") == Send()


def test_what_keeps_working_hours_waits_for_those_of_its_reader() -> None:
    effect = replace(SAY, quiet=True)
    far = person("far", "Far Away", timezone="America/New_York", country="US")
    assert asked(effect, None, "2026-12-01 07:00", ANNA) == Send()
    assert asked(effect, None, "2026-12-01 07:00", far) == Hold(moment("2026-12-01 14:00"))
    assert asked(effect, None, "2026-12-04 22:00", ANNA) == Hold(moment("2026-12-07 06:00"))
    assert asked(effect, None, "2026-12-04 22:00") == Send()


def test_of_a_forgotten_journey_nothing_is_wanted() -> None:
    assert asked(replace(SAY, subject="j"), None, NOON_BEFORE) == Drop("settled")


def test_a_reminder_is_dropped_when_all_its_steps_are_settled() -> None:
    story = begun()
    effect = replace(SAY, subject="j", steps=("papers", "reading"))
    story.completes("papers", "2026-12-01 08:00")
    assert asked(effect, story, "2026-12-01 08:01") == Send()
    story.completes("reading", "2026-12-01 08:02")
    assert asked(effect, story, "2026-12-01 08:03") == Drop("settled")


def test_a_reminder_of_a_stopped_journey_is_dropped_and_what_was_said_about_it_is_not() -> None:
    story = begun()
    story.does(commands.StopJourney(BORIS.id), moment("2026-12-01 08:00"))
    assert asked(replace(SAY, subject="j", steps=("papers",)), story, "2026-12-01 08:01") == Drop("settled")
    assert asked(replace(SAY, subject="j"), story, "2026-12-01 08:01") == Send()


def test_a_stopped_journey_gets_no_more_issues_and_a_finished_one_its_last() -> None:
    story = begun(of=scenario(step("a", jira=ISSUE)))
    story.completes("a", "2026-12-01 08:00")
    issue = story.effect("j:issue:a")
    assert story.now_standing.status == "finished"
    assert asked(issue, story, "2026-12-01 08:01") == Send()
    stopped = begun(of=scenario(step("a", jira=replace(ISSUE, on="open"))))
    stopped.does(commands.StopJourney(BORIS.id), moment("2026-12-01 08:00"))
    assert asked(issue, stopped, "2026-12-01 08:01") == Drop("settled")


# --- views


def reminder(story: Story, steps: tuple[str, ...], at: str) -> Message | None:
    return views.reminder(story.now_standing, steps, story.scenario, MOSCOW, moment(at))


def test_the_checklist_shows_text_links_and_button_of_open_steps_only() -> None:
    story = begun(of=scenario(step("a", due=1), step("b", day=5), step("c", who="manager"), step("d", after=("a",))))
    shown = views.checklist(story.now_standing, story.scenario, MOSCOW, moment(FIRST_MORNING))
    lines = {line.id: line for line in shown.items}
    assert [line.mark for line in shown.items] == ["open", "waiting", "open", "waiting"]
    assert lines["a"].note == Phrase("note-due", {"due": Day(day("2026-12-02"))})
    assert lines["b"].note == Phrase("note-opens", {"day": Day(day("2026-12-08"))})
    assert lines["c"].note == Phrase("note-manager")
    assert lines["d"].note == Phrase("note-after")
    assert [line.id for line in shown.items if line.button] == ["a"]


def test_before_the_first_day_the_first_steps_can_be_begun() -> None:
    story = Story()
    story.starts(NOON_BEFORE, "2026-12-01")
    shown = views.checklist(story.now_standing, story.scenario, MOSCOW, moment(NOON_BEFORE))
    assert [line.id for line in shown.items if line.button] == ["papers", "reading"]


def test_a_step_is_overdue_from_the_day_after_its_due_date_where_its_reader_lives() -> None:
    story = begun()
    papers = NEWCOMER.steps[1]
    assert views.mark(story.now_standing, papers, MOSCOW.today(moment("2026-12-02 20:59"))) == "open"
    assert views.mark(story.now_standing, papers, MOSCOW.today(moment("2026-12-02 21:00"))) == "overdue"


@pytest.mark.parametrize(
    ("at", "key"),
    [("2026-12-01 07:00", "remind-soon"), ("2026-12-02 07:00", "remind-today"), ("2026-12-03 07:00", "remind-overdue")],
)
def test_a_reminder_says_how_it_stands(at: str, key: str) -> None:
    said = reminder(begun(), ("papers",), at)
    assert said is not None
    assert said.text == Phrase(key, {"count": 1, "due": Day(day("2026-12-02"))})


def test_a_reminder_of_several_names_the_earliest_date() -> None:
    story = begun(of=scenario(step("late", due=5), step("soon", due=1)))
    said = reminder(story, ("late", "soon"), "2026-12-03 07:00")
    assert said is not None
    assert said.text == Phrase("remind-overdue", {"count": 2, "due": Day(day("2026-12-02"))})


def test_a_reminder_of_a_step_in_somebodys_onboarding_says_whose_it_is() -> None:
    story, now = begun(), moment("2026-12-03 07:00")
    said = views.reminder(story.now_standing, ("papers",), story.scenario, MOSCOW, now, ANNA)
    assert said is not None
    assert said.text == Phrase("remind-overdue-of", {"count": 1, "due": Day(day("2026-12-02"))})
    assert said.facts == (Fact(Phrase("fact-employee"), ANNA.name),)


def test_a_reminder_of_what_is_done_has_nothing_to_say() -> None:
    story = begun()
    story.completes("papers", "2026-12-01 08:00")
    assert reminder(story, ("papers",), "2026-12-02 07:00") is None


def test_how_a_person_stands_is_said_in_a_few_lines() -> None:
    story = begun()
    story.does(commands.RecordIssue(step="reading", key="ONB-1", url="https://jira/ONB-1"), moment("2026-12-01 08:01"))
    shown = views.standing(story.now_standing, ANNA, story.scenario, MOSCOW, moment("2026-12-03 08:00"))
    names = [fact.name.key for fact in shown.facts if isinstance(fact.name, Phrase)]
    assert names == ["fact-start", "fact-now", "fact-overdue"]
    assert [link.label for link in shown.links] == ["ONB-1"]


def test_a_home_page_of_nobodys_says_what_will_be_there() -> None:
    keys = [section.text.key for section in views.home((), ()).sections if isinstance(section.text, Phrase)]
    assert keys == ["home-hello", "home-empty"]
