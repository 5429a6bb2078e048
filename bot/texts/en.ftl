# Everything the bot says in English. Short, warm, exact.

## The beginning and the end of an onboarding

welcome =
    { $name }, welcome! I will walk you through "{ $scenario }": I show the steps, remind you of dates and answer questions.
    Tick off what you have done with the "Done" button, and just write here to ask something.
started = Onboarding started: { $name } — "{ $scenario }", first day { $start }.
plan-steps =
    { $count ->
        [one] { $count } step
       *[other] { $count } steps
    }{ $others ->
        [0] { "" }
       *[other] , { $others } of them for the manager
    }
plan-opens = { $day }, in the morning: { $steps }; I will write then
plan-due = { $day } — "{ $step }"
told-newcomer = { $name } — the welcome and the plan
told-newcomer-later = { $name }: the welcome and the plan (on { $day }, when the working day begins)
told-this = { $names } — this message
together = { $first }; { $second }
sought = { $name }: I do not know yet where to write, and look for the work e-mail. If I find nothing, the welcome does not arrive: please pass it on in person.
unreached = { $names }: no account that I could write to. Please pass it on in person.
starting = Done: { $name } — "{ $scenario }", first day { $start }. The details are in your direct messages.
started-already = { $name } already has "{ $scenario }" running, since { $start }. To see it: "status @{ $handle }".
start-usage =
    Tell me whose onboarding to start, for example: start @name newcomer 2026-12-01.
    Scenarios: { $scenarios }. The date may be 2026-12-01, 1 December, tomorrow, friday or +3d.
stopped = "{ $scenario }": the onboarding was stopped, there will be no more reminders. If that is a mistake, tell your manager.
stopped-by =
    Stopped: { $name } — "{ $scenario }".{ $closing ->
        [0] { "" }
        [one] { " " }Its open issue is being closed in Jira: it is no longer needed.
       *[other] { " " }Its open issues are being closed in Jira: they are no longer needed.
    }
stopped-given = This need not be done any more, the onboarding is stopped: { $name } — "{ $scenario }".
stop-which =
    { $name }: { $count ->
        [one] { $count } onboarding is
       *[other] { $count } onboardings are
    } going on. Which one do you want to stop?
stop-ask = Stop the onboarding? { $name } — "{ $scenario }", first day { $start }. This is what will happen:
stop-ask-again =
    Something has changed since, so nothing is stopped yet.
    { $name } — "{ $scenario }", first day { $start }. This is what will happen now:
stop-steps = { $left } of { $total }, open now: { $open }
keys-cut = { $keys } and { $more } more
reminders-end = none will come any more; the next one would have been on { $day }
reminders-none = none are planned
stopping = Done, the onboarding is stopped: { $name } — "{ $scenario }".
stop-cancelled = All right, the onboarding goes on: { $name } — "{ $scenario }".
stop-stopped = This onboarding is stopped already, nothing has changed: { $name } — "{ $scenario }".
stop-finished = This onboarding is finished already, there is nothing to stop: { $name } — "{ $scenario }".
stop-nothing = { $name }: there is nothing to stop, no onboarding is under way.
links-withdrawn = Done: the links to this plan no longer open ({ $name }). The issues will carry new ones in a moment.
links-usage = Tell me whose links to withdraw, for example: withdraw links @name. Those on the issues that lead to the plan will stop opening.
links-none = There are no links to pages of plans, so nothing to withdraw: issues carry them when Butterboard is reached at a PUBLIC_URL.
stop-usage = Tell me whose onboarding to stop, for example: stop @name.
finished = { $name }, congratulations: "{ $scenario }" — every step is done! Thank you. You can go on asking me questions.
finished-by = Every step is done: { $name } — "{ $scenario }".

## Steps

step-numbered = { $number }. { $step }
scenario-none = There are no scenarios yet. Administrators add them as files in the scenarios folder.
steps-opened =
    { $count ->
        [one] A step has opened today:
       *[other] { $count } steps have opened today:
    }
step-done = Done: "{ $step }". Nothing else is open right now — I will write when the next step opens.
step-done-next = Done: "{ $step }". Next: "{ $next }".
step-done-already = "{ $step }" is already done, all is well.
step-not-yet = "{ $step }" is still closed: please finish "{ $before }" first.
step-unknown = I cannot find a step "{ $step }". Write "done", and I will show what is open.
step-unknown-of = I cannot find a step "{ $step }". Onboarding: { $name }. Write its number or title; without either I show which steps there are.
step-ambiguous = Several steps match. Which one is done?
step-of-manager = "{ $step }" is ticked off by the manager.
what-to-do = What to do
step-for-manager = A step for you: "{ $step }". Employee: { $name }, scenario "{ $scenario }".
step-done-by = Step done: "{ $step }". Employee: { $name }.
step-done-issue = Step done: "{ $step }". Employee: { $name }. An issue for you to check it:
step-done-again = A step is done again: "{ $step }". Employee: { $name }. Please check it once more:
step-issue = An issue was created for the step "{ $step }". Employee: { $name }.
task-issue = The task "{ $step }" is now in Jira, too. Employee: { $name }.
issue-refused =
    The issue for the step "{ $step }" could not be created. Employee: { $name }.
    The administrators know; the step itself counts, nothing is lost.
