# Что означает соглашение. Сначала предложения, затем слова таблиц.
explain-untranslated = Примечания, изложенное нашими словами и названия без перевода даны так, как в файле; язык цитаты указан рядом с ней.
explain-title = { $title } ({ $id })
explain-plain = { $text }
explain-quote = «{ $text }»
explain-quote-foreign = «{ $text }» (язык источника: { $language ->
    [en] английский
    [uk] украинский
    [ru] русский
   *[other] { $language }
}).
explain-paraphrase = [нашими словами] { $text }
explain-cited = [{ $sources }]

explain-list-and = { $most } и { $last }
explain-list-or = { $most } или { $last }
explain-date = { $day }.{ $month }.{ $year }
explain-time = { $date } { $time }
explain-days = { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[many] { $days } дней
}
explain-hours = { $hours } ч
explain-hours-minutes = { $hours } ч { $minutes } мин
explain-minutes = { $minutes } мин
explain-kilometres = { $number } км
explain-metres = { $number } м
explain-nautical-miles = { $number ->
    [one] { $number } морская миля
    [few] { $number } морские мили
   *[many] { $number } морских миль
}
explain-millimetres = { $number } мм
explain-share = { $number } %
explain-decimal = { $whole },{ $part }

explain-head-parties = Стороны в порядке файла
explain-party = { $name } ({ $code }): { $stance }; { $clock }.
explain-clock = местное время: { $name }
explain-clock-none = местное время не указано
explain-head-people = Другие участники и органы, созданные по тексту
explain-actor = { $name } ({ $code }), { $role } { $sources }
explain-body = { $name } ({ $code }); { $facts }. { $words } { $sources }
explain-body-members = состав: { $members }
explain-body-chair = возглавляет { $chair }
explain-body-tasks = задачи: { $tasks }
explain-body-answer = срок ответа: { $within }

explain-head-events = Что произошло с документом
explain-event = { $date }: { $what }{ $by }{ $until }{ $reading }. { $words } { $condition } { $effect } { $sources }
explain-event-by = { " " }({ $who })
explain-event-until = , новый конец срока: { $until }
explain-of-reading = { " " }(толкование «{ $id }»)
explain-event-condition = Условие: { $words }
explain-effect-ends = Это прекращает действие документа.
explain-effect-frees = Это освобождает от обязательств только того, кто об этом заявил.
explain-effect-disputed = Прекращает ли это действие документа, спорно: с этого момента состояние не определено.
explain-head-commitments = Что обещали другие
explain-commitment = «{ $id }», обещает { $by } ({ $kind }): { $words } { $sources }
explain-commitment-state = { $date }: { $state }. { $words } { $sources }

explain-head-reading = Толкование «{ $id }», его придерживается { $holder }
explain-head-text = Текст
explain-period-from = Начало: { $from }
explain-period-to = конец: { $to };
explain-period-no-end = конец неизвестен;
explain-period-open = без установленного конца: пока его не прекратит событие;
explain-period-length = { $length }; { $extension }.
explain-lasts = всего { $length }
explain-lasts-between = самое меньшее — { $shortest }, самое большее — { $longest }
explain-lasts-most = самое большее — { $length }; сколько именно, неизвестно
explain-lasts-not-known = продолжительность неизвестна
explain-lasts-open = продолжительность не установлена
explain-extendable = может быть продлено
explain-no-extension = о продлении не сказано
explain-clocks-differ = В начале местное время сторон различно: один и тот же местный час означает два момента.
explain-edge-between = момент неизвестен, не раньше { $earliest } и не позже { $latest }
explain-edge-after = момент неизвестен, не раньше { $earliest }
explain-edge-open = не установлен
explain-edge-day = { $day } (час неизвестен)
explain-moment = { $utc } UTC ({ $clocks })
explain-moment-utc = { $utc } UTC
explain-clock-of = { $party } { $time }
explain-disputed = Обязателен ли документ для кого-либо, спорно, поэтому не определено; начало: { $from }; { $to }.
explain-freed = Свободны от обязательств: { $parties }; начало: { $from }; { $to }.
explain-stretch-to = конец: { $to }
explain-stretch-open = без известного конца
explain-reading-sources = Источники этого толкования: { $sources }.

