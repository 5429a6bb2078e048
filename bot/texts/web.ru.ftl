# Страницы веб-чата: стартовая и сам чат. %1 и %2 подставляет браузер.

web-title = Butterboard
web-tagline = Первые 90 дней на новом месте, шаг за шагом
web-about-1 = Бот встречает нового коллегу и ведёт по плану: что сделать сегодня, что дальше, к кому пойти.
web-about-2 = Руководитель запускает план одной командой и видит, как идут дела. Задачи сами появляются в Jira.
web-about-3 = На вопросы про отпуск, VPN и пропуск бот отвечает со ссылкой на источник.
web-sandbox-note = Это песочница: компания и люди вымышлены, наружу ничего не уходит.
web-pick = Кем вы будете?
web-pick-hint = Откройте двух людей в соседних вкладках: переписка обновляется сама.
web-pick-failed = Не получилось войти. Попробуйте ещё раз.
web-nobody = Пока никого нет. Заполните справочник сотрудников и обновите страницу.
web-elsewhere = Что ещё открыть
web-link-jira = Задачи в Jira (учебная копия)
web-other-language = English
web-no-script = Чату нужен JavaScript. Включите его и обновите страницу.

web-role-newcomer = новичок
web-role-employee = сотрудник
web-role-manager = руководитель
web-role-hr = HR
web-role-admin = администратор

web-bot = Butterboard
web-bot-about = ваш помощник по адаптации
web-skip = К полю ввода
web-people = Сменить человека
web-start-page = На главную
web-plan = Мой план
web-plan-close = Закрыть план
web-plan-empty = Здесь появится ваш план, как только вам его назначат.
web-conversation = Переписка с Butterboard

web-empty-title = Привет, { $name }!
web-empty-text = Я Butterboard. Спросите о чём угодно или начните с подсказки ниже.

web-composer = Сообщение
web-composer-placeholder = Напишите боту…
web-composer-hint = Enter отправит сообщение, Shift+Enter начнёт новую строку
web-send = Отправить
web-suggestions = Подсказки
web-suggest-status = статус
web-suggest-help = помощь
web-suggest-question = как подключить VPN?
web-suggest-start = /onboarding start @{ $handle } newcomer { $day }

web-by-bot = Butterboard
web-by-me = Вы
web-today = Сегодня
web-yesterday = Вчера
web-typing = Butterboard печатает…
web-updated = Обновлено: %1
web-new-messages = Новые сообщения: %1
web-to-latest = К последним сообщениям
web-progress = %1 из %2
web-progress-name = Пройдено шагов
web-done-fold = Уже готово: %1
web-waiting-fold = Впереди: %1

web-mark-waiting = Позже
web-mark-open = Сейчас
web-mark-overdue = Срок прошёл
web-mark-done = Готово
web-mark-skipped = Пропущено

web-sending = Отправляю…
web-repeating = Нет связи, повторяю…
web-not-sent = Не отправлено
web-too-long = Слишком длинно (знаков: %1): целиком я могу прочитать не больше %2. Оставьте главное или отправьте по частям.
web-offline = Связь пропала. Подключаюсь снова…
web-online = Снова на связи
web-signed-out = Чтобы продолжить, выберите человека ещё раз.

web-error-cross-site = Запрос пришёл с чужой страницы, поэтому я его не выполню.
web-error-not-here = Песочница отвечает только на том компьютере, где запущена, и только напрямую, без прокси. Откройте её там по адресу, который напечатан при запуске.
web-error-too-slow = Запрос шёл слишком долго.
web-error-not-json = Запрос должен быть в формате JSON.
web-error-too-large = Слишком длинно: запрос может занимать не больше 64 КБ.
web-error-unreadable = Не получилось прочитать запрос.
web-error-field = Поле «{ $field }» заполнено неверно.
web-error-empty = Сообщение пустое. Напишите хотя бы слово.
web-error-nobody = Такого человека нет в справочнике.
web-error-signed-out = Сначала выберите человека на главной странице.
web-error-unavailable = Сейчас не получается сохранить. Повторю через секунду.

# Страница одного плана: её видят те, у кого есть ссылка.
web-journey-kind = Онбординг
web-journey-progress = { $done } из { $total }
web-journey-issue = Задача
web-journey-steps = Шаги
web-journey-notes = { $note }, { $due }
web-journey-about = Здесь можно только посмотреть. Шаги отмечают в переписке с Butterboard или в задачах.
web-journey-missing = Здесь ничего нет
web-journey-missing-text = Возможно, ссылка скопирована не целиком или план уже удалён. Проверьте ссылку в задаче или попросите новую.
web-journey-expired = Ссылка больше не действует
web-journey-expired-text = Её срок прошёл, или её отозвали. Пока онбординг идёт, новая ссылка есть в его задачах; если вы их не видите, попросите её у руководителя или HR.
web-journey-away = План пока не открывается
web-journey-away-text = Сейчас его не получается прочитать. Страница сама обновится через несколько секунд.
