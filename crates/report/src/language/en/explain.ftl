# What an agreement means. Sentences first, then the words of tables.
explain-untranslated = { $number ->
    [one] One title or sentence of the file has no translation and stands in English.
   *[other] { $number } titles and sentences of the file have no translation and stand in English.
}
explain-in-english = { $text } [in English]
explain-title = { $title } ({ $id })
explain-plain = { $text }
explain-quote = “{ $text }”
explain-quote-foreign = “{ $text }” (language of the source: { $language }).
explain-language-en = English
explain-language-uk = Ukrainian
explain-language-ru = Russian
explain-paraphrase = [in our words] { $text }
explain-cited = [{ $sources }]

explain-list-and = { $most } and { $last }
explain-list-or = { $most } or { $last }
explain-date = { $year }-{ $month }-{ $day }
explain-time = { $date } { $time }
explain-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
explain-hours = { $hours } h
explain-hours-minutes = { $hours } h { $minutes } min
explain-minutes = { $minutes } min
explain-kilometres = { $number } km
explain-metres = { $number } m
explain-nautical-miles = { $number ->
    [one] { $number } nautical mile
   *[other] { $number } nautical miles
}
explain-millimetres = { $number } mm
explain-share = { $number } %
explain-decimal = { $whole }.{ $part }

explain-head-parties = Parties, in the order of the file
explain-party = { $name } ({ $code }) { $stance }; { $clock }.
explain-clock = clock: { $name }
explain-clock-none = no clock is given
explain-head-people = Others who have a part, and bodies that the text sets up
explain-actor = { $name } ({ $code }), { $role } { $sources }
explain-body = { $name } ({ $code }); { $facts }. { $words } { $sources }
explain-body-members = members: { $members }
explain-body-chair = led by { $chair }
explain-body-tasks = to { $tasks }
explain-body-answer = an answer is due within { $within }

explain-head-events = What became of it
explain-event = { $date }: { $what }{ $by }{ $until }{ $reading }. { $words } { $condition } { $effect } { $sources }
explain-event-by = { " " }by { $who }
explain-event-until = , until { $until }
explain-of-reading = { " " }(reading "{ $id }")
explain-event-condition = Condition: { $words }
explain-effect-ends = It ends all that the text lays down.
explain-effect-frees = It frees only who declared it.
explain-effect-disputed = Whether it ends anything is disputed: from then on undetermined.
explain-head-commitments = What others have promised
explain-commitment = { $id } by { $by } ({ $kind }): { $words } { $sources }
explain-commitment-state = { $date }: { $state }. { $words } { $sources }

explain-head-reading = Reading "{ $id }", held by { $holder }
explain-head-text = The text
explain-period-from = From { $from }
explain-period-to = to { $to };
explain-period-no-end = to an end that is not known;
explain-period-open = with an open end: until an event ends it;
explain-period-length = { $length }; { $extension }.
explain-lasts = { $length } in all
explain-lasts-between = at least { $shortest } and at most { $longest } in all
explain-lasts-most = at most { $length } in all; how long is not known
explain-lasts-not-known = the length is not known
explain-lasts-open = no length is set
explain-extendable = may be extended
explain-no-extension = no extension is stated
explain-clocks-differ = The parties' clocks differ at the start: one local hour names two moments.
explain-edge-between = a moment that is not known, not before { $earliest } and not after { $latest }
explain-edge-after = a moment that is not known, not before { $earliest }
explain-edge-open = an open end
explain-edge-day = { $day } (the hour is not known)
explain-moment = { $utc } UTC ({ $clocks })
explain-moment-utc = { $utc } UTC
explain-clock-of = { $party } { $time }
explain-disputed = Disputed, so undetermined: whether anybody is bound from { $from } { $to }.
explain-freed = No longer bound: { $parties } from { $from } { $to }.
explain-stretch-to = to { $to }
explain-stretch-open = on
explain-reading-sources = Sources of this reading: { $sources }.