explain-clause = Пункт «{ $id }»: { $title }. { $words }
explain-rule = { $mode } ({ $parties }): { $acts } | средства: { $means } | { $against } | { $place }.
explain-rule-acts = { $mode } ({ $parties }): { $acts }.
explain-rule-stages = { $mode } ({ $parties }): см. ниже.
explain-prohibits = Запрет
explain-obliges = Обязательство
explain-permits = Разрешение
explain-any-means = любые
explain-weapons = { $classes }{ $calibre }
explain-systems = системы { $names }
explain-calibre = ; калибр: { $bounds }
explain-calibre-from = { $bound } или более
explain-calibre-over = более { $bound }
explain-calibre-below = менее { $bound }
explain-calibre-to = { $bound } или менее
explain-against = цели: { $targets }
explain-against-anything = цели: любые
explain-where-nearer = ближе, чем расстояния, указанные ниже
explain-where-anywhere = где бы то ни было
explain-where-zone = в зоне «{ $zone }»
explain-where-sites = на объектах из списка
explain-unsettled = Текстом не урегулировано, поэтому не определено: { $acts }.
explain-list-not-known = Какие из них имеются в виду, неизвестно: «не определено: список неизвестен».
explain-sites-not-known = Какие объекты имеются в виду, неизвестно: «не определено: список неизвестен».
explain-exception = Исключение: { $words } ({ $what })
explain-exception-burden = Тот, кто ссылается на это исключение, должен доказать выполнение его условий.
explain-clause-sources = Источники: { $sources }.
explain-forces = Только в отношении таких сил или лиц: { $forces }.
explain-holds = Срок действия: начало — { $from }; конец — { $to }.
explain-no-end = неизвестен
explain-distance = Расстояние: { $means }: { $far } от линии «{ $line }»{ $own }.
explain-distance-own = ; { $lines }
explain-far = { $least } или более
explain-far-or-range = { $least } или собственная дальность, смотря что больше,
explain-far-range = собственная дальность или более
explain-own-line = для { $party } — от линии «{ $line }»
explain-threshold = Засчитывается только то, что достигло порога: { $all }.
explain-threshold-casualties = убитых или раненых — не менее { $count }
explain-threshold-lasts = продолжительность свыше { $length }
explain-threshold-count = более { $count } одновременно
explain-quantity = Количество ({ $what }): { $bound } { $per }.
explain-at-least = не менее { $amount }
explain-at-most = не более { $amount }
explain-per-day = в день
explain-per = за { $length }
explain-stage = Этап «{ $id }» ({ $parties }), { $due }; подтверждение: { $shown }{ $to }. { $words } { $only }
explain-stage-only-if = Только если: { $words }
explain-due = срок: { $by }
explain-due-daily = ежедневно до { $time } по местному времени
explain-due-not-known = срок неизвестен
explain-notice-to = , адресат: { $to }
explain-over = Разрешено вопреки запрету в пунктах: { $clauses }.
explain-condition = При условии «{ $id }»: { $words } Подтверждение: { $tested }.
explain-test-answers = другая сторона совершила одно из этих действий, не раньше чем за { $within } до того и не дальше чем за { $near }: { $acts }
explain-test-notice = уведомление ({ $sort }){ $to }, { $when }{ $within }{ $failed }
explain-test-planned = заблаговременное уведомление о действии{ $purposes }{ $ahead }{ $late }
explain-test-verified = результат проверки
explain-when-before = до действия
explain-when-after = после действия
explain-when-any = в любое время
explain-notice-within = , не более чем за { $length }
explain-notice-failed = , безрезультатно
explain-planned-for = ; цель: { $purposes }
explain-planned-ahead = ; не менее чем за { $length }
explain-late-not-settled = ; о запоздалом уведомлении текст не говорит
explain-late-permits = ; запоздалое уведомление всё равно даёт разрешение
explain-late-does-not-permit = ; запоздалое уведомление не даёт разрешения

explain-head-differences = Чем различаются толкования
explain-differs-nothing = только названиями.
explain-differs-clause = пункт «{ $id }»: { $what }
explain-differs-start = начало
explain-differs-end = конец
explain-differs-mode = вид нормы
explain-differs-binds = кого обязывает
explain-differs-acts = какие действия
explain-differs-means = какими средствами
explain-differs-forces = каких сил или лиц касается
explain-differs-targets = против чего
explain-differs-list = известен ли список
explain-differs-place = где
explain-differs-distances = как далеко от линии
explain-differs-periods = когда действует
explain-differs-threshold = с какого порога действие засчитывается
explain-differs-quantity = сколько
explain-differs-stages = этапы
explain-differs-conditions = условия
explain-differs-exceptions = исключения
explain-differs-standard = насколько уверенным должен быть вывод
explain-differs-words = слова
explain-differs-absent = есть не в каждом толковании

