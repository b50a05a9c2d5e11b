# The independent check of a plan. "expected": what the rules and the roads give; "found": what the plan says.
-check-again = Make the plan again; figures in a plan are not edited by hand.

check-more = { $count } more findings of the kinds above are not listed.
    .do = Mend those listed first, then check again.
check-too-large = The plan is too large to be checked as a whole.
    .do = Plan fewer stops, trips or cohorts at a time.

# identity and references
check-format = The plan is of format { $found }; this program reads { $expected }.
    .do = Make the plan again with this version.
check-id = The plan calls itself { $found }, but its content has the id { $expected }: it was changed after it was made.
    .do = Use the file as it was written, or make the plan again.
check-inputs = The plan was made from other inputs ({ $found }) than this project folder ({ $expected }).
    .do = Check it against the folder it was made from, or make the plan again.
check-parent = The plan says it follows plan { $found }; in force in this project is { $expected } (- : none).
    .do = Put the plan in force into the folder as plan.json and plan again.
check-part-unknown = The plan says that “{ $part }” was asked for; there is no such part.
    .do = { -check-again }
check-part-twice = The plan says twice that { $part ->
    [shuttle] the shuttle
    [parking] shared parking
    [rest] rest points
    [groups] groups
   *[rooms] shared rooms
    } was asked for.
    .do = { -check-again }
check-part-unnamed = The plan has rows of { $part ->
    [shuttle] the shuttle
    [parking] shared parking
    [rest] rest points
    [groups] groups
   *[rooms] shared rooms
    }, but says that it was not asked for.
    .do = { -check-again }
check-part-not-judged = Not judged: { $part ->
    [shuttle] the shuttle
    [parking] shared parking
    [rest] rest points
    [groups] groups
   *[rooms] shared rooms
    }. The project has inputs of it; the plan neither names it nor has anything of it.
    .do = If it is to be planned, make the plan without --only.
check-service = Service { $service }: the project has { $expected }, the plan { $found }.
    .do = { -check-again }
check-duplicate-id = The id { $id } stands twice among { $what }.
    .do = { -check-again }
check-unknown-id = { $of } { $by } names { $what } { $id }, which does not exist.
    .do = { -check-again }
check-not-in-use = The { $what } { $id } is in the plan, but no trip uses it.
    .do = { -check-again }

# people
check-cohort-place = Where cohort { $cohort } comes from or goes to is neither a site nor a point.
    .do = { -check-again }
check-cohort-people = From { $origin } to { $destination }, { $time }, service { $service }: the survey gives { $expected } people a day, the plan counts { $found }.
    .do = { -check-again }
check-cohort-firms = From { $origin } to { $destination }, { $time }, service { $service }: { $firm } has { $expected } people a day by the survey, { $found } in the plan.
    .do = { -check-again }
check-alternative = Without us, cohort { $cohort } would travel by { $expected } yuan; the plan says { $found } yuan.
    .do = { -check-again }

# stops and lines
check-stop-unknown = Stop { $stop } is not in stops.csv.
    .do = Add it to stops.csv, or make the plan again.
check-stop-moved = Stop { $stop } stands { $found } m from where stops.csv has it.
    .do = Move it in stops.csv and make the plan again; walks and times depend on it.
check-stop-off-road = Stop { $stop } names way { $way }, on which no bus can stop there.
    .do = { -check-again }
check-stop-far-from-road = Stop { $stop } is { $found } m from the road it is said to lie on; { $limit } m are allowed.
    .do = { -check-again }
check-stop-road = Stop { $stop } lies on { $expected }; the plan puts it on { $found }.
    .do = { -check-again }
check-stop-steps = Whether stop { $stop } can be reached without steps differs from stops.csv.
    .do = Correct step_free in stops.csv and make the plan again.
check-stop-name = Name or site of stop { $stop } differ from stops.csv.
    .do = Correct stops.csv and make the plan again.
check-stop-found = Stop { $stop } was found along a road and nobody has looked at it: it cannot be called step-free or belong to a site.
    .do = { -check-again }
