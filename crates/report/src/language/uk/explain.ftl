# Що означає угода. Спершу речення, далі слова таблиць.
explain-untranslated = Примітки, викладене нашими словами та назви без перекладу подано так, як у файлі; мову цитати зазначено поруч із нею.
explain-title = { $title } ({ $id })
explain-plain = { $text }
explain-quote = «{ $text }»
explain-quote-foreign = «{ $text }» (мова джерела: { $language ->
    [en] англійська
    [uk] українська
    [ru] російська
   *[other] { $language }
}).
explain-paraphrase = [нашими словами] { $text }
explain-cited = [{ $sources }]

explain-list-and = { $most } і { $last }
explain-list-or = { $most } або { $last }
explain-date = { $day }.{ $month }.{ $year }
explain-time = { $date } { $time }
explain-days = { $days ->
    [one] { $days } день
    [few] { $days } дні
   *[many] { $days } днів
}
explain-hours = { $hours } год
explain-hours-minutes = { $hours } год { $minutes } хв
explain-minutes = { $minutes } хв
explain-kilometres = { $number } км
explain-metres = { $number } м
explain-nautical-miles = { $number ->
    [one] { $number } морська миля
    [few] { $number } морські милі
   *[many] { $number } морських миль
}
explain-millimetres = { $number } мм
explain-share = { $number } %
explain-decimal = { $whole },{ $part }

explain-head-parties = Сторони в порядку файлу
explain-party = { $name } ({ $code }): { $stance }; { $clock }.
explain-clock = місцевий час: { $name }
explain-clock-none = місцевий час не вказано
explain-head-people = Інші учасники та органи, створені за текстом
explain-actor = { $name } ({ $code }), { $role } { $sources }
explain-body = { $name } ({ $code }); { $facts }. { $words } { $sources }
explain-body-members = склад: { $members }
explain-body-chair = очолює { $chair }
explain-body-tasks = завдання: { $tasks }
explain-body-answer = строк відповіді: { $within }

explain-head-events = Що сталося з документом
explain-event = { $date }: { $what }{ $by }{ $until }{ $reading }. { $words } { $condition } { $effect } { $sources }
explain-event-by = { " " }({ $who })
explain-event-until = , новий кінець строку: { $until }
explain-of-reading = { " " }(тлумачення «{ $id }»)
explain-event-condition = Умова: { $words }
explain-effect-ends = Це припиняє дію документа.
explain-effect-frees = Це звільняє від зобов’язань лише того, хто про це заявив.
explain-effect-disputed = Чи припиняє це дію документа, є спірним: відтоді стан не визначено.
explain-head-commitments = Що обіцяли інші
explain-commitment = «{ $id }», обіцяє { $by } ({ $kind }): { $words } { $sources }
explain-commitment-state = { $date }: { $state }. { $words } { $sources }

explain-head-reading = Тлумачення «{ $id }», його дотримується { $holder }
explain-head-text = Текст
explain-period-from = Початок: { $from }
explain-period-to = кінець: { $to };
explain-period-no-end = кінець невідомий;
explain-period-open = без установленого кінця: доки його не припинить подія;
explain-period-length = { $length }; { $extension }.
explain-lasts = усього { $length }
explain-lasts-between = найменше — { $shortest }, найбільше — { $longest }
explain-lasts-most = найбільше — { $length }; скільки саме, невідомо
explain-lasts-not-known = тривалість невідома
explain-lasts-open = тривалість не встановлена
explain-extendable = може бути продовжено
explain-no-extension = про продовження не сказано
explain-clocks-differ = На початку місцевий час сторін різний: одна й та сама місцева година означає два моменти.
explain-edge-between = момент невідомий, не раніше { $earliest } і не пізніше { $latest }
explain-edge-after = момент невідомий, не раніше { $earliest }
explain-edge-open = не встановлений
explain-edge-day = { $day } (година невідома)
explain-moment = { $utc } UTC ({ $clocks })
explain-moment-utc = { $utc } UTC
explain-clock-of = { $party } { $time }
explain-disputed = Чи є документ для когось обов’язковим, є спірним, тому не визначено; початок: { $from }; { $to }.
explain-freed = Вільні від зобов’язань: { $parties }; початок: { $from }; { $to }.
explain-stretch-to = кінець: { $to }
explain-stretch-open = без відомого кінця
explain-reading-sources = Джерела цього тлумачення: { $sources }.

