# Щоденний звіт. У кожному реченні є цифра.
day-kicker = Щоденний звіт
day-heading = Звіт { $number }
day-skip = Перейти до звіту
day-made-up = Вигадано.
day-languages = Іншими мовами
day-of = День { $day } із { $of }
day-of-open = День { $day } (кінець невідомий)
day-outside = Поза часом дії угоди
day-period = Період
day-period-value = від { $start } до { $end } (час підсумку)
day-previous = Попередній період
day-computed = Обчислено з
day-computed-value = { $observations ->
    [one] { $observations } спостереження, яке на { $asof } доступне
   *[many] { $observations } спостережень, які на { $asof } доступні
} громадськості; те, що молодше за { $hours } год, притримано
day-program = Truceline { $version }
day-record = Запис
day-no-record = не названо
day-figures-note = Спершу цифра цього періоду, потім попереднього. Інцидент зараховано до періоду, у якому лежить останній момент, коли він міг статися; { $outside } з цього періоду могли статися до нього. Кілька інцидентів можуть бути однією дією, про яку повідомлено кілька разів.

day-section-figures = Інциденти
day-section-findings = Висновки
day-section-severe = Найтяжчі інциденти
day-section-withdrawal = Помічене озброєння і сили
day-section-movement = Свобода пересування
day-section-sensors = Датчики і перешкоди
day-section-harm = Шкода цивільним
day-section-cases = Подальші дії
day-section-claims = Що кажуть сторони
day-section-corrections = Виправлення
day-section-method = Як це читати

day-column-what = Що зафіксовано
day-column-now = Цей період
day-column-before = Попередній період
day-column-change = Зміна
day-column-clause = Пункт
day-column-verdict = Висновок
day-column-date = Дата
day-column-place = Місце
day-column-how-sure = Наскільки певно
day-column-groups = Незалежні джерела
day-column-party = Сторона
day-column-window = Час, про який ідеться
day-column-claim = Її цифра
day-column-parts = Складові
day-column-beside = Інциденти, що можуть на нього припадати

day-counted-incidents = Усі інциденти
day-counted-fire = Застосування зброї
day-counted-shelling = з них обстріли
day-counted-drones = з них безпілотними апаратами
day-counted-air = з них авіаудари і ракети
day-counted-small-arms = з них стрілецька зброя
day-counted-flights = Польоти

day-tally-not-observed = не спостерігалося
day-tally-not-known = не зафіксовано; невідомо, що було б видно
day-change-fewer = зафіксовано менше, ніж за { $periods ->
    [one] { $periods } попередній період
    [few] { $periods } попередні періоди
   *[many] { $periods } попередніх періодів
}: відношення { $ratio } (від { $low } до { $high })
day-change-more = зафіксовано більше, ніж за { $periods ->
    [one] { $periods } попередній період
    [few] { $periods } попередні періоди
   *[many] { $periods } попередніх періодів
}: відношення { $ratio } (від { $low } до { $high })
day-change-more-open = зафіксовано більше, ніж за { $periods ->
    [one] { $periods } попередній період
    [few] { $periods } попередні періоди
   *[many] { $periods } попередніх періодів
}: відношення { $ratio } ({ $low } або більше)
day-change-none = порівняно з { $periods ->
    [one] { $periods } попереднім періодом
   *[other] { $periods } попередніми періодами
} виразної зміни немає: відношення { $ratio } (від { $low } до { $high })
day-change-none-open = порівняно з { $periods ->
    [one] { $periods } попереднім періодом
   *[other] { $periods } попередніми періодами
} виразної зміни немає: відношення { $ratio } ({ $low } або більше)
day-change-few = твердження немає: { $periods ->
    [one] відомий лише { $periods } попередній період
    [few] відомі лише { $periods } попередні періоди
   *[many] відомо лише { $periods } попередніх періодів
}
day-change-none-before = твердження немає: за { $periods ->
    [one] { $periods } попередній період
    [few] { $periods } попередні періоди
   *[many] { $periods } попередніх періодів
} зафіксовано 0
day-interval-note = Про зміну сказано лише там, де її інтервал { $level } не містить «як раніше» (1,00). Інтервал враховує тільки випадковість: чи було б видно стільки ж, скільки раніше, у ньому не враховано.

