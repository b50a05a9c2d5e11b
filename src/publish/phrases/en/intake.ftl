# Findings of intake: value = what is wrong, .do = what to do.

intake-then = { $then ->
        [dropped] The row was left out.
       *[empty] It counts as empty.
    }

## files

file-missing = This file is not in the project folder, and what is asked for needs it.
    .do = Put it into the folder (CSV or XLSX), or plan only the parts that do without it (--only).
file-twice = There are both a CSV and an XLSX of this name; only { $used } was read.
    .do = Remove the one you do not use, so that nobody edits the wrong file.
file-unknown = This file was not read: its name is none that a project uses{ $guess ->
        [no] {""}
       *[yes] {" "}(did you mean { $near }?)
    }.
    .do = Rename it if it is meant to be read; otherwise nothing is needed.
file-too-large = The file is larger than the limit of { $limit } and was not read.
    .do = Remove columns and rows that are not used, or split the project.
file-empty = The file is empty (0 bytes).
    .do = See whether the right file was saved, or a copy or download was cut off; save it again.
text-unreadable = The file is no text in UTF-8, UTF-16 or GBK.
    .do = Open the original in a spreadsheet and save it as "CSV UTF-8".
text-damaged = Some characters of the file cannot be read, the first near this row; the rest was read.
    .do = Look for garbled characters, mend them and save the file as "CSV UTF-8".
rows-beyond-limit = Only the first { $limit } entries were read.
    .do = Remove what is not used, or split the project.
nothing-left = Nothing in this file can be used.
    .do = Mend what the other findings name and try again.
more-of-the-same = { $count } more of the same kind are not listed ({ $kind }).
    .do = Mend those listed first; the cause is mostly the same.

## tables

table-old-excel = This is an old Excel file (.xls) or a workbook with a password, which cannot be read.
    .do = Take the password off and save it as .xlsx or CSV.
table-too-many-rows = The table has more than { $limit } rows and was not read.
    .do = Remove blank and unused rows, or split the project.
table-too-many-columns = The table has more than { $limit } columns and was not read.
    .do = Keep only the columns that are used.
table-no-header = No header was found: no column has a known name (at least { $columns } are needed).
    .do = Write the names of the columns into row 1, in English ({ $columns }) or Chinese ({ $zh }).
table-header-not-first = The header stands in this row; the rows above it were taken for a title.
    .do = Nothing is needed.
table-column-missing = This column is missing, and without it the table cannot be used.
    .do = Add the column with the header { $en } or { $zh }; if it is there under another name, rename its header to one of these.
column-missing = This column is missing; the rows that need it were left out.
    .do = Add the column with the header { $en } or { $zh }; if it is there under another name, rename its header to one of these.
table-column-twice = Two columns are { $column }; the first was used, column { $letter } was not.
    .do = Remove or rename one of them.
table-unknown-column = Unknown column (column { $letter }); it was not read.
    .do = Nothing is needed if it is not meant for the plan; otherwise rename its header.
contact-column-dropped = This column (column { $letter }) looks like personal contacts; it was dropped unread and is kept nowhere.
    .do = No plan needs it; better delete the column before the file is passed on.
table-row-long = This row has { $cells } cells, the header { $columns }; the rest was not read.
    .do = See whether a text contains the separator, and put it in quotation marks.
table-row-short = This row has { $cells } cells, the header { $columns }; the others count as empty.
    .do = See whether the row was cut off.
table-cell-too-long = A cell has more than { $limit } characters and counts as empty.
    .do = Shorten it.
table-open-quote = A quotation mark in this row is never closed; it was taken for an ordinary character.
    .do = Close or remove it.
table-empty = The table has a header and nothing below it.
    .do = See whether the right file was saved.

## workbooks

xlsx-broken = The workbook cannot be opened ({ $reason }).
    .do = Open it in a spreadsheet and save it as a new .xlsx or as CSV.
xlsx-no-workbook = The name ends in .xlsx, but the file is no workbook; it was not read.
    .do = Open the original in a spreadsheet and save it as .xlsx; if it is CSV, let its name end in .csv.
