# Rides on request: booking one, one's own, the drivers' day.
problem-ride-none = No rides on request can be asked for on { $day }.
    .do = Choose another day; see which there are.
problem-ride-stop-unknown = Rides on request do not serve the stop “{ $stop }”.
    .do = Choose among the stops in the list.
problem-ride-stops-apart = Rides on request do not go from { $from_en } to { $to_en } on that day.
    .do = Choose two stops of the same offer.
problem-ride-stops-same = Both stops are the same.
    .do = Choose another one to ride to.
problem-ride-steps = There are steps at { $stop_en }: nobody in a wheelchair can board or alight there.
    .do = Choose a step-free stop.
problem-ride-plan-before = Rides of that day go on under the earlier plan; no more are taken.
    .do = Ask for another day.
problem-ride-busy = Very many are asking for rides just now.
    .do = Try again in a few seconds.
problem-ride-day-full = This day has { $most } bookings, as many as there may be.
    .do = Choose another day.
problem-ride-changed = What was offered does not stand any more: time has passed, or others were promised the place.
    .do = See what can be had now, and accept that.
problem-ride-token-used = This token has another ride.
    .do = Ask again and use the token of the new offer.
problem-ride-token = This is no token of an offer.
    .do = Send the token of the offer as it came.
problem-ride-under-way = The vehicle is on its way to the stop: the ride cannot be cancelled any more.
    .do = Tell the driver.
problem-ride-over = The ride is over.
    .do = There is nothing to cancel.

ride-refused-notice = Too soon: please ask { $minutes } minutes before at least.
ride-refused-too-late = No vehicle could be there by then, even if it stood at the stop.
ride-refused-shift = No vehicle is out then for that long; they run { $hours }, with rests.
ride-refused-busy = No vehicle can take you then.
ride-refused-room = So many people fit in no vehicle.
ride-refused-wheelchairs = No vehicle has room for the wheelchair and that many people.

rides-title = Book a ride
rides-none = No rides on request are offered at present.
rides-note = { $name }: { $hours }, ask { $minutes } min before at least.
rides-hours = { $from }–{ $until }
rides-hours-next = { $from }–{ $until } (next day)
rides-no-name = No name and no phone number is needed.
rides-from = From
rides-to = To
rides-date = Day
rides-time = Time
rides-kind = I want to
rides-depart = leave from
rides-arrive = arrive by
rides-wheelchair = with a wheelchair
rides-ask = See what can be had
rides-board-at = Board at { $stop }
rides-there-by = There by { $time }
rides-window = The vehicle comes within this time; be at the stop when it begins.
rides-take = Take it
rides-changed = What you were shown is not to be had any more.
rides-nearest = Leave from { $time } instead
rides-nearest-arrive = Arrive by { $time } instead
rides-no-nearest = There is nothing within 90 minutes around it either. Try another time.
rides-lines = Lines and timetable
rides-own = My ride
rides-keep-link = Keep this link: only with it will you see and cancel your ride.
rides-state = { $state ->
        [waiting] Promised
        [coming] The vehicle is coming
        [aboard] On the way
        [done] Over
       *[cancelled] Cancelled
    }
rides-planned = As it looks now, you board at { $time }
rides-code = Code for the driver: { $code }
rides-cancel = Cancel the ride
rides-another = Book another ride
rides-day = Rides on request
rides-day-none = Nobody has booked a ride on this day.
rides-day-rides = { $rides ->
        [one] 1 ride
       *[other] { $rides } rides
    }
rides-people = { $people ->
        [one] 1 person
       *[other] { $people } people
    }
rides-day-nothing = Nothing to drive.
rides-day-board = Board { $people }: { $codes }
rides-day-alight = Alight { $people }: { $codes }
rides-day-by = ≤: promised to be there by then; to be out of the vehicle by then.
rides-day-seats = { $seats ->
        [one] 1 seat
       *[other] { $seats } seats
    }
rides-day-aboard = Aboard
rides-day-done = done
rides-day-on-the-way = on the way
rides-day-back = Back at { $depot } by { $time }
rides-side-north = {" "}(north side)
rides-side-south = {" "}(south side)
rides-side-east = {" "}(east side)
rides-side-west = {" "}(west side)
rides-no-wheelchair = Vehicles here cannot take a wheelchair at present.
rides-day-cancel = Cancel a ride for its rider
rides-day-code = Code
rides-day-cancel-note = Whoever booked it reads the reason on the page of the ride.
rides-called-off = Who runs the rides had to cancel this one.
