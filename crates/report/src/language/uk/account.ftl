# Чому висновок саме такий.
account-clause = { $instrument }, пункт «{ $id }»: { $title }
account-words = Слова пункту: { $words }
account-parts = Що за ним перевірено (за ключами файлу угоди) і що з’ясовано:
account-asks = { $key } (у пункті: { $asks })
account-exceptions = Винятки з пункту:
account-exception = виняток { $number }: { $words } Тут: { $why }
account-exception-not-asked = його не перевіряли: наведене вище вирішило питання раніше.
account-exception-not-needed = його не перевіряли: наведене вище вже дозволяє цю дію.
account-exception-other = не застосовується: він стосується такого: { $names }, а це було: { $seen }.
account-exception-only = не застосовується: він стосується лише такого: { $names }.
account-by-text = за текстом
account-as-read = за тлумаченням: { $party }
account-sources = Джерела: { $sources }

reason-in-force = умови були чинні
reason-not-in-force = умови були чинні лише { $period }
reason-partly-in-force = час відомий не точніше за проміжок, лише частина якого припадає на строк дії ({ $period })
reason-stretch = від { $from } до { $to }
reason-stretch-open = від { $from }, кінець відкритий
reason-seconds = { $seconds } с
reason-act-named = пункт стосується таких дій ({ $class })
reason-act-not-named = пункт не стосується таких дій ({ $class })
reason-act-not-known = про дію відомо лише таке: { $class }
reason-means-named = пункт стосується таких засобів ({ $class })
reason-means-not-named = пункт не стосується таких засобів ({ $class })
reason-means-not-known = про засіб відомо лише таке: { $class }
reason-target-named = пункт захищає такі цілі ({ $class })
reason-target-not-named = пункт не захищає таких цілей ({ $class })
reason-target-not-known = про ціль відомо лише таке: { $class }
reason-target-told = про влучання в таку ціль ({ $class }) лише повідомлено, жоден спостерігач його не бачив
reason-list-not-known = пункт захищає об’єкти зі списку, який невідомий
reason-force-named = пункт стосується таких людей ({ $class })
reason-force-not-named = пункт не стосується таких людей ({ $class })
reason-force-not-known = про те, чиї це були люди, відомо лише таке: { $class }
reason-too-near = відстань від лінії «{ $line }» була { $distance }, а має бути { $required } (ймовірність меншої відстані { $p })
reason-far-enough = відстань від лінії «{ $line }» була { $distance }, не менша за належну, { $required } (ймовірність меншої відстані { $p })
reason-perhaps-too-near-by-range = відстань від лінії «{ $line }» була близько { $distance }, а вимагається не менше за дальність зброї, яка відома недостатньо, як і сама зброя
reason-perhaps-too-near = відстань від лінії «{ $line }» була близько { $distance }, а може вимагатися { $required }: місце, зброя або її дальність відомі недостатньо (ймовірність меншої відстані { $p })
reason-no-distance = пункт не встановлює відстані для такої зброї ({ $class })
reason-depends-on-side = чи лежить місце в зоні, залежить від того, чиї це були сили: відстань рахують від різних ліній
reason-positions-not-known = де на той час були об’єкти, навколо яких лежить зона, невідомо, або про це повідомляють по-різному (слова сторони й повідомлення, які не можна оцінити, місця не визначають)
reason-party-freed = { $party }: зобов’язання вже не діяло
reason-party-perhaps-freed = { $party }: чи ще діяло зобов’язання, сказати не можна
reason-casualties-count = ураховується: загиблих або поранених щонайменше { $number }
reason-length-counts = ураховується: тривало щонайменше { $length }
reason-number-counts = ураховується: їх було щонайменше { $number }
reason-below-threshold = замало, щоб ураховувати
reason-threshold-not-known = чи досягнуто порога, невідомо
reason-condition = умова «{ $id }» винятку { $number }: { $state }
reason-condition-permission = умова «{ $id }» дозволу: { $state }
reason-state-established = встановлено
reason-state-alleged = лише стверджується, стороною або тим, чию надійність не можна оцінити
reason-state-not-met = не виконано
reason-state-not-known = невідомо
reason-not-excepted = виняток { $number } не діє: якоїсь умови не виконано або не доведено
reason-permitted-by = пункт «{ $id }» це дозволяє
reason-perhaps-permitted-by = пункт «{ $id }» може це дозволяти: відомого недостатньо
reason-not-permitted = умови дозволу не виконано
reason-inside = місце лежить у зоні (ймовірність { $p })
reason-not-inside = місце не лежить у зоні (ймовірність, що лежить, { $p })
reason-perhaps-inside = місце може лежати в зоні (ймовірність { $p }; потрібно { $standard })
reason-place-not-known = місце відоме недостатньо
reason-by-forces-of = діяли сили: { $party } (ймовірність { $p })
reason-party-not-bound = діяли сили: { $party }, яких пункт не зобов’язує
reason-side-not-established = чиї сили діяли, не встановлено; пункт зобов’язує всіх
reason-side-needed = чиї сили діяли, не встановлено, а пункт зобов’язує не всіх
reason-occurred = це сталося (ймовірність { $p })
reason-perhaps-occurred = чи це сталося, не встановлено (ймовірність { $p }; потрібно { $standard })
reason-not-occurred = це майже напевно не сталося (ймовірність { $p })
reason-excepted = пункт робить для таких дій виняток (виняток { $number })
reason-perhaps-excepted = пункт може робити для цього виняток (виняток { $number }): відомого недостатньо
reason-clause-permits = пункт дозволяє такі дії
reason-obligation-elsewhere = пункт зобов’язує: чи його дотримано, видно з його етапів і кількостей
reason-stood = воно там стояло: { $sightings ->
    [one] { $sightings } спостереження
    [few] { $sightings } спостереження
   *[many] { $sightings } спостережень
 } за { $length }, і жоден огляд між ними не показав, що його нема; рахується один раз
reason-stood-led = воно там стояло: { $sightings ->
    [one] { $sightings } спостереження
    [few] { $sightings } спостереження
   *[many] { $sightings } спостережень
 } за { $length } (до цього висновку ведуть { $led }), і жоден огляд між ними не показав, що його нема; рахується один раз
reason-days = { $number ->
    [one] { $number } день
    [few] { $number } дні
   *[many] { $number } днів
 }
reason-hours = { $number } год
