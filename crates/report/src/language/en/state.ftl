# Where an instrument stands: `truceline state`, and the section of the long report.
state-title = State of: { $title } ({ $id })
state-as-of = As of { $at }. Moments are in UTC; a day is that of the text or of the mission's clock.
state-lead = What the agreement's file and the observations tell. The state changes by events of the file and by judgements of a named body, never by a finding of this program; nothing is carried out.
state-none = None on record.

state-head-standing = Where it stands
state-head-events = What became of it
state-head-stands = How each stands
state-head-positions = Positions of officials
state-head-commitments = What others have promised
state-head-obligations = Obligations
state-head-releases = Who may consider itself free
state-head-held = Incidents held against every instrument in force

state-column-reading = Reading
state-column-state = State
state-column-done = What each had done
state-column-when = When
state-column-what = What
state-column-who = Who
state-column-words = Words
state-column-file = By the agreement's file
state-column-signature = Signature
state-column-position = Latest position on record
state-column-speaker = Who spoke
state-column-stance = What it amounts to
state-column-clause = Clause
state-column-owed = What was to be done
state-column-due = By when
state-column-kept = How it was kept
state-column-finding = Finding
state-column-release = How it stands

state-line = { $name }: { $value }
state-reading = { $id }, as { $party } reads it
state-said = { $what }: { $words }
state-of-reading = { " " }(reading { $id })
state-extended = { $status }, extended (end: { $until })
state-standing = { $who }: { $what }{ $condition }
state-on-condition = { " " }on this condition: { $words }
state-event-by = { $what } by { $who }{ $until }
state-event-until = { " " }(end: { $until })
state-moment-between = between { $from } and { $to }
state-moment-after = not before { $from }
state-moment-open = an end that the text does not set
state-date-none = date not known
state-silent = silent: no position on record by then
state-since = { $stance } ({ $day })
state-stand = { $who }: { $file }{ $signature }; { $position }
state-stand-file = { $stance } (by the file);{ " " }
state-speaker = { $speaker }, { $office }
state-position = { $day }, { $who }{ $speaker }: { $stance }: { $words }
state-spoken-by = { " " }({ $speaker })
state-commitment = { $who } ({ $kind }): { $words } State: { $state }

state-status-not-yet = not begun, and no event of it is on record by then
state-status-proposed = proposed
state-status-accepted = accepted by some, and not known to be in force
state-status-signed = signed, and not known to be in force
state-status-in-force = in force
state-status-uncertain = cannot be told: an edge of its time is not known, or it is disputed
state-status-suspended = suspended
state-status-denounced = denounced
state-status-lapsed = lapsed

state-signature-signed = signed
state-signature-not-signatory = not a signatory by then
state-signature-not-on-record = no signature is on record
state-signature-not-asked = nobody signs such an instrument

state-owed-day = { $stage } of { $day }
state-owed-days = { $stage } of { $from } to { $to }
state-owed-quantity = quantity by { $source }
state-owed-notice = notice
state-obligation = { $clause }, { $subject }, { $party }: { $state }; { $verdict }
state-obligation-due = { " " }(deadline: { $due })
state-kept-done = done
state-kept-late = late
state-kept-not-done = not done
state-kept-partly = done in part
state-kept-not-yet-due = not yet due
state-kept-share = { $counted } of { $owed }{ $percent }{ $rest }
state-kept-missed = ; periods missed on their own: { $missed }
state-kept-open = ; cannot be judged: { $why }
state-kept-percent = { " " }({ $number } %)
state-kept-by-party = , by the count of a party
state-kept-cannot = cannot be judged: { $why }

state-gap-nothing-verified = nothing was verified
state-gap-only-alleged = only alleged: by a party, or by somebody who cannot be judged
state-gap-not-seen = it could not be seen
state-gap-due-not-known = the deadline is not known
state-gap-time-not-known = when it was done is not known
state-gap-conditional = it is owed on a condition of which nothing is verified
state-gap-overlap = counts of one source overlap
state-gap-count-not-exact = the count is not exact
state-gap-only-reported = only reported, and not as surely as the agreement asks
state-gap-part-of-time = the counts do not cover the whole of the time
state-gap-may-not-add = whether the counts add up is not known
state-gap-nothing-reported = nothing was reported of it
state-gap-recipient-not-known = to whom it was given is not known

state-release = { $id }, { $party }: { $state }
state-release-takes = It takes a judgement of { $body }.
state-release-free = may consider itself free, since { $by } judged another responsible ({ $at }); the instrument is not void by this alone
state-release-not-invoked = no allegation by it is at hand{ $register }
state-release-alleged = it alleges a violation by another; the state is unchanged{ $register }
state-release-found = { $alleged }{ $findings ->
    [one] { $findings } finding of breach by another, not judged
   *[other] { $findings } findings of breach by another, none judged
}; the state is unchanged
state-release-found-open = { $alleged }{ $findings ->
    [one] { $findings } finding of breach by another, which changes nothing
   *[other] { $findings } findings of breach by another, which change nothing
}{ $register }
state-release-alleged-too = it alleges a violation by another;{ " " }
state-release-no-register = ; no register of judgements was given, so whether a body has judged is not known here
state-release-beside = Found so far: { $found }. { $observed }
state-release-found-of = { $side }: breach { $breaches }, undetermined { $undetermined }
state-release-no-side = side not established
state-release-observed = Of the line and the time from { $from } to { $to }, { $share } % was observed, for all sides alike.
state-release-observed-not-known = How much was observed, on whichever side, is not known or not told yet.
state-release-not-looked = No observation was given: nothing was looked for, on no side.

state-held-none = No observation was given, or none of an act that a clause in force speaks of.
state-held-note = Each row names its instrument. A finding is never a judgement of who is responsible.
state-held-count = { $instrument }, reading { $reading }, { $clause }: { $verdicts }
state-held-row = { $day }, { $act }: { $instrument }, reading { $reading }, { $clause }: { $verdict }, { $side }
state-held-forces = forces: { $party }
state-held-no-side = side not established
state-held-rest = { $count ->
    [one] { $count } incident of which every finding is undetermined is not listed here; it is in the JSON.
   *[other] { $count } incidents of which every finding is undetermined are not listed here; they are in the JSON.
}
