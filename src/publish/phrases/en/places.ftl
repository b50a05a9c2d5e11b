# parking, rooms, comments

problem-place-days = The days “{ $days }” cannot be read.
    .do = Write weekdays, such as daily, Mon-Fri, Sat,Sun or 一三五, or dates, such as 2026-12-24.
problem-place-over = All of “{ $days }” is over.
    .do = Choose dates that are still to come.
problem-place-clock = This is no time of day.
    .do = Write HH:MM, such as 18:00; what ends the next day simply ends earlier than it begins.
problem-place-number = A number belongs here.
    .do = Write digits only, within the limits.
problem-place-form = The form is not complete.
    .do = Go back, fill it in and send it again.
problem-place-withdrawn = This was withdrawn.
    .do = Ask again if you still need it.
problem-place-too-many = The register is full ({ $most } at most).
    .do = Ask the committee, or try again later.
problem-place-unknown = There is no place “{ $home }”.
    .do = Choose one from the list, or write “longitude latitude”.
problem-parking-no-lots = This project lends no bays at present.
    .do = Ask again once a lot is registered.
problem-parking-lot-unknown = There is no such lot.
    .do = Choose one from the list of lots.
problem-parking-lot-not-left = Lot “{ $lot }” cannot be given: { $why ->
        [closed] it does not lend bays at all these times
        [kind] it has no bay of that kind
       *[full] at some of these times no bay is left
    }.
    .do = Choose another lot, or take a bay back first.
problem-parking-decision-incomplete = The decision is not complete.
    .do = Name a lot to grant, or a reason to refuse.
problem-room-or-kind = Name a room or a kind, one of the two.
    .do = Write room for a certain one, kind for any.
problem-room-none = This project offers no rooms at present.
    .do = Ask again once a room is registered.
problem-comment-too-many = This stop has { $most } open comments within a day.
    .do = Many have said so already; try again tomorrow.

room-refused = { $reason ->
        [no-room] There is no such room or kind of room
        [too-small] Not enough seats
        [closed] Not open at these times
       *[taken] Taken at these times
    }

places-none = None.
places-send = Send
places-more = More
places-stop = Stop
places-state = State
places-reason = Reason
places-days = Days
places-one-day = Or one day only
places-days-weekly = Which days, weekly or dates
places-from = From
places-to = To
places-times = Times
places-lot = Lot
places-walk = Walk
places-metres = { $metres } m
places-price = Price of a night
places-people = People
places-people-n = { $people } people
places-group = Name of the group
places-site = Place
places-kind = Kind
places-who = Who may use it
places-seats = { $seats } seats
places-seats-label = Seats
places-asked = What was asked for
places-withdraw = Withdraw
places-no-contact = Please write no names or phone numbers.
places-no-plate = No number plate is needed.
places-keep-link = Keep the link below: only with it will you see the answer. It is shown this once and cannot be found again.

places-comment-title = What is wrong at this stop?
places-comment-what = What is wrong?
places-comment-thanks = Thank you, we have it.
places-comment-own = My comment
places-comment-answer = Answer
places-comment-unanswered = Not answered yet.
places-comment-closed = Dealt with, without an answer.
places-comment-do-answer = Answer
places-comment-do-close = Done with, no answer
places-comment-do-open = Open again
places-comments = Comments by stop
places-comments-open = Open
places-comments-done = Done

places-parking-title = Ask for a bay at night
places-parking-lots-near = Which lots there are
places-parking-no-lots = No bays are lent at present.
places-parking-area = Residential area
places-parking-how-far = How far is the walk?
places-parking-walk = about { $metres } m on foot, { $minutes } min
places-parking-walk-note = Straight line from the middle of the area and a third more; bays are given by the real paths.
places-parking-bays = { $bays } bays
places-parking-permits = given to { $permits } cars
places-parking-price-night = { $price } a night
places-parking-apply = Ask
places-parking-elsewhere = Not in the list
places-parking-at = Or longitude and latitude of your home
places-parking-at-note = Only a cell of about 100 m is kept.
places-parking-max-walk = Farthest walk (m)
places-parking-max-price = Highest price of a night (CNY, may be left empty)
places-parking-accessible = accessible bay needed
places-parking-charging = charger needed
places-parking-within = within { $metres } m on foot
places-parking-own = My request for a bay
places-parking-thanks = We have your request. Once the next plan is published the answer will be here.
places-parking-state = { $state ->
        [waiting] Waiting
        [granted] You have a bay
        [over] Over: its dates have gone by
        [refused] No bay
       *[withdrawn] Withdrawn
    }
places-parking-rank = No. { $rank } on the waiting list
places-parking-hints = What would get you a bay
places-parking-leave-in-time = Please leave in time: the owner of the bay comes back.
places-parking-lots = Shared parking
places-parking-promise = Chance that a returning owner finds no bay: at most { $upper } for a lot and day (99 % limit).
places-parking-limit = The owner allows { $limit }.
places-parking-no-plan = No plan is in force.
places-parking-heat = Most cars in each hour of the week; grey where no bays are lent
places-parking-requests = Requests
places-parking-requests-note = Plans decide; once a plan is published its answer counts. A decision by hand goes before a plan's.
places-parking-form-link = Page for residents
places-parking-by-hand = decided by hand
places-parking-decide = Decide by hand
places-parking-grant = Grant this lot
places-parking-refuse = Refuse

places-rooms-title = Shared rooms
places-rooms-none = No rooms are offered at present.
places-rooms-free = Not taken by anybody.
places-rooms-taken = Taken:
places-rooms-claim = Claim a room
places-rooms-first = First come, first served; the answer comes at once.
places-rooms-what = Room
places-rooms-any = Any: { $kind }
places-rooms-offers = Rooms and claims
places-rooms-offer = Offer a room
places-rooms-over = Over: its dates have gone by
places-rooms-remove = Offer no longer
places-rooms-form-link = Page for claims
places-rooms-id = Id
places-claims = Claims
places-claim-own = My claim
places-claim-state = { $state ->
        [granted] Granted
        [over] Over: its dates have gone by
        [refused] Not granted
       *[withdrawn] Withdrawn
    }
places-claim-next = Next free:
places-claim-again = Choose another time
