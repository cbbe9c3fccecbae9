# Состояние документа: `truceline state` и раздел большого отчёта.
state-title = Состояние: { $title } ({ $id })
state-as-of = По состоянию на { $at }. Моменты даны по UTC; день — по тексту или по часам миссии.
state-lead = То, что известно из файла соглашения и из наблюдений. Состояние меняют события из файла и решения названного органа, но не выводы этой программы; ничего не исполняется.
state-none = Не зафиксировано.

state-head-standing = Состояние документа
state-head-events = Что произошло с документом
state-head-stands = Отношение сторон и других участников
state-head-positions = Позиции должностных лиц
state-head-commitments = Что обещали другие
state-head-obligations = Обязательства
state-head-releases = Кто может считать себя свободным от обязательств
state-head-held = Инциденты в отношении каждого действующего документа

state-column-reading = Толкование
state-column-state = Состояние
state-column-done = Что сделал каждый
state-column-when = Когда
state-column-what = Что
state-column-who = Кто
state-column-words = Слова
state-column-file = По файлу соглашения
state-column-signature = Подпись
state-column-position = Последняя зафиксированная позиция
state-column-speaker = Кто говорил
state-column-stance = Что это означает
state-column-clause = Пункт
state-column-owed = Что следовало сделать
state-column-due = К какому времени
state-column-kept = Как исполнено
state-column-finding = Вывод
state-column-release = Как обстоит дело

state-line = { $name }: { $value }
state-reading = { $id } (толкование, которого придерживается { $party })
state-said = { $what }: { $words }
state-of-reading = { " " }(толкование { $id })
state-extended = { $status }, продлено (конец: { $until })
state-standing = { $who }: { $what }{ $condition }
state-on-condition = { " " }при таком условии: { $words }
state-event-by = { $what } ({ $who }){ $until }
state-event-until = { " " }(конец: { $until })
state-moment-between = между { $from } и { $to }
state-moment-after = не раньше { $from }
state-moment-open = конец, которого текст не устанавливает
state-date-none = дата неизвестна
state-silent = молчит: к тому времени позиция не зафиксирована
state-since = { $stance } ({ $day })
state-stand = { $who }: { $file }{ $signature }; { $position }
state-stand-file = { $stance } (по файлу);{ " " }
state-speaker = { $speaker }, { $office }
state-position = { $day }, { $who }{ $speaker }: { $stance }: { $words }
state-spoken-by = { " " }({ $speaker })
state-commitment = { $who } ({ $kind }): { $words } Состояние: { $state }

state-status-not-yet = ещё не начал действовать; ни одного события о нём на тот момент не зафиксировано
state-status-proposed = предложено
state-status-accepted = принято не всеми; о вступлении в силу неизвестно
state-status-signed = подписано; о вступлении в силу неизвестно
state-status-in-force = действует
state-status-uncertain = нельзя сказать: граница срока действия неизвестна или спорна
state-status-suspended = приостановлено
state-status-denounced = денонсировано
state-status-lapsed = срок истёк

state-signature-signed = подпись есть
state-signature-not-signatory = на тот момент не является подписантом
state-signature-not-on-record = подпись не зафиксирована
state-signature-not-asked = такой документ не подписывают

state-owed-day = { $stage } за { $day }
state-owed-days = { $stage } с { $from } по { $to }
state-owed-quantity = количество по { $source }
state-owed-notice = уведомление
state-obligation = { $clause }, { $subject }, { $party }: { $state }; { $verdict }
state-obligation-due = { " " }(срок: { $due })
state-kept-done = исполнено
state-kept-late = с опозданием
state-kept-not-done = не исполнено
state-kept-partly = исполнено частично
state-kept-not-yet-due = срок ещё не наступил
state-kept-share = { $counted } из { $owed }{ $percent }{ $rest }
state-kept-missed = ; по отдельности не соблюдено периодов: { $missed }
state-kept-open = ; нельзя оценить: { $why }
state-kept-percent = { " " }({ $number } %)
state-kept-by-party = , по подсчёту стороны
state-kept-cannot = нельзя оценить: { $why }

