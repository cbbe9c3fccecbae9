# Слова галузі, для кожного звіту.
month-1 = січня
month-2 = лютого
month-3 = березня
month-4 = квітня
month-5 = травня
month-6 = червня
month-7 = липня
month-8 = серпня
month-9 = вересня
month-10 = жовтня
month-11 = листопада
month-12 = грудня
date = { $day } { $month } { $year } р.

stated-none = не вказано
stated-about = близько { $number }
stated-at-least = { $number } або більше

probability = { $percent } %
probability-low = менше 1 %
probability-high = понад 99 %

act-undetermined = дію не визначено
act-fire = застосування зброї, вид не відомий
act-shelling = обстріл
act-small-arms = стрілецька зброя
act-air-strike = авіаудар
act-missile-strike = ракетний удар
act-drone-attack = атака безпілотного літального апарата
act-assault = наземний штурм
act-air-defence = вогонь протиповітряної оборони
act-advance = просування
act-flight = політ
act-presence = присутність сил або озброєння
act-works = інженерні роботи
act-launch = пуск
act-alert = тривога
act-obstruction = перешкода роботі спостерігачів
act-ordinary = звичайна подія

weapon-undetermined = зброю не визначено
weapon-small-arms = гвинтівки або кулемети
weapon-artillery = артилерія
weapon-gun = гармата
weapon-mortar = міномет
weapon-rocket-launcher = реактивна система залпового вогню
weapon-armour = бронетехніка
weapon-uav = безпілотний літальний апарат
weapon-uav-long-range = безпілотний літальний апарат великої дальності
weapon-uav-short-range = безпілотний літальний апарат малої дальності
weapon-uav-reconnaissance = розвідувальний безпілотний літальний апарат
weapon-air-bomb = авіаційна бомба
weapon-missile = ракета
weapon-ballistic-missile = балістична ракета
weapon-cruise-missile = крилата ракета
weapon-mine = міна

target-undetermined = ціль не визначено
target-military = військова ціль
target-civilian = цивільний об’єкт
target-energy = енергетичний об’єкт
target-refinery = нафтопереробний завод
target-oil-gas-transport = транспортування нафти або газу
target-electricity = електроенергетика
target-nuclear = атомна електростанція
target-hydro = гребля гідроелектростанції

verdict-breach = порушення
verdict-no-breach = порушення немає
verdict-permitted = дозволено
verdict-undetermined = не визначено
verdict-outside-period = не застосовується: час
verdict-outside-place = не застосовується: місце
verdict-other-party = не застосовується: сторона
verdict-other-means = не застосовується: засоби

place-not-known = місце не відоме
place-outside = поза областями базової карти
place-near-line = біля лінії, км { $from }–{ $to }
