# Состояние поэтапного плана: в полном отчёте и в отчёте за день.
plan-title = План и условия перехода
plan-as-of = По состоянию на { $at }, по тому, что может показать этот отчёт. Условие перехода только показано, программа его никогда не открывает: решение принимает тот, кому это поручено. Сказанное только стороной не учтено и приведено рядом.
plan-column-phase = Этап и условие
plan-column-stands = Состояние
plan-column-figures = По каким цифрам
plan-column-alleged = Утверждается, не учтено
plan-column-decides = Кто принимает решение и что далее
plan-reading = толкование { $id }
plan-no-gate = В тексте нет критерия, по которому этот этап завершён: ничего не оценивается
plan-none-alleged = ничего

plan-met = выполнено
plan-not-met = не выполнено
plan-coverage = нельзя оценить: слишком мало наблюдений
plan-undetermined = нельзя оценить: выводы не определены
plan-verification = нельзя оценить: ничего не проверено
plan-verification-some = нельзя оценить: проверено не всё
plan-not-due = нельзя оценить: срок наступил не для всего
plan-period = нельзя оценить: условия действовали не всё это время

plan-window = { $from } – { $to }
plan-figures-breaches = инцидентов с выводом о нарушении: { $breaches }, не определено: { $undetermined }, допускается нарушений: { $allowed }
plan-figures-obligations = обязательств исполнено: { $kept } (с опозданием: { $late }), не исполнено: { $not }, срок ещё не наступил: { $due }, нельзя оценить: { $undetermined }
plan-figures-share = доставлено: { $share } %, требуется: { $asked } %
plan-figures-no-count = нет подсчёта миссии или третьих лиц
plan-observed = наблюдалось за это время: { $share } %
plan-observed-not-known = неизвестно, какая часть наблюдалась, или об этом не сообщается (данные только за целые сутки)
plan-alleged-incidents = утверждает { $party }: инцидентов: { $number }
plan-alleged-obligations = утверждает { $party }: обязательств: { $number }
plan-alleged-counts = утверждает { $party }: подсчётов количества: { $number }
plan-alleged-coverage = утверждает { $party }: сообщений о том, что могли видеть приборы: { $number }
plan-decides = Решение принимает: { $who }.
plan-follows = Если орган это подтвердит: { $what }
plan-appeal = Как оспорить: { $how }