state-gap-nothing-verified = ничего не проверено
state-gap-only-alleged = только утверждается: стороной или тем, чью надёжность нельзя оценить
state-gap-not-seen = этого нельзя было увидеть
state-gap-due-not-known = срок неизвестен
state-gap-time-not-known = неизвестно, когда это сделано
state-gap-conditional = обязательство зависит от условия, о котором ничего не проверено
state-gap-overlap = подсчёты одного источника перекрываются
state-gap-count-not-exact = число неточное
state-gap-only-reported = только сообщено, и не так достоверно, как требует соглашение
state-gap-part-of-time = подсчёты не охватывают всего времени
state-gap-may-not-add = неизвестно, складываются ли подсчёты
state-gap-nothing-reported = об этом ничего не сообщено
state-gap-recipient-not-known = неизвестно, кому подано

state-release = { $id }, { $party }: { $state }
state-release-takes = Нужно решение органа: { $body }.
state-release-free = эта сторона может считать себя свободной от обязательств, поскольку другая сторона признана ответственной ({ $by }, { $at }); документ этим не отменён
state-release-not-invoked = среди имеющегося нет утверждений этой стороны о нарушении{ $register }
state-release-alleged = утверждает, что нарушила другая сторона; состояние не меняется{ $register }
state-release-found = { $alleged }{ $findings ->
    [1] { $findings } вывод о нарушении другой стороной, решения о нём нет
    [one] { $findings } вывод о нарушении другой стороной, решения о них нет
    [few] { $findings } вывода о нарушении другой стороной, решения о них нет
   *[many] { $findings } выводов о нарушении другой стороной, решения о них нет
}; состояние не меняется
state-release-found-open = { $alleged }{ $findings ->
    [1] { $findings } вывод о нарушении другой стороной, который ничего не меняет
    [one] { $findings } вывод о нарушении другой стороной, которые ничего не меняют
    [few] { $findings } вывода о нарушении другой стороной, которые ничего не меняют
   *[many] { $findings } выводов о нарушении другой стороной, которые ничего не меняют
}{ $register }
state-release-alleged-too = утверждает, что нарушила другая сторона;{ " " }
state-release-no-register = ; реестр решений не предоставлен, поэтому неизвестно, принял ли какой-либо орган решение
state-release-beside = Выявлено до сих пор: { $found }. { $observed }
state-release-found-of = { $side }: нарушение { $breaches }, не определено { $undetermined }
state-release-no-side = сторона не установлена
state-release-observed = Под наблюдением было { $share } % линии и времени с { $from } до { $to }, для всех сторон одинаково.
state-release-observed-not-known = Неизвестно или ещё не сообщено, какая часть была под наблюдением, с какой бы то ни было стороны.
state-release-not-looked = Наблюдений не предоставлено: ничего не искали ни на одной стороне.

state-held-none = Наблюдений не предоставлено, или ни одно не касается действия, о котором говорит действующий пункт.
state-held-note = Каждая строка называет свой документ. Вывод никогда не является решением о том, кто ответственен.
state-held-count = { $instrument }, толкование { $reading }, { $clause }: { $verdicts }
state-held-row = { $day }, { $act }: { $instrument }, толкование { $reading }, { $clause }: { $verdict }, { $side }
state-held-forces = силы: { $party }
state-held-no-side = сторона не установлена
state-held-rest = { $count ->
    [1] { $count } инцидент, по которому всё не определено, здесь не приведён; он есть в JSON.
    [one] { $count } инцидент, по которым всё не определено, здесь не приведены; они есть в JSON.
    [few] { $count } инцидента, по которым всё не определено, здесь не приведены; они есть в JSON.
   *[many] { $count } инцидентов, по которым всё не определено, здесь не приведены; они есть в JSON.
}