explain-clause = Пункт «{ $id }»: { $title }. { $words }
explain-rule = { $mode } ({ $parties }): { $acts } | засоби: { $means } | { $against } | { $place }.
explain-rule-acts = { $mode } ({ $parties }): { $acts }.
explain-rule-stages = { $mode } ({ $parties }): див. нижче.
explain-prohibits = Заборона
explain-obliges = Зобов’язання
explain-permits = Дозвіл
explain-any-means = будь-які
explain-weapons = { $classes }{ $calibre }
explain-systems = системи { $names }
explain-calibre = ; калібр: { $bounds }
explain-calibre-from = { $bound } або більше
explain-calibre-over = понад { $bound }
explain-calibre-below = менше ніж { $bound }
explain-calibre-to = { $bound } або менше
explain-against = цілі: { $targets }
explain-against-anything = цілі: будь-які
explain-where-nearer = ближче, ніж відстані, вказані нижче
explain-where-anywhere = будь-де
explain-where-zone = у зоні «{ $zone }»
explain-where-sites = на об’єктах зі списку
explain-unsettled = Текстом не врегульовано, тому не визначено: { $acts }.
explain-list-not-known = Які з них мають на увазі, невідомо: «не визначено: список невідомий».
explain-sites-not-known = Які об’єкти мають на увазі, невідомо: «не визначено: список невідомий».
explain-exception = Виняток: { $words } ({ $what })
explain-exception-burden = Той, хто посилається на цей виняток, має довести виконання його умов.
explain-clause-sources = Джерела: { $sources }.
explain-forces = Лише щодо таких сил або осіб: { $forces }.
explain-holds = Строк дії: початок — { $from }; кінець — { $to }.
explain-no-end = невідомий
explain-distance = Відстань: { $means }: { $far } від лінії «{ $line }»{ $own }.
explain-distance-own = ; { $lines }
explain-far = { $least } або більше
explain-far-or-range = { $least } або власна дальність, залежно від того, що більше,
explain-far-range = власна дальність або більше
explain-own-line = для { $party } — від лінії «{ $line }»
explain-threshold = Зараховують лише те, що досягло порога: { $all }.
explain-threshold-casualties = загиблих або поранених — щонайменше { $count }
explain-threshold-lasts = тривалість понад { $length }
explain-threshold-count = понад { $count } одночасно
explain-quantity = Кількість ({ $what }): { $bound } { $per }.
explain-at-least = не менше { $amount }
explain-at-most = не більше { $amount }
explain-per-day = на день
explain-per = за { $length }
explain-stage = Етап «{ $id }» ({ $parties }), { $due }; підтвердження: { $shown }{ $to }. { $words } { $only }
explain-stage-only-if = Лише якщо: { $words }
explain-due = строк: { $by }
explain-due-daily = щодня до { $time } за місцевим часом
explain-due-not-known = строк невідомий
explain-notice-to = , адресат: { $to }
explain-over = Дозволено попри заборону в пунктах: { $clauses }.
explain-condition = За умови «{ $id }»: { $words } Підтвердження: { $tested }.
explain-test-answers = інша сторона вчинила одну з цих дій, не раніше ніж за { $within } до того і не далі ніж за { $near }: { $acts }
explain-test-notice = повідомлення ({ $sort }){ $to }, { $when }{ $within }{ $failed }
explain-test-planned = завчасне повідомлення про дію{ $purposes }{ $ahead }{ $late }
explain-test-verified = результат перевірки
explain-when-before = до дії
explain-when-after = після дії
explain-when-any = у будь-який час
explain-notice-within = , щонайбільше за { $length }
explain-notice-failed = , безрезультатно
explain-planned-for = ; мета: { $purposes }
explain-planned-ahead = ; щонайменше за { $length }
explain-late-not-settled = ; про запізніле повідомлення текст не говорить
explain-late-permits = ; запізніле повідомлення все одно дає дозвіл
explain-late-does-not-permit = ; запізніле повідомлення не дає дозволу

explain-head-differences = Чим різняться тлумачення
explain-differs-nothing = лише назвами.
explain-differs-clause = пункт «{ $id }»: { $what }
explain-differs-start = початок
explain-differs-end = кінець
explain-differs-mode = вид норми
explain-differs-binds = кого зобов’язує
explain-differs-acts = які дії
explain-differs-means = якими засобами
explain-differs-forces = яких сил або осіб стосується
explain-differs-targets = проти чого
explain-differs-list = чи відомий список
explain-differs-place = де
explain-differs-distances = як далеко від лінії
explain-differs-periods = коли діє
explain-differs-threshold = з якого порога дію зараховано
explain-differs-quantity = скільки
explain-differs-stages = етапи
explain-differs-conditions = умови
explain-differs-exceptions = винятки
explain-differs-standard = наскільки певним має бути висновок
explain-differs-words = слова
explain-differs-absent = є не в кожному тлумаченні