overdue = A step is overdue: "{ $step }". Employee: { $name }. Maybe some help is needed.
steps-given = You have no onboarding of your own, and this was given to you:
done-which = What is done?
done-of-whom = Tell me whose step it is, for example: done @name choose-mentor. To see whose steps are open: "status". What waits for you: "tasks".
nothing-open = Nothing is open right now — I will write when the next step opens.
journey-none = There is no open onboarding for you. If there should be one, tell your manager or HR.
journey-none-of = { $name } has no onboarding yet. To start one: "start @{ $handle }".
journey-over = "{ $scenario }" is already over.

step-not-done = "{ $step }" is not done yet, so there is nothing to reopen. To see what is done: "status".
step-reopened =
    A step is open again: "{ $step }".{ $whose ->
        [own] { "" }
       *[other] { " " }Onboarding: { $name }.
    }
step-approved = Checked: "{ $step }" — all is well.
tracker-done =
    Marked as done in Jira: "{ $step }".{ $whose ->
        [own] { "" }
       *[other] { " " }Onboarding: { $name }.
    }
due-changed =
    A new due date: "{ $step }".{ $whose ->
        [own] { "" }
       *[other] { " " }Onboarding: { $name }.
    }
task-for-you = A new task for you: "{ $step }".
task-given = A task was given to you: "{ $step }". Onboarding: { $name }.
comment-heard =
    A comment in Jira on the step "{ $step }" — { $author }:
    { $text }
issue-lost =
    The issue { $key } of the step "{ $step }" was deleted in Jira. Employee: { $name }.
    The step itself stays. If the issue is still needed, it can be made again.
parent-lost =
    The parent issue { $key } of the onboarding "{ $scenario }" was deleted in Jira. Employee: { $name }.
    The onboarding itself goes on. If the parent issue is still needed, it can be made again.
ticket-raised = An issue was created by a rule of the company: "{ $about }".
ticket-noted = Added to the issue that is open already: "{ $about }".

## Tasks: give, change, reopen, skip

task-usage =
    Tell me who the task is about and what to do, for example: task @name "Prepare a laptop" priority high due friday for @colleague.
    Priority, due date and whoever does it may be left out.
task-nobody = I cannot see whose onboarding this is for. Add the employee: task @name "Prepare a laptop".
task-no-title = I cannot see what the task is called. Write it in quotes: task @name "Prepare a laptop".
task-title-long = The title is longer than { $most } characters. Keep what matters, and write the details as a comment on the issue.
task-added = The task is in the plan: "{ $step }". Onboarding: { $name }.
tasks-too-many = No more than { $count } tasks can be added to one onboarding. Please create the others right in Jira.
priority-unknown = There is no priority "{ $priority }". There are: highest, high, medium, low, lowest.
priority-missing = I cannot see which priority you want. There are: highest, high, medium, low, lowest.
due-missing = I cannot see which due date you want. Try 2026-12-01, 1 December, tomorrow, friday or +3d.
due-past = { $day } has passed already. Choose today or a later day.
executor-missing = I cannot see who should do it. Write "for @colleague" or an e-mail.
change-usage = Tell me what to change, for example: change @name read-docs due friday priority high for @colleague.
change-which = Which step should change? Write its number, code or title.
change-not-assignable =
    "{ $step }" is the employee's own step and cannot be handed over.
    If a colleague should help, add a task: task @name "What to do" for @colleague.
changed = Changed: "{ $step }".
changed-already = "{ $step }": it is like that already, there is nothing to change.
reopen-which = Which step should be open again?
reopen-usage = Tell me whose step to open again, for example: reopen @name read-docs.
reopen-nothing = No step is done yet, so there is nothing to reopen.
reopened = The step is open again: "{ $step }".
skip-usage = Tell me whose step to skip, for example: skip @name read-docs.
skip-which = Which step should be skipped?
skip-nothing = Every step is done, so there is nothing to skip.
skipped = The step is skipped: "{ $step }". To bring it back: "reopen".
skipped-already = "{ $step }" is done or skipped already, there is nothing to do.
remaking = The issue is being made again: "{ $step }". Its key will appear in the plan.
remaking-parent = The parent issue is being made again. The issues of the next steps go below it; earlier ones can be moved in Jira.
form-task = New task
form-sent = The form was sent.
form-task-submit = Give it
field-task-person = Whose onboarding
field-task-title = What to do
field-task-priority = Priority
field-task-due = Due
field-task-executor = Who does it
hint-task-executor = If you choose nobody, the employee gets the task.

## Channels and "who am I"

hello-added =
    Hello { $name }! I help with onboarding: I answer questions, show your steps and remind you in time.
    Just write your question here, for example: "how do I connect the VPN?"
hello-newcomer =
    { $name }, good to see you here too! Your plan came along: carry on where you left off.
    Tick off what you have done with the "Done" button, and just write here when you have a question.
hello-all =
    Hello everybody! Mention me and ask, and I will answer right here.
    Your own plan and your reminders come in your private chat with me.
channel-slack = Slack
channel-teams = Teams
channel-web = web chat
channel-none = nowhere
channel-now = Notifications go to wherever you last wrote to me. At the moment that is { $channel }.
channel-now-chosen = Notifications go to the channel of your choice: { $channel }.
channel-chosen = All right, notifications now go to { $channel }. Questions are answered where you ask them.
channel-auto = All right, notifications will go to wherever you last wrote to me.
channel-unknown = I do not know the channel "{ $name }". There are slack, teams, web, and auto: wherever you last wrote.
channel-off = Your company has not connected { $channel }. To see which channels you have, write "whoami".
channel-not-yours = I cannot write to you in { $channel } yet. Send me any message from there first, so that I know it is you.
button-channel-slack = Send to Slack
button-channel-teams = Send to Teams
button-channel-web = Send to the web chat
button-channel-auto = Wherever I write
whoami = Here is what I know about you, { $name }. If something is not right, please tell HR.
whoami-zone = { $zone }, holidays of { $country }
whoami-left = { $channel }, but the bot was removed or blocked
whoami-told = { $channel }, where you last wrote
whoami-told-chosen = { $channel }, as you chose
fact-email = E-mail
fact-language = Language
fact-zone = Time zone
fact-department = Department
fact-role = Role
fact-onboarding = Onboarding
fact-account = Channel
fact-told = Notifications
language-ru = Russian
language-en = English
role-employee = employee
role-manager = manager
role-hr = HR
role-admin = administrator

