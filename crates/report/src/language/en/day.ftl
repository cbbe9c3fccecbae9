# The day report. Every sentence has a figure in it.
day-kicker = Day report
day-heading = Report { $number }
day-together = Day reports of { $count ->
    [one] { $count } agreement
   *[other] { $count } agreements
}
day-together-note = One incident may be held against several of the { $count } agreements, so the figures of their reports are not to be added up.
day-skip = Skip to the report
day-made-up = Made up: this report tells a made-up story, and nothing in it happened.
day-languages = In other languages
day-of = Day { $day } of { $of }
day-of-open = Day { $day } (the end is not known)
day-outside = Outside the time of the agreement
day-period = Period
day-period-value = { $start } to { $end }, the cut-off
day-previous = Period before
day-computed = Computed from
day-computed-value = { $observations ->
    [one] { $observations } observation
   *[other] { $observations } observations
} that the public may know of on { $asof }; what is younger than { $hours ->
    [one] { $hours } hour
   *[other] { $hours } hours
} is withheld
day-program = Truceline { $version }
day-record = Record
day-no-record = no record is named
day-figures-note = First the figure of this period, then that of the period before. An incident is counted in the period that holds the last moment at which it may have happened; { $outside } of this period may have happened before it. Several incidents may be one act, reported more than once.

day-section-figures = Incidents
day-section-findings = Findings
day-section-severe = Gravest incidents
day-section-withdrawal = Weapons and forces seen
day-section-movement = Freedom of movement
day-section-sensors = Sensors and interference
day-section-harm = Harm to civilians
day-section-cases = Follow-up
day-section-claims = What the parties say
day-section-corrections = Corrections
day-section-method = How to read this

day-column-agreement = Agreement
day-column-report = Report
day-column-what = What was recorded
day-column-now = This period
day-column-before = Period before
day-column-change = Change
day-column-clause = Clause
day-column-verdict = Finding
day-column-date = Date
day-column-place = Place
day-column-how-sure = How sure
day-column-groups = Independent sources
day-column-party = Party
day-column-window = Time it speaks of
day-column-claim = Its figure
day-column-parts = Its parts
day-column-evidence = What the evidence says
day-column-beside = Incidents that may lie in it

day-counted-incidents = All incidents
day-counted-fire = Use of weapons
day-counted-shelling = of these, shelling
day-counted-drones = of these, with unmanned aircraft
day-counted-air = of these, air strikes and missiles
day-counted-small-arms = of these, small arms
day-counted-flights = Flights

day-tally-not-observed = not observed
day-tally-not-known = none recorded; not known what would have been seen
day-change-fewer = fewer recorded than on average in the { $periods ->
    [one] { $periods } period
   *[other] { $periods } periods
} before: ratio { $ratio } ({ $low } to { $high })
day-change-more = more recorded than on average in the { $periods ->
    [one] { $periods } period
   *[other] { $periods } periods
} before: ratio { $ratio } ({ $low } to { $high })
day-change-more-open = more recorded than on average in the { $periods ->
    [one] { $periods } period
   *[other] { $periods } periods
} before: ratio { $ratio } ({ $low } or more)
day-change-none = no clear change against { $periods ->
    [one] { $periods } period
   *[other] { $periods } periods
} before: ratio { $ratio } ({ $low } to { $high })
day-change-none-open = no clear change against { $periods ->
    [one] { $periods } period
   *[other] { $periods } periods
} before: ratio { $ratio } ({ $low } or more)
day-change-few = no statement: { $periods ->
    [one] only { $periods } period before is known
   *[other] only { $periods } periods before are known
}
day-change-none-before = no statement: 0 recorded in { $periods ->
    [one] { $periods } period
   *[other] { $periods } periods
} before
day-interval-note = A change is stated only where its { $level } interval leaves out "as before" (1.00). The interval knows of chance alone: whether as much would have been seen as before is not in it.

day-reading-text = By the text of the agreement
day-reading-of = By the reading of { $party }
day-clause-row = breach { $breach }, undetermined { $undetermined }, permitted { $permitted }, no breach { $fine }
day-findings-note = A finding holds an incident against one clause. It is never a judgement of who is responsible. Readings are counted each for itself, and never together.
day-reading-breaches = { $breach ->
    [0] 0 breaches are established in this period under this reading.
    [one] { $breach } breach is established in this period under this reading.
   *[other] { $breach } breaches are established in this period under this reading, counted by clause.
}

