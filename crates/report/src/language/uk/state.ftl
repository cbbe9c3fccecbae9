# Стан документа: `truceline state` і розділ великого звіту.
state-title = Стан: { $title } ({ $id })
state-as-of = Станом на { $at }. Моменти подано за UTC; день — за текстом або за годинником місії.
state-lead = Те, що відомо з файла угоди та зі спостережень. Стан змінюють події з файла і рішення названого органу, а не висновки цієї програми; нічого не виконується.
state-none = Не зафіксовано.

state-head-standing = Стан документа
state-head-events = Що сталося з документом
state-head-stands = Ставлення сторін та інших учасників
state-head-positions = Позиції посадових осіб
state-head-commitments = Що обіцяли інші
state-head-obligations = Зобов’язання
state-head-releases = Хто може вважати себе вільним від зобов’язань
state-head-held = Інциденти щодо кожного чинного документа

state-column-reading = Тлумачення
state-column-state = Стан
state-column-done = Що зробив кожен
state-column-when = Коли
state-column-what = Що
state-column-who = Хто
state-column-words = Слова
state-column-file = За файлом угоди
state-column-signature = Підпис
state-column-position = Остання зафіксована позиція
state-column-speaker = Хто говорив
state-column-stance = Що це означає
state-column-clause = Пункт
state-column-owed = Що належало зробити
state-column-due = До якого часу
state-column-kept = Як виконано
state-column-finding = Висновок
state-column-release = Стан справи

state-line = { $name }: { $value }
state-reading = { $id } (тлумачення, якого дотримується { $party })
state-said = { $what }: { $words }
state-of-reading = { " " }(тлумачення { $id })
state-extended = { $status }, продовжено (кінець: { $until })
state-standing = { $who }: { $what }{ $condition }
state-on-condition = { " " }за такої умови: { $words }
state-event-by = { $what } ({ $who }){ $until }
state-event-until = { " " }(кінець: { $until })
state-moment-between = між { $from } і { $to }
state-moment-after = не раніше { $from }
state-moment-open = кінець, якого текст не визначає
state-date-none = дата невідома
state-silent = мовчить: на той час позиції не зафіксовано
state-since = { $stance } ({ $day })
state-stand = { $who }: { $file }{ $signature }; { $position }
state-stand-file = { $stance } (за файлом);{ " " }
state-speaker = { $speaker }, { $office }
state-position = { $day }, { $who }{ $speaker }: { $stance }: { $words }
state-spoken-by = { " " }({ $speaker })
state-commitment = { $who } ({ $kind }): { $words } Стан: { $state }

state-status-not-yet = ще не почав діяти; жодної події щодо нього на той час не зафіксовано
state-status-proposed = запропоновано
state-status-accepted = прийнято не всіма; про набуття чинності невідомо
state-status-signed = підписано; про набуття чинності невідомо
state-status-in-force = чинний
state-status-uncertain = не можна сказати: межа строку дії невідома або спірна
state-status-suspended = призупинено
state-status-denounced = денонсовано
state-status-lapsed = строк сплив

state-signature-signed = підпис є
state-signature-not-signatory = на той час не є підписантом
state-signature-not-on-record = підпису не зафіксовано
state-signature-not-asked = такий документ не підписують

state-owed-day = { $stage } за { $day }
state-owed-days = { $stage } з { $from } до { $to }
state-owed-quantity = кількість за { $source }
state-owed-notice = повідомлення
state-obligation = { $clause }, { $subject }, { $party }: { $state }; { $verdict }
state-obligation-due = { " " }(строк: { $due })
state-kept-done = виконано
state-kept-late = із запізненням
state-kept-not-done = не виконано
state-kept-partly = виконано частково
state-kept-not-yet-due = строк ще не настав
state-kept-share = { $counted } з { $owed }{ $percent }{ $rest }
state-kept-missed = ; окремо не дотримано періодів: { $missed }
state-kept-open = ; не можна оцінити: { $why }
state-kept-percent = { " " }({ $number } %)
state-kept-by-party = , за підрахунком сторони
state-kept-cannot = не можна оцінити: { $why }

