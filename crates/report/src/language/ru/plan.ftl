# Состояние поэтапного плана: в полном отчёте и в отчёте за день.
plan-title = План и его контрольные условия
plan-as-of = По состоянию на { $at }, по тому, что этот отчёт может показать. Условие только показывается и никогда не открывается программой: это решает тот, кому оно поручено. Сказанное только стороной не учитывается и стоит рядом.
plan-column-phase = Этап и условие
plan-column-stands = Состояние
plan-column-figures = На каких цифрах
plan-column-alleged = Утверждается, не учтено
plan-column-decides = Кто решает, что следует
plan-reading = прочтение { $id }
plan-no-gate = В тексте нет меры, по которой этот этап завершён: ничего не оценивается
plan-none-alleged = ничего

plan-met = выполнено
plan-not-met = не выполнено
plan-coverage = нельзя судить: мало наблюдалось
plan-undetermined = нельзя судить: выводы не определены
plan-verification = нельзя судить: ничего не проверено
plan-period = нельзя судить: условия действовали не всё это время

plan-window = { $from } – { $to }
plan-figures-breaches = инцидентов с выводом о нарушении: { $breaches }, не определено: { $undetermined }, допускается: { $allowed }
plan-figures-obligations = обязательств исполнено: { $kept }, не исполнено: { $not }, нельзя судить: { $undetermined }
plan-figures-share = доставлено: { $share } %, требуется: { $asked } %
plan-figures-no-count = нет подсчёта миссии или третьих лиц
plan-observed = наблюдалось за это время: { $share } %
plan-observed-not-known = неизвестно, какая часть наблюдалась, или об этом не сообщается (данные только за целые сутки)
plan-alleged-incidents = утверждает { $party }: инцидентов: { $number }
plan-alleged-obligations = утверждает { $party }: обязательств: { $number }
plan-alleged-counts = утверждает { $party }: подсчётов количества: { $number }
plan-alleged-coverage = утверждает { $party }: сообщений о том, что могли видеть приборы: { $number }
plan-decides = Решает: { $who }.
plan-follows = В случае согласия: { $what }
plan-appeal = Как оспорить: { $how }
