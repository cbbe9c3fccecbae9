# Where a step-by-step plan stands: in the long report and in that of the day.
plan-title = The plan and its gates
plan-as-of = As of { $at }, from what this report may show. A gate is shown, never opened: that is for who decides on it. What a party alone says counts for nothing and stands beside it.
plan-column-phase = Phase and gate
plan-column-stands = How it stands
plan-column-figures = On which figures
plan-column-alleged = Alleged, not counted
plan-column-decides = Who decides, what follows
plan-reading = reading { $id }
plan-no-gate = The text has no measure by which this phase is over: nothing is evaluated
plan-none-alleged = nothing

plan-met = met
plan-not-met = not met
plan-coverage = cannot be judged: coverage
plan-undetermined = cannot be judged: findings are undetermined
plan-verification = cannot be judged: nothing is verified
plan-verification-some = cannot be judged: not all is verified
plan-not-due = cannot be judged: not all is due yet
plan-period = cannot be judged: not in force throughout the window

plan-window = { $from } to { $to }
plan-figures-breaches = incidents with a finding of breach: { $breaches }, undetermined: { $undetermined }, allowed: { $allowed }
plan-figures-obligations = obligations kept: { $kept } (late: { $late }), not kept: { $not }, not due yet: { $due }, cannot be judged: { $undetermined }
plan-figures-share = delivered: { $share } %, asked for: { $asked } %
plan-figures-no-count = no count by the monitor or a third
plan-observed = observed of the window: { $share } %
plan-observed-not-known = how much of the window was observed is not known, or not told (it is told by whole days)
plan-alleged-incidents = alleged by { $party }: incidents: { $number }
plan-alleged-obligations = alleged by { $party }: obligations: { $number }
plan-alleged-counts = alleged by { $party }: counts of the quantity: { $number }
plan-alleged-coverage = alleged by { $party }: reports of what instruments could see: { $number }
plan-decides = { $who } decides.
plan-follows = If it agrees: { $what }
plan-appeal = Contested so: { $how }