explain-clause = Clause "{ $id }": { $title }. { $words }
explain-rule = { $mode } { $parties }: { $acts } | with { $means } | { $against } | { $place }.
explain-rule-acts = { $mode } { $parties }: { $acts }.
explain-rule-stages = { $mode } { $parties } to what is said below.
explain-prohibits = Prohibits
explain-obliges = Obliges
explain-permits = Permits
explain-any-means = any means
explain-weapons = { $classes }{ $calibre }
explain-systems = the systems { $names }
explain-calibre = ; calibre: { $bounds }
explain-calibre-from = { $bound } or more
explain-calibre-over = more than { $bound }
explain-calibre-below = less than { $bound }
explain-calibre-to = { $bound } or less
explain-against = against { $targets }
explain-against-anything = against anything
explain-where-nearer = nearer than the distances below
explain-where-anywhere = anywhere
explain-where-zone = in the zone "{ $zone }"
explain-where-sites = at the listed sites
explain-unsettled = Not settled by the text, so undetermined: { $acts }.
explain-list-not-known = Which of them are meant is not known: "undetermined: list not known".
explain-sites-not-known = Which sites are meant is not known: "undetermined: list not known".
explain-exception = Except: { $words } ({ $what })
explain-exception-burden = Whoever relies on this exception must show that its conditions are met.
explain-clause-sources = Sources: { $sources }.
explain-forces = Of these only: { $forces }.
explain-holds = Holds from { $from } to { $to }.
explain-no-end = an end that is not known
explain-distance = Distance: { $means }: { $far } from the line "{ $line }"{ $own }.
explain-distance-own = ; { $lines }
explain-far = { $least } or more
explain-far-or-range = { $least } or its own range, whichever is more,
explain-far-range = its own range or more
explain-own-line = for { $party } from the line "{ $line }"
explain-threshold = Counts only from a threshold: { $all }.
explain-threshold-casualties = { $count } or more killed or injured
explain-threshold-lasts = it lasts longer than { $length }
explain-threshold-count = more than { $count } at once
explain-quantity = Quantity ({ $what }): { $bound } { $per }.
explain-at-least = at least { $amount }
explain-at-most = at most { $amount }
explain-per-day = a day
explain-per = in { $length }
explain-stage = Stage "{ $id }" ({ $parties }), { $due }; shown by: { $shown }{ $to }. { $words } { $only }
explain-stage-only-if = Only if: { $words }
explain-due = by { $by }
explain-due-daily = every day by { $time }, local time{ $about }
explain-about-same-day = { "" }, about the same day
explain-about-next-day = { "" }, about the day after
explain-due-not-known = no deadline is known
explain-notice-to = { " " }to { $to }
explain-over = Permits this in spite of: { $clauses }.
explain-condition = On condition "{ $id }": { $words } Tested by: { $tested }.
explain-test-answers = another party did one of these, no longer than { $within } before and no farther than { $near } away: { $acts }
explain-test-notice = a notice ({ $sort }){ $to }, { $when }{ $within }{ $failed }
explain-test-planned = a notice announced the act{ $purposes }{ $ahead }{ $late }
explain-test-verified = a verification says so
explain-when-before = before the act
explain-when-after = after the act
explain-when-any = at any time
explain-notice-within = , within { $length }
explain-notice-failed = , without success
explain-planned-for = { " " }for { $purposes }
explain-planned-ahead = , { $length } or more ahead
explain-late-not-settled = ; of one given too late the text does not speak
explain-late-permits = ; one given too late permits all the same
explain-late-does-not-permit = ; one given too late does not permit

explain-head-differences = The readings differ in
explain-differs-nothing = nothing but their names.
explain-differs-clause = clause "{ $id }": { $what }
explain-differs-start = the start
explain-differs-end = the end
explain-differs-mode = what sort of rule it is
explain-differs-binds = whom it binds
explain-differs-acts = which acts
explain-differs-means = with what
explain-differs-forces = whose people
explain-differs-targets = against what
explain-differs-list = whether the list is known
explain-differs-place = where
explain-differs-distances = how far from a line
explain-differs-periods = when it holds
explain-differs-threshold = from where on an act counts
explain-differs-quantity = how much
explain-differs-stages = the stages
explain-differs-conditions = the conditions
explain-differs-exceptions = exceptions
explain-differs-standard = how sure a finding must be
explain-differs-words = the words
explain-differs-absent = not in every reading

