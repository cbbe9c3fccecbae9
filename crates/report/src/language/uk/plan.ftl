# Стан поетапного плану: у повному звіті та у звіті за день.
plan-title = План і його контрольні умови
plan-as-of = Станом на { $at }, за тим, що цей звіт може показати. Умову лише показано, і програма її ніколи не відкриває: це вирішує той, кому її доручено. Сказане лише стороною не враховано і стоїть поруч.
plan-column-phase = Етап і умова
plan-column-stands = Стан
plan-column-figures = На яких цифрах
plan-column-alleged = Стверджується, не враховано
plan-column-decides = Хто вирішує, що далі
plan-reading = прочитання { $id }
plan-no-gate = У тексті немає міри, за якою цей етап завершено: нічого не оцінюється
plan-none-alleged = нічого

plan-met = виконано
plan-not-met = не виконано
plan-coverage = не можна судити: мало спостерігалося
plan-undetermined = не можна судити: висновки не визначені
plan-verification = не можна судити: нічого не перевірено
plan-period = не можна судити: умови діяли не весь цей час

plan-window = { $from } – { $to }
plan-figures-breaches = інцидентів із висновком про порушення: { $breaches }, не визначено: { $undetermined }, дозволено: { $allowed }
plan-figures-obligations = зобов'язань виконано: { $kept }, не виконано: { $not }, не можна судити: { $undetermined }
plan-figures-share = доставлено: { $share } %, вимагається: { $asked } %
plan-figures-no-count = немає підрахунку місії або третіх осіб
plan-observed = спостерігалося за цей час: { $share } %
plan-observed-not-known = невідомо, яка частина спостерігалася, або про це не повідомляють (дані лише за цілі доби)
plan-alleged-incidents = стверджує { $party }: інцидентів: { $number }
plan-alleged-obligations = стверджує { $party }: зобов'язань: { $number }
plan-alleged-counts = стверджує { $party }: підрахунків кількості: { $number }
plan-alleged-coverage = стверджує { $party }: повідомлень про те, що могли бачити прилади: { $number }
plan-decides = Вирішує: { $who }.
plan-follows = У разі згоди: { $what }
plan-appeal = Як оскаржити: { $how }
