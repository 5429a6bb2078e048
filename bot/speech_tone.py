"""Words that say how people feel about their onboarding, for `tone.py`: whole words, of which any form counts."""

from __future__ import annotations

import re

# Points out of 5 or 10, unless things are counted: "2 of 5 steps". Nor is it a date.
RATING = re.compile(
    r"(?<![\d/.,])(\d{1,2})\s*(?:/|из|out of)\s*(5|10)(?![\d/])"
    r"(?!\s*(?:шаг|этап|задач|пункт|встреч|курс|модул|дне|дня|step|stage|task|item|meeting|course|module|day))"
)

# Bad wherever it stands, unless it is denied.
BAD = """
плохо плохой хуже худший ужас ужасно ужасный кошмар кошмарный отвратительно отвратительный скучно скучный бесполезно
бесполезный бессмысленно бессмысленный непонятно непонятный непонятен неясно неудобно неудобный неприятно неприятный
неинтересно неинтересный грубо грубый грубить хамить хамство разочарован разочарование разочаровать запутанно
запутанный запутался запутаться путаница хаос хаотично бардак беспорядок сумбур сумбурно устарел устаревший сломан
сломался ошибка баг глючит тормозит зависает перестал проблема сложно сложный трудно тяжело долго затянуто затянутый
перегружен перегрузка бесит раздражает раздражать злит обидно жаль неловко одиноко растерян растерялся потерян
потерянный забыли брошен игнорируют игнорировать проигнорировали жалоба жаловаться недоволен недовольный провал зря
ждать устал стресс неорганизованно неактуальный неправильный неверный недостаточно отсутствует лишний стыдно позор
скомканно формально равнодушно равнодушие сложность трудность задержка задержали опоздал опоздание отменили перенесли
потеряли старый медленно медленный дублируется повторяется пропадает мигает висит шумно тесно душно холодно нельзя
невозможно неправда обманули давление спешка страшно проблем сложностей трудностей ошибок задержек бюрократия волокита
жду жалко забывать скучал сырой сыро противоречит противоречат молчание тишина одиночество впустую халтура абсурд
глупый глупость ерунда бред тупой мусор кривой криво вранье навязчивый устарела едва еле пришлось приходится
бесконечный снотворный
bad badly worse worst awful terrible horrible poor poorly boring bored useless pointless meaningless confusing
confused disappointed disappointing disappointment frustrating frustrated frustration annoying annoyed unclear
unhelpful rude unfriendly unwelcoming unorganised unorganized disorganised disorganized chaotic chaos mess messy
outdated obsolete broken buggy slow late stopped missing lost ignored ignoring forgotten alone lonely overwhelmed
overwhelming stressful stressed hard difficult complicated tedious dull fail failed failure hate hated dislike
disliked unhappy upset sad angry complain complaint problem issue error bug unacceptable unprofessional ridiculous
exhausting exhausted inconvenient insufficient lacking lack struggle struggled waste wasted wrong regret unprepared
cancelled canceled postponed delay delayed confusion old nowhere forever noisy cramped crowded pressure rushed rush
bureaucracy impossible lied crash crashed crashes stuck contradict contradictory inconsistent silence improvised
nonsense stupid silly absurd rubbish garbage crap sucks nightmare disaster unfair shame clunky cluttered vague
redundant repetitive duplicate impersonal dismissive worried underwhelming ancient endless painful painfully bounced
afterthought
"""

# Good, unless it is denied: then it is bad.
GOOD = """
хорошо хороший лучший отлично отличный прекрасно прекрасный замечательно замечательный супер классно классный круто
крутой здорово полезно полезный понятно понятный понятен ясно удобно удобный приятно приятный интересно интересный
нравится понравилось понравился рад рада доволен довольный дружелюбный дружелюбно отзывчивый тепло теплый внимательно
внимательный комфортно комфортный легко быстро вовремя восторг люблю полюбил благодарен спасибо качественно грамотно
четко организовано продуманно успешно молодец молодцы помог помогли помогает
good great excellent amazing awesome fantastic wonderful perfect nice helpful useful clear clearly friendly enjoy
enjoyed love loved happy glad pleased satisfied smooth smoothly easy quick quickly fast organised organized
comfortable interesting thanks thank brilliant impressed patient supportive super fun
"""