check-line-length = Line { $line } has { $found } stops; at least 2 and at most { $expected } are allowed.
    .do = Raise max_stops in project.toml, or make the plan again.
check-line-repeats = Line { $line } calls at a stop twice.
    .do = { -check-again }
check-line-mode = Line { $line } is of another kind than the modes in project.toml and those who ride it make it: { $expected }.
    .do = { -check-again }
check-line-direction = Line { $line } has direction { $found }; there are only 0 (out) and 1 (back).
    .do = { -check-again }
check-line-km = Line { $line } is { $expected } km long by road; the plan says { $found } km.
    .do = { -check-again }
check-line-geometry = The drawn way of line { $line } does not fit its stops or its length ({ $what }).
    .do = { -check-again }
check-too-many-lines = The plan has { $found } lines; { $expected } are allowed.
    .do = Raise max_lines in project.toml, or make the plan again.
check-no-road = { $of }: no bus can get from { $from } to { $to }.
    .do = Look at one-way streets and closures there, then make the plan again.

# trips
check-trip-stops = Trip { $trip } does not call at the stops of its line { $line } in their order, or says not for each how many are aboard.
    .do = { -check-again }
check-trip-minute = Trip { $trip } departs at { $found }, not on a whole minute.
    .do = { -check-again }
check-trip-same-minute = Trips { $other } and { $trip } are the same line at the same minute with the same type of vehicle.
    .do = Let one of them leave a minute later, or make the plan again.
check-trip-period = Trip { $trip } departs at { $found }, when no shuttle may run.
    .do = Widen the periods in project.toml, or make the plan again.
check-trip-dwell = Trip { $trip } stays { $found } s at { $stop }; by the rules it is { $expected } s.
    .do = { -check-again }
check-trip-too-fast = Trip { $trip } takes { $found } s from { $from } to { $to }; the road needs { $expected } s.
    .do = Nobody can drive that; make the plan again.
check-trip-too-slow = Trip { $trip } takes { $found } s from { $from } to { $to }; the road needs only { $expected } s.
    .do = { -check-again }
check-trip-undriven = No vehicle drives trip { $trip }.
    .do = { -check-again }
check-trip-twice = Trip { $trip } is driven { $found } times.
    .do = { -check-again }
check-load = Trip { $trip } leaves { $stop } with { $expected } people by its riders; the plan says { $found }.
    .do = { -check-again }
check-overfull = Trip { $trip } leaves { $stop } with { $found } people on { $expected } seats.
    .do = Use a larger vehicle or add a trip; make the plan again.
check-overfull-wheelchair = Trip { $trip } leaves { $stop } with { $found } wheelchairs on { $expected } places.
    .do = Use a vehicle with more places; make the plan again.

# vehicles
check-block-depot = Block { $block } does not leave from and return to depot { $expected } as its vehicle must.
    .do = { -check-again }
check-availability = Block { $block } is under way { $found }; its vehicle is there { $expected }.
    .do = Change from and to in fleet.csv, or make the plan again.
check-item-times = In block { $block } something ends before it starts ({ $at }).
    .do = { -check-again }
check-two-places = The vehicle of block { $block } is at { $from } and at { $to } at the same time ({ $at }).
    .do = { -check-again }
check-block-jump = The vehicle of block { $block } gets from { $from } to { $to } without driving ({ $at }).
    .do = { -check-again }
check-block-gap = Block { $block } does not say what the vehicle does from { $expected } to { $found }.
    .do = { -check-again }
check-layover = In block { $block } the vehicle stands { $found } s after trip { $trip }; at least { $expected } s are needed.
    .do = { -check-again }
check-deadhead-too-fast = Block { $block } drives empty from { $from } to { $to } in { $found } s; the road needs { $expected } s.
    .do = Nobody can drive that; make the plan again.
check-item-trip = Block { $block } has trip { $trip } at { $at }, which does not agree with the trip itself.
    .do = { -check-again }
