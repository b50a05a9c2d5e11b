"""Judges a GTFS feed with gtfs-guru: exit 1 on any error or warning.

The feed is judged on its own first day; a feed that starts next month is no fault of the feed.
"""

import csv
import io
import sys
import zipfile

import gtfs_guru

path = sys.argv[1]
with zipfile.ZipFile(path) as feed:
    info = next(csv.DictReader(io.TextIOWrapper(feed.open("feed_info.txt"), "utf-8")))
first = info["feed_start_date"]
result = gtfs_guru.validate(path, country_code="CN", date=f"{first[:4]}-{first[4:6]}-{first[6:]}")
for notice in result.notices:
    print(notice.severity, notice.code, notice.file, notice.row, notice.field, notice.message)
print(f"{path}: {result.error_count} errors, {result.warning_count} warnings, {result.info_count} remarks")
sys.exit(1 if result.error_count or result.warning_count else 0)
