# cli
cli-error = error:{" "}
cli-warning = warning:{" "}
cli-note = note:{" "}
cli-more = … and { $count } more of this kind
cli-more-import = … and { $count } more of this kind (jiebo import { $kind } { $file } shows all)
cli-more-all = … and { $count } more of this kind (--all-findings shows more)
cli-findings = Found: errors { $errors }, warnings { $warnings }, notes { $notes }.
cli-findings-none = Nothing found.

cli-folder-unreadable = The folder { $path } cannot be read ({ $reason }). Check the path and that you may read it.
cli-folder-no-project = { $path } has no project.toml, so it is no project folder. Check the path, or write a project.toml first (data/gonghexin has an example).
cli-folder-too-many = { $path }: more than { $reason } files; this does not look like a project folder. Check the path.
cli-file-unreadable = The file { $path } cannot be read ({ $reason }). Check that it exists and that no other program holds it.
cli-file-too-large = The file { $path } is larger than { $reason } MB and is not read. Cut out the part you need.
cli-plan-unreadable = { $path } is no plan that can be used: { $reason }
cli-inputs-unreadable = Missing or unreadable: { $path }. The errors above say why and what to do.
cli-hopeless = No sensible plan can be made from this, so nothing was written. Mend the errors above first.
cli-only-unknown = --only does not know “{ $word }”. It takes shuttle, parking, rest, groups, rooms.

cli-out-is-project = { $path } is the project folder, or holds it, and is never replaced. Choose another folder with -o.
cli-out-is-other = { $path } is no plan folder (it holds { $what }) and is not replaced. Choose another folder with -o, or move what is in it.
cli-out-impossible = The output folder { $path } cannot be used ({ $what }). Choose another with -o.
cli-out-failed = { $path } cannot be written ({ $what }); what was there is unchanged. Check space and permissions.

cli-stopping = Stopping; the best plan so far will be written. Ctrl-C again quits at once.
cli-stopped = Stopped early; this is the best plan so far. What was not done yet is missing: see the findings.
cli-progress = , { $yuan } CNY a day
cli-summary = { $served } journeys served on a mean day of all services: lines { $lines } (there and back are two), stops { $stops }, trips { $trips }, vehicles { $vehicles }.
cli-summary-nothing = No line worth running was found: each one tried would cost more than it brings.
cli-summary-cost = Running costs { $cost } CNY on a mean day of all services. Objective { $objective }, without a shuttle { $nothing }, bound { $bound }; at most { $gap } % of the possible benefit is missed.
cli-summary-real = On { $days } simulated days the objective is { $objective } CNY a day ({ $low } – { $high }) and doing nothing costs { $nothing }: saved { $saving } ({ $saving_low } – { $saving_high }).
cli-share = { $park } pays { $pays } CNY a day: its riders save the worth of { $saved }, { $gain }{ $drawn ->
        [yes] {" "}(standard error { $error })
       *[no] {""}
    } of it stays with them after all costs; by itself it would keep { $alone }.
cli-share-none = { $park } pays { $pays } CNY a day: its riders save the worth of { $saved }, { $gain }{ $drawn ->
        [yes] {" "}(standard error { $error })
       *[no] {""}
    } of it stays with them after all costs; for it alone no shuttle pays.
cli-share-less = { $park } pays { $pays } CNY a day: its riders save the worth of { $saved }, { $gain }{ $drawn ->
        [yes] {" "}(standard error { $error })
       *[no] {""}
    } of it stays with them after all costs, less than the { $alone } of a shuttle of its own.
cli-share-boardings = { $park } pays { $pays } CNY a day, by the boardings of its people.
cli-summary-parking = Parking: requests granted { $permits }, refused { $refused }.
cli-summary-written = Plan { $plan } written to { $path } ({ $seconds } s). Open report.html first.

