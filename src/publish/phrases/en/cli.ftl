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
cli-stopped = The search was stopped early; this is the best plan it had.
cli-progress = , { $yuan } CNY a day
cli-summary = { $served } journeys served on a mean day of all services: lines { $lines } (there and back are two), stops { $stops }, trips { $trips }, vehicles { $vehicles }.
cli-summary-nothing = No line worth running was found: each one tried would cost more than it brings.
cli-summary-cost = Running costs { $cost } CNY on a mean day of all services. Objective { $objective }, without a shuttle { $nothing }, bound { $bound }; at most { $gap } % of the possible benefit is missed.
cli-summary-parking = Parking: requests granted { $permits }, refused { $refused }.
cli-summary-written = Plan { $plan } written to { $path } ({ $seconds } s). Open report.html first.

cli-check-passed = Plan { $plan } passed the check.
cli-check-failed = Plan { $plan } did not pass the check: { $count } things are not as they should be.
cli-import-errors = { $path } has errors, so its normal form was not written. Mend the errors above first.
cli-io-not-found = there is no such file or folder
cli-io-denied = permission is denied
cli-io-directory = it is a folder, not a file
cli-io-no-directory = it, or a part of the path, is no folder
cli-import-written = Written to { $path }.

compare-title = Plans compared
compare-no-change = No change in lines, stops, departures or riders.
cli-scenario-unreadable = The scenario { $path } cannot be read: { $reason }. Write it as [[modification]] entries, as the README shows.
cli-scenario-failed = [[modification]] number { $number } of the scenario cannot be made: { $reason }

cli-serve-project = Project { $project } is there.
cli-serve-ready = Listening: { $url } (Ctrl-C ends it)
cli-serve-first = The first admin comes in here, once, within 24 hours: { $url }
cli-worker-ready = Working on jobs (Ctrl-C ends it; a job in hand is put back with its best so far).
cli-backup-done = { $rows } rows backed up into { $path }.
cli-restore-done = { $rows } rows restored.
cli-restore-full = The database is not empty. With --replace all of it is replaced by the backup.

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
