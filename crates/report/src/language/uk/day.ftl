# Щоденний звіт. У кожному реченні є цифра.
day-kicker = Щоденний звіт
day-heading = Звіт { $number }
day-together = Щоденні звіти щодо { $count ->
    [one] { $count } угоди
   *[many] { $count } угод
}
day-together-note = Один інцидент може розглядатися щодо кількох із { $count } угод, тому цифри їхніх звітів не можна додавати.
day-skip = Перейти до звіту
day-made-up = Вигадано: цей звіт розповідає вигадану історію, і нічого з неї не сталося.
day-languages = Іншими мовами
day-of = День { $day } із { $of }
day-of-open = День { $day } (кінець невідомий)
day-outside = Поза строком дії угоди
day-period = Період
day-period-value = від { $start } до { $end } (час підсумку)
day-previous = Попередній період
day-computed = Обчислено з
day-computed-value = { $observations ->
    [one] { $observations } спостереження, яке на { $asof } доступне
   *[many] { $observations } спостережень, які на { $asof } доступні
} громадськості; те, чому менше ніж { $hours } год, ще не публікують
day-program = Truceline { $version }
day-record = Запис
day-no-record = не названо
day-figures-note = Спершу цифра цього періоду, потім попереднього. Інцидент зараховано до періоду, на який припадає останній момент, коли він міг статися; { $outside ->
    [one] { $outside } інцидент цього періоду міг статися
    [few] { $outside } інциденти цього періоду могли статися
   *[many] { $outside } інцидентів цього періоду могли статися
} до нього. Кілька інцидентів можуть бути однією дією, про яку повідомлено кілька разів.

day-section-figures = Інциденти
day-section-findings = Висновки
day-section-severe = Найтяжчі інциденти
day-section-withdrawal = Помічене озброєння і сили
day-section-movement = Свобода пересування
day-section-sensors = Датчики і перешкоди
day-section-harm = Шкода цивільному населенню
day-section-cases = Подальші дії
day-section-claims = Що кажуть сторони
day-section-corrections = Виправлення
day-section-method = Як це читати