## Outside working hours

fact-waited = Waited for the morning
waited-since = since { $moment }
waited-together =
    { $count ->
        [one] { $count } piece of news came while you were off:
       *[other] { $count } pieces of news came while you were off:
    }
waited-note = { $first } · { $then }
waited-fact = { $name }: { $value }

## Reconciliation with Jira

sync-begun = Comparing with Jira has begun. I will write to you when it is finished.
sync-under-way = The comparison with Jira is under way since { $since }. Its result will come to you as well.
moment = { $day }, { $time }
sync-no-tracker = Jira is not connected, so there is nothing to compare with. Administrators connect it: the README says how, from JIRA_URL on.
sync-given-up = The comparison with Jira did not work: Jira has not answered for too long. The administrators know; please try again later.
sync-none = No comparison with Jira has been finished yet. To begin one: "sync".
sync-done =
    Compared with Jira. { $checked ->
        [0] No issue had changed.
        [one] { $checked } issue checked.
       *[other] { $checked } issues checked.
    } { $repaired ->
        [0] Nothing differed.
        [one] { $repaired } issue differed and is repaired.
       *[other] { $repaired } issues differed and are repaired.
    }{ $invisible ->
        [0] { "" }
        [one] { " " }{ $invisible } issue cannot be seen: check the bot's permissions in Jira.
       *[other] { " " }{ $invisible } issues cannot be seen: check the bot's permissions in Jira.
    }
button-drift = What differed
drift-line = { $field }: { $ours } with us, { $theirs } in Jira; { $won }
drift-tracker = taken from Jira
drift-onboarding = being written to Jira
drift-gone = the issue was deleted in Jira, the step stays
drift-adopted = the issue was found and joined to its step
drift-empty = empty
drift-stranger = somebody outside the directory
stage-new = not begun
stage-underway = under way
stage-done = done

## Checklist, progress, reminders

checklist = Plan "{ $scenario }"
checklist-finished = Plan "{ $scenario }" — finished
checklist-stopped = Plan "{ $scenario }" — stopped
note-due = due { $due }
note-opens = opens { $day }
note-after = after those before
note-manager = done by the manager
note-colleague = done by a colleague
note-underway = under way
note-to-approve = waits to be checked
note-approved = checked
note-and-due = { $note }, due { $due }
note-of = onboarding: { $name }
note-of-due = onboarding: { $name }, due { $due }
note-check = waits for your check
note-check-of = waits for your check, onboarding: { $name }
remind-soon =
    { $count ->
        [one] A reminder: this step is due { $due }.
       *[other] A reminder of { $count } steps; the first is due { $due }.
    }
remind-today =
    { $count ->
        [one] This step is due today:
       *[other] { $count } steps are due today:
    }
remind-overdue =
    { $count ->
        [one] This step was due { $due }. If something is in the way, tell me or your manager.
       *[other] { $count } steps are waiting for you, the first since { $due }. If something is in the way, tell me or your manager.
    }
remind-overdue-of =
    { $count ->
        [one] This step was due { $due }. If something is in the way, tell me.
       *[other] { $count } steps are waiting for you, the first since { $due }. If something is in the way, tell me.
    }
standing-active = { $name } — "{ $scenario }": { $done } of { $total }
standing-finished = { $name } — "{ $scenario }": finished
standing-stopped = { $name } — "{ $scenario }": stopped
steps-count =
    { $count ->
        [one] { $count } step
       *[other] { $count } steps
    }
team =
    { $count ->
        [one] { $count } onboarding:
       *[other] { $count } onboardings:
    }
team-page =
    { $count ->
        [one] { $count } onboarding, here { $first } to { $last }:
       *[other] { $count } onboardings, here { $first } to { $last }:
    }
team-end = That is the end of the list. From the beginning: "status team".
team-line = { $scenario }: { $done } of { $total }
team-line-stopped = { $scenario }: stopped, { $done } of { $total }
team-of-heads = How a team is doing is for managers and HR to see. Your own plan: "status".
answered-in-private = That is about people, so I have written to you directly.
button-more = Show more
team-empty = None of your people has an onboarding yet. To start one: "start @name".
home-hello = My plan
home-empty = A plan will appear here once your onboarding begins, or that of your people. You can already ask questions.
home-waiting =
    { $count ->
        [one] { $count } thing waits for you in onboardings of colleagues
       *[other] { $count } things wait for you in onboardings of colleagues
    }
also-waiting =
    { $count ->
        [one] Beside your own plan, { $count } thing waits for you in onboardings of colleagues
       *[other] Beside your own plan, { $count } things wait for you in onboardings of colleagues
    }
tasks =
    { $count ->
        [one] { $count } thing waits for you:
       *[other] { $count } things wait for you, begin at the top:
    }
