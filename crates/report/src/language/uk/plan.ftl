# Стан поетапного плану: у повному звіті та у звіті за день.
plan-title = План і умови переходу
plan-as-of = Станом на { $at }, за тим, що може показати цей звіт. Умову переходу лише показано, програма її ніколи не відкриває: рішення приймає той, кому це доручено. Сказане лише стороною не враховано і подано поруч.
plan-column-phase = Етап і умова
plan-column-stands = Стан
plan-column-figures = За якими цифрами
plan-column-alleged = Стверджується, не враховано
plan-column-decides = Хто приймає рішення і що далі
plan-reading = тлумачення { $id }
plan-no-gate = У тексті немає критерію, за яким цей етап завершено: нічого не оцінюють
plan-none-alleged = нічого

plan-met = виконано
plan-not-met = не виконано
plan-coverage = не можна оцінити: замало спостережень
plan-undetermined = не можна оцінити: висновки не визначені
plan-verification = не можна оцінити: нічого не перевірено
plan-verification-some = не можна оцінити: перевірено не все
plan-not-due = не можна оцінити: строк настав не для всього
plan-period = не можна оцінити: умови діяли не весь цей час

plan-window = { $from } – { $to }
plan-figures-breaches = інцидентів із висновком про порушення: { $breaches }, не визначено: { $undetermined }, допускається порушень: { $allowed }
plan-figures-obligations = зобов’язань виконано: { $kept } (із запізненням: { $late }), не виконано: { $not }, строк ще не настав: { $due }, не можна оцінити: { $undetermined }
plan-figures-share = доставлено: { $share } %, потрібно: { $asked } %
plan-figures-no-count = немає підрахунку місії або третіх осіб
plan-observed = спостерігалося за цей час: { $share } %
plan-observed-not-known = невідомо, яка частина спостерігалася, або про це не повідомляють (дані лише за цілі доби)
plan-alleged-incidents = стверджує { $party }: інцидентів: { $number }
plan-alleged-obligations = стверджує { $party }: зобов’язань: { $number }
plan-alleged-counts = стверджує { $party }: підрахунків кількості: { $number }
plan-alleged-coverage = стверджує { $party }: повідомлень про те, що могли бачити прилади: { $number }
plan-decides = Рішення приймає: { $who }.
plan-follows = Якщо орган це підтвердить: { $what }
plan-appeal = Як оскаржити: { $how }