day-column-agreement = Угода
day-column-report = Звіт
day-column-what = Що зафіксовано
day-column-now = Цей період
day-column-before = Попередній період
day-column-change = Зміна
day-column-clause = Пункт
day-column-verdict = Висновок
day-column-date = Дата
day-column-place = Місце
day-column-how-sure = Ступінь певності
day-column-groups = Незалежні джерела
day-column-party = Сторона
day-column-window = Час, про який ідеться
day-column-claim = Її цифра
day-column-parts = Складові
day-column-evidence = Що кажуть докази
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
day-change-fewer = зафіксовано менше, ніж у середньому за { $periods ->
    [one] { $periods } попередній період
    [few] { $periods } попередні періоди
   *[many] { $periods } попередніх періодів
}: відношення { $ratio } (від { $low } до { $high })
day-change-more = зафіксовано більше, ніж у середньому за { $periods ->
    [one] { $periods } попередній період
    [few] { $periods } попередні періоди
   *[many] { $periods } попередніх періодів
}: відношення { $ratio } (від { $low } до { $high })
day-change-more-open = зафіксовано більше, ніж у середньому за { $periods ->
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
day-interval-note = Про зміну сказано лише там, де її інтервал { $level } не містить «як раніше» (1,00). Інтервал враховує тільки випадковість: чи можна було бачити стільки ж, скільки раніше, він не враховує.

day-reading-text = За текстом угоди
day-reading-of = За тлумаченням: { $party }
day-clause-row = порушень: { $breach }, не визначено: { $undetermined }, дозволено: { $permitted }, без порушення: { $fine }
day-findings-note = Висновок зіставляє інцидент з одним пунктом. Він ніколи не є рішенням про те, хто несе відповідальність. Кожне тлумачення рахується окремо, разом вони не рахуються.
day-reading-breaches = { $breach ->
    [0] За цим тлумаченням за цей період встановлено 0 порушень.
    [1] За цим тлумаченням за цей період встановлено { $breach } порушення.
    [one] За цим тлумаченням за цей період встановлено { $breach } порушення, з підрахунком за пунктами.
    [few] За цим тлумаченням за цей період встановлено { $breach } порушення, з підрахунком за пунктами.
   *[many] За цим тлумаченням за цей період встановлено { $breach } порушень, з підрахунком за пунктами.
}

day-severe-none = Застосувань зброї з імовірністю не менше { $least } за цей період: 0.
day-severe-some = Застосувань зброї з імовірністю не менше { $least } за цей період: { $all }; у списку: { $shown }.
day-severe-no-verdict = жоден пункт не застосовується

day-withdrawal = Зафіксовано випадків, коли помічено озброєння або сили: { $seen } (попередній період: { $before }); порушень: { $breach }, не визначено: { $undetermined }.
day-movement-none = Випадків, коли спостерігачам перешкоджали в дорозі, зафіксовано: 0 (попередній період: { $before }); про незафіксоване нічого не відомо.
day-movement-some = Випадків, коли спостерігачам перешкоджали в дорозі, зафіксовано: { $count } (попередній період: { $before }).
day-sensors-none = Повідомлень про те, що могли бачити прилади вздовж лінії, у відкритих даних: 0; чи має місія прилади, тут не показано.
day-interference = Випадків, коли прилади спостерігачів глушили або засліплювали, зафіксовано: { $count } (попередній період: { $before }).
day-sensors-withheld = Що могли бачити прилади, публікується через { $days ->
    [one] { $days } день.
    [few] { $days } дні.
   *[many] { $days } днів.
}
day-sensors-known = Спостерігалося ділянок лінії: { $observed } із { $sectors } (попереднього дня: { $before }).
day-harm = Зафіксовано інцидентів із влучанням, за повідомленнями, у невійськові об’єкти: { $count } (попередній період: { $before }); з відкритою справою: { $followed }.
day-cases = Справ відкрито: { $opened } (попередній період: { $before }). Відповідей отримано: { $answered }. Прострочених відповідей на час підсумку: { $overdue }. Відкритих справ на час підсумку: { $open }.
day-cases-none = Справ: 0; реєстр справ для цього звіту не надано.
day-claims-none = Наявних заяв про цей період: 0. Мовчання не є заявою.
day-claims-note = Заяв: { $count }, кожна у своїх одиницях і за свій час. Заява — це те, що каже сторона: її ніколи не підсумовують з іншими, і вона не є доказом самої себе. Інциденти наведено поруч в інших одиницях.
day-claim-copies = { $copies ->
    [1] заявлено { $copies } раз
    [one] заявлено { $copies } раз, враховано один раз
    [few] заявлено { $copies } рази, враховано один раз
   *[many] заявлено { $copies } разів, враховано один раз
}
day-parts-agree = складові дають { $sum }
day-parts-can-agree = складові дають { $sum }, що сумісно з підсумком
day-parts-unclear = складові дають { $sum }, за округленням чисел: чи це підсумок, залежить від того, наскільки широко мається на увазі «близько»
day-parts-less = складові дають { $sum }: на { $by } менше за підсумок
day-parts-more = складові дають { $sum }: на { $by } більше за підсумок
day-parts-none = перевіряти нічого: не наведено підсумку або складових
day-corrections-uncompared = Не порівнювали: попередніх звітів надано 0.
day-corrections-none = Немає: змінилося 0 цифр попереднього звіту.
day-correction = { $what }: було { $was }, тепер { $is }.
day-method-1 = Цифри обчислено зі спостережень за оприлюдненими правилами; жодного речення цієї сторінки не написала людина чи модель, кожне є одним зі сталих зразків.
day-method-2 = Місця наведено за областю, клітинкою близько 10 км або ділянкою лінії; ніщо не публікується раніше ніж через { $hours } год.
day-method-3 = Де ніхто не може сказати, що було б видно, відсутність записів не означає нуля.
day-footer = Той самий запис, угода, файл місії і версія дають цю сторінку байт у байт.

# Що рахують заяви: одиниці словника.
unit-violation = порушення
unit-ceasefire-violation-smm = порушення режиму припинення вогню за підрахунком СММ ОБСЄ
unit-incident = інциденти
unit-attack = атаки
unit-shelling = обстріли
unit-artillery-fire = артилерійський вогонь
unit-rocket-fire = вогонь реактивних систем залпового вогню
unit-shot = постріли
unit-trajectory = траєкторії
unit-assault = штурмові дії
unit-clash = бойові зіткнення
unit-drone-attack = атаки безпілотників
unit-fpv-attack = атаки FPV-дронів
unit-long-range-drone = безпілотники літакового типу
unit-air-strike = авіаудари
unit-missile-strike = ракетні удари
unit-strike-or-shelling = удари та обстріли
unit-bombardment = бомбардування
unit-gunfire = стрілянина
unit-overflight = прольоти
unit-ground-violation = порушення на землі
unit-line-crossing = перетини лінії
unit-demolition = знесення будівель
unit-hit-on-energy = влучання в енергетичні об’єкти
unit-killed = загиблі
unit-explosion = вибухи
unit-truck = вантажівки