explain-head-places = Лінії та зони
explain-line = Лінія «{ $id }»: { $course }. { $reference }
explain-line-date = { " " }від { $date }
explain-line-drawn = накреслена у файлі{ $date }; якщо дивитися в напрямку креслення, { $left } ліворуч, { $right } праворуч
explain-line-held = межа території, яку { $party } утримує за картою «{ $data }»{ $date }, без узбережжя й державного кордону; по інший бік { $across }; поза межами карти сторону не визначено
explain-line-not-known = між { $left } і { $right }; як вона проходить, невідомо, і невідомо те, що від цього залежить
explain-line-reference = Це опорна лінія для відліку кілометрів.
explain-zone = Зона «{ $id }»: { $extent }.
explain-zone-drawn = накреслена у файлі, усього { $count ->
    [one] { $count } ділянка
    [few] { $count } ділянки
   *[many] { $count } ділянок
}
explain-zone-around = { $within } або менше від будь-якого об’єкта «{ $class }»; повідомлене місцеположення вважають чинним протягом такого часу: { $fresh }
explain-zone-sites = { $within } або менше від об’єкта зі списку ({ $classes })
explain-zone-line = { $beyond } { $within } або менше від лінії «{ $line }»{ $own }, на боці { $sides }
explain-zone-beyond = { $least } або більше і
explain-own-lines = , { $lines }
explain-sites = У файлі sites.csv перелічено: { $count ->
    [one] { $count } об’єкт
    [few] { $count } об’єкти
   *[many] { $count } об’єктів
}.

explain-head-standards = Наскільки певним має бути висновок про порушення (визначають ті, хто спостерігає, а не текст)
explain-standard = { $clauses }: що це сталося — { $occurred } або більше; що це було там, де діє пункт, — { $inside } або більше; що це вчинили сили названої сторони — { $origin } або більше, інакше «сторону не встановлено».
explain-standard-every = Кожен пункт
explain-standard-of = Пункт «{ $clause }»{ $reading }

explain-head-consequences = Наслідки за текстом (тут їх лише показано, програма їх ніколи не виконує)
explain-consequence = { $kind } «{ $id }»{ $reading }: { $words } { $judged } { $sources }
explain-consequence-judged = Стан змінює лише рішення названої посадової особи чи органу, а не обчислений висновок.
explain-consequence-self-release = Звільнення від зобов’язань
explain-consequence-measure = Заходи
explain-consequence-notify = Повідомлення
explain-consequence-other = Інше

explain-head-plan = План (виконання умов переходу показано; рішення приймає названий орган)
explain-phase = Етап «{ $id }»: { $title }{ $after }. { $words } { $sources }
explain-phase-after = { " " }(після етапу: { $phases })
explain-phase-no-gate = У наявному тексті немає критерію, за яким цей етап завершено: нічого не оцінюють.
explain-gate = Умова переходу «{ $id }»: { $indicator }{ $clauses }, за попередній час: { $window }{ $coverage }; рішення приймає { $authority }. { $words } Далі: { $then } { $otherwise } { $appeal }
explain-gate-breaches = висновків про порушення не більше { $most }
explain-gate-done = виконано зобов’язання
explain-gate-share = виконано не менше { $least } належної кількості
explain-gate-coverage = охоплення спостереженням
explain-gate-of = { " " }(пункти: { $clauses })
explain-gate-observed = , з нього під спостереженням не менше { $least }
explain-gate-otherwise = Інакше: { $text }
explain-gate-appeal = Оскарження: { $text }

explain-head-positions = Позиції
explain-position = { $party }{ $speaker } ({ $date }), { $stance }: { $words } { $sources }
explain-speaker = , { $name }
explain-date-none = дата невідома

explain-head-not-known = Що невідомо
explain-not-known-nothing = У файлі нічого не названо.
explain-gap-start = Точний початок{ $reading }: те, що припадає близько до нього, не визначено.
explain-gap-end = Точний кінець{ $reading }: те, що припадає близько до нього, не визначено.
explain-gap-list = Список, про який ідеться в пункті «{ $clause }»{ $reading }.