explain-head-places = Lines and zones
explain-line = Line "{ $id }": { $course }. { $reference }
explain-line-date = { " " }of { $date }
explain-line-drawn = drawn in a file{ $date }; seen from its first point to its last, { $left } is on the left, { $right } on the right
explain-line-held = the boundary of the ground that { $party } holds by the map "{ $data }"{ $date }, less coast and state border; across it { $across }; beyond what the map covers the side is undetermined
explain-line-not-known = between { $left } and { $right }; its course is not at hand, and what depends on it is not known
explain-line-version = Since { $since }: { $course }.
explain-line-reference = It is the reference line for kilometres.
explain-zone = Zone "{ $id }": { $extent }.
explain-zone-drawn = drawn in a file, { $count ->
    [one] { $count } area
   *[other] { $count } areas
} in all
explain-zone-around = { $within } or less from any object "{ $class }"; a position tells for { $fresh } where it is
explain-zone-sites = { $within } or less from a listed site ({ $classes })
explain-zone-line = { $beyond } { $within } or less from the line "{ $line }"{ $own }, on the side of { $sides }
explain-zone-beyond = { $least } or more and
explain-own-lines = , { $lines }
explain-sites = Listed in sites.csv: { $count ->
    [one] { $count } site
   *[other] { $count } sites
}.

explain-head-standards = How sure a finding of breach must be (set by those who monitor, not by the text)
explain-standard = { $clauses }: that it happened { $occurred } or more; that it was where the clause holds { $inside } or more; that forces of a named side did it { $origin } or more, else "side not established".
explain-standard-every = Every clause
explain-standard-of = Clause "{ $clause }"{ $reading }

explain-head-consequences = What the text says will follow (shown here, never carried out by the program)
explain-consequence = { $kind } "{ $id }"{ $reading }: { $words } { $judged } { $body } { $on } { $sources }
explain-consequence-body = Whether it is to be is for { $body } to judge.
explain-consequence-on = It goes with a breach of { $clauses }.
explain-consequence-judged = The state changes on a judgement by a named role, never on a computed finding.
explain-consequence-self-release = Release
explain-consequence-measure = Measures
explain-consequence-notify = Notice
explain-consequence-other = Other

explain-head-plan = Plan (gates are looked at; a named authority decides)
explain-phase = Phase "{ $id }": { $title }{ $after }. { $words } { $sources }
explain-phase-after = , after { $phases }
explain-phase-no-gate = The text at hand has no measure by which this phase is over: nothing is evaluated.
explain-gate = Gate "{ $id }": { $indicator }{ $clauses } in the { $window } before{ $coverage }; { $authority } decides. { $words } Then: { $then } { $otherwise } { $appeal }
explain-gate-breaches = { $most ->
    [one] { $most } finding of breach or none
   *[other] { $most } findings of breach or fewer
}
explain-gate-done = obligations that were kept
explain-gate-share = { $least } or more of a quantity
explain-gate-coverage = coverage
explain-gate-of = { " " }of { $clauses }
explain-gate-observed = , { $least } or more of it observed
explain-gate-otherwise = Otherwise: { $text }
explain-gate-appeal = Contested: { $text }

explain-head-positions = Positions
explain-position = { $party }{ $speaker } ({ $date }) { $stance }: { $words } { $sources }
explain-speaker = , { $name }
explain-date-none = date not known

explain-head-not-known = Not known
explain-not-known-nothing = The file names nothing.
explain-gap-start = The exact start{ $reading }: what falls near it is undetermined.
explain-gap-end = The exact end{ $reading }: what falls near it is undetermined.
explain-gap-list = The list that clause "{ $clause }" speaks of{ $reading }.
explain-gap-never-stale = How old a notice may be (condition "{ $condition }" of clause "{ $clause }"{ $reading }): no `within` is given, so that one serves for ever.
explain-gap-unseen = How much must have been observed (gate "{ $gate }" of phase "{ $phase }"): no `coverage` is given, so that the gate is met where nobody looked.
explain-gap-part-of-a-day = Gate "{ $gate }" of phase "{ $phase }" looks at a part of a day, and reports tell by whole days how much was observed: there it cannot be judged. `truceline gates` judges it.