check-item-km = In block { $block } at { $at }: { $expected } km by road, { $found } km in the plan.
    .do = { -check-again }
check-battery = Block { $block } uses { $found } kWh before it can charge; its battery holds { $expected } kWh.
    .do = { -check-again }
check-fleet = On { $date } the plan uses { $found } vehicles of type { $type }; there are { $expected }.
    .do = Raise count in fleet.csv, or make the plan again.

# drivers
check-duty-missing = Nobody is on duty in block { $block } from { $from } to { $to } ({ $at }).
    .do = { -check-again }
check-duty-extra = A duty has a drive of block { $block } from { $from } to { $to } ({ $at }) that the block has not, or has only once.
    .do = { -check-again }
check-duty-gap = The items of duty { $duty } do not follow one another in time and place.
    .do = { -check-again }
check-break-short = A break in { $of } is { $found } s long; at least { $expected } s are needed.
    .do = { -check-again }
check-driving-without-break = The driver of duty { $duty } drives { $found } min without a rest; { $expected } min are allowed.
    .do = Add a break or a second driver; make the plan again.
check-driving-day = The driver of duty { $duty } drives { $found } min a day; { $expected } min are allowed.
    .do = Add a second driver; make the plan again.

# riders
check-empty-row = A row of cohort { $cohort } has nobody in it (trip { $trip }).
    .do = { -check-again }
check-rider-legs = People of cohort { $cohort } are said to ride { $found } legs; it is one trip each.
    .do = { -check-again }
check-rider-service = People of cohort { $cohort } ride trip { $trip }, which runs on other days than they travel.
    .do = { -check-again }
check-rider-stops = People of cohort { $cohort } cannot ride trip { $trip } from { $from } to { $to }: it does not call there in that order.
    .do = { -check-again }
check-rider-time = Trip { $trip } is too early or too late for cohort { $cohort }, who wish { $time } and wait at most { $expected } min.
    .do = { -check-again }
check-train-missed = With trip { $trip } people of cohort { $cohort } have no train.
    .do = { -check-again }
check-train = Cohort { $cohort } on trip { $trip }: the train is { $expected }, the plan says { $found }.
    .do = { -check-again }
check-walk-limit = Cohort { $cohort } would have to walk farther than { $expected } m to ride trip { $trip } (the plan says { $found } m).
    .do = { -check-again }
check-ride-limit = Cohort { $cohort } rides { $found } min on trip { $trip }; { $expected } min are allowed.
    .do = { -check-again }
check-wheelchair = People of cohort { $cohort } use a wheelchair; trip { $trip } has steps at a stop or no place for them.
    .do = { -check-again }
check-walk = Cohort { $cohort } walks { $expected } m for trip { $trip }; the plan says { $found } m.
    .do = { -check-again }
check-wait = Cohort { $cohort } waits { $expected } s for trip { $trip }; the plan says { $found } s.
    .do = { -check-again }
check-ride = Cohort { $cohort } rides { $expected } s on trip { $trip }; the plan says { $found } s.
    .do = { -check-again }
check-worse-than-alternative = Trip { $trip } costs a person of cohort { $cohort } { $found } yuan in time and fare; without us it is { $expected } yuan, so nobody would ride.
    .do = { -check-again }
check-better-stops = On trip { $trip } it is better for cohort { $cohort } to ride from { $from } to { $to }.
    .do = { -check-again }
check-better-trip = People of cohort { $cohort } are on trip { $trip } ({ $found } yuan in time and fare), though { $better } has free seats and is better for them ({ $expected } yuan).
    .do = Nobody can be held to the worse trip; make the plan again.
check-unserved-could-ride = People of cohort { $cohort } are left out, though trip { $trip } has free seats and is better for them ({ $expected } yuan instead of { $found }).
    .do = { -check-again }
check-reason = Cohort { $cohort } is said to be left out because of “{ $found }”, which is not so.
    .do = { -check-again }