explain-head-sources = Джерела
explain-source = { $id }: { $url }{ $kind }
explain-source-kind = { " " }({ $kind })

explain-head-claims = Заяви (кожна за свій час і у своїх одиницях; їх ніколи не підсумовують, і вони не є доказом)
explain-claim = { $name }: { $claimant } про { $against }, «{ $unit }»: { $total }{ $parts }{ $running }
explain-claim-total = { $total }, складові:{ " " }
explain-claim-part = { $name } { $count }
explain-claim-running = ; наростаючим підсумком
explain-claim-window = від { $start }{ $assumed } до { $end }{ $known }
explain-claim-assumed = { " " }(припущено)
explain-claim-as-of = { " " }(час, на який наведено цифру)
explain-claim-note = Примітка: { $text }
explain-count-none = не вказано
explain-count-about = близько { $number }
explain-count-least = { $number } або більше
explain-parts-none = складових не оприлюднено: нема чого додавати.
explain-parts-no-total = підсумку не оприлюднено; складові дають { $sum }.
explain-parts-agree = складові дають { $sum }: це сумісно з підсумком.
explain-parts-missing = складові не пояснюють { $number } з підсумку.
explain-parts-exceed = складові на { $number } перевищують підсумок.
explain-parts-neither = складові дають { $apart } або { $within }, якщо одна входить до іншої: жодна сума не дорівнює підсумку.
explain-head-files = Файли (SHA-256), на які слід посилатися з кожним результатом
explain-file = { $name }: { $hash }

explain-nature-agreed = Документ, погоджений сторонами.
explain-nature-announced = Оголошено сторонами, кожною власними словами; спільний текст невідомий.
explain-nature-unilateral = Одностороння заява.
explain-nature-proposed = Пропозиція.

explain-stance-declared = проголошення
explain-stance-mirrors = відповідь, що діятиме так, як діє інша сторона («дзеркальна» відповідь)
explain-stance-agreed = згода
explain-stance-accepts = прийняття
explain-stance-conditional = згода за певних умов
explain-stance-awaits = очікування подробиць
explain-stance-rejects = відмова
explain-stance-proposes = пропозиція

explain-source-primary = першоджерело
explain-source-news = новини
explain-source-copy = копія або переклад
explain-source-weak = слабке джерело: лише з підтвердженням
explain-source-party = сторона або пов’язане з нею джерело
explain-source-unrated = не оцінено

explain-act-undetermined = будь-яка дія
explain-act-fire = застосування зброї будь-якого виду
explain-act-shelling = обстріл
explain-act-small-arms = вогонь зі стрілецької зброї
explain-act-air-strike = авіаудари
explain-act-missile-strike = ракетні удари
explain-act-drone-attack = атаки безпілотних літальних апаратів
explain-act-assault = наземні штурми
explain-act-air-defence = вогонь по літальних апаратах або ракетах
explain-act-exercise = навчання з бойовою стрільбою
explain-act-exchange-of-fire = перестрілки
explain-act-advance = просування на місцевості
explain-act-crossing = перетин лінії або кордону
explain-act-flight = польоти
explain-act-reconnaissance = повітряна розвідка
explain-act-presence = присутність сил або озброєння
explain-act-works = мінування, окопи та інші інженерні роботи
explain-act-mine-laying = встановлення мін
explain-act-demolition = підриви
explain-act-sabotage = диверсії та рейди
explain-act-launch = пуски зброї великої дальності
explain-act-flare = освітлювальні та сигнальні засоби
explain-act-alert = тривоги
explain-act-obstruction = перешкоджання роботі спостерігачів
explain-act-access-denied = відмова спостерігачам у доступі
explain-act-jamming = радіоперешкоди спостерігачам
explain-act-blinding = засліплення датчиків спостерігачів
explain-act-withdrawal = відведення сил або озброєння
explain-act-delivery = доставлення
explain-act-release = звільнення утримуваних осіб
explain-act-stop = незаплановані зупинки
explain-act-deviation = відхилення від курсу, незаплановані зустрічі
explain-act-demining = розмінування
explain-act-repair = ремонт
explain-act-medevac = евакуація поранених і загиблих
explain-act-cyber-attack = атаки на комп’ютери та мережі
explain-act-hostile-speech = висловлювання, що підбурюють або вводять в оману
explain-act-recruitment = набір або підготовка бійців
explain-act-ordinary = звичайні події