tasks-page = { $count } things wait for you, here are { $first } to { $last }:
tasks-none = { $name }, nothing waits for you now. When something does, I will write to you.
tasks-usage =
    "Tasks" without a name shows what waits for you. To give a task: task @name "Prepare a laptop" (managers and HR).
    How somebody is doing: status @name.
tasks-drafts =
    { $count ->
        [one] { $count } answer of a colleague can go into the FAQ
       *[other] { $count } answers of colleagues can go into the FAQ
    }
home-team = My team
home-tasks = My tasks

fact-start = First day
fact-steps = Steps
fact-open-now = Open now
fact-opens = Opening next
fact-first-due = First due date
fact-informed = Told
fact-sought = May not arrive
fact-unreached = Will not arrive
fact-to-inform = Will be told
fact-unfinished = Unfinished steps
fact-closing = Closed in Jira
fact-staying = Left in Jira
fact-reminders = Reminders
fact-manager = Manager
fact-employee = Employee
fact-due = Due
fact-priority = Priority
fact-executor = Who does it
fact-now = Now
fact-overdue = Overdue
source = Source: { $title }
source-cited = [{ $number }] { $title }
fact-source = Source
fact-question = Question
fact-contact = Answer to
fact-reason = Reason
fact-issue = Issue
fact-closed = Closed

button-done = Done
button-progress = Show progress
button-tasks = My tasks
button-status = My plan
button-remake = Make it again
button-reopen = Reopen
button-skip = Skip
button-stop-which = { $start } — "{ $scenario }"
button-stop-surely = Stop it
button-stop-cancel = Keep it going
button-help = Help
button-ask-person = Pass it on
button-ask-hr = Write to HR

## Questions

hello = Hello { $name }! Ask me anything, or write "help".
talk-who =
    I am Butterboard, a bot. I guide you through your onboarding plan, remind you of dates and answer questions about work here.
    What I do not know, I pass on to a person.
talk-how = All is running well, thank you! And you, { $name }? If something is in your way, tell me: I will help or pass it on.
talk-thanks = You are welcome, { $name }!
talk-fine = Great! If a question comes up, just write.
talk-bye = See you, { $name }! Write whenever you need me.
talk-sorry = I am sorry I was no help. Try to ask in other words; what I do not know, I pass on to a person.
talk-human = Of course: { $name }, { $email }. Or write your question here: if I find no answer, I will pass it on.
talk-human-nobody = Of course: write to your colleagues in HR, they will help or tell you who can.
looking = Looking for an answer — it will come to your direct messages.
no-answer =
    I have no good answer, and I will not make one up.
    Try to ask in other words, or I can pass the question on to { $name }.
no-answer-nobody =
    I have no good answer, and I will not make one up. Try to ask in other words, or write to your colleagues in HR.

## In confidence

private-care = This seems to be a personal matter.
private-offer =
    { $care }
    I will not pass this on to your manager or your colleagues. I can write to HR: { $name }. First I show you what is sent.
private-offer-nobody =
    { $care }
    I will not pass this on to your manager or your colleagues. Write yourself to somebody in HR whom you trust.
private-nobody =
    There is nobody to pass this on to: nobody in HR whom it does not concern. Nothing was sent. Write to somebody you trust.

## Was it the right answer

maybe = Perhaps you mean one of these? Choose, and I will show the answer.
no-answer-topic =
    I have no good answer, and I will not make one up.
    { $name } knows more about "{ $topic }" — I can pass your question on.
no-answer-contact =
    I have no good answer, and I will not make one up.
    About "{ $topic }" write to { $name }, { $email }.
not-helpful =
    Thank you for telling me!{ $others ->
        [0] { "" }
       *[other] { " " }Perhaps another answer fits?
    }
    I can pass the question on to { $name }.
not-helpful-topic =
    Thank you for telling me!{ $others ->
        [0] { "" }
       *[other] { " " }Perhaps another answer fits?
    }
    { $name } knows more about "{ $topic }" — I can pass your question on.
not-helpful-contact =
    Thank you for telling me!{ $others ->
        [0] { "" }
       *[other] { " " }Perhaps another answer fits?
    }
    About "{ $topic }" write to { $name }, { $email }.
not-helpful-nobody =
    Thank you for telling me!{ $others ->
        [0] { "" }
       *[other] { " " }Perhaps another answer fits?
    }
    Try to ask in other words, or write to your colleagues in HR.
prompt-others = Not what you were looking for? Similar answers are on the buttons below.
rating-over =
    This can no longer be counted: the answer was shown more than a month ago. Ask once more, and I will answer anew.
rated-thanks = Thank you! I am glad it helped.
answer-gone = This answer is no longer there: it was changed or taken out. Ask again, and I will look anew.
button-helpful = Helpful
button-not-helpful = Not helpful
button-none-of-these = None of these
button-show = Show the answer
fact-rated = Your opinion
rated-helpful = helpful, thank you!
rated-not-helpful = not helpful
fact-composed = Composed
composed = from our documents; please check with the source

## Search

search-usage = Write what to look for, for example: search VPN access.
search-found =
    { $count ->
        [one] { $count } answer found for "{ $words }":
       *[other] { $count } answers found for "{ $words }":
    }
search-nothing =
    Nothing was found for "{ $words }".
    Try other words, or ask a whole question, for example: "how do I connect the VPN?"
link-open = Open

## What is known: for HR

answers-state = Here is what I answer from, and what I do not know yet.
answers-usage =
    Write "answers" to see how things stand. After it you can add:
    "unanswered" for questions that have no answer yet; "drafts" for answers of colleagues that can go into the FAQ;
    "reindex" to have Confluence read anew.
