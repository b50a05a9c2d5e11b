"""Reads a GTFS Realtime feed by somebody else's reader and prints its entities; with a gtfs.zip every id has to be in it.

realtime.py FEED [GTFS.zip]: exit 1 if the feed is empty or names what the timetable does not know.
"""

import csv
import io
import sys
import zipfile

from google.transit import gtfs_realtime_pb2

feed = gtfs_realtime_pb2.FeedMessage()
with open(sys.argv[1], "rb") as file:
    feed.ParseFromString(file.read())

known = {}
calls = set()
starts = {}
if len(sys.argv) > 2:
    with zipfile.ZipFile(sys.argv[2]) as timetable:

        def rows(name):
            with timetable.open(name) as table:
                yield from csv.DictReader(io.TextIOWrapper(table, "utf-8-sig"))

        known = {
            "agency": {row["agency_id"] for row in rows("agency.txt")},
            "stop": {row["stop_id"] for row in rows("stops.txt")},
            "route": {row["route_id"] for row in rows("routes.txt")},
            "trip": {(row["trip_id"], row["route_id"], row["direction_id"]) for row in rows("trips.txt")},
        }
        for row in rows("stop_times.txt"):
            calls.add((row["trip_id"], int(row["stop_sequence"]), row["stop_id"]))
            if row["stop_sequence"] == "0":
                starts[row["trip_id"]] = row["departure_time"]

wrong = []


def expect(kind, what, inside=None):
    if known and what not in (known[kind] if inside is None else inside):
        wrong.append(f"{kind} {what} is not in the timetable")


def check_trip(trip):
    expect("trip", (trip.trip_id, trip.route_id, str(trip.direction_id)))
    if known and starts.get(trip.trip_id) != trip.start_time:
        wrong.append(f"trip {trip.trip_id} starts {starts.get(trip.trip_id)}, not {trip.start_time}")


for entity in feed.entity:
    if entity.HasField("trip_update"):
        update = entity.trip_update
        check_trip(update.trip)
        for call in update.stop_time_update:
            expect("stop_time", (update.trip.trip_id, call.stop_sequence, call.stop_id), calls)
        relationship = gtfs_realtime_pb2.TripDescriptor.ScheduleRelationship.Name(update.trip.schedule_relationship)
        delays = sorted({call.departure.delay for call in update.stop_time_update})
        print(entity.id, relationship, update.trip.start_date, update.trip.start_time, "delays", delays)
    elif entity.HasField("alert"):
        alert = entity.alert
        for about in alert.informed_entity:
            if about.HasField("agency_id"):
                expect("agency", about.agency_id)
            if about.HasField("stop_id"):
                expect("stop", about.stop_id)
            if about.HasField("route_id"):
                expect("route", about.route_id)
            if about.HasField("trip"):
                check_trip(about.trip)
        effect = gtfs_realtime_pb2.Alert.Effect.Name(alert.effect)
        words = " / ".join(f"{text.language}: {text.text}" for text in alert.header_text.translation)
        print(entity.id, effect, f"{len(alert.informed_entity)} informed", words)
    else:
        wrong.append(f"entity {entity.id} says nothing we know")

version = feed.header.gtfs_realtime_version
print(f"GTFS Realtime {version} of {feed.header.timestamp}: {len(feed.entity)} entities, {len(wrong)} wrong")
print("\n".join(wrong))
sys.exit(1 if wrong or not feed.entity or not feed.IsInitialized() else 0)