explain-head-places = Линии и зоны
explain-line = Линия «{ $id }»: { $course }. { $reference }
explain-line-date = { " " }от { $date }
explain-line-drawn = начерчена в файле{ $date }; если смотреть в направлении черчения, { $left } слева, { $right } справа
explain-line-held = граница территории, которую { $party } удерживает по карте «{ $data }»{ $date }, без побережья и государственной границы; по другую сторону { $across }; за пределами карты сторона не определена
explain-line-not-known = между { $left } и { $right }; как она проходит, неизвестно, и неизвестно то, что от этого зависит
explain-line-reference = Это опорная линия для отсчёта километров.
explain-zone = Зона «{ $id }»: { $extent }.
explain-zone-drawn = начерчена в файле, всего { $count ->
    [one] { $count } участок
    [few] { $count } участка
   *[many] { $count } участков
}
explain-zone-around = { $within } или менее от любого объекта «{ $class }»; сообщённое местоположение считается действительным в течение такого времени: { $fresh }
explain-zone-sites = { $within } или менее от объекта из списка ({ $classes })
explain-zone-line = { $beyond } { $within } или менее от линии «{ $line }»{ $own }, на стороне { $sides }
explain-zone-beyond = { $least } или более и
explain-own-lines = , { $lines }
explain-sites = В файле sites.csv перечислено: { $count ->
    [one] { $count } объект
    [few] { $count } объекта
   *[many] { $count } объектов
}.

explain-head-standards = Насколько уверенным должен быть вывод о нарушении (определяют те, кто наблюдает, а не текст)
explain-standard = { $clauses }: что это произошло — { $occurred } или более; что это было там, где действует пункт, — { $inside } или более; что это совершили силы названной стороны — { $origin } или более, иначе «сторона не установлена».
explain-standard-every = Каждый пункт
explain-standard-of = Пункт «{ $clause }»{ $reading }

explain-head-consequences = Последствия по тексту (здесь они только показаны, программа их никогда не исполняет)
explain-consequence = { $kind } «{ $id }»{ $reading }: { $words } { $judged } { $sources }
explain-consequence-judged = Состояние меняет только решение названного должностного лица или органа, а не вычисленный вывод.
explain-consequence-self-release = Освобождение от обязательств
explain-consequence-measure = Меры
explain-consequence-notify = Уведомление
explain-consequence-other = Иное

explain-head-plan = План (выполнение условий перехода показано; решение принимает названный орган)
explain-phase = Этап «{ $id }»: { $title }{ $after }. { $words } { $sources }
explain-phase-after = { " " }(после этапа: { $phases })
explain-phase-no-gate = В имеющемся тексте нет критерия, по которому этот этап завершён: ничего не оценивается.
explain-gate = Условие перехода «{ $id }»: { $indicator }{ $clauses }, за предшествующее время: { $window }{ $coverage }; решение принимает { $authority }. { $words } Далее: { $then } { $otherwise } { $appeal }
explain-gate-breaches = выводов о нарушении не более { $most }
explain-gate-done = выполнены обязательства
explain-gate-share = исполнено не менее { $least } должного количества
explain-gate-coverage = охват наблюдением
explain-gate-of = { " " }(пункты: { $clauses })
explain-gate-observed = , из него под наблюдением не менее { $least }
explain-gate-otherwise = Иначе: { $text }
explain-gate-appeal = Обжалование: { $text }

explain-head-positions = Позиции
explain-position = { $party }{ $speaker } ({ $date }), { $stance }: { $words } { $sources }
explain-speaker = , { $name }
explain-date-none = дата неизвестна

explain-head-not-known = Что неизвестно
explain-not-known-nothing = В файле ничего не названо.
explain-gap-start = Точное начало{ $reading }: то, что приходится близко к нему, не определено.
explain-gap-end = Точный конец{ $reading }: то, что приходится близко к нему, не определено.
explain-gap-list = Список, о котором идёт речь в пункте «{ $clause }»{ $reading }.