explain-weapon-undetermined = будь-яка зброя
explain-weapon-small-arms = стрілецька зброя
explain-weapon-rifle = гвинтівки
explain-weapon-pistol = пістолети
explain-weapon-automatic-rifle = автомати
explain-weapon-machine-gun = кулемети
explain-weapon-artillery = артилерія будь-якого виду
explain-weapon-gun = гармати та гаубиці
explain-weapon-mortar = міномети
explain-weapon-rocket-launcher = реактивні системи залпового вогню
explain-weapon-anti-tank-weapon = протитанкова зброя
explain-weapon-air-defence-system = системи протиповітряної оборони
explain-weapon-armour = танки та бойові броньовані машини
explain-weapon-tank = танки
explain-weapon-armoured-vehicle = бойові броньовані машини
explain-weapon-aircraft = пілотовані літальні апарати
explain-weapon-ship = кораблі та катери
explain-weapon-uav = безпілотні літальні апарати будь-якого виду
explain-weapon-uav-long-range = ударні безпілотні літальні апарати великої дальності
explain-weapon-uav-short-range = ударні безпілотні літальні апарати малої дальності
explain-weapon-uav-reconnaissance = розвідувальні безпілотні літальні апарати
explain-weapon-air-bomb = авіаційні бомби
explain-weapon-missile = ракети будь-якого виду
explain-weapon-ballistic-missile = балістичні ракети
explain-weapon-cruise-missile = крилаті ракети
explain-weapon-mine = міни та саморобні вибухові пристрої

explain-target-undetermined = будь-що
explain-target-military = військові цілі
explain-target-civilian = цивільні об’єкти
explain-target-medical = лікарні та машини швидкої допомоги
explain-target-school = школи
explain-target-residential = житло
explain-target-water = водопостачання
explain-target-port = порти
explain-target-merchant-ship = торговельні судна
explain-target-monitor = люди, машини й датчики спостерігачів
explain-target-energy = енергетичні об’єкти
explain-target-refinery = нафтопереробні заводи
explain-target-oil-gas-transport = нафто- і газопроводи, сховища та насосні станції
explain-target-electricity = електростанції, підстанції, трансформатори й електромережі
explain-target-nuclear = атомні електростанції
explain-target-hydro = греблі гідроелектростанцій

explain-force-undetermined = сили не визначено
explain-force-armed-forces = збройні сили
explain-force-police = поліція
explain-force-border-guard = прикордонна охорона
explain-force-irregular = нерегулярні формування
explain-force-civilian = цивільні особи
explain-role-guarantor = гарант
explain-role-mediator = посередник
explain-role-third = третя сторона
explain-task-monitor = спостереження
explain-task-verify = перевірка
explain-task-coordinate = координація
explain-task-hear = розгляд скарг
explain-task-inspect = інспектування
explain-task-judge = встановлення відповідальності
explain-event-proposed = пропозиція
explain-event-accepted = прийняття
explain-event-signed = підписання
explain-event-in-force = набуття чинності
explain-event-extended = продовження строку
explain-event-suspended = зупинення дії
explain-event-resumed = відновлення дії
explain-event-denounced = денонсація
explain-event-lapsed = закінчення строку
explain-commitment-aid = допомога
explain-commitment-sanctions = санкції
explain-commitment-guarantee = гарантія
explain-commitment-monitoring = спостереження
explain-commitment-other = інше
explain-state-promised = обіцяно
explain-state-suspended = зупинено
explain-state-resumed = відновлено
explain-state-threatened = оголошено намір застосувати
explain-state-imposed = запроваджено
explain-state-lifted = скасовано
explain-state-fulfilled = виконано
explain-state-withdrawn = відкликано
explain-shown-verification = перевірка
explain-shown-planned-act = повідомлення про заплановану дію
explain-shown-order = наказ
explain-shown-call = звернення
explain-shown-report = звіт
explain-shown-plan = план
explain-shown-answer = відповідь
explain-notice-planned-act = про заплановану дію
explain-notice-order = наказ
explain-notice-call = звернення
explain-notice-report = звіт
explain-notice-plan = план
explain-notice-answer = відповідь
explain-purpose-exercise = навчання
explain-purpose-demining = розмінування
explain-purpose-repair = ремонт
explain-purpose-medevac = евакуація поранених і загиблих
explain-purpose-rotation = ротація
explain-purpose-inspection = інспекція
explain-purpose-passage = прохід