day-severe-none = 0 uses of weapons in this period are at least { $least } probable.
day-severe-some = { $all ->
    [one] { $all } use of weapons in this period is at least { $least } probable; listed: { $shown }.
   *[other] { $all } uses of weapons in this period are at least { $least } probable; listed: { $shown }.
}
day-severe-no-verdict = no clause applies

day-withdrawal = { $seen ->
    [one] { $seen } recorded sighting of weapons or forces
   *[other] { $seen } recorded sightings of weapons or forces
} (period before: { $before }): breach { $breach }, undetermined { $undetermined }.
day-movement-none = 0 occasions were recorded on which the monitor was hindered on its way (period before: { $before }); what was not recorded is not known.
day-movement-some = { $count ->
    [one] { $count } occasion was recorded on which the monitor was hindered on its way
   *[other] { $count } occasions were recorded on which the monitor was hindered on its way
} (period before: { $before }):
day-sensors-none = This view holds 0 reports of what instruments could see along the line; whether the mission has instruments is not shown here.
day-interference = { $count ->
    [one] { $count } occasion was recorded on which instruments of the monitor were jammed or blinded
   *[other] { $count } occasions were recorded on which instruments of the monitor were jammed or blinded
} (period before: { $before }).
day-sensors-withheld = What instruments could see is published after { $days ->
    [one] { $days } day.
   *[other] { $days } days.
}
day-sensors-known = Observed: { $observed } of { $sectors } sectors of the line (day before: { $before }).
day-harm = { $count ->
    [one] { $count } recorded incident that hit what is not military
   *[other] { $count } recorded incidents that hit what is not military
} by the reports (period before: { $before }); followed up by a case: { $followed }.
day-cases = Cases opened: { $opened } (period before: { $before }). Answers received: { $answered }. Answers overdue at the cut-off: { $overdue }. Open at the cut-off: { $open }.
day-cases-none = 0 cases: no register of cases was given to this report.
day-claims-none = 0 claims about this period are at hand. Silence is not a claim.
day-claims-note = { $count ->
    [one] { $count } claim, in its own unit and time.
   *[other] { $count } claims, each in its own unit and time.
} A claim is what a party says: it is never summed, and it is no evidence of itself. Incidents stand beside it in another unit.
day-claim-copies = { $copies ->
    [one] said { $copies } time
   *[other] said { $copies } times, weighs as one
}
day-parts-agree = parts make { $sum }
day-parts-can-agree = parts make { $sum }, which leaves room for the total
day-parts-unclear = parts make { $sum }, as numbers round: whether that makes the total depends on how wide “about” is meant
day-parts-less = parts make { $sum }: { $by } fewer than the total
day-parts-more = parts make { $sum }: { $by } more than the total
day-parts-none = nothing to add up: its total or its parts are not stated
day-corrections-uncompared = Not compared: 0 earlier reports were given.
day-corrections-none = None: 0 figures of the report before have changed.
day-correction = { $what }: was { $was }, is now { $is }.
day-method-1 = The figures are computed from observations by published rules; no person or model wrote a sentence of this page, and each is one of fixed patterns.
day-method-2 = Places are given by province, cell of about 10 km or stretch of the line; nothing is published before { $hours ->
    [one] { $hours } hour has passed.
   *[other] { $hours } hours have passed.
}
day-method-3 = Where nobody can say what would have been seen, an absence is not a zero.
day-footer = The same record, agreement, mission file and version give this page byte for byte.

# What statements count, by the units of the dictionary.
unit-violation = violations
unit-ceasefire-violation-smm = ceasefire violations as the OSCE SMM counted them
unit-incident = incidents
unit-attack = attacks
unit-shelling = shellings
unit-artillery-fire = artillery fire
unit-rocket-fire = rocket-launcher fire
unit-shot = shots
unit-trajectory = trajectories
unit-assault = assaults
unit-clash = clashes
unit-drone-attack = attacks by drones
unit-fpv-attack = attacks by FPV drones
unit-long-range-drone = aircraft-type drones
unit-air-strike = air strikes
unit-missile-strike = missile strikes
unit-strike-or-shelling = strikes and shellings
unit-bombardment = bombardments
unit-gunfire = gunfire
unit-overflight = overflights
unit-ground-violation = ground violations
unit-line-crossing = crossings of the line
unit-demolition = demolitions
unit-hit-on-energy = hits on energy facilities
unit-killed = killed
unit-explosion = explosions
unit-truck = trucks