answers-no-wiki =
    Confluence is not connected, so there is nothing to read. Answers of the FAQ are always up to date.
    Administrators connect it: the README says how, beginning with CONFLUENCE_URL.
answers-reindexing = I am reading all of Confluence anew, and go on answering meanwhile. The result will come as a message.
answers-reindexing-already = I have been reading Confluence anew since { $since }. The result will come to you as well.
fact-crawled = Confluence read
fact-pages = Pages
fact-entries = Answers from chat
fact-votes = Opinions
fact-unanswered = Unanswered
fact-drafts = Drafts
wiki-none = not connected
crawled-never = not yet
fact-unread = Could not be read
unread-note = { $why } ({ $id })
unread-too-much-markup = its markup is too complex; split or simplify the page, and I will read it again
unread-too-slow = reading it takes too long; split or simplify the page, and I will read it again
unread-no-text = Confluence does not give its text, which is usually too large; split the page, and I will read it again
unread-broken = its markup is broken; open the page and save it anew, and I will read it again
crawl-under-way = being read now, { $count } so far
pages-count =
    { $count ->
        [one] { $count } page
       *[other] { $count } pages
    }
entries-count =
    { $count ->
        [one] { $count } answer
       *[other] { $count } answers
    }
drafts-count =
    { $count ->
        [one] { $count } draft
       *[other] { $count } drafts
    }
votes-count = helpful — { $helpful }, not helpful — { $unhelpful }
questions-count =
    { $count ->
        [one] { $count } question
       *[other] { $count } questions
    }
button-unanswered = Unanswered
button-drafts = Drafts
button-reindex = Read Confluence anew

## Asking a colleague

preview =
    This is what { $name } will see. Nothing has been sent yet. Please check it: you can change the text, or ask HR instead.
    If they have no answer, the question may go on to HR.
preview-private =
    This is what { $name } will see, and nobody else: neither your manager nor your colleagues. Nothing has been sent yet.
    Please check the text: you can change it, or not send it.
preview-changed = Now { $name } will see this. Nothing has been sent yet: please check once more what goes to whom.
preview-cancelled = All right, nothing was sent. If you change your mind, ask once more.
preview-over =
    This button does nothing any more: the message was sent, changed or cancelled. To pass the question on, ask once more.
preview-empty = The text is empty. Write a few words at least.
fact-to = To
fact-from = From
button-send = Send
prompt-preview = A button with a name shows the same for that person instead.
button-preview-edit = Change the text
button-preview-cancel = Do not send
form-preview = Text of the question
form-preview-submit = Next
field-preview-text = What to pass on
rephrase-usage =
    Nothing was sent. Write "rephrase" and the new text, for example: rephrase Where do I get a badge for the weekend?
    First I show you what goes to whom.
question-passed = Your question was passed on to { $name }. I will send you the answer as soon as it is there.
inquiries-too-many =
    { $count ->
        [one] { $count } question of yours waits
       *[other] { $count } questions of yours wait
    } for { $name } already, so I have not passed this one on. It is noted, and HR can see it. Pass it on when the others are answered.
inquiries-too-many-private =
    { $count ->
        [one] { $count } message of yours waits
       *[other] { $count } messages of yours wait
    } for { $name } already. This one has gone nowhere. Send it when the others are answered.
question-private =
    { $name } turns to you in confidence: you alone were given this. Please do not retell or forward it.
    Press "Answer" or write: reply { $number } <your answer>. If you cannot help: "Not for me".
question-passed-on =
    { $name } asks, and I do not know the answer. Press "Answer" or write: reply { $number } <your answer>.
    I will pass it on.
inquiry-usage = Write the number of the question and the answer, for example: reply { $number } On Monday from ten.
inquiry-unknown = You have no question number { $number }. To see what waits for your answer: "reply".
inquiry-no-answer = The answer is empty. Write a few words at least.
inquiry-not-yours = It was not you who was asked this question. To see what waits for your answer: "reply".
inquiry-thanks = Thank you! Your answer was passed on.
inquiry-answered-by = { $name } has answered this question already. Thank you for stepping in!
inquiry-answered-by-you = You have answered this question already, thank you!
inquiry-nobody = I am sorry, nobody has an answer yet. The question is noted, and HR can see it.
inquiry-nobody-private =
    { $name } cannot answer this. Your message was passed on to nobody else and noted nowhere.
inquiry-over =
    This question is closed: it was asked long ago, and I keep it no longer. If you have the answer, write to your colleague
    directly; "reply" shows what waits for your answer now.
inquiry-expired =
    I am sorry: nobody has answered your question for a month, and I no longer wait for an answer. HR can see it.
    If it still matters, write yourself: { $name }, { $email }. Or ask once more.
inquiry-expired-nobody =
    I am sorry: nobody has answered your question for a month, and I no longer wait for an answer. HR can see it.
    If it still matters, ask once more.
inquiry-expired-private =
    I am sorry: nobody has answered your message for a month, and I no longer wait for an answer. Nobody else was shown it.
    If it still matters, write yourself: { $name }, { $email }. Or send it once more.
inquiry-expired-private-nobody =
    I am sorry: nobody has answered your message for a month, and I no longer wait for an answer. Nobody else was shown it.