xlsx-too-large = Unpacked, the workbook is larger than { $limit }; it was not unpacked.
    .do = Remove pictures and unused sheets, or save the sheet as CSV.
xlsx-too-many-entries = The workbook has more than { $limit } parts and was not opened.
    .do = Copy the sheet that is needed into a new workbook.
xlsx-bomb = A part of the workbook would unpack to more than { $ratio } times its size; it was refused as harmful.
    .do = Ask whoever sent it for a newly saved file.

## cells

cell-missing = This cell is empty, and the row needs it; the row was left out.
    .do = Fill it in.
cell-not-a-number = "{ $said }" is no number. { intake-then }
    .do = Write a number.
cell-not-whole = "{ $said }" is no whole number. { intake-then }
    .do = Write a whole number.
cell-out-of-range = "{ $said }" is out of range ({ $min } to { $max }). { intake-then }
    .do = Look it up and mend it.
cell-unit = "{ $said }" has its unit with it; it was read as a number in the unit of the column.
    .do = Better leave the unit out.
cell-not-a-time = "{ $said }" is no time. { intake-then }
    .do = Write it as 08:30; past midnight as 24:30.
cell-not-days = "{ $said }" names no days. { intake-then }
    .do = Write Mon-Fri, "Mon,Wed", daily or dates.
cell-not-a-date = "{ $said }" is no date. { intake-then }
    .do = Write it as 2026-12-01.
cell-not-yes-no = "{ $said }" is neither yes nor no. { intake-then }
    .do = Write yes or no.
window-too-long = The window that ends at "{ $said }" is longer than a day; the row was left out.
    .do = A window has at most 24 hours; one over night is 18:00 to 08:00.
dates-over = { $count ->
        [one] Dates of 1 row are over: nothing is planned on them. Records of departures are still read by them.
       *[other] Dates of { $count } rows are over: nothing is planned on them. Records of departures are still read by them.
    }
    .do = Where a row is still needed, write dates to come, and leave its column past empty.
dates-too-many = With the dates "{ $said }" there would be more than { $most } single dates; the row was left out.
    .do = Write weekdays where it is the same every week, or plan one season at a time.

## ids and names

id-twice = The id "{ $said }" stands in row { $first } already; this row was left out.
    .do = Delete one of the rows or give it another id.
id-with-blanks = The id "{ $said }" has blanks in it; "{ $used }" is used instead.
    .do = Write ids without blanks.
id-too-long = The id is too long; the row was left out.
    .do = Ids have at most 100 characters.
name-of-several = Several go by the name "{ $said }". { intake-then }
    .do = Write the id instead.
site-unknown = There is no site "{ $said }".{ $guess ->
        [no] {""}
       *[yes] {" "}Did you mean { $near }?
    } { intake-then }
    .do = Look up how it is written in sites.csv (id or name).
site-parent-unknown = There is no site "{ $said }".{ $guess ->
        [no] {""}
       *[yes] {" "}Did you mean { $near }?
    } { intake-then }
    .do = Look up how it is written in sites.csv (id or name).
firm-unknown = There is no firm "{ $said }".{ $guess ->
        [no] {""}
       *[yes] {" "}Did you mean { $near }?
    } { intake-then }
    .do = Look up how it is written in firms.csv (id or name).
stop-unknown = There is no stop "{ $said }".{ $guess ->
        [no] {""}
       *[yes] {" "}Did you mean { $near }?
    } { intake-then }
    .do = Look up how it is written in stops.csv (id or name).
lot-unknown = There is no lot "{ $said }".{ $guess ->
        [no] {""}
       *[yes] {" "}Did you mean { $near }?
    } { intake-then }
    .do = Look up how it is written in lots.csv (id or name).
party-unknown = No lot in an exchange belongs to "{ $said }".{ $guess ->
        [no] {""}
       *[yes] {" "}Did you mean { $near }?
    } The request counts as anybody's.
    .do = Write the owner as in lots.csv, in a row with exchange = yes.