explain-head-sources = Источники
explain-source = { $id }: { $url }{ $kind }
explain-source-kind = { " " }({ $kind })

explain-head-claims = Заявления (каждое за своё время и в своих единицах; их никогда не суммируют, и они не являются доказательством)
explain-claim = { $name }: { $claimant } о { $against }, «{ $unit }»: { $total }{ $parts }{ $running }
explain-claim-total = { $total }, слагаемые:{ " " }
explain-claim-part = { $name } { $count }
explain-claim-running = ; нарастающим итогом
explain-claim-window = от { $start }{ $assumed } до { $end }{ $known }
explain-claim-assumed = { " " }(предположено)
explain-claim-as-of = { " " }(время, на которое приведена цифра)
explain-claim-note = Примечание: { $text }
explain-count-none = не указано
explain-count-about = около { $number }
explain-count-least = { $number } или более
explain-parts-none = слагаемые не опубликованы: складывать нечего.
explain-parts-no-total = итог не опубликован; слагаемые дают { $sum }.
explain-parts-agree = слагаемые дают { $sum }: это совместимо с итогом.
explain-parts-missing = слагаемые не объясняют { $number } из итога.
explain-parts-exceed = слагаемые на { $number } превышают итог.
explain-parts-neither = слагаемые дают { $apart } или { $within }, если одно входит в другое: ни одна сумма не равна итогу.
explain-head-files = Файлы (SHA-256), на которые следует ссылаться с каждым результатом
explain-file = { $name }: { $hash }

explain-nature-agreed = Документ, согласованный сторонами.
explain-nature-announced = Объявлено сторонами, каждой своими словами; общий текст неизвестен.
explain-nature-unilateral = Одностороннее заявление.
explain-nature-proposed = Предложение.

explain-stance-declared = провозглашение
explain-stance-mirrors = ответ, что будет действовать так, как действует другая сторона («зеркальный» ответ)
explain-stance-agreed = согласие
explain-stance-accepts = принятие
explain-stance-conditional = согласие при определённых условиях
explain-stance-awaits = ожидание подробностей
explain-stance-rejects = отказ
explain-stance-proposes = предложение

explain-source-primary = первоисточник
explain-source-news = новости
explain-source-copy = копия или перевод
explain-source-weak = слабый источник: только с подтверждением
explain-source-party = сторона или связанный с ней источник
explain-source-unrated = не оценено

explain-act-undetermined = любое действие
explain-act-fire = применение оружия любого вида
explain-act-shelling = обстрел
explain-act-small-arms = огонь из стрелкового оружия
explain-act-air-strike = авиаудары
explain-act-missile-strike = ракетные удары
explain-act-drone-attack = атаки беспилотных летательных аппаратов
explain-act-assault = наземные штурмы
explain-act-air-defence = огонь по летательным аппаратам или ракетам
explain-act-exercise = учения с боевой стрельбой
explain-act-exchange-of-fire = перестрелки
explain-act-advance = продвижение на местности
explain-act-crossing = пересечение линии или границы
explain-act-flight = полёты
explain-act-reconnaissance = воздушная разведка
explain-act-presence = присутствие сил или вооружения
explain-act-works = минирование, окопы и другие инженерные работы
explain-act-mine-laying = установка мин
explain-act-demolition = подрывы
explain-act-sabotage = диверсии и рейды
explain-act-launch = пуски оружия большой дальности
explain-act-flare = осветительные и сигнальные средства
explain-act-alert = тревоги
explain-act-obstruction = препятствование работе наблюдателей
explain-act-access-denied = отказ наблюдателям в доступе
explain-act-jamming = радиопомехи наблюдателям
explain-act-blinding = ослепление датчиков наблюдателей
explain-act-withdrawal = отвод сил или вооружения
explain-act-delivery = доставка
explain-act-release = освобождение удерживаемых лиц
explain-act-stop = незапланированные остановки
explain-act-deviation = отклонение от курса, незапланированные встречи
explain-act-demining = разминирование
explain-act-repair = ремонт
explain-act-medevac = эвакуация раненых и погибших
explain-act-cyber-attack = атаки на компьютеры и сети
explain-act-hostile-speech = высказывания, которые подстрекают или вводят в заблуждение
explain-act-recruitment = набор или подготовка бойцов
explain-act-ordinary = обычные события