# What one may expect: neither good nor bad, and bad when it is denied.
EXPECTED = """
хватать хватает хватило работать работает работал ответ ответить ответил ответили отвечать отвечает объяснить объяснил
объяснили рассказать рассказал рассказали показать показал показали встретить встретил встретили познакомить
познакомили предупредить предупредил предупредили дать дали выдать выдали получить получил получила получается
получилось прийти пришел пришла пришли приходит доступ помощь поддержка успеть успел успела смог смогла нашел нашла
найти знать знает знают понять понял поняла подготовить подготовлен подготовили готов готово сделать сделали решить
решили смысл подходит открывается загружается запускается включается пускает видно слышно учли учитывает почувствовал
чувствую хочется объяснение продумано
answer answered explain explained tell told show showed meet met help helped respond responded reply replied work
working like get got receive received arrive arrived give gave given provide provided prepared ready enough access
welcoming support sense know knew find found understand understood available able worth introduced invited well
explanation load loads open opens want bother bothered
"""

# Neither good nor bad, and good when there is none: "no questions".
BURDEN = """
вопрос замечание нарекание претензия возражение сомнение спешка суета заминка накладка сюрприз минус недостаток
вопросов замечаний нареканий претензий возражений сомнений накладок
question remark comment objection doubt hurry fuss hassle hitch surprise trouble drawback downside
"""

# These turn a word into its opposite: "unavailable", "непродуманно".
OPPOSITES = ("не", "un", "dis", "in")

# These deny what follows them in their part of the sentence. The last kind stands behind what it denies just as well.
DENY = """
не ни без никто никого никому никак нигде некому никакой никакая никакое никаких никакого
not no never nothing nobody noone none without cannot hardly nor
"""
ABSENT = "нет нету"

# What a denial passes over on its way to what it denies; two other words at most lie between.
LINKS = """
очень так совсем вообще особо особенно слишком был была были было мне меня нам нас мой моя мое мои это ничего одного
одной разу раз с по у в на за даже толком до сих пор
at all a an the any one ever really very so too that much been be being was is are were i we me my to have has had in
with single felt feel even
"""

JOINING = "и или ни and or nor"

# What is said after these weighs more than what was said before.
TURNS = "но однако зато but however although though"

# Too much of a good thing is bad. At the end of a sentence the English word means "also".
EXCESS = "слишком чересчур too"

# Where the words one by one would mislead.
BAD_PHRASES = """
все равно; пустая трата; трата времени; потеря времени; голова кругом; оставляет желать; хотелось бы; лучше бы;
могло быть лучше; можно было лучше; так себе; ни о чем; ни на что; пошло не так; не до меня; нет дела; нет времени;
ожидал большего; ожидала большего; ждал большего; ждала большего; в одиночку; до сих пор; так и не; сколько можно;
could be better; could be much better; could have been; should have been; too much; too many; let down; no idea;
on my own; by myself; gave up; expected better; took a week; took a month; took weeks; took days; took months;
takes ages; took ages; fed up; far from; expected more; room for improvement; still no; still not; still waiting;
no time; should be; had to; keep getting; in the way; deep end
"""
GOOD_PHRASES = """
неплохо; неплохой; не плохо; ничего плохого; несложно; не зря; лучше некуда; так держать; как нельзя лучше; не только;
не видел такого; не ожидал такого; переживал зря; волновался зря; боялся зря; жду с нетерпением;
nothing to complain; could not be better; keep it up; well done; not only; never seen such; not have to;
nothing to improve; cannot think of anything; no doubt; could not be happier
"""

BAD_SIGNS = frozenset("👎😞😠😡😢😭😤🙁☹😕😩😫🤬💩😒")
GOOD_SIGNS = frozenset("👍😀😃😄😊🙂❤🔥🎉🙏💛😍🥳👏")


def plain(text: str) -> str:
    """The text with one spelling for what has several, and every "n't" as a word of its own."""
    # Half a surrogate pair is a legal Python string, and nothing that a stemmer could take.
    whole = text.encode(errors="ignore").decode().casefold()
    return whole.replace("ё", "е").replace("’", "'").replace("can't", "cannot").replace("n't", " not")