button-ask-again = Ask once more
inquiry-passed = The question was passed on to HR. Thank you for telling me!
inquiry-declined = I see, thank you! There is nobody else to ask, so the question is on the list for HR.
inquiry-declined-private = I see, thank you! I will tell its author. The message goes to nobody else.
inquiries =
    { $count ->
        [one] { $count } question waits for your answer.
       *[other] { $count } questions wait for your answer.
    } Press "Answer" or write: reply <number> <text>.
inquiries-none = No question waits for your answer right now.
inquiry-note = No. { $number }, { $name } asks
fact-answered-by = Answered by
button-inquiry-answer = Answer
button-inquiry-pass = Not for me
form-inquiry = Answer a colleague
form-inquiry-submit = Send
field-inquiry-answer = Your answer

## The FAQ in chat

faq =
    { $count ->
        [one] { $count } answer was written in chat:
       *[other] { $count } answers were written in chat:
    }
faq-cut =
    { $count ->
        [one] { $count } answer was written in chat, { $shown } shown.
       *[other] { $count } answers were written in chat, { $shown } shown.
    } To find the others: "/onboarding faq <word>".
faq-none = No answer has been written in chat yet. Add the first with the button, or like this: faq new Where do I get a badge? | At the reception.
faq-none-of = No answer that was written in chat has the words "{ $words }".
faq-shown = An answer that was written in chat:
faq-published = Published: "{ $question }". I answer like that from now on.
faq-changed = Changed: "{ $question }". I answer like that from now on.
faq-withdraw = Take "{ $question }" out of the FAQ? I will not answer like that any more.
faq-withdrawn = Taken out of the FAQ: "{ $question }".
faq-gone = There is no such answer any more. To see which there are: "faq".
faq-of-hr = Answers for the FAQ are written by HR. Write "help" to see what you can do.
faq-usage = Write the question and the answer with a bar between them: faq new Where do I get a badge? | At the reception, with your passport.
faq-usage-answer = Write the answer after the bar: faq new { $question } | <your answer>
faq-usage-edit = Write the new text like this: faq edit { $id } Question? | Answer
faq-no-question = Write the question in one language at least.
faq-no-answer = Write the answer in one language at least.
faq-too-long = That is too long: no more than { $most } characters fit here. Keep what matters most.
faq-too-many-ways = Too many ways to ask: there can be no more than { $most }. Keep the most usual ones.
faq-hidden = There are characters here that nobody can see. Type the text anew instead of pasting it.
faq-duplicate = There is such a question already: "{ $question }". Please change that answer.
faq-full = There are { $most } answers in chat already, and there is no room for more. Take some out, or move them into the files of the FAQ.
faq-source = FAQ, answered by HR
button-open = Open
button-from-start = To the beginning
button-edit = Edit
button-faq-new = New answer
button-faq-withdraw = Take out
form-faq = Question and answer
form-faq-submit = Publish
field-faq-question-ru = Question in Russian
field-faq-answer-ru = Answer in Russian
field-faq-question-en = Question in English
field-faq-answer-en = Answer in English
field-faq-also = How else people ask it
hint-faq-also = Each way on a line of its own. One language is enough: the other one gets the same text.

draft = A colleague has answered this, and the FAQ has no answer to it yet. Shall it be published?
draft-note = answered by { $name }
draft-wrong = It cannot be published yet. { $wrong } Put the text right with "Edit".
draft-dismissed = The draft was put away: "{ $question }".
draft-published-by = { $name } has published this draft already.
draft-published-by-you = You have published this draft already.
draft-dismissed-by = { $name } has put this draft away already.
draft-dismissed-by-you = You have put this draft away already.
draft-over = This draft is gone: it was too old. "answers drafts" shows what waits for a decision now.
draft-thanks = { $name }, your answer is in the FAQ now: "{ $question }". Thank you!
drafts =
    { $count ->
        [one] { $count } draft waits for a decision:
       *[other] { $count } drafts wait for a decision:
    }
drafts-page = Drafts that wait for a decision: { $first }–{ $last } of { $count }.
drafts-none = There are no drafts.
button-draft-publish = Publish
button-draft-dismiss = Not needed

unanswered =
    { $count ->
        [one] { $count } question without an answer:
       *[other] { $count } questions without an answer, the most asked first:
    }
unanswered-page =
    Questions without an answer, the most asked first: { $first }–{ $last } of { $count }.
unanswered-none = There is no question without an answer.
unanswered-note =
    { $count ->
        [one] asked once
       *[other] asked { $count } times
    }
unanswered-shown = A question without an answer:
unanswered-dismissed = Taken off the list: "{ $question }".
unanswered-gone = This question is on the list no longer: it was answered, taken off, or not asked for half a year.
button-unanswered-write = Write an answer
button-unanswered-dismiss = Take off

## Feedback

feedback-usage =
    Write your feedback in one message, for example: feedback the first week went well, I still need a headset. HR will read it.
feedback-thanks = Thank you, { $name }! Your feedback is with HR: they read it and, where needed, answer you directly.
feedback-passed-on =
    { $name } — feedback:
    { $text }
feedback-nobody = There is nobody yet to pass your feedback on to. Please tell your manager.

## Help

