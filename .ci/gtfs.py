"""Judges a GTFS feed by somebody else's validator, on the feed's first day: no errors, no warnings."""

import csv
import io
import sys
import zipfile

import gtfs_guru

with zipfile.ZipFile(sys.argv[1]) as feed:
    info = next(csv.DictReader(io.TextIOWrapper(feed.open("feed_info.txt"), "utf-8-sig")))
start = info["feed_start_date"]
day = f"{start[:4]}-{start[4:6]}-{start[6:]}"
result = gtfs_guru.validate(sys.argv[1], country_code="CN", date=day)
for notice in result.notices:
    print(f"{notice.severity}: {notice.code} {getattr(notice, 'message', '')}")
counts = {"errors": result.error_count, "warnings": result.warning_count, "infos": result.info_count}
print(f"gtfs-guru on {day}:", ", ".join(f"{count} {name}" for name, count in counts.items()))
sys.exit(1 if result.error_count or result.warning_count else 0)
