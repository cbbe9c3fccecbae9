# Почему вывод именно такой.
account-clause = { $instrument }, пункт «{ $id }»: { $title }
account-words = Слова пункта: { $words }
account-parts = Что по нему проверено (по ключам файла соглашения) и что выяснено:
account-asks = { $key } (в пункте: { $asks })
account-exceptions = Исключения из пункта:
account-exception = исключение { $number }: { $words } Здесь: { $why }
account-exception-not-asked = его не проверяли: сказанное выше решило вопрос раньше.
account-exception-not-needed = его не проверяли: сказанное выше уже разрешает это действие.
account-exception-other = не применяется: оно касается следующего: { $names }, а это было: { $seen }.
account-exception-only = не применяется: оно касается только следующего: { $names }.
account-by-text = по тексту
account-as-read = по толкованию: { $party }
account-sources = Источники: { $sources }

reason-in-force = условия действовали
reason-not-in-force = условия действовали только { $period }
reason-partly-in-force = время известно не точнее промежутка, лишь часть которого приходится на срок действия ({ $period })
reason-stretch = с { $from } до { $to }
reason-stretch-open = с { $from }, конец открыт
reason-seconds = { $seconds } с
reason-act-named = пункт касается таких действий ({ $class })
reason-act-not-named = пункт не касается таких действий ({ $class })
reason-act-not-known = о действии известно лишь следующее: { $class }
reason-means-named = пункт касается таких средств ({ $class })
reason-means-not-named = пункт не касается таких средств ({ $class })
reason-means-not-known = о средстве известно лишь следующее: { $class }
reason-target-named = пункт защищает такие цели ({ $class })
reason-target-not-named = пункт не защищает таких целей ({ $class })
reason-target-not-known = о цели известно лишь следующее: { $class }
reason-target-told = о попадании в такую цель ({ $class }) лишь сообщено, ни один наблюдатель его не видел
reason-list-not-known = пункт защищает объекты из списка, который неизвестен
reason-force-named = пункт касается таких людей ({ $class })
reason-force-not-named = пункт не касается таких людей ({ $class })
reason-force-not-known = о том, чьи это были люди, известно лишь следующее: { $class }
reason-too-near = расстояние от линии «{ $line }» было { $distance }, а должно быть { $required } (вероятность меньшего расстояния { $p })
reason-far-enough = расстояние от линии «{ $line }» было { $distance }, не меньше должного, { $required } (вероятность меньшего расстояния { $p })
reason-perhaps-too-near-by-range = расстояние от линии «{ $line }» было около { $distance }, а требуется не меньше дальности оружия, которая известна недостаточно, как и само оружие
reason-perhaps-too-near = расстояние от линии «{ $line }» было около { $distance }, а может требоваться { $required }: место, оружие или его дальность известны недостаточно (вероятность меньшего расстояния { $p })
reason-no-distance = пункт не устанавливает расстояния для такого оружия ({ $class })
reason-depends-on-side = лежит ли место в зоне, зависит от того, чьи это были силы: расстояние отсчитывают от разных линий
reason-positions-not-known = где в то время находились объекты, вокруг которых лежит зона, неизвестно, или об этом сообщают по-разному (слова стороны и сообщения, которые нельзя оценить, места не определяют)
reason-party-freed = { $party }: обязательство уже не действовало
reason-party-perhaps-freed = { $party }: действовало ли ещё обязательство, сказать нельзя
reason-casualties-count = учитывается: убитых или раненых не менее { $number }
reason-length-counts = учитывается: длилось не менее { $length }
reason-number-counts = учитывается: их было не менее { $number }
reason-below-threshold = слишком мало, чтобы учитывать
reason-threshold-not-known = достигнут ли порог, неизвестно
reason-condition = условие «{ $id }» исключения { $number }: { $state }
reason-condition-permission = условие «{ $id }» разрешения: { $state }
reason-state-established = установлено
reason-state-alleged = только утверждается, стороной или тем, чью надёжность нельзя оценить
reason-state-not-met = не выполнено
reason-state-not-known = неизвестно
reason-not-excepted = исключение { $number } не действует: какое-то условие не выполнено или не доказано
reason-permitted-by = пункт «{ $id }» это разрешает
reason-perhaps-permitted-by = пункт «{ $id }» может это разрешать: известного недостаточно
reason-not-permitted = условие разрешения не выполнено
reason-inside = место лежит в зоне (вероятность { $p })
reason-not-inside = место не лежит в зоне (вероятность, что лежит, { $p })
reason-perhaps-inside = место может лежать в зоне (вероятность { $p }; требуется { $standard })
reason-place-not-known = место известно недостаточно
reason-by-forces-of = действовали силы: { $party } (вероятность { $p })
reason-party-not-bound = действовали силы: { $party }, которых пункт не обязывает
reason-side-not-established = чьи силы действовали, не установлено; пункт обязывает всех
reason-side-needed = чьи силы действовали, не установлено, а пункт обязывает не всех
reason-occurred = это произошло (вероятность { $p })
reason-perhaps-occurred = произошло ли это, не установлено (вероятность { $p }; требуется { $standard })
reason-not-occurred = это почти наверняка не произошло (вероятность { $p })
reason-excepted = пункт делает для таких действий исключение (исключение { $number })
reason-perhaps-excepted = пункт может делать для этого исключение (исключение { $number }): известного недостаточно
reason-clause-permits = пункт разрешает такие действия
reason-obligation-elsewhere = пункт обязывает: соблюдён ли он, видно из его этапов и количеств
reason-stood = оно там стояло: { $sightings ->
    [one] { $sightings } наблюдение
    [few] { $sightings } наблюдения
   *[many] { $sightings } наблюдений
 } за { $length }, и ни один осмотр между ними не показал, что его нет; считается один раз
reason-stood-led = оно там стояло: { $sightings ->
    [one] { $sightings } наблюдение
    [few] { $sightings } наблюдения
   *[many] { $sightings } наблюдений
 } за { $length } (к этому выводу ведут { $led }), и ни один осмотр между ними не показал, что его нет; считается один раз
reason-days = { $number ->
    [one] { $number } день
    [few] { $number } дня
   *[many] { $number } дней
 }
reason-hours = { $number } ч