help = { $name }, here is what you can do:
usage-status = status
help-status = your plan: what is done and what lies ahead
usage-tasks = tasks
help-tasks = what waits for you: steps, tasks and questions of colleagues
usage-team = status @name · status team
help-team = how your people are doing
usage-done = done <step>
help-done = tick off a step by its title, number or code, for example "done read-docs"
usage-ask = ask <text>
help-ask = find an answer; in direct messages just ask: "how do I connect the VPN?"
usage-search = search <words>
help-search = everything about these words: answers and pages with links
usage-feedback = feedback <text>
help-feedback = tell HR what you liked and what is missing
usage-start = start @name <scenario> <date>
help-start = start an onboarding, for example "start @name newcomer 2026-12-01"
usage-stop = stop @name
help-stop = stop an onboarding that was started by mistake
usage-task = task @name "what to do" priority <which> due <date> for @colleague
help-task = give a task that is not in the plan; a name and a title are enough
usage-change = change @name <step> due <date> priority <which> for @colleague
help-change = another due date, priority or person
usage-reopen = reopen <step>
help-reopen = open a step again that was ticked off by mistake
usage-skip = skip @name <step>
help-skip = take out a step that is not needed
usage-reply = reply <number> <text>
help-reply = answer a colleague's question that I passed on; without a number I show what waits
usage-rephrase = rephrase <text>
help-rephrase = pass a question on to a colleague in other words; first I show what goes to whom
usage-faq = faq · faq new Question? | Answer
help-faq = answers of the FAQ that were written in chat: see, add, change, take out
usage-channel = channel · channel teams
help-channel = see or choose where notifications go
usage-whoami = whoami
help-whoami = what I know about you and where I can reach you
usage-withdraw = withdraw links @name
help-withdraw = close the links on issues that lead to the plan, when they have reached the wrong people; the issues get new ones
usage-sync = sync · sync report
help-sync = compare the onboardings with the issues in Jira; the report shows what differed
usage-answers = answers · answers unanswered · answers drafts · answers reindex
help-answers = what I answer from and what I do not know; have Confluence read anew
verb-misspelt = I do not know the command "{ $written }". Perhaps "{ $meant }"? To see them all: "help".
not-allowed = This command is for managers and HR. Write "help" to see what you can do.
not-your-person = { $name } is not on your team. This onboarding is led by their manager and HR.
person-unknown = I cannot find "{ $who }". Check how the name is written, or give their work e-mail: that I find for certain.
person-ambiguous = "{ $who }" could be several people: { $names }. Please be more exact, an e-mail for example.
person-left = { $name } is no longer in the company's directory. If that is wrong, HR can put them back into it.
person-outside = This person is not in the company's directory. Check the name, or give their work e-mail.
scenario-unknown = There is no scenario "{ $name }". There are: { $scenarios }.
date-unknown = I do not understand the date "{ $date }". Try 2026-12-01, 1 December, tomorrow, friday or +3d.
date-too-far = { $day } is too far away: choose a date within a year of today.
outdated = This button is out of date. Write "status", and I will show how things stand.
form-start = Start an onboarding
form-start-submit = Start
field-person = Who
field-scenario = Scenario
field-date = First day
field-status = status
field-priority = priority
field-assignee = assignee
field-due = due date
field-duedate = due date
field-labels = labels
field-parent = parent issue
field-description = description
field-issue = issue
field-gone = issue
priority-highest = highest
priority-high = high
priority-medium = medium
priority-low = low
priority-lowest = lowest

## Getting to know, and failures

one-moment = One moment, I am finding out who you are. I will answer in your direct messages.
one-moment-person = One moment, I am finding out who that is. I will answer in your direct messages.
stranger =
    Hello! I help the people of this company, and I cannot find you in its directory. If that is wrong, please ask HR.
    (Здравствуйте! Я помогаю сотрудникам компании, а вас в справочнике не нахожу. Если это ошибка, напишите в HR.)
stranger-left =
    Hello! You are no longer in the company's directory, so I cannot help. If that is wrong, please ask HR: as soon as you are back in it, everything works again. Thank you, and all the best!
    (Здравствуйте! В справочнике компании вас больше нет, поэтому помочь я не могу. Если это ошибка, напишите в HR: как только вас вернут, всё снова заработает. Спасибо и всего доброго!)
stranger-moved =
    Your work e-mail seems to have changed, and the new address is not in the directory yet. Your plan and rights are still with the old one: please ask HR to enter the new one.
    (Похоже, у вас сменилась рабочая почта, а нового адреса в справочнике ещё нет. План и права остались за прежним адресом: попросите HR вписать новый.)
too-many-waiting = Too many messages wait until I know whose account this is, so I have not kept this one. Please write again in a few minutes.
text-too-long =
    The message is too long: I can read { $most } characters at most, so nothing was done.
    Please keep to what matters, or send it in parts.
acts-too-many =
    That is more than I can do at once, so I have not done the last of it. Please wait { $seconds ->
        [one] a second
       *[other] { $seconds } seconds
    } and try again: until then I do nothing. Everything before that stands.
acts-too-many-unknown =
    That is more than I can do at once, so I have not done the last of it. Please wait a minute and try again.
    (Столько сразу мне не успеть, поэтому последнее я не выполнил. Подождите, пожалуйста, минуту и повторите.)
apology = I am sorry, that did not work — your message is kept, number { $number }. The administrators can see it.

## For administrators

alert-dead = { $destination }: something could not be done. It is kept: "app.py dead list" shows it, "dead retry" tries again.
alert-unauthorized =
    { $destination }: access was refused — check the token and its permissions. Everything waits in line and leaves by itself once access is back.
alert-twins = There were two issues for one step. { $key } stays, the newer ones were closed as duplicates.
alert-foreign-issue =
    The issue { $key } in Jira carries a label of mine, but somebody else created it, or it is in another project than I asked for.
    I leave it out of account: it closes, approves and reopens nothing.
    If it is a copy, remove the labels "butterboard" and "bb-…" from it. If not, ask its author what the label is for.