state-gap-nothing-verified = нічого не перевірено
state-gap-only-alleged = лише стверджується: стороною або тим, чию надійність не можна оцінити
state-gap-not-seen = цього не можна було побачити
state-gap-due-not-known = строк невідомий
state-gap-time-not-known = невідомо, коли це зроблено
state-gap-conditional = зобов’язання залежить від умови, щодо якої нічого не перевірено
state-gap-overlap = підрахунки одного джерела перекриваються
state-gap-count-not-exact = число неточне
state-gap-only-reported = лише повідомлено, і не так певно, як вимагає угода
state-gap-part-of-time = підрахунки не охоплюють усього часу
state-gap-may-not-add = невідомо, чи підрахунки додаються
state-gap-nothing-reported = про це нічого не повідомлено
state-gap-recipient-not-known = невідомо, кому подано

state-release = { $id }, { $party }: { $state }
state-release-takes = Потрібне рішення органу: { $body }.
state-release-free = ця сторона може вважати себе вільною від зобов’язань, бо іншу сторону визнано відповідальною ({ $by }, { $at }); документ цим не скасовано
state-release-not-invoked = серед наявного немає тверджень цієї сторони про порушення{ $register }
state-release-alleged = стверджує, що порушила інша сторона; стан не змінюється{ $register }
state-release-found = { $alleged }{ $findings ->
    [1] { $findings } висновок про порушення іншою стороною, рішення про нього немає
    [one] { $findings } висновок про порушення іншою стороною, рішення про них немає
    [few] { $findings } висновки про порушення іншою стороною, рішення про них немає
   *[many] { $findings } висновків про порушення іншою стороною, рішення про них немає
}; стан не змінюється
state-release-found-open = { $alleged }{ $findings ->
    [1] { $findings } висновок про порушення іншою стороною, який нічого не змінює
    [one] { $findings } висновок про порушення іншою стороною, які нічого не змінюють
    [few] { $findings } висновки про порушення іншою стороною, які нічого не змінюють
   *[many] { $findings } висновків про порушення іншою стороною, які нічого не змінюють
}{ $register }
state-release-alleged-too = стверджує, що порушила інша сторона;{ " " }
state-release-no-register = ; реєстру рішень не надано, тож невідомо, чи ухвалив якийсь орган рішення
state-release-beside = Виявлено досі: { $found }. { $observed }
state-release-found-of = { $side }: порушення { $breaches }, не визначено { $undetermined }
state-release-no-side = сторону не встановлено
state-release-observed = Під спостереженням було { $share } % лінії та часу від { $from } до { $to }, для всіх сторін однаково.
state-release-observed-not-known = Невідомо або ще не повідомлено, яка частина була під спостереженням, з будь-якого боку.
state-release-not-looked = Спостережень не надано: нічого не шукали на жодному боці.

state-held-none = Спостережень не надано або жодне не стосується дії, про яку йдеться в чинному пункті.
state-held-note = Кожен рядок називає свій документ. Висновок ніколи не є рішенням про те, хто відповідальний.
state-held-count = { $instrument }, тлумачення { $reading }, { $clause }: { $verdicts }
state-held-row = { $day }, { $act }: { $instrument }, тлумачення { $reading }, { $clause }: { $verdict }, { $side }
state-held-forces = сили: { $party }
state-held-no-side = сторону не встановлено
state-held-rest = { $count ->
    [1] { $count } інцидент, щодо якого все невизначено, тут не наведено; він є в JSON.
    [one] { $count } інцидент, щодо яких усе не визначено, тут не наведено; вони є в JSON.
    [few] { $count } інциденти, щодо яких усе не визначено, тут не наведено; вони є в JSON.
   *[many] { $count } інцидентів, щодо яких усе не визначено, тут не наведено; вони є в JSON.
}