check-relaxation = { $of } is told of the change “{ $kind }” by { $found }: no such change is known, or not by that much.
    .do = { -check-again }
check-relaxation-untrue = Cohort { $of } is told that “{ $kind }” by { $found } would help, but even then no better trip has a free seat.
    .do = { -check-again }
check-people-twice = Cohort { $cohort } has { $expected } people; the plan counts { $found }.
    .do = { -check-again }
check-people-dropped = Cohort { $cohort } has { $expected } people; the plan knows of only { $found }.
    .do = { -check-again }

# money
check-block-cost = Block { $block }, { $what }: { $expected } by the hire contract, { $found } in the plan.
    .do = { -check-again }
check-cost-total = Running costs { $expected } yuan on the mean day; the plan says { $found }.
    .do = { -check-again }
check-budget-day = A day of service { $service } costs { $found } yuan; the budget is { $expected }.
    .do = Raise the budget in project.toml, or make the plan again.
check-budget-month = { $month } costs { $found } yuan; the budget is { $expected }.
    .do = Raise the budget in project.toml, or make the plan again.
check-shares-total = The shares add up to { $found } yuan; the plan costs { $expected }.
    .do = { -check-again }
check-share = { $who } pays { $expected } yuan by its boardings (or a fen more); the plan says { $found }.
    .do = { -check-again }
check-joint = { $what } is { $found }; by the plan's rows and values it is { $expected }.
    .do = { -check-again }
check-joint-share = { $who } pays { $expected } yuan (or a few fen more) by what is gained together; the plan says { $found }.
    .do = { -check-again }
check-share-who = The share of { $who } stands twice or is not divided as the others are.
    .do = { -check-again }

# worth
check-evaluation = Evaluation, { $what }: { $expected } by the plan's own rows, { $found } written.
    .do = { -check-again }
check-term = { $what }: { $expected } yuan by the plan's own rows, { $found } written.
    .do = { -check-again }
check-changes = The changes against the plan in force cost { $expected } yuan a day; the plan says { $found } ({ $what }).
    .do = { -check-again }
check-too-many-changes = The plan changes { $found } stops and departures of the plan in force; { $expected } are allowed.
    .do = { -check-again }
check-simulated = { $what } of the simulated days: the same days come to { $expected }, the plan says { $found }.
    .do = { -check-again }
check-simulated-days = The plan says that { $found } days were simulated; it takes 1 to { $expected }.
    .do = { -check-again }
check-simulated-interval = { $what } of the simulated days: an interval that does not hold its mean, { $found }.
    .do = { -check-again }
check-objective = The terms of the objective add up to { $expected } yuan; the plan says { $found }.
    .do = { -check-again }
check-nothing = Without any shuttle the objective would be { $expected } yuan; the plan says { $found }.
    .do = { -check-again }
check-worst-cohort = The cohort worst off among the riders is { $expected }, not { $found }.
    .do = { -check-again }
check-bound-above-objective = The bound { $found } is above the objective { $expected }: then it is none.
    .do = { -check-again }
check-bound-negative = The bound { $found } is negative; costs never are.
    .do = { -check-again }
check-bound-too-high = No bound above { $expected } yuan can be proven; the plan states { $found }.
    .do = { -check-again }
check-bound-method = The bound is said to be proven by “{ $found }”, which is no proof this program knows.
    .do = { -check-again }
check-gap = The gap is { $expected } by objective and bound; the plan says { $found }.
    .do = { -check-again }

# parking
check-request-dropped = Parking request { $request } has no answer.
    .do = { -check-again }
check-request-twice = Parking request { $request } is answered { $found } times.
    .do = { -check-again }
check-permit-window = Request { $request } asks for { $expected }; the permit for { $lot } is { $found }.
    .do = { -check-again }
check-permit-hours = The permit of { $request } ({ $found }) goes beyond the hours in which { $lot } is lent.
    .do = { -check-again }
check-permit-walk = From the home of { $request } to { $lot } it is a walk of { $expected } m; the plan says { $found } m.
    .do = { -check-again }
