"""Judges a GTFS feed by somebody else's validator: no errors, no warnings."""

import sys

import gtfs_guru

result = gtfs_guru.validate(sys.argv[1])
for notice in result.notices:
    print(f"{notice.severity}: {notice.code} {getattr(notice, 'message', '')}")
counts = {"errors": result.error_count, "warnings": result.warning_count, "infos": result.info_count}
print("gtfs-guru:", ", ".join(f"{count} {name}" for name, count in counts.items()))
sys.exit(1 if result.error_count or result.warning_count else 0)