cli-check-passed = Plan { $plan } passed the check.
cli-check-failed = Plan { $plan } did not pass the check: { $count } things are not as they should be.
cli-simulate-nothing = The plan has neither a shuttle nor permits to park, so there are no days to simulate.
cli-simulate-title = Plan { $plan } on { $days } random days (seed { $seed }); in brackets the 90 % intervals.
cli-simulate-note = The intervals of a column hold the means over 10,000 fresh days, all of them at once, nine times in ten.
cli-simulate-promised = promised
cli-simulate-expected = simulated
cli-simulate-demand = people { $percent }
cli-simulate-speed = speed { $percent }
cli-simulate-served = People riding a day
cli-simulate-minutes = Weighted minutes a ride
cli-simulate-left = Left behind a day
cli-simulate-missed = Missed trains a day
cli-simulate-objective = Objective (CNY a day)
cli-simulate-saving = Cheaper than doing nothing on the same days (CNY a day)
cli-simulate-lots-title = Shared parking on { $days } random days of each night (seed { $seed }): lot-days on which an owner finds no bay; in brackets the 99 % upper limit.
cli-simulate-lots-lot = Lot
cli-simulate-lots-cars = Cars
cli-simulate-lots-reserve = Left free
cli-simulate-lots-said = promised
cli-simulate-lots-as-recorded = simulated
cli-simulate-lots-likelier = overstays 20 % likelier
cli-simulate-lots-longer = overstays 20 % longer
cli-simulate-lots-recorded = Cars overstay as in parking_history.csv, drawn again. Of each lot its worst night is shown; owners leave free what is asked until the late cars are gone.
cli-simulate-lots-assumed = Nothing is recorded: two cars in a hundred are assumed to overstay, half of those for more than 30 minutes. Of each lot its worst night is shown; owners leave free what is asked until the late cars are gone.
cli-import-errors = { $path } has errors, so its normal form was not written. Mend the errors above first.
cli-io-not-found = there is no such file or folder
cli-io-denied = permission is denied
cli-io-directory = it is a folder, not a file
cli-io-no-directory = it, or a part of the path, is no folder
cli-import-written = Written to { $path }.

compare-title = Plans compared
compare-no-change = No change in lines, stops, departures or riders.
cli-engine-unreadable = { $path } cannot be used: { $reason }
cli-engine-impossible = There is no answer to this: { $reason }
cli-engine-wrong = The answer did not pass its check, please report this: { $reason }
cli-transit-apart = No design was found that connects all nodes with demand; the best leaves out { $missed }. Ask for more or longer routes, or search longer.
cli-transit-summary = Routes { $lines }: { $average } minutes a passenger on average (no design has less than { $bound }), { $direct } % without a transfer, { $one } % with one; routes take { $operator } minutes one way, all together ({ $seconds } s).
cli-districting-summary = Areas { $areas } in { $groups } groups, all connected: the largest deviation from the mean is { $percent } %, the way to the middle of the group { $metres } m on average. { $proof ->
        [best] No grouping is better: proven.
       *[open] No grouping as balanced has less than { $bound } m.
    } ({ $seconds } s)
cli-districting-uneven = Beyond the tolerance, all groups together: { $percent } % of the mean. { $proof ->
        [best] No grouping has less: proven. Divide the areas with the most, or allow more.
       *[open] Perhaps a longer search finds less.
    }
cli-districting-group = Group { $group }: { $weight }, around { $centre }: { $areas }
cli-districting-areas = The areas in { $path } cannot be used as a whole, so nothing was worked out: an area left out would be a hole in its group. Mend what is said above first.
cli-districting-few = There are { $areas } areas, too few for { $groups } groups. Ask for { $areas } at most.
cli-districting-bridge = { $one } and { $other } are { $metres } m apart and count as neighbours, or the areas would fall into parts.
cli-allocation-summary = Jobs { $jobs }, agents { $agents }: cost { $cost } { $proof ->
        [best] (no answer costs less: proven)
       *[open] (no answer costs less than { $bound })
    } ({ $seconds } s).