alert-unassigned =
    { $key } — the issue was created without an assignee: Jira has no account with access to the project for { $name }.
    Give access, or assign the issue by hand.
alert-left-out =
    { $key } — the issue was created, but Jira did not take the field "{ $field }".
    Add it to the create screen of that project, or fill it in by hand.
alert-not-taken = { $key }: Jira did not take the field "{ $field }" — { $reason }
not-taken-no-transition =
    from its present status no transition leads to the one that is wanted.
    Add one to the workflow of that project, for example into a status of the category "Done", or move the issue by hand.
not-taken-user-unknown =
    the person has no account in Jira, or cannot be assigned in that project.
    Give access to the project, or assign the issue by hand.
not-taken-priority-unknown = the project has no such priority. Add it to the priority scheme, or choose another one by hand.
not-taken-field-unknown = there is no such field on the screen of the issue. Add it to the edit screen, or fill it in by hand.
not-taken-forbidden = the bot lacks permissions. Let it edit, transition and assign issues in that project.
not-taken-not-kept =
    the change was accepted, but the value stayed as it was.
    Check the automation of that project and, where needed, change the issue by hand.
not-taken-other = { $code }. Look at the issue and change it by hand.
alert-invisible =
    { $count ->
        [one] Comparing with Jira: { $count } issue that the onboardings know cannot be seen.
       *[other] Comparing with Jira: { $count } issues that the onboardings know cannot be seen.
    }
    That looks like lost permissions, so I have changed nothing. Give the bot access to its projects again and say "sync".
crawl-done =
    The pages of Confluence are up to date. { $read ->
        [one] { $read } page read
       *[other] { $read } pages read
    }, { $changed ->
        [0] none of them new or changed
       *[other] { $changed } new or changed
    }, { $removed ->
        [0] none removed.
       *[other] { $removed } removed.
    }{ $invisible ->
        [0] { "" }
        [one] { " " }{ $invisible } page cannot be seen: check the bot's permissions in Confluence.
       *[other] { " " }{ $invisible } pages cannot be seen: check the bot's permissions in Confluence.
    }{ $unread ->
        [0] { "" }
        [one] { " " }{ $unread } page could not be read: "answers" tells which one, and why.
       *[other] { " " }{ $unread } pages could not be read: "answers" tells which ones, and why.
    }
crawl-progress =
    Reading Confluence: { $count ->
        [one] { $count } page so far.
       *[other] { $count } pages so far.
    } I'll write when it is done.
crawl-given-up = Confluence could not be read: it takes too long to answer. The administrators know; please try again later.
alert-pages-invisible =
    { $count ->
        [one] Confluence no longer shows { $count } of the pages that I answer from.
       *[other] Confluence no longer shows { $count } of the pages that I answer from.
    }
    That looks like lost permissions, so I have removed nothing. Give the bot access to its spaces again. If the pages were deleted on purpose, renew the answers: "/onboarding answers reindex".
refusal-project-unknown = there is no such project
refusal-type-unknown = there is no such issue type
refusal-priority-unknown = there is no such priority
refusal-user-unknown = there is no such assignee
refusal-field-unknown = there is no such field
refusal-invalid = the fields are not filled in the way the system expects
refusal-forbidden = permissions are missing
refusal-person-gone = the person is no longer in the directory
refusal-person-unreachable = the person has no account in this messenger
refusal-uncertain = it is not known whether the message arrived
refusal-not-found = the address was not found: check the settings
refusal-gave-up = too many failed attempts
refusal-other = { $code }

## Adapters

jira-duplicate = This issue was created twice by mistake. The work goes on in { $key }.
jira-unassigned = Assignee by plan: { $name } (no account in Jira was found).
slack-form-failed = The form did not open. Please try again, or write the whole command, for example: /onboarding start @name newcomer 2026-12-01.

## Who has left the company

left-hr = No longer in the company: { $names }{ $more ->
        [0] .
       *[other] { " " }and { $more } more.
    } Roles and access are taken away, and I write to them no more.
left-to-you = No longer in the company: { $names }{ $more ->
        [0] .
       *[other] { " " }and { $more } more.
    } { $all ->
        [1] This is yours now:
       *[other] What is yours now ({ $listed } of { $all } here):
    }
fact-handed-over = What became of their work
handed-over =
    { $stopped ->
        [0] { "" }
        [one] { $stopped } onboarding was stopped.{ " " }
       *[other] { $stopped } onboardings were stopped.{ " " }
    }{ $steps ->
        [0] { "" }
        [one] { $steps } step went to somebody else.{ " " }
       *[other] { $steps } steps went to somebody else.{ " " }
    }{ $journeys ->
        [0] { "" }
        [one] { $journeys } onboarding has a new manager.
       *[other] { $journeys } onboardings have a new manager.
    }
handed-over-nothing = They had nothing open.
note-handed-over = onboarding: { $name }
note-handed-over-to = onboarding: { $name }; now with { $to }
alert-people-refused =
    The file of people was not taken: { $leaving ->
        [one] { $leaving } person
       *[other] { $leaving } people
    } of { $of } are missing in it, more than a fifth. Nothing was changed, and I work with the directory as it was. If it is right, run app.py people import FILE --yes; else correct the file.
alert-people-wrong = The file of people was not taken: there are errors in it. Nothing was changed, and I work with the directory as it was. Which they are, and on what lines, app.py check shows; correct the file and start me again, or run app.py people import FILE.