room-unknown = There is no room "{ $said }".{ $guess ->
        [no] {""}
       *[yes] {" "}Did you mean { $near }?
    } { intake-then }
    .do = Look up how it is written in rooms.csv (id or name).

## coordinates

point-swapped = "{ $said }": longitude and latitude look swapped; this entry was left out.
    .do = Longitude comes first (about 121 in Shanghai), then latitude (about 31).
point-out-of-range = "{ $said }" is no longitude and latitude; this entry was left out.
    .do = Longitudes are within -180 and 180, latitudes within -90 and 90.
point-far = "{ $said }" is { $km } km from the middle of the other sites; this entry was left out.
    .do = Look the coordinates up; nothing beyond 20 km is used.

## project.toml

toml-unreadable = project.toml is not well written in this row: { $reason }.
    .do = Look at its quotation marks, equals signs and brackets; the rest is read once this row is mended.
toml-unknown-key = Unknown key{ $then ->
        [stop] {""}
       *[empty] ; it was not used
    }{ $guess ->
        [no] {""}
       *[yes] {" "}(did you mean { $near }?)
    }.{ $then ->
        [stop] {" "}The budget is a hard limit and never counts as not given.
       *[empty] {""}
    }
    .do = Mend the name of the key or remove it.
toml-value = This value will not do, { $expected } is expected; it { $then ->
        [stop] cannot count as not given
       *[empty] counts as not given
    }.
    .do = Write { $expected }.
toml-twice = "{ $id }" is there already; the second was not used.
    .do = Rename or remove one of them.
project-name-missing = The project has no name.
    .do = Write name = "…" under [project].
project-name-unsafe = The name becomes part of file names; "{ $used }" is used.
    .do = Use letters, digits and hyphens only.
service-days-unknown = It cannot be understood on which days the service "{ $service }" runs, so nothing can be planned for it.
    .do = Write Mon-Fri, "Mon,Wed", daily or dates, as days = "Mon-Fri".
service-dates-assumed = The service "{ $service }" does not say from when until when; { $from } to { $until } is assumed.
    .do = Write from and until.
service-too-long = The service "{ $service }" is longer than three years; it ends on { $until }.
    .do = Shorten it.
service-without-days = The service "{ $service }" runs on no day; it was not used.
    .do = Look at its days, its dates and the holidays.
on-demand-unknown = Rides on request "{ $offer }": { $key } names "{ $name }", which the project does not have; it was left out.
    .do = Correct the name in [[on_demand]] of project.toml.
services-none = No service runs on any day.
    .do = Write [[services]] with days, from and until into project.toml.
period-backwards = This period does not end after it begins; it was not used.
    .do = Look at from and to; past midnight is 24:30.
period-incomplete = This period lacks its beginning or end; it was not used.
    .do = Write name, from and to.
periods-overlap = The period "{ $name }" overlaps the one before it; they were joined.
    .do = Set them apart.
peaks-differ = The peaks have different speed factors; the slower is used for both.
    .do = Nothing is needed; no timetable will be too fast.
alternative-incomplete = This alternative lacks its mode or speed (m_per_s); it was not used.
    .do = Write mode and m_per_s.

## sites, stops, calendar, fleet, trains

site-kind-unknown = Unknown kind of site "{ $said }"; the row was left out.
    .do = Write one of park, gate, station, exit, lot, depot, area, room.
site-parent-kind = The parent "{ $said }" is no park (of a gate) or station (of an exit); it counts as none.
    .do = A gate names its park, an exit its station.
site-parent-missing = This gate or exit names no parent; it counts as a place by itself.
    .do = Name its park or station.
stop-kerb-unknown = "{ $said }" is no kerb; right is assumed.
    .do = Write right, left or either.
calendar-kind-unknown = "{ $said }" is neither holiday nor working; the row was left out.
    .do = Write holiday or working.
calendar-date-twice = This date stands in row { $first } already; this row was left out.
    .do = Delete one of the rows.