cli-allocation-no-room = No answer was found in which everything fits; the best leaves out { $missing }. Search longer, or give the agents more capacity.
cli-parking-summary = { $served } of { $requests } requests have a bay (no answer serves more than { $most }), { $walk } m on foot in all (as many served: no less than { $least } m); as they come it would be { $first } ({ $seconds } s).
cli-siting-summary = Sites { $open } of { $points }: cost { $cost } (no answer costs less than { $bound }: { $above } % above), points without a site { $without } ({ $seconds } s).
cli-siting-open = Open: { $sites }
cli-siting-no-room = No answer was found in which everything fits; the best leaves out { $customers }. Search longer, open more sites or make them larger.
cli-shuttle-summary = The plan costs CNY { $objective } (nothing running: { $nothing }); no plan costs less than { $bound }: { $above } % above the bound. { $vehicles } vehicles, { $trips } trips ({ $seconds } s).
cli-routing-summary = Vehicles { $vehicles }, stops { $stops }: cost { $cost }, in the unit of the file ({ $seconds } s).
cli-routing-missing = No answer was found that serves all who must be served; the best leaves out { $missing }. Search longer, or see whether vehicles, room and times suffice.
cli-routing-route = Vehicle { $vehicle }: { $stops }
cli-routing-left-out = Left out: { $stops }. Each of these alone would be enough: { $enough }.
cli-routing-left-out-fits = Left out: { $stops }. Nothing stands in the way: search longer.
cli-routing-left-out-no-one-thing = Left out: { $stops }. No one thing alone would be enough, all else staying as it is.
cli-routing-need-later = the window of { $stop } ends { $amount } later
cli-routing-need-earlier = the window of { $stop } begins { $amount } earlier
cli-routing-need-released = what { $stop } gets is released { $amount } earlier
cli-routing-need-room = vehicles hold { $amount } more
cli-routing-need-leave = vehicles leave { $amount } earlier
cli-routing-need-back = vehicles come back { $amount } later
cli-routing-need-duration = vehicles are away { $amount } longer
cli-routing-need-distance = vehicles go { $amount } farther
cli-routing-need-ride = the ride from { $stop } lasts { $amount } longer
cli-routing-need-rest = drivers' breaks are { $amount } shorter
cli-routing-need-vehicles = { $amount } more like vehicle { $vehicle }
cli-matrix-summary = Points { $points }, pairs { $pairs } ({ $apart } without a way): roads made ready in { $build } ms, weighed in { $customise } ms, asked in { $query } ms, { $rate } pairs a second.
cli-matrix-kind = { $path } is of no known kind. It must end in .osm.pbf, .geojson, .txt or .txt.gz (a plain graph).
cli-matrix-plain-walk = A plain graph has one kind of travel, and it is not walking. Leave --profile out.
cli-matrix-too-many = { $count } points are too many: at most { $most }, as all times between them are held in memory. Ask for fewer.
cli-engine-points = The points in { $path } cannot be used as a whole, so nothing was worked out. Mend what is said above first.
cli-engine-far = Row { $row } of { $path } is more than { $metres } m from every road that can be used. Check its coordinates (WGS-84), or take the row out.
cli-matrix-no-node = Row { $row } of { $path } names node { $node }, but the graph has 0 to { $last } only. Check the number.
cli-matrix-nowhere = { $path } has nothing to travel on for this profile. Check the file, or choose another --profile.
cli-reach-kind = { $path } is of no known kind. It must end in .osm.pbf or .geojson.
cli-reach-plain = { $path } is a plain graph: it knows arcs and their lengths, not streets that people walk along, so there is no area to be drawn. Give it an extract (.osm.pbf) or drawn roads (.geojson).
cli-reach-too-many = { $path } has { $count } rows; at most { $most } are looked at together. Split the table.
cli-reach-far-places = { $path }: places more than { $metres } m from every road that can be used: { $count }, the first in row { $row }. They are counted where they lie in an area, but are never among the nearest. Check their coordinates (WGS-84).
cli-reach-title-walk = Within { $limit } m on foot:
cli-reach-title-step-free = Within { $limit } m on foot, without steps:
cli-reach-title-bus = Within { $limit } min by bus, { $band }:
cli-reach-free = at free flow
cli-reach-am = in the morning peak
cli-reach-pm = in the evening peak
cli-reach-point = Row { $row }: { $joins } m to the road; { $km2 } km² ({ $ha } ha) reached.
cli-reach-point-places = Row { $row }: { $joins } m to the road; { $km2 } km² ({ $ha } ha) reached, places inside: { $inside } of { $places }.
cli-reach-nowhere = Row { $row }: { $joins } m to the road; nothing is reached within the limit.
cli-reach-coarse = Too large to be drawn finely: it holds what lies within { $beside } m of a road.
cli-reach-near = near: row { $row }, { $metres } m, { $minutes } min
cli-reach-no-more-walk = No other place can be walked to within { $km } km.
cli-reach-no-more-bus = No bus can drive to any other place.
cli-reach-road-right = road: { $name } (way { $way }), right kerb, { $metres } m
cli-reach-road-right-unnamed = road: way { $way }, right kerb, { $metres } m
cli-reach-road-left = road: { $name } (way { $way }), left kerb, { $metres } m
cli-reach-road-either = road: { $name } (way { $way }), no kerb on this side (either), { $metres } m
cli-reach-road-either-unnamed = road: way { $way }, no kerb on this side (either), { $metres } m
cli-reach-road-left-unnamed = road: way { $way }, left kerb, { $metres } m
cli-reach-no-road = No road that a bus may use is within { $metres } m.
cli-scenario-unreadable = The scenario { $path } cannot be read: { $reason }. Write it as [[modification]] entries, as the README shows.
cli-scenario-failed = [[modification]] number { $number } of the scenario cannot be made: { $reason }

