# Pages of the web chat: the start page and the chat itself. The browser fills in %1 and %2.

web-title = Butterboard
web-tagline = The first 90 days in a new job, step by step
web-about-1 = The bot welcomes a new colleague and walks them through their plan: what to do today, what comes next, whom to ask.
web-about-2 = A manager starts the plan with one command and sees how it goes. Tasks appear in Jira by themselves.
web-about-3 = Questions about leave, VPN or your pass get an answer with a link to its source.
web-sandbox-note = This is a sandbox: the company and its people are made up, and nothing leaves this machine.
web-pick = Who will you be?
web-pick-hint = Open two people in neighbouring tabs: the conversations update by themselves.
web-pick-failed = That did not work. Please try again.
web-nobody = Nobody is here yet. Fill in the directory of people and reload the page.
web-elsewhere = More to open
web-link-jira = Tasks in Jira (a stand-in)
web-link-confluence = The wiki in Confluence (a stand-in)
web-link-model = The language model (a stand-in)
web-link-teams = The conversation in Teams (Microsoft's client)
web-link-teams-off = Teams: run “make teams-client” beside it and reload the page
web-other-language = Русский
web-no-script = The chat needs JavaScript. Turn it on and reload the page.

web-role-newcomer = newcomer
web-role-employee = employee
web-role-manager = manager
web-role-hr = HR
web-role-admin = administrator

web-bot = Butterboard
web-bot-about = your onboarding companion
web-skip = To the message field
web-people = Change person
web-start-page = Start page
web-plan = My plan
web-plan-close = Close the plan
web-plan-empty = Your plan will appear here as soon as you are given one.
web-conversation = Conversation with Butterboard

web-empty-title = Hello, { $name }!
web-empty-text = I am Butterboard. Ask me anything, or begin with a suggestion below.

web-composer = Message
web-composer-placeholder = Write to the bot…
web-composer-hint = Enter sends, Shift+Enter begins a new line
web-send = Send
web-suggestions = Suggestions
web-suggest-status = status
web-suggest-help = help
web-suggest-question = how do I connect to the VPN?
web-suggest-start = /onboarding start @{ $handle } newcomer { $day }

web-by-bot = Butterboard
web-by-me = You
web-today = Today
web-yesterday = Yesterday
web-typing = Butterboard is typing…
web-updated = Updated: %1
web-new-messages = New messages: %1
web-to-latest = To the latest messages
web-progress = %1 of %2
web-progress-name = Steps completed
web-done-fold = Already done: %1
web-waiting-fold = Ahead: %1

web-mark-waiting = Later
web-mark-open = Now
web-mark-overdue = Overdue
web-mark-done = Done
web-mark-skipped = Skipped

web-sending = Sending…
web-repeating = No connection, trying again…
web-not-sent = Not sent
web-too-long = Too long (%1 characters): I can read %2 at most. Keep to what matters, or send it in parts.
web-offline = Connection lost. Reconnecting…
web-online = Back online
web-signed-out = Choose a person again to go on.

web-error-cross-site = The request came from another site, so I will not carry it out.
web-error-not-here = The sandbox answers only on the machine it runs on, and only directly, without a proxy. Open it there, at the address that was printed at its start.
web-error-too-slow = The request took too long to arrive.
web-error-not-json = The request must be JSON.
web-error-too-large = Too long: a request may take up to 64 KB.
web-error-unreadable = The request cannot be read.
web-error-field = The field “{ $field }” is not filled in correctly.
web-error-empty = The message is empty. Write at least a word.
web-error-nobody = There is no such person in the directory.
web-error-signed-out = First choose a person on the start page.
web-error-unavailable = It cannot be saved right now. I will try again in a second.

# The page of one plan: whoever has the link sees it.
web-journey-kind = Onboarding
web-journey-progress = { $done } of { $total }
web-journey-issue = Issue
web-journey-steps = Steps
web-journey-notes = { $note }, { $due }
web-journey-about = This page is only for reading. Steps are marked in the conversation with Butterboard, or in their issues.
web-journey-missing = There is nothing here
web-journey-missing-text = The link may have been copied only in part, or the plan has been deleted. Check the link in the issue, or ask for a new one.
web-journey-expired = This link is no longer valid
web-journey-expired-text = It has expired, or it was withdrawn. While the onboarding goes on, its issues carry a new link; if you cannot see them, ask the manager or HR for it.
web-journey-away = The plan does not open yet
web-journey-away-text = It cannot be read at the moment. The page will reload by itself in a few seconds.

# What the bot keeps, and on what terms it is used: pages that are open to everybody.
web-privacy = What the bot knows about you
web-privacy-intro = Butterboard helps people settle in at a new job. This page says what it keeps, for how long, and who sees it.
web-privacy-kept = What is kept, and how long
web-privacy-person = A record of you: name, e-mail, department, manager, first day, language, time zone, country, roles and accounts in messengers. It stays after you have left the company: the bot does not delete it by itself.
web-privacy-plan = Your plan: its steps and dates, who ticked them off and when, the issues that belong to them. The bot does not delete it by itself.
web-privacy-passed = A question that you passed on to somebody: { $open ->
    [one] { $open } day
   *[other] { $open } days
} while it waits, and { $ended ->
    [one] { $ended } day
   *[other] { $ended } days
} after the answer.
web-privacy-unanswered = A question that nobody could answer yet, and who asked it: { $days ->
    [one] { $days } day
   *[other] { $days } days
} after it was last asked.
web-privacy-draft = A colleague's answer as a draft for the FAQ: { $open ->
    [one] { $open } day
   *[other] { $open } days
} at most until HR decides; then, without its text, { $ended ->
    [one] { $ended } day
   *[other] { $ended } days
} more. A published answer is kept until HR withdraws it.
web-privacy-votes = Whether an answer helped you: { $votes ->
    [one] { $votes } day
   *[other] { $votes } days
}. Which answers you were shown: { $shown ->
    [one] { $shown } day
   *[other] { $shown } days
}.
web-privacy-asked = Your last questions, to understand a follow-up such as “and in Moscow?”: they are used for { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} and erased by a daily clean-up.
web-privacy-replies = What the bot replied to each message: { $days ->
    [one] { $days } day
   *[other] { $days } days
}, so that what a messenger delivers again is not done again.
web-privacy-undelivered = What could not be delivered or processed: until an administrator of the bot has seen to it.
web-privacy-sandbox = The sandbox is on here. Its people are made up, and conversations in the web chat are kept on this machine, in the folder of data.
web-privacy-logs = The log holds ids only: no names, no e-mail addresses, no texts.
web-privacy-seen = Who sees it
web-privacy-readers = You, your manager and HR see your plan; a single step is also seen by whoever has to do it. The administrators of the bot have access to its store.
web-privacy-colleague = A question that you decide to pass on is seen by whoever it goes to and, if there is no answer, by HR. HR also sees the questions that nobody could answer; personal matters are not among them.
web-privacy-feedback = Feedback goes to HR, with your name and e-mail address.
web-privacy-tracker = Steps that have an issue are in Jira together with your name, and everybody with access to the project sees them there. The link on an issue opens the plan for at most { $days ->
    [one] { $days } day
   *[other] { $days } days
}. By rules of the company, a complaint or a question without an answer may become an issue, too.
web-privacy-model = To compose an answer, the bot sends your question and the passages it has found to a language model that the company has chosen.
web-privacy-messenger = The conversation itself stays in the messenger, under its rules: the bot does not delete it there.
web-privacy-ask = Whom to ask
web-privacy-contact = To learn more, or to have data corrected or deleted: { $contact }
web-privacy-hr = To learn more, or to have data corrected or deleted, turn to HR of your company.
web-terms = Terms of use
web-terms-intro = Butterboard helps the employees of the company that runs it: it leads through the plan of the first weeks, answers questions and reminds of what is due.
web-terms-use = How to use it
web-terms-who = The bot is for employees of this company. What is done with your account counts as done by you.
web-terms-answers = Answers come from the company's own material, which may be out of date. Where money, dates or rights are concerned, check the source below the answer, or ask HR.
web-terms-answers-model = A language model composes the answers from the company's own material. It can be wrong, and the material out of date: where money, dates or rights are concerned, check the source below the answer, or ask HR.
web-terms-secrets = Do not write passwords, card numbers or medical details to the bot: it needs none of them for an answer.
web-terms-not = What not to expect
web-terms-urgent = The bot calls no help, and nobody watches what is written to it. If you are in danger, call the emergency services.
web-terms-licence = The software is licensed under Apache-2.0, without warranty.
