# planning

# compare: figures side by side
compare-plan = Plan
compare-parent = Made from
compare-objective = Objective (CNY a day)
compare-simulated-objective = Objective on simulated days (CNY a day)
compare-people-cost = Cost to travellers (CNY a day)
compare-running-cost = Running cost (CNY a day)
compare-upkeep = Upkeep of lines and stops (CNY a day)
compare-changes = Price of changes (CNY a day)
compare-nothing = Cost without a shuttle (CNY a day)
compare-bound = Bound: no plan can be below (CNY a day)
compare-gap = Share of the possible benefit that is missed
compare-served = People riding a day
compare-simulated-served = People riding on simulated days
compare-generalised = Mean weighted travel time (s)
compare-walk = Mean walk (m)
compare-wait = Mean wait (s)
compare-ride = Mean ride (s)
compare-load = Mean fullest load
compare-lines = Lines (one direction each)
compare-stops = Stops
compare-trips = Trips
compare-vehicles = Vehicles
compare-duties = Drivers' duties
compare-permits = Parking permits
compare-findings = Things to look at

# compare: what changed
change-stop-added = New stop: { $stop_en }
change-stop-removed = Stop closed: { $stop_en }
change-stop-moved = Stop { $stop_en } moved { $metres } m
change-line-added = New line: { $line_en }
change-line-removed = Line withdrawn: { $line_en }
change-line-longer = Line { $line_en }: also stops at { $added_en }
change-line-shorter = Line { $line_en }: no longer stops at { $removed_en }
change-line-changed = Line { $line_en }: also stops at { $added_en }, no longer at { $removed_en }
change-line-reordered = Line { $line_en }: same stops in another order
change-trip-added = { $line_en } ({ $service }): new departure { $time }
change-trip-removed = { $line_en } ({ $service }): departure { $time } withdrawn
change-trip-earlier = { $line_en } ({ $service }): { $from } from { $start_en } now leaves { $to }, { $minutes } min earlier
change-trip-later = { $line_en } ({ $service }): { $from } from { $start_en } now leaves { $to }, { $minutes } min later
change-people-take = { $line_en } ({ $service }): { $people } people now take the { $time } from { $start_en }
change-people-gained = { $origin } to { $destination } at { $time } ({ $service }): { $people } more ride
change-people-lost = { $origin } to { $destination } at { $time } ({ $service }): { $people } fewer ride
change-others-gained = All smaller groups together: { $people } more ride
change-others-lost = All smaller groups together: { $people } fewer ride

# Findings of the stages
demand-no-service = { $count } journeys are on no day of any service; they are not counted.
    .do = Look at the column of days in the survey, or add a [[services]] to project.toml.
demand-nobody = The survey holds no journey to plan with.
    .do = Mend the survey as the other findings say, then plan again.
stop-off-road = Candidate stop { $stop } is more than { $metres } m from any road a bus may use; it is not used.
    .do = Look at its coordinates and its kerb (traffic keeps right), or add the road to the roads file.
depot-off-road = There is no road a bus may use near depot { $depot }; its vehicles are not used.
    .do = Look at the depot's coordinates in sites.csv.
duty-not-legal = Block { $block } cannot be driven within the driving-time rules.
    .do = Please send us the project folder: this is a fault of the program.
service-runs-nothing = Service "{ $service }" has about { $people } journeys a day, and running would cost more than it brings; nothing runs on its days.
    .do = Nothing is needed. If it has to run, more answers or a joint service with a neighbour may help.
real-days-cost-more = On simulated days this plan costs { $cost } CNY a day and doing nothing costs { $nothing }: people and money are worse off by { $more } than without it.
    .do = Do not put it into force as it is. Search longer (--seconds), allow more changes, or run nothing.
shares-stopped = The search was ended before it was worked out what each park gains from planning together: shares are by boardings.
    .do = To see what each gains, plan again without stopping it.
shares-too-large = There are too many parks or groups of riders to work out what each park gains from planning together: shares are by boardings.
    .do = Nothing is needed. Where parks should pay by what they gain, split the project into districts of up to six parks.

stage-lines = Looking for lines
stage-on-demand = Trying rides on request
stage-first = First plan
stage-bound = Proving how good it can be
stage-together = Planning lines, times and vehicles together
stage-improve = Improving
stage-shares = What parks are worth together and apart
stage-allocation = Giving out bays and rooms
stage-districting = Grouping
stage-siting = Choosing rest points
stage-transit = Looking for routes
stage-routing = Looking for vehicle routes

demand-too-large = The survey makes { $cohorts } groups of people and about { $people } journeys a day, more than { $most } groups or { $most_people } journeys; no shuttle was planned.
    .do = Look at the column weight and the people in firms.csv; write origins as site ids instead of coordinates; or split the project by district.
commute-too-many = { $count } groups of commuters (a park, a way, a time) were not looked at for lines of their own: there are too many of them, or too many people in one.
    .do = Plan fewer parks at once, or write rounder times.
