# Words of the field, for every report.
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
date = { $day } { $month } { $year }

stated-none = not stated
stated-about = about { $number }
stated-at-least = { $number } or more

probability = { $percent } %
probability-low = under 1 %
probability-high = over 99 %

act-undetermined = act not determined
act-fire = use of weapons, sort not known
act-shelling = shelling
act-small-arms = small arms
act-air-strike = air strike
act-missile-strike = missile strike
act-drone-attack = attack by an unmanned aircraft
act-assault = assault on the ground
act-air-defence = air defence
act-advance = advance
act-flight = flight
act-presence = presence of forces or weapons
act-works = works
act-launch = launch
act-alert = alert
act-obstruction = the monitor was hindered
act-ordinary = ordinary event

weapon-undetermined = weapon not determined
weapon-small-arms = rifles or machine guns
weapon-artillery = artillery
weapon-gun = gun
weapon-mortar = mortar
weapon-rocket-launcher = rocket launcher
weapon-armour = armour
weapon-uav = unmanned aircraft
weapon-uav-long-range = long-range unmanned aircraft
weapon-uav-short-range = short-range unmanned aircraft
weapon-uav-reconnaissance = reconnaissance unmanned aircraft
weapon-air-bomb = bomb from an aircraft
weapon-missile = missile
weapon-ballistic-missile = ballistic missile
weapon-cruise-missile = cruise missile
weapon-mine = mine

target-undetermined = target not determined
target-military = military target
target-civilian = civilian object
target-energy = energy facility
target-refinery = refinery
target-oil-gas-transport = oil or gas transport
target-electricity = electricity
target-nuclear = nuclear power plant
target-hydro = dam of a hydropower plant

verdict-breach = breach
verdict-no-breach = no breach
verdict-permitted = permitted
verdict-undetermined = undetermined
verdict-outside-period = not applicable: period
verdict-outside-place = not applicable: place
verdict-other-party = not applicable: party
verdict-other-means = not applicable: means

place-not-known = place not known
place-outside = outside the provinces of the base map
place-near-line = near the line, km { $from } to { $to }