explain-head-sources = Sources
explain-source = { $id }: { $url }{ $kind }
explain-source-kind = { " " }({ $kind })

explain-head-claims = Claims (each in its own window and unit; never added up, never evidence)
explain-claim = { $name }: { $claimant } about { $against }, “{ $unit }”: { $total }{ $parts }{ $running }
explain-claim-total = { $total }, made up of:{ " " }
explain-claim-part = { $name } { $count }
explain-claim-running = ; a running figure
explain-claim-window = { $start }{ $assumed } to { $end }{ $known }
explain-claim-assumed = { " " }(assumed)
explain-claim-as-of = { " " }(the time up to which the figure was given)
explain-claim-note = Note: { $text }
explain-count-none = not stated
explain-count-about = about { $number }
explain-count-least = { $number } or more
explain-count-range = { $from } to { $to }
explain-parts-none = no parts were published: nothing to add up.
explain-parts-no-total = no total was published; the parts add up to { $sum }.
explain-parts-agree = the parts add up to { $sum }: consistent with the total.
explain-parts-unclear = the parts add up to { $sum }, as numbers round: whether that makes the total depends on how wide “about” is meant.
explain-parts-missing = the parts do not account for { $number } of the total.
explain-parts-exceed = the parts come to { $number } more than the total.
explain-parts-neither = the parts add up to { $apart }, or to { $within } if one sits inside another: neither is the total.
explain-head-files = Files (SHA-256), to be cited with any result
explain-file = { $name }: { $hash }

explain-nature-agreed = An instrument that the parties agreed.
explain-nature-announced = Announced by the parties, each in its own words; no common text is known.
explain-nature-unilateral = A unilateral declaration.
explain-nature-proposed = A proposal.

explain-stance-declared = declared it
explain-stance-mirrors = answered that it would act as the other side acts (a "mirror" answer)
explain-stance-agreed = agreed to it
explain-stance-accepts = accepts it
explain-stance-conditional = agreed to it under conditions
explain-stance-awaits = waits for details
explain-stance-rejects = rejects it
explain-stance-proposes = proposes it

explain-source-primary = the publisher's own page
explain-source-news = news
explain-source-copy = copy or translation
explain-source-weak = weak: only with corroboration
explain-source-party = a party, or aligned with one
explain-source-unrated = not rated

explain-act-undetermined = any act
explain-act-fire = use of weapons of any sort
explain-act-shelling = shelling
explain-act-small-arms = fire from small arms
explain-act-air-strike = air strikes
explain-act-missile-strike = missile strikes
explain-act-drone-attack = attacks by drones
explain-act-assault = assaults on the ground
explain-act-air-defence = fire at aircraft or missiles
explain-act-exercise = live-fire exercises
explain-act-exchange-of-fire = exchanges of fire
explain-act-advance = taking ground
explain-act-crossing = crossing a line or border
explain-act-flight = flights
explain-act-reconnaissance = reconnaissance from the air
explain-act-presence = presence of forces or weapons
explain-act-works = mines, trenches and other works
explain-act-mine-laying = laying mines
explain-act-demolition = demolitions
explain-act-sabotage = sabotage and raids
explain-act-launch = launches of long-range weapons
explain-act-flare = flares and signals
explain-act-alert = alerts
explain-act-obstruction = hindering the monitor
explain-act-access-denied = denying the monitor access
explain-act-jamming = jamming the monitor
explain-act-blinding = blinding the monitor's sensors
explain-act-withdrawal = withdrawing forces or weapons
explain-act-delivery = deliveries
explain-act-release = releasing captives
explain-act-stop = unplanned stops
explain-act-deviation = leaving the course, unplanned meetings
explain-act-demining = clearing mines
explain-act-repair = repairs
explain-act-medevac = fetching the wounded and the dead
explain-act-cyber-attack = attacks on computers and networks
explain-act-hostile-speech = words that incite or deceive
explain-act-recruitment = recruiting or training fighters
explain-act-ordinary = ordinary events

