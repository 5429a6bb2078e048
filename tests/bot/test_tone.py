"""Is a feedback negative? Measured on sentences as colleagues write them, Russian and English, half of them negative.

Each set was written before it was first measured, and the words were extended after that. So the share of right answers
here flatters; at the first measurement it was 0.94 (FIRST), 0.75 (SECOND), 0.73 (THIRD), 0.64 (IDIOMS), 0.90 (PLAIN).
"""

import pytest

from bot.tone import is_negative

FIRST_NEGATIVE = """
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

FIRST_POSITIVE = """
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

SECOND_NEGATIVE = """
Руководитель постоянно занят, поговорить не получается
Две недели жду доступ к репозиторию
Мне кажется, про меня просто забыли
Инструкция по VPN для Windows не подходит к маку
Обучение затянуто, можно было уложиться в час
Никакой поддержки от ментора я не почувствовал
Оборудование старое, монитор мигает
Задачи из чек-листа дублируются, это раздражает
Почему нельзя было рассказать об этом в первый день?
Хороший офис, однако процесс оформления просто кошмар
Никому нет дела до новичков
Оценка 3/10, больше не хочу проходить такое
My buddy left the company and I didn't get a new one
The welcome call was cancelled twice without any explanation
Support tickets take forever
I have no idea what is expected from me
The links in the handbook lead nowhere
Nice people, but the process is a mess
I expected more guidance from my manager
Nobody told me about the dress code
Sitting through six hours of slides is exhausting
The bot keeps reminding me about steps I have already done
Still no badge, and I've been here for two weeks
Setting up the laptop took three days and it's still not working
""".strip().splitlines()

SECOND_POSITIVE = """
Руководитель каждый день находит время ответить на вопросы
Доступы выдали в первый же час, никаких сложностей не возникло
Спасибо ментору за терпение
Хороший баланс между обучением и задачами
Чек-лист очень выручает, ничего не забываю
Никогда ещё не видел такого продуманного онбординга
Коллеги встретили тепло, чувствую себя частью команды
Нет замечаний
Вебинар можно пересмотреть в записи, это здорово
Переживал зря: всё оказалось просто
Всё чётко и по делу, 9 из 10
Завтра у меня встреча с ментором
The plan for the first month makes sense
My laptop was waiting for me on the desk, wow
I couldn't be happier with my team
Wasn't sure what to expect, but it turned out great
The handbook answers all my questions
No delays, no confusion, just a smooth start
The pace is right and nobody rushes you
Everyone is patient with my questions
I appreciate the reminders
The security course isn't boring at all
Very well organised, 10/10
I have finished the paperwork and picked up my pass
""".strip().splitlines()

THIRD_NEGATIVE = """
На вопросы в чате отвечают через два дня
Инструкции противоречат друг другу
Я ожидала большего от программы адаптации
Ноутбук еле живой, Zoom на нём зависает
За месяц руководитель ни разу не спросил, как у меня дела
Презентация читалась по бумажке, все скучали
Пропуск не оформили вовремя, пришлось просить охрану
Сыро и непродуманно
Не увидел никакой пользы от этих встреч
Обед в одиночестве в первый день — так себе впечатление
Мой ментор ушёл в отпуск, и я остался без помощи
Кажется, меня здесь не ждали
The instructions contradict each other
It took a week to get a working laptop
I don't understand why there are so many forms
The first day felt improvised and messy
No one from the team came to say hello
The mentor was unavailable most of the time
I had to figure everything out by myself
Videos are outdated and the audio is bad
It's hard to find anything in Confluence
My questions are met with silence
I'm not happy with how the relocation was handled
The tool crashes every time I open it
""".strip().splitlines()

THIRD_POSITIVE = """
Спасибо за подробный план, всё по полочкам
Ментор отвечает быстро и по делу
Первую неделю прошёл без стресса
Не ожидал, что всё будет настолько удобно
Мне всё понятно, вопросов нет
Чувствуется забота о новичках
Техника новая, доступы на месте
Не скучно, много живых примеров
Я в восторге от команды
Отличная идея с чек-листом, ничего лишнего
Узнал много нового о продукте
Сегодня закончил курс по безопасности
Love the checklist, it keeps me on track
The team made me feel at home from day one
It is not difficult to find information here
HR answered within minutes
Everything was explained step by step
No complaints, all good
I wish every company did it like this
The mentor never made me feel stupid for asking
The workload is reasonable
Fantastic support from IT
I've completed the first week and start my first task tomorrow
It's a pleasure to work here
""".strip().splitlines()

# Told as stories, in idioms, without a word of feeling: what rules find hardest.
IDIOMS_NEGATIVE = """
Ключевые контакты пришлось искать самому
Программа сырая, видно, что делали на коленке
Первые дни были скучными, заняться нечем
Мне так и не показали офис
В чате меня добавили не в те каналы
Рабочее место не подготовили, сидел на стуле из переговорки
Обучающие видео бесконечные и снотворные
Никто не подсказал, где обедать
Моя почта заработала только в пятницу
Вместо ментора мне дали ссылку на вики
Испытательный срок без целей, не понимаю, чего от меня хотят
Зачем столько анкет? Одно и то же по три раза
Бухгалтерия потеряла мои документы
Кадры отвечают сквозь зубы
Чувствую себя не в своей тарелке
HR promised a call and never called
There is no structure whatsoever
My requests keep getting bounced between teams
Felt like an afterthought
The training material doesn't match what we actually do
I was thrown in at the deep end
Access requests are painfully slow
Nobody seems to know who is responsible for my onboarding
The laptop they gave me is ancient
I had to ask five people to get a desk
The welcome pack never arrived
Meetings all day and no time to learn
Pretty underwhelming so far
""".strip().splitlines()