site-off-paths = "{ $site }" is { $km } km from the nearest road in the road file (limit { $limit } m): nobody there can walk to a stop.
    .do = Check longitude, latitude and the coordinate system; if they are right, export roads that include it, or delete the row.
site-nothing-to-enter = "{ $site }" lets the shuttle in, but within 60 m of it there is no private road or gate to open.
    .do = Move the site to its gate, draw its roads in roads.geojson (highway = service), or leave enter empty if the shuttle stays outside.
coordinates-mixed = The points of this file fit the roads and sites around them if read as { $system }, not as { $declared }: as declared they lie about { $metres } m aside ({ $points } places compared).
    .do = { $fix ->
        [declare] Write coordinates = "{ $system }" in project.toml.
       *[convert] Convert this file to { $declared }, or export it again in { $declared }; if all files of the folder are in { $system }, write coordinates = "{ $system }" in project.toml instead.
    }
coordinates-mixed-roads = The roads fit gates, exits and stops if read as { $system }, not as { $declared }: as declared they lie about { $metres } m aside ({ $points } places compared).
    .do = Convert roads.geojson to { $declared }, or bring the roads as roads.osm.pbf, which is always WGS-84.
fleet-count-assumed = It is not said how many vehicles there are; one is assumed.
    .do = Write the count.
fleet-price-assumed = There is no price that can be used; CNY { $used } a day is assumed, and all costs and shares follow it.
    .do = Write what a vehicle of this type really costs a day.
fleet-price-column-missing = The fleet has no column with prices; CNY { $used } a day is assumed for every type, and all costs and shares follow it.
    .do = Add a column with the header cost_per_day or 每天费用: CNY a day for one vehicle.
train-not-a-station = "{ $said }" is no station; the row was left out.
    .do = Name a station or one of its exits.
boarding-without-trip = Neither a trip nor a line and departure is given; the row was left out.
    .do = Write the trip, or the line and its departure.
boarding-trip-unknown = "{ $said }" is no trip of the plan in force (or its line has no such departure); the row was left out.
    .do = Write the trip as the run sheet does, or take out counts of an earlier plan.
boarding-not-running = The trip does not run on { $date }; the row was left out.
    .do = Correct the date, or the trip.
boarding-stop-not-served = The trip does not call at { $stop }; the row was left out.
    .do = Correct the stop, or the trip.
grid-unreadable = This is no grid: { $reason }
    .do = Write [[axis]] entries with [[axis.choice]] entries in them, as the README shows.
grid-axes = The grid has { $count } axes; it may have 1 to { $most }.
    .do = Write one or more [[axis]] entries, each with its choices.
grid-axis-empty = This axis has no choice.
    .do = Write [[axis.choice]] entries under it; one without modifications is the project as it is.
grid-too-large = The grid has { $count } cells; at most { $most } are planned.
    .do = Take fewer choices or axes, or make two grids.
grid-name = A name is missing, or longer than { $most } characters.
    .do = Give every axis and choice a short name: it heads the table.
grid-name-twice = The name "{ $said }" stands twice.
    .do = Give each axis its own name, and each choice of an axis.
scenario-unknown = The project has no { $what ->
    [vehicle-type] vehicle type
    [way] way
    [site] site
    [candidate-stop] candidate stop
    [station-with-trains] station with trains
   *[other] such thing as
} "{ $id }".
    .do = Give one of the project's own.
scenario-taken = The project already has a site "{ $id }".
    .do = Choose another id.
scenario-value = { $field } is { $value }, which is not { $wanted }.
    .do = Correct it.
scenario-nothing-in-force = There is no plan in force whose timetable could be kept.
    .do = Put its plan.json into the project folder.
plan-unreadable = The plan in force cannot be read: { $reason }
    .do = Use the plan.json as `plan` wrote it, or take the file away.
json-unreadable = From this row on the file is no valid JSON ({ $reason }).
    .do = Export it again.
geojson-no-features = The file has no features.
    .do = Export it as a GeoJSON FeatureCollection.
area-no-outline = This area has no usable outline; it was left out.
    .do = An outline is a polygon of at least three different points.