explain-weapon-undetermined = any weapon
explain-weapon-small-arms = small arms
explain-weapon-rifle = rifles
explain-weapon-pistol = pistols
explain-weapon-automatic-rifle = automatic rifles
explain-weapon-machine-gun = machine guns
explain-weapon-artillery = artillery of any sort
explain-weapon-gun = guns and howitzers
explain-weapon-mortar = mortars
explain-weapon-rocket-launcher = multiple-launch rocket systems
explain-weapon-anti-tank-weapon = anti-tank weapons
explain-weapon-air-defence-system = air-defence systems
explain-weapon-armour = tanks and armoured vehicles
explain-weapon-tank = tanks
explain-weapon-armoured-vehicle = armoured vehicles
explain-weapon-aircraft = aircraft with people in them
explain-weapon-ship = ships and boats
explain-weapon-uav = unmanned aircraft of any sort
explain-weapon-uav-long-range = unmanned aircraft for long-range attack
explain-weapon-uav-short-range = unmanned aircraft for short-range attack
explain-weapon-uav-reconnaissance = unmanned aircraft that observe
explain-weapon-air-bomb = bombs from aircraft
explain-weapon-missile = missiles of any sort
explain-weapon-ballistic-missile = ballistic missiles
explain-weapon-cruise-missile = cruise missiles
explain-weapon-mine = mines and improvised charges

explain-target-undetermined = anything
explain-target-military = military targets
explain-target-civilian = civilian objects
explain-target-medical = hospitals and ambulances
explain-target-school = schools
explain-target-residential = homes
explain-target-water = water supply
explain-target-port = ports
explain-target-merchant-ship = merchant ships
explain-target-monitor = the monitor's people, vehicles and sensors
explain-target-energy = energy facilities
explain-target-refinery = oil refineries
explain-target-oil-gas-transport = oil and gas pipelines, storage and pumping stations
explain-target-electricity = power plants, substations, transformers and distribution of electricity
explain-target-nuclear = nuclear power plants
explain-target-hydro = dams of hydropower plants

explain-force-undetermined = people of any sort
explain-force-armed-forces = armed forces
explain-force-police = police
explain-force-border-guard = border guards
explain-force-irregular = irregular forces
explain-force-civilian = civilians

explain-role-guarantor = guarantor
explain-role-mediator = mediator
explain-role-third = third party

explain-task-monitor = monitor
explain-task-verify = verify
explain-task-coordinate = coordinate
explain-task-hear = hear complaints
explain-task-inspect = inspect
explain-task-judge = judge responsibility

explain-event-proposed = proposed
explain-event-accepted = accepted
explain-event-signed = signed
explain-event-in-force = in force
explain-event-extended = extended
explain-event-suspended = suspended
explain-event-resumed = resumed
explain-event-denounced = denounced
explain-event-lapsed = lapsed

explain-commitment-aid = aid
explain-commitment-sanctions = sanctions
explain-commitment-guarantee = guarantee
explain-commitment-monitoring = monitoring
explain-commitment-other = other

explain-state-promised = promised
explain-state-suspended = suspended
explain-state-resumed = resumed
explain-state-threatened = threatened
explain-state-imposed = imposed
explain-state-lifted = lifted
explain-state-fulfilled = fulfilled
explain-state-withdrawn = withdrawn

explain-shown-verification = verification
explain-shown-planned-act = notice of a planned act
explain-shown-order = order
explain-shown-call = call
explain-shown-report = report
explain-shown-plan = plan
explain-shown-answer = answer

explain-notice-planned-act = of a planned act
explain-notice-order = order
explain-notice-call = call
explain-notice-report = report
explain-notice-plan = plan
explain-notice-answer = answer

explain-purpose-exercise = exercise
explain-purpose-demining = demining
explain-purpose-repair = repair
explain-purpose-medevac = medical evacuation
explain-purpose-rotation = rotation
explain-purpose-inspection = inspection
explain-purpose-passage = passage