IDIOMS_POSITIVE = """
Наставник отвечает на всё, даже на глупые вопросы
Офис красивый, кофе вкусный
Очень продуманный чек-лист
Ребята сразу позвали на обед, было приятно
Документы оформили за десять минут
Никаких замечаний, всё на высшем уровне
Обучение короткое и по делу
Не пришлось ничего искать, все ссылки под рукой
Лучший онбординг из тех, что у меня были
Волновалась, но зря: все очень доброжелательные
С техникой повезло
Бот выручил, когда забыл пароль
Сегодня была встреча с командой
Первая неделя позади, иду дальше
The office is beautiful and the coffee is great
Best onboarding I've ever had
My buddy walked me through everything
I didn't have to chase anyone for access
Got my laptop and badge within an hour
It's clear what is expected of me
Good mix of theory and practice
I was nervous, but everybody made it easy
The reminders never get in the way
Can't think of anything to improve
Documentation is short and to the point
Happy to be here!
I have a meeting with the mentor tomorrow
So far so good
""".strip().splitlines()

PLAIN_NEGATIVE = """
Не понял, зачем нужны эти встречи
Слишком мало практики и слишком много слайдов
Меня никто не предупредил про пропуск
VPN постоянно отваливается, работать невозможно
Не хватило времени на задачи из-за бесконечных созвонов
Впечатление испорчено с первого дня
Ментор отвечает раз в неделю, это очень мало
Ссылка на курс не открывается
Адаптация организована ужасно
Ожидал лучшего отношения
Мне неудобно работать на таком маленьком мониторе
План на первый месяц непонятен
The instructions for the VPN are wrong
My manager did not have time for me
It is not clear what I should do next
Poor communication between HR and IT
I was disappointed by the lack of feedback
The course is too long and too theoretical
My accounts were not ready
Nobody introduced me to the team
The process feels slow and bureaucratic
I'm still waiting for my badge
Worst first day ever
The chatbot doesn't understand simple questions
""".strip().splitlines()

PLAIN_POSITIVE = """
Встреча с руководителем прошла отлично
Спасибо за помощь с документами
Всё очень удобно и понятно
Команда приняла меня тепло
Нет никаких проблем с доступами
Курс по безопасности интересный
Хорошо, что есть ментор
Мне нравится чек-лист
План на месяц составлен грамотно
Не возникло никаких вопросов
Быстро получил ноутбук и пропуск
Пока всё хорошо
Thank you for the warm welcome
My mentor is great
Everything is clear and well structured
The first week was very interesting
I got all my accounts on the first day
The team is friendly
No issues with the laptop
I like the checklist
The training was easy to follow
IT helped me very quickly
The onboarding plan is helpful
I am enjoying my work here
""".strip().splitlines()

NEGATIVE = [*FIRST_NEGATIVE, *SECOND_NEGATIVE, *THIRD_NEGATIVE, *IDIOMS_NEGATIVE, *PLAIN_NEGATIVE]
POSITIVE = [*FIRST_POSITIVE, *SECOND_POSITIVE, *THIRD_POSITIVE, *IDIOMS_POSITIVE, *PLAIN_POSITIVE]


def test_nine_sentences_of_ten_are_told_right() -> None:
    missed = [text for text in NEGATIVE if not is_negative(text)]
    false_alarms = [text for text in POSITIVE if is_negative(text)]
    wrong = missed + false_alarms
    assert 1 - len(wrong) / len(NEGATIVE + POSITIVE) >= 0.9, wrong


def test_praise_is_seldom_taken_for_a_complaint() -> None:
    false_alarms = [text for text in POSITIVE if is_negative(text)]
    assert len(false_alarms) / len(POSITIVE) <= 0.05, false_alarms


@pytest.mark.parametrize(
    "text",
    [
        "не понравилось",
        "not good",
        "плохо",
        "УЖАСНО!!!",
        "не хватает",
        "никто не ответил",
        "confusing",
        "disappointed",
        "useless",
        "👎",
        "1 из 5",
        "2/5",
        "4 out of 10",
        "I didn’t like it",
        "isn't clear",
        "ответа до сих пор нет",
        "Всё отлично, 2/5",
        "2/5 but the office is nice",
        "Good start, but nobody answered",
        "непродуманно",
    ],
)
def test_a_complaint_is_negative(text: str) -> None:
    assert is_negative(text)


@pytest.mark.parametrize(
    "text",
    [
        "неплохо",
        "не плохо",
        "ничего плохого",
        "no problems",
        "без проблем",
        "5/5",
        "9 из 10",
        "вопросов нет",
        "No issues or problems",
        "Прошёл 2 из 5 шагов",
        "I have done 2/5 steps",
        "Начинаю 1/5/2026",
        "It was hard, but now I love it",
        "👍",
        "нет",
        "ok",
        "",
    ],
)
def test_praise_and_what_says_nothing_are_not(text: str) -> None:
    assert not is_negative(text)


@pytest.mark.parametrize("text", ["\ud800 плохо", "плохо " * 5000, "не " * 3000, "5/" * 4000, "9999999/5", "0/5"])
def test_odd_texts_are_read_all_the_same(text: str) -> None:
    assert is_negative(text) in (True, False)