roads-too-large = The road file exceeds a limit ({ $limit } { $what }) and was not read.
    .do = Cut it to the district first.
roads-unreadable = The road file cannot be read ({ $reason }).
    .do = Mend it at that place if it was drawn by hand; otherwise export it again.

## survey

survey-column-absent = The survey has no column { $column }{ $used ->
        [person] ; each row counts as a person of its own
        [days] ; { $days } is used throughout
       *[other] ; { $used } is used throughout
    }.
    .do = Ask for it the next time: the plan will fit better.
survey-no-response = There is no response id; the row counts as a person of its own.
    .do = Fill it in, so that somebody's way in and way back are known as one person's.
survey-same-place = Origin and destination are the same place; the row was left out.
    .do = Look up both ends.
survey-time-kind-unknown = "{ $said }" is neither arrive_by nor depart_after; the row was left out.
    .do = Write arrive_by or depart_after.
survey-time-kind-assumed = It is not said whether the time is of arrival or departure; one end being a park, { $used } is assumed.
    .do = Write arrive_by or depart_after.
survey-days-assumed = No days are given that can be used; { $days } is assumed.
    .do = Write the days.
survey-use-assumed = It is not said whether they would ride; "maybe" (0.4) is assumed.
    .do = Write yes, maybe, no or a probability.
survey-use-unknown = "{ $said }" is none of yes, maybe, no, nor a probability of 0 to 1; the row was left out.
    .do = Write yes, maybe, no or a probability.
survey-duplicate-answer = This answer repeats row { $first }.
    .do = Delete one of the two rows; only the first is counted.
survey-journey-twice = The same person makes this journey on the same days in row { $first } already (at { $time }); this row was left out.
    .do = Keep one of them, or give them different days.
survey-third-journey = This person has a way in and a way back on the same days already (row { $first } on); a third journey was left out.
    .do = A response has one way in and one back; write others as a response of their own.
survey-back-before-in = The way back leaves before the way in arrives (row { $first }, { $time }); this row was left out.
    .do = Look up both times; the end of a night shift is written past midnight, as 30:00.
survey-both-ways-alone = It says "only if both ways run", but there is only one way; it counts by itself.
    .do = Add the other way.
survey-two-weights = The two rows of this person have different weights; { $used } is used.
    .do = Give both the same weight.
survey-equal-block = From this row to row { $last }, { $count } rows of one firm have the very same answers.
    .do = Ask whether somebody filled them in for the others; if so, keep one and give it a weight.
survey-response-rate = { $firm }: { $answers } answers of { $people } people ({ $percent } %).
    .do = If it is below a third, better ask again.
survey-response-rate-small = { $firms } firms of fewer than 5 people together: { $answers } answers of { $people } people.
    .do = Small firms are not shown alone, so that nobody is recognised.
survey-silent-firms = { $firms } firms have no answer that can be used; their people are not counted.
    .do = Ask them again, or give the answers of similar firms a weight.
survey-more-answers-than-people = { $firm }: { $answers } answers, but only { $people } people.
    .do = Look up its people, or look for answers given twice.
survey-ridership-interval = Service "{ $service }": { $mean } journeys expected a day, with 90 % confidence { $low } to { $high }.
    .do = This is the error of sampling only; those who did not answer may think otherwise.
normal-form-wgs84 = The coordinates were written in WGS-84.
    .do = Used in a project, it needs coordinates = "wgs84" in project.toml.

## parking

lot-more-special-bays = There are more accessible or charging bays than bays ({ $said }); they were cut to it.
    .do = Look up the numbers; bays counts all of them.
lot-exchange-without-owner = The lot is marked for exchange but has no owner whose own requests it would serve; it counts as not marked.
    .do = Fill in owner, and the same name in column party of parking.csv.
lot-returns-sum = The shares of returning owners sum to { $sum }, not to 1; they count as not given.
    .do = They must sum to 1.
lot-returns-unreadable = "{ $said }" is no list of returns; it counts as not given.
    .do = Write it as 07:00=0.3;08:00=0.7.