explain-weapon-undetermined = любое оружие
explain-weapon-small-arms = стрелковое оружие
explain-weapon-rifle = винтовки
explain-weapon-pistol = пистолеты
explain-weapon-automatic-rifle = автоматы
explain-weapon-machine-gun = пулемёты
explain-weapon-artillery = артиллерия любого вида
explain-weapon-gun = пушки и гаубицы
explain-weapon-mortar = миномёты
explain-weapon-rocket-launcher = реактивные системы залпового огня
explain-weapon-anti-tank-weapon = противотанковое оружие
explain-weapon-air-defence-system = системы противовоздушной обороны
explain-weapon-armour = танки и боевые бронированные машины
explain-weapon-tank = танки
explain-weapon-armoured-vehicle = боевые бронированные машины
explain-weapon-aircraft = пилотируемые летательные аппараты
explain-weapon-ship = корабли и катера
explain-weapon-uav = беспилотные летательные аппараты любого вида
explain-weapon-uav-long-range = ударные беспилотные летательные аппараты большой дальности
explain-weapon-uav-short-range = ударные беспилотные летательные аппараты малой дальности
explain-weapon-uav-reconnaissance = разведывательные беспилотные летательные аппараты
explain-weapon-air-bomb = авиационные бомбы
explain-weapon-missile = ракеты любого вида
explain-weapon-ballistic-missile = баллистические ракеты
explain-weapon-cruise-missile = крылатые ракеты
explain-weapon-mine = мины и самодельные взрывные устройства

explain-target-undetermined = что угодно
explain-target-military = военные цели
explain-target-civilian = гражданские объекты
explain-target-medical = больницы и машины скорой помощи
explain-target-school = школы
explain-target-residential = жильё
explain-target-water = водоснабжение
explain-target-port = порты
explain-target-merchant-ship = торговые суда
explain-target-monitor = люди, машины и датчики наблюдателей
explain-target-energy = энергетические объекты
explain-target-refinery = нефтеперерабатывающие заводы
explain-target-oil-gas-transport = нефте- и газопроводы, хранилища и насосные станции
explain-target-electricity = электростанции, подстанции, трансформаторы и электросети
explain-target-nuclear = атомные электростанции
explain-target-hydro = плотины гидроэлектростанций

explain-force-undetermined = силы не определены
explain-force-armed-forces = вооружённые силы
explain-force-police = полиция
explain-force-border-guard = пограничная охрана
explain-force-irregular = нерегулярные формирования
explain-force-civilian = гражданские лица
explain-role-guarantor = гарант
explain-role-mediator = посредник
explain-role-third = третья сторона
explain-task-monitor = наблюдение
explain-task-verify = проверка
explain-task-coordinate = координация
explain-task-hear = рассмотрение жалоб
explain-task-inspect = инспектирование
explain-task-judge = установление ответственности
explain-event-proposed = предложение
explain-event-accepted = принятие
explain-event-signed = подписание
explain-event-in-force = вступление в силу
explain-event-extended = продление срока
explain-event-suspended = приостановление действия
explain-event-resumed = возобновление действия
explain-event-denounced = денонсация
explain-event-lapsed = истечение срока
explain-commitment-aid = помощь
explain-commitment-sanctions = санкции
explain-commitment-guarantee = гарантия
explain-commitment-monitoring = наблюдение
explain-commitment-other = иное
explain-state-promised = обещано
explain-state-suspended = приостановлено
explain-state-resumed = возобновлено
explain-state-threatened = объявлено намерение применить
explain-state-imposed = введено
explain-state-lifted = отменено
explain-state-fulfilled = исполнено
explain-state-withdrawn = отозвано
explain-shown-verification = проверка
explain-shown-planned-act = уведомление о запланированном действии
explain-shown-order = приказ
explain-shown-call = обращение
explain-shown-report = отчёт
explain-shown-plan = план
explain-shown-answer = ответ
explain-notice-planned-act = о запланированном действии
explain-notice-order = приказ
explain-notice-call = обращение
explain-notice-report = отчёт
explain-notice-plan = план
explain-notice-answer = ответ
explain-purpose-exercise = учения
explain-purpose-demining = разминирование
explain-purpose-repair = ремонт
explain-purpose-medevac = эвакуация раненых и погибших
explain-purpose-rotation = ротация
explain-purpose-inspection = инспекция
explain-purpose-passage = проход
