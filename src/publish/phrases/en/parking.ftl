# parking

# why a request gets no bay
reason-parking-no-lot-in-reach = No shared lot within the walk
reason-parking-no-lot-at-that-time = No lot within the walk lends bays at that time, or the car would leave too close to the owners' return
reason-parking-too-dear = Every lot within the walk costs more than the applicant would pay
reason-parking-no-accessible-bay = No lot within the walk has a suitable accessible bay
reason-parking-no-charging-bay = No lot within the walk has a charging bay
reason-parking-full = All suitable bays are given out

# the least change that would get a bay
relaxation-parking-walk_m = There is a bay { $amount } m farther
relaxation-parking-minutes = There is a bay for a stay { $amount } minutes shorter
relaxation-parking-fen = There is a bay for { $amount } fen a night more

# findings: parking
parking-history-missing = There are no records of when cars really leave; overstays are assumed: 2 % of cars (at most 6 %), half as many every 30 minutes.
    .do = Record departures in parking_history.csv and plan again after a month: only then does the promise to owners rest on facts.
parking-history-skipped = { $count } of { $of } departures are not used: unknown lot or request, or a stay outside the lot's lending time.
    .do = Check the ids of lots and requests; keep past requests in parking.csv.
parking-home-off-network = { $count } requests have a home with no path near it; their walks are unknown.
    .do = Check these coordinates, or add the paths of the compound.
parking-lot-off-network = Lot { $lot } has no path near it and cannot be given out.
    .do = Check its coordinates, or give its gate: gate_lon, gate_lat.
parking-lottery = Some requests are equal in standing; a public lottery with seed { $seed } puts them in order.
    .do = Anyone can run the lottery again with this seed and the requests' ids.
parking-area-below-floor = Area { $area } has a bay for { $served } of its requests only, less than its floor of { $floor }.
    .do = Add a shared lot near it, or relax the walks and times asked for there; area_floor in [policy] of project.toml is the share.
parking-permit-not-kept = Request { $request } could not keep its bay in lot { $lot }: the lot is gone or does not suit it any more, or its owners could not be sure of a bay.
    .do = Tell the applicant; if the lot's times or bays have changed, check lots.csv with its owner.
parking-reserve = Lot { $lot } lends { $bays } bays to at most { $permits } cars a night; in the morning { $reserve ->
        [one] one bay
       *[other] { $reserve } bays
    } must be left free so that all other owners who come back find one.
    .do = Agree with the owner that these bays stay free until the last late car has left; the more departures are recorded, and the more punctual, the fewer are needed.
parking-nearest-lots-only = There are too many requests and lots to weigh every pair: only the { $lots } lots nearest to each home are considered.
    .do = Plan the district in parts, or leave out lots that are too far from all homes.
parking-search-cut = { $requests } requests are too many to search thoroughly: { $served } are served, of at most { $most } that could be.
    .do = Plan the district in parts if every last bay matters.
parking-too-large = { $requests } requests are too many for one plan; no bay was given out.
    .do = Plan the district in parts: at most 200,000 requests each, and times rounded to the quarter of an hour.

# why a claim gets no room
reason-room-no-room = There is no such room or kind of room
reason-room-too-small = Not enough seats
reason-room-closed = Not open at that time
reason-room-taken = Taken at that time

# the least change that would get a room
relaxation-room-other_room = { $room } is free then
relaxation-room-minutes_later = { $from }–{ $to }{ $where }
relaxation-room-minutes_earlier = { $from }–{ $to }{ $where }
relaxation-room-minutes = only { $from }–{ $to }{ $where }
relaxation-room-days = { $days } at the same time{ $where }
relaxation-room-people = { $amount } fewer people{ $where }

# findings: rooms
room-claims-refused = { $count } of { $of } claims get no room.
    .do = The report says of each why, and what would get it a room: another time, another room or fewer people.
room-claim-refused = Claim { $claim } gets no room: { $reason ->
        [no-room] there is no such room or kind of room
        [too-small] there are not enough seats
        [closed] it is not open at that time
       *[taken] it is taken at that time
    }.
    .do = { $reason ->
        [no-room] Check the room or kind in claims.csv.
        [too-small] Bring fewer people, or meet twice.
        [closed] Choose a time within the opening hours.
       *[taken] Choose another time, or another room of the kind.
    }
room-some-only = For { $claims } claims there are too many suitable rooms to weigh all: each is considered for { $rooms } of them.
    .do = Name the room, or a narrower kind, in claims.csv.
room-too-large = { $claims } claims are too many to be weighed against each other: rooms went to them in the order of the file.
    .do = Plan the rooms in parts, with times rounded to the quarter of an hour.

# findings: rest points and groups
rest-no-candidates = There is no place (park, gate, station or shared room) for couriers' rest points; none are planned.
    .do = Add places that could be used to sites.csv.
rest-sixth = The { $places } rest points reach { $covered } of { $total } courier-hours; one more at { $site } would reach { $more } more.
    .do = Open it first if there is money for another.
groups-unbalanced = The areas form { $groups } blocks; the largest has { $percent } % more people than the mean.
    .do = To balance further, consider dividing the areas with the most people.
rest-too-many = There are too many courier counts ({ $counts }) to look at all; the rest points are chosen from a part of the places.
    .do = Merge counts of the same place, or plan the district in parts.
groups-too-large = The { $areas } areas could not be grouped into blocks.
    .do = Merge small areas, or plan the district in parts.