cli-serve-project = Project { $project } is there.
cli-serve-ready = Listening: { $url } (Ctrl-C ends it)
cli-serve-first = The first admin comes in here, once, within 24 hours: { $url }
cli-worker-ready = Working on jobs (Ctrl-C ends it; a job in hand is put back with its best so far).
cli-backup-done = { $rows } rows backed up into { $path }.
cli-restore-done = { $rows } rows restored.
cli-restore-full = The database is not empty. With --replace all of it is replaced by the backup.

cli-too-few-changes = No plan was found with so few changes.
cli-nothing-in-force = There is no plan in force to stay near: put its plan.json into the project folder.
cli-changes = Changes against the plan in force: { $count } (stops { $stops }, departures { $departures }); { $people } people take another departure or none. Their price: { $price } CNY a day.
cli-frontier-written = Written to { $path }: frontier.html to look at, frontier.json to go on with.
frontier-title = Cost against changes
frontier-lead = What the best plan found costs with at most so many changes (stops opened, moved, closed; departures shifted, added, dropped) against the plan in force. A plan with few changes is also allowed with more, so no row is dearer than the one above it.
frontier-allowed = Changes allowed
frontier-changes = Changes made
frontier-objective = Objective (CNY a day)
frontier-price = of it, price of changes
frontier-running = Running cost
frontier-served = People riding
frontier-reassigned = On another departure
frontier-unlimited = any
frontier-picture = Objective by the number of changes made
frontier-none = no plan with so few
cli-sweep-too-long = { $cells } plans of { $seconds } seconds take about { $hours } hours; a sweep may take { $most }. Take fewer choices, or fewer --seconds.
cli-sweep-cell = { $done } of { $all }: { $choices }: { $result }
cli-sweep-stopped = Stopped: { $open } of { $all } cells are not planned and say so; those done stand.
cli-sweep-written = Written to { $path }: sweep.html to look at, sweep.json to go on with, the plan of each cell.
cli-sweep-none = No cell was planned.
sweep-title = What if, side by side
sweep-lead = One row for each combination, each the best plan found for it. ✓: no other row (of the same demand) has both less running cost and less cost to people, in time, fares and effort. Benefit is the objective of running nothing less the plan's. The gap is the share of the possible benefit that may be missed.
sweep-number = No.
sweep-served = People riding
sweep-objective = Objective (CNY a day)
sweep-people = of it, people
sweep-running = of it, running
sweep-benefit = Benefit
sweep-bound = Bound
sweep-gap = Gap
sweep-changes = Changes
sweep-changes-in-force = Changes to the plan in force
sweep-pareto = ✓
sweep-open = not planned
sweep-refused = no plan passed the check
sweep-worth = What the next one is worth
sweep-worth-lead = From the difference between two plans, so about; in brackets what follows from the bounds for the best plans there are over the lines looked at.
sweep-with = With { $others }:
sweep-step-vehicle = { $n ->
    [1] A first
    [2] A second
    [3] A third
    [4] A fourth
    [5] A fifth
    [6] A sixth
    [7] A seventh
    [8] An eighth
   *[other] Vehicle no. { $n } of
} { $type }
sweep-step-vehicles = { $type }, { $to } instead of { $from },
sweep-step-money = CNY { $more } a day more to spend ({ $from } to { $to })
sweep-step-less-money = CNY { $more } a day less to spend ({ $from } to { $to })
sweep-step-other = { $axis } "{ $to }" instead of "{ $from }"
sweep-saves = saves about CNY { $about } a day
sweep-costs = costs about CNY { $about } a day
sweep-saves-nothing = saves nothing
sweep-at-most = at most { $most }
sweep-at-least = at least { $least }, at most { $most }
sweep-between = between { $least } and { $most }
sweep-cannot = nothing can be saved
sweep-riders = { $people } more people ride
sweep-fewer-riders = { $people } fewer people ride
sweep-hours = { $people } of them wish to travel { $from }–{ $to }
baselines-way = Plan
baselines-served = People
baselines-trips = Trips
baselines-vehicles = Vehicles
baselines-minutes = Minutes
baselines-weighted = Weighted
baselines-objective = CNY a day
baselines-people = people
baselines-running = running
baselines-upkeep = upkeep
baselines-benefit = Benefit
baselines-simulated = Simulated
baselines-nothing = Nothing runs
baselines-even = One line, even headway: does not pay
baselines-even-every = One line every { $minutes } min
baselines-staged = Stage after stage
baselines-searched = Stages, then a search
baselines-joint = Together (jiebo plan)
baselines-note = People, trips: on a mean day of all services. Minutes: of those who ride, door to door, by the clock and weighted. CNY a day: the objective, made of people (all of them, whether they ride or not), running and upkeep. Benefit: against running nothing. Simulated: the objective on { $days } random days, with its 90 % interval.
baselines-gap = Gap { $gap } % = { $parts }
baselines-gap-terms = In CNY a day: objective { $objective } - bound { $bound } = { $missed } = { $parts }; possible: nothing { $nothing } - bound { $bound } = { $possible }
baselines-gap-note = Search: not found, or not provable (seats booked, lines and stops free). Choice: people take their seats as they like, and some stay free. Readability: few lines, and the price of lines and stops. A part also holds what one search found and the next did not; it may be below zero.
baselines-search = search { $value }
baselines-choice = choice { $value }
baselines-readability = readability { $value }
compare-count = { $count } changes for riders: stops { $stops }, departures { $departures }. In groups large enough to be told, { $people } people take another departure.
cli-explain-unknown = The plan has no cohort { $cohort }; the ids stand in plan.json, under "unserved" and "riders".
cli-explain-other-inputs = The folder is not what the plan was made from; what follows may differ from the plan.
cli-explain-arrive-by = Cohort { $cohort }: { $people } people a day from { $from } to { $to }, there by { $time }. Without a shuttle: { $mode }, CNY { $yuan } in time and money.
cli-explain-depart-after = Cohort { $cohort }: { $people } people a day from { $from } to { $to }, leaving after { $time }. Without a shuttle: { $mode }, CNY { $yuan } in time and money.
cli-explain-rides = { $people } of them ride { $trip }.
cli-explain-left = { $people } of them do not ride: { $reason }.
cli-explain-no-option = No trip can be reached within their limits.
cli-explain-option-better = { $trip }: { $depart } { $from } → { $arrive } { $to }, CNY { $yuan }, { $less } less than without; { $free } seats free
cli-explain-option-full = { $trip }: { $depart } { $from } → { $arrive } { $to }, CNY { $yuan }, { $less } less than without; full
cli-explain-option-dearer = { $trip }: { $depart } { $from } → { $arrive } { $to }, CNY { $yuan }, { $less } more than without
cli-explain-no-change = No single change of theirs, no seat and no departure more gets all of them aboard.
cli-explain-walk-m = They would ride if they walked { $amount } m more than their limit.
cli-explain-wait-min = They would ride if they waited { $amount } minutes longer than their limit.
cli-explain-minutes-earlier = They would ride if they wished to travel { $amount } minutes earlier.
cli-explain-minutes-later = They would ride if they wished to travel { $amount } minutes later.
cli-explain-seat = They would ride if { $trip } had { $amount } more seats.
cli-explain-trip = They would ride with one more departure of { $line } at { $time }, for which a vehicle has time.
cli-explain-fen = That departure would cost CNY { $amount } more a day.

# rides on request
cli-summary-rides = Rides on request "{ $name }" { $hours }: stops { $stops }, vehicles { $vehicles }; on { $days } drawn days { $asked } people ask a day and { $served } ride ({ $low } – { $high }).
cli-summary-rides-money = That saves them { $saving } CNY a day and costs { $cost }: net { $net } ({ $low } – { $high }); { $share } % of those who ask ride, { $foresight } % if all asked the evening before.
compare-rides-served = People riding on request (a day, mean over all services)
compare-rides-cost = Cost of rides on request (a day, mean over all services)
