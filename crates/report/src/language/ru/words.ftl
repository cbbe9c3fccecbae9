# Слова области, для каждого отчёта.
month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря
date = { $day } { $month } { $year } г.

stated-none = не указано
stated-about = около { $number }
stated-at-least = { $number } или более

probability = { $percent } %
probability-low = менее 1 %
probability-high = более 99 %

act-undetermined = действие не определено
act-fire = применение оружия, вид не известен
act-shelling = обстрел
act-small-arms = стрелковое оружие
act-air-strike = авиаудар
act-missile-strike = ракетный удар
act-drone-attack = атака беспилотного летательного аппарата
act-assault = наземный штурм
act-air-defence = огонь противовоздушной обороны
act-advance = продвижение
act-flight = полёт
act-presence = присутствие сил или вооружения
act-works = инженерные работы
act-launch = пуск
act-alert = тревога
act-obstruction = препятствие работе наблюдателей
act-ordinary = обычное событие

weapon-undetermined = оружие не определено
weapon-small-arms = винтовки или пулемёты
weapon-artillery = артиллерия
weapon-gun = пушка
weapon-mortar = миномёт
weapon-rocket-launcher = реактивная система залпового огня
weapon-armour = бронетехника
weapon-uav = беспилотный летательный аппарат
weapon-uav-long-range = беспилотный летательный аппарат большой дальности
weapon-uav-short-range = беспилотный летательный аппарат малой дальности
weapon-uav-reconnaissance = разведывательный беспилотный летательный аппарат
weapon-air-bomb = авиационная бомба
weapon-missile = ракета
weapon-ballistic-missile = баллистическая ракета
weapon-cruise-missile = крылатая ракета
weapon-mine = мина

target-undetermined = цель не определена
target-military = военная цель
target-civilian = гражданский объект
target-energy = энергетический объект
target-refinery = нефтеперерабатывающий завод
target-oil-gas-transport = транспортировка нефти или газа
target-electricity = электроэнергетика
target-nuclear = атомная электростанция
target-hydro = плотина гидроэлектростанции

verdict-breach = нарушение
verdict-no-breach = нарушения нет
verdict-permitted = разрешено
verdict-undetermined = не определено
verdict-outside-period = не применяется: время
verdict-outside-place = не применяется: место
verdict-other-party = не применяется: сторона
verdict-other-means = не применяется: средства

place-not-known = место не известно
place-outside = вне областей базовой карты
place-near-line = у линии, км { $from }–{ $to }