day-reading-text = За текстом угоди
day-reading-of = За тлумаченням: { $party }
day-clause-row = порушення { $breach }, не визначено { $undetermined }, дозволено { $permitted }, порушення немає { $fine }
day-findings-note = Висновок зіставляє інцидент з одним пунктом. Він ніколи не є рішенням про те, хто відповідає; { $breach ->
    [0] за цей період встановлено 0 порушень.
    [one] за цей період встановлено { $breach } порушення, принаймні за одним тлумаченням.
    [few] за цей період встановлено { $breach } порушення, з підрахунком за тлумаченнями і пунктами.
   *[many] за цей період встановлено { $breach } порушень, з підрахунком за тлумаченнями і пунктами.
}

day-severe-none = Застосувань зброї з імовірністю не менше { $least } за цей період: 0.
day-severe-some = Застосувань зброї з імовірністю не менше { $least } за цей період: { $all }; у списку: { $shown }.
day-severe-no-verdict = жоден пункт не застосовується

day-withdrawal = Зафіксовано випадків, коли помічено озброєння або сили: { $seen } (попередній період: { $before }); порушення { $breach }, не визначено { $undetermined }.
day-movement-none = Випадків, коли роботі спостерігачів перешкоджали, зафіксовано: 0; чого не зафіксовано, те невідоме.
day-movement-some = Випадків, коли роботі спостерігачів перешкоджали, зафіксовано: { $count }.
day-sensors-none = Власних приладів місії: 0; про що її джерела не повідомили, те невідоме.
day-sensors-withheld = Що могли бачити прилади, публікується через { $days ->
    [one] { $days } день.
    [few] { $days } дні.
   *[many] { $days } днів.
}
day-sensors-known = Спостерігалося ділянок лінії: { $observed } із { $sectors } (попереднього дня: { $before }).
day-harm = Зафіксовано інцидентів, що, за повідомленнями, влучили в невійськові об’єкти: { $count } (попередній період: { $before }); з відкритою справою: { $followed }.
day-cases = Справ відкрито: { $opened } (попередній період: { $before }). Відповідей отримано: { $answered }. Прострочених відповідей на час підсумку: { $overdue }. Відкритих справ на час підсумку: { $open }.
day-cases-none = Справ: 0; реєстр справ для цього звіту не надано.
day-claims-none = Заяв про цей період у розпорядженні: 0. Мовчання не є заявою.
day-claims-note = Заяв: { $count }, кожна у своїх одиницях і за свій час. Заява — це те, що каже сторона: її ніколи не додають, і вона не є доказом самої себе. Інциденти стоять поруч в інших одиницях.
day-parts-agree = складові дають { $sum }
day-parts-can-agree = складові дають { $sum }, що сумісно з підсумком
day-parts-less = складові дають { $sum }: на { $by } менше за підсумок
day-parts-more = складові дають { $sum }: на { $by } більше за підсумок
day-parts-none = складових для перевірки немає
day-corrections-uncompared = Не порівнювали: попередніх звітів надано 0.
day-corrections-none = Немає: змінилося 0 цифр попереднього звіту.
day-correction = { $what }: було { $was }, тепер { $is }.
day-method-1 = Цифри обчислено зі спостережень за оприлюдненими правилами; жодного речення цієї сторінки не написала людина чи модель, кожне є одним зі сталих зразків.
day-method-2 = Місця наведено за областю, клітинкою близько 10 км або ділянкою лінії; ніщо не публікується раніше ніж через { $hours } год.
day-method-3 = Де ніхто не може сказати, що було б видно, відсутність не є нулем.
day-footer = Той самий запис, угода, файл місії і версія дають цю сторінку байт у байт.
