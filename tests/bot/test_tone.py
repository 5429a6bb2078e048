"""Is a feedback negative? Measured on sentences as colleagues write them, Russian and English."""

import pytest

from bot.tone import is_negative

NEGATIVE_RU = """
Мне не понравилось, как прошла первая неделя
В первый день меня никто не встретил, я час стоял на проходной
Очень не хватает нормального описания доступов
Ментор так ни разу мне и не ответил
Ноутбук выдали только на пятый день, работать было не на чем
Ужасно долгий вебинар, я чуть не уснула
Документация устарела, половина ссылок не работает
Я совершенно запутался в этих инструкциях
Слишком много информации сразу, голова кругом
Честно говоря, разочарована: обещали одно, а получилось другое
Плохо организовано знакомство с командой
Непонятно, к кому идти с вопросами
Бот бесполезный, отвечает не на то, что спрашиваю
2 из 5
Всё хорошо, но VPN не работает третий день и всем всё равно
Скучное обучение по безопасности, потеря времени
""".strip().splitlines()

POSITIVE_RU = """
Всё понравилось, спасибо большое команде!
Очень тёплый приём, ментор помог с первого дня
Неплохо, темп хороший
Ничего плохого сказать не могу
Всё прошло без проблем, доступы были готовы заранее
Документация понятная, нашёл ответы на все вопросы
5/5
Отличный план на первую неделю, всегда видно, что дальше
Не было ни одной проблемы с оборудованием
Приятно, что руководитель сразу нашёл время на встречу
Вебинар был полезный, особенно часть про отпуска
Удобно, что бот напоминает о сроках
Сначала было сложно, но коллеги всё объяснили и теперь всё супер
Не плохо для первого раза, так держать
Мне здесь нравится, коллеги отзывчивые
Встреча с командой прошла в четверг, познакомился со всеми
""".strip().splitlines()

NEGATIVE_EN = """
The first week was confusing and nobody explained anything
I'm disappointed, my laptop arrived a week late
Not good at all
The security training is boring and far too long
Nobody answered my questions in the channel
I still don't have access to Jira, this is frustrating
The documentation is outdated and the links are broken
I felt lost and ignored on my first day
My manager never showed up to our meeting
The checklist is useless, half of the steps make no sense
It was fine until the VPN stopped working, and support did not help
Too much paperwork, not enough time with the team
1/5
Honestly a waste of time
I wasn't told where to go on day one
The onboarding could be much better organised
""".strip().splitlines()

POSITIVE_EN = """
Great first week, everyone was very welcoming
No problems so far, everything was ready on day one
I really enjoyed meeting the team
Not bad at all, the plan is clear
The mentor was super helpful and patient
Everything works, thanks for the quick setup
5 out of 5
I never felt lost, the checklist is excellent
Clear instructions and friendly people
The webinar was useful, I learned a lot
I had no issues with my accounts
It was a bit hard at first, but now I love it
The bot answers quickly and always shows the source
Smooth start, well organised
Nothing to complain about
I met my manager and my mentor on Monday, and we agreed on the goals
""".strip().splitlines()
