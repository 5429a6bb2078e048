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