stops-thinned = { $found } stops were found along the roads near homes; the { $kept } that shorten most walks are planned with.
    .do = To choose them yourself, write stops.csv.
demand-both-ways = About { $people } people said they ride only if both ways run; this version counts the ways apart, so ridership may be somewhat too high.
    .do = See whether these people have a trip on the way in and on the way back.
demand-no-train = About { $people } journeys a day have no train in trains.csv that is in time, or soon enough, for them without a shuttle; they are counted as taking a taxi.
    .do = See whether trains.csv covers all hours at which people travel.
demand-wheelchairs-no-way = About { $people } journeys a day of people in wheelchairs have no way without a shuttle: no alternative takes wheelchairs that far, or every way on foot has steps; they are counted as taking a taxi for { $yuan } CNY.
    .do = Write under [[alternatives]] what they can take (wheelchair = true), and see whether the roads lack a way without steps.
trains-not-on-service = Station { $station } has no train that goes on every day of service "{ $service }"; it counts as having none, and no wait for trains is counted.
    .do = Add the trains of those days to trains.csv.
plan-in-force-riders-again = The plan in force is kept: stops, lines and departures are the same. The answers have changed since, so who rides what, loads and costs are worked out again.
    .do = Look at who is left out now, and allow some changes (--max-changes) where it matters.
too-few-changes = With at most { $most } changes (stops and departures) the plan in force cannot be run under today's inputs; { $enough } are enough.
    .do = Allow more changes, or see what follows: what the plan in force breaks today.

# observed: what counts made of the survey
observed-no-plan = People were counted, but there is no plan in force to compare with; the survey stands.
    .do = Put the plan.json that was in force when they were counted into the project folder.
observed-fewer = { $line_en } ({ $service }), counted on { $days } days: { $percent } % fewer people than the survey said ({ $counted } a day, not { $survey }); { $now } are expected there now.
    .do = Plan again; go on counting, each day makes this surer.
observed-more = { $line_en } ({ $service }), counted on { $days } days: { $percent } % more people than the survey said ({ $counted } a day, not { $survey }); { $now } are expected there now.
    .do = Plan again; go on counting, each day makes this surer.
observed-rest = The smaller lines together, counted on { $days } days: { $counted } people a day where the survey said { $survey }; { $now } are expected there now.
    .do = Go on counting, each day makes this surer.
observed-unexpected = { $people } people were counted on trips where the survey expected nobody; who they are is not known, and nothing was changed for them.
    .do = Ask again who travels then, or write them into the survey.
replan-pays = It pays to replan: this plan saves { $saves } CNY a day against the one in force under the demand as counted, its changes cost riders { $price } CNY; that leaves { $net }.
    .do = Compare both (jiebo compare), and see what fewer changes would save (jiebo frontier).
replan-keep = It does not pay to replan: no plan was found that saves more than its changes cost.
    .do = Keep the plan in force and go on counting.

# rides on request
on-demand-nobody = Rides on request "{ $offer }" ({ $service }): nobody who rides no line wishes to travel in these hours between two stops in reach.
    .do = Look at its hours (from, until), or take it out of project.toml.
on-demand-no-vehicle = Rides on request "{ $offer }" ({ $service }): no vehicle is free for half of these hours or more.
    .do = Add a vehicle to fleet.csv, or choose hours in which one stands at its depot.
on-demand-over-budget = Rides on request "{ $offer }" ({ $service }): beside the lines there is no money left for a single vehicle.
    .do = Raise the budget, or shorten the hours.
on-demand-too-few = Rides on request "{ $offer }" ({ $service }): fewer than { $few } people a day would ask; what a plan said of them would tell of persons, so none is offered.
    .do = Choose longer hours or more services, or ask more people.
on-demand-broken-off = Rides on request "{ $offer }" ({ $service }): the run was stopped before days of it could be drawn; none is offered.
    .do = Plan again and let it finish: drawing days begins when the search ends.
on-demand-may-not-pay = Rides on request "{ $offer }" ({ $service }) pay on the drawn days: { $saving } CNY a day saved for { $cost }, with { $vehicles } vehicles. But the 90 % interval begins at { $low }: it may be luck.
    .do = Try it for some months and count who asks, or wait until more people say they would.
on-demand-too-many = Rides on request "{ $offer }" ({ $service }): { $people } people a day would ask, more than the { $most } whose days can be drawn; none is offered.
    .do = Let more of them ride lines (periods, modes), or offer rides in fewer hours or from fewer stops.
on-demand-does-not-pay = Rides on request "{ $offer }" ({ $service }) would save their riders CNY { $saving } a day and cost CNY { $cost } (vehicles: { $vehicles }); they are not offered.
    .do = Choose hours in which more people travel or a vehicle stands idle at its depot; a plan says at most how much could be saved.