check-permit-walk-limit = { $request } walks at most { $expected } m; to { $lot } it is { $found } m.
    .do = { -check-again }
check-permit-price = { $request } pays at most { $expected } yuan a night; { $lot } costs { $found }.
    .do = { -check-again }
check-bay-twice = { $lot }, { $at }: { $found } cars for { $expected } bays ({ $class }).
    .do = Withdraw a permit, or make the plan again.
check-occupancy = { $lot }, { $at }, { $what }: { $expected } by the permits, { $found } in the plan.
    .do = { -check-again }
check-parking-area = Area { $area }: its requests have { $expected }, the plan says { $found }.
    .do = Make the plan anew; do not edit plan.json by hand.
check-parking-party = Party { $party } fares as { $expected } in the exchange, the plan says { $found }; none may fare worse than with its own bays alone.
    .do = Make the plan anew; do not edit plan.json by hand.
check-party-told = What party { $party } has from the exchange must be told once; the plan tells it { $found } times.
    .do = Make the plan anew; do not edit plan.json by hand.
check-parking-bound = The bays given serve { $expected }; the plan says that no better than { $found } is possible.
    .do = Make the plan anew; do not edit plan.json by hand.
check-displacement = { $lot }: owners may find no bay with probability { $expected } at most; the plan proves { $found }.
    .do = Withdraw permits there, or make the plan again.
check-refusal-reason = Parking request { $request } is refused because of “{ $found }”, which is not so.
    .do = { -check-again }

# rooms, rest points, groups
check-claim-twice = Claim { $claim } is granted twice (room { $room }).
    .do = { -check-again }
check-claim-dropped = Claim { $claim } has no answer.
    .do = { -check-again }
check-claim-answers = Claim { $claim } is answered { $found } times.
    .do = { -check-again }
check-claim-reason = Claim { $claim } is refused because of “{ $found }”; the rooms and what is granted say “{ $expected }”.
    .do = { -check-again }
check-room-change = Claim { $claim } is told of the change “{ $kind }”: { $found }; the least with which it has a room is { $expected }.
    .do = { -check-again }
check-room-window = Room { $room } is granted to { $claim } at times it did not ask for or when the room is closed.
    .do = { -check-again }
check-room-twice = Room { $room } is granted to { $claim } and to { $other } at the same time.
    .do = Withdraw one of the two, or make the plan again.
check-room-unfit = Room { $room } is of another kind than { $claim } asked for, or too small.
    .do = { -check-again }
check-rest-point = Rest point { $site } is the nearest for { $expected } courier-hours within 300 m; the plan says { $found }.
    .do = { -check-again }
check-rest-site = Rest point { $site } stands twice, or is no park, gate, station or shared room.
    .do = { -check-again }
check-rest-many = The plan has { $found } rest points; there is money for { $expected }.
    .do = { -check-again }
check-group-twice = { $member } is in group { $group } and in another of its kind.
    .do = { -check-again }
check-group-kind = Group { $group } is of the unknown kind “{ $found }”; there are blocks (of areas) and committees (of parks).
    .do = { -check-again }
check-group-member = { $member } is in no { $kind } though it belongs in one, or is in one though it does not.
    .do = { -check-again }
check-group-far = Committee { $group } is not made of all the parks within a walk of 1200 m of one another whose people share their ways.
    .do = { -check-again }
check-group-saving = A joint shuttle of { $group } is worth { $expected } yuan more than its parks apart, by the values in the plan; it says { $found }.
    .do = { -check-again }
check-group-people = Group { $group } has { $expected } people by its members; the plan says { $found }.
    .do = { -check-again }

# rides on request
check-ride-offer = Rides on request "{ $offer }": { $what } must be { $expected }, but is { $found }.
    .do = { -check-again }
check-ride-broken = Rides on request "{ $offer }", ride { $ride } of the drawn day: { $what } must be { $expected }, but is { $found }.
    .do = { -check-again }
