//! A workbook's sheet, row by row: the sheet of the wanted name, or the first.
//!
//! Nothing is given to the parser before the archive's directory and its unpacked size are known: at most 2,000
//! entries, 256 MB unpacked as claimed and as counted, none that grows more than 500-fold beyond its first megabyte
//! (deflate's own limit is 1,032; a sheet of equal rows reaches some 60), and no table of shared strings that claims
//! more strings than it has bytes. The parser (`calamine`) streams; the cells become text in our own grammar.

use std::borrow::Cow;
use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};

use super::table::{MAX_COLUMNS, MAX_ROWS, Stop};
use crate::domain::finding::Finding;

const MAX_ENTRIES: usize = 2_000;
const MAX_UNPACKED: u64 = 256 << 20;
const MAX_RATIO: u64 = 500;
/// Below this size no ratio is suspicious.
const SMALL: u64 = 1 << 20;
/// Strings a table of shared strings may claim.
const MAX_STRINGS: u64 = 4_000_000;

/// Calls `each` with the number (from 1) and cells of every row that has cells.
pub(super) fn rows(
    bytes: &[u8],
    name: &str,
    mut each: impl FnMut(u32, &[Cow<'_, str>]) -> Result<(), Stop>,
) -> Result<(), Finding> {
    inspect(bytes)?;
    // calamine is fuzzed and returns errors; should a file still make it panic, that is a flaw of the file to its
    // reader, not the end of the program. (Nothing of ours is used again after a panic but the findings.)
    catch_unwind(AssertUnwindSafe(|| sheet(bytes, name, &mut each))).unwrap_or_else(|_| Err(broken("panic")))
}

fn broken(reason: &str) -> Finding {
    Finding::error("xlsx-broken").arg("reason", reason.chars().take(200).collect::<String>())
}

/// Refuses archives that would fill the memory, before and while unpacking.
fn inspect(bytes: &[u8]) -> Result<(), Finding> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
    if archive.len() > MAX_ENTRIES {
        return Err(Finding::error("xlsx-too-many-entries").arg("limit", MAX_ENTRIES));
    }
    let too_large = || Finding::error("xlsx-too-large").arg("limit", format!("{} MB", MAX_UNPACKED >> 20));
    // The directory first: a claim is refused without unpacking a byte.
    let mut claimed = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(|error| broken(&error.to_string()))?;
        claimed = claimed.saturating_add(entry.size());
        if claimed > MAX_UNPACKED {
            return Err(too_large());
        }
        if entry.size() > SMALL && entry.size() / entry.compressed_size().max(1) > MAX_RATIO {
            return Err(Finding::error("xlsx-bomb").arg("ratio", MAX_RATIO as f64));
        }
    }
    // Claims may lie: count what really comes out.
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| broken(&error.to_string()))?;
        let packed = entry.compressed_size().max(1);
        let strings = entry.name().is_ok_and(|name| name.to_lowercase().ends_with("sharedstrings.xml"));
        let mut head = Vec::new();
        let mut size = 0_u64;
        loop {
            let n = entry.read(&mut buffer).map_err(|error| broken(&error.to_string()))?;
            if n == 0 {
                break;
            }
            size += n as u64;
            total += n as u64;
            if total > MAX_UNPACKED {
                return Err(too_large());
            }
            if size > SMALL && size / packed > MAX_RATIO {
                return Err(Finding::error("xlsx-bomb").arg("ratio", MAX_RATIO as f64));
            }
            if strings && head.len() < 1 << 16 {
                head.extend_from_slice(&buffer[..n]);
            }
        }
        // calamine makes room for as many strings as are claimed: memory that cannot be had ends the program.
        if strings && claimed_strings(&head) > MAX_STRINGS.min(size) {
            return Err(broken("uniqueCount"));
        }
    }
    Ok(())
}

/// The largest number after "uniqueCount" (whatever stands between) in the head of the shared strings.
fn claimed_strings(head: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(head);
    text.match_indices("uniqueCount")
        .map(|(at, word)| {
            text[at + word.len()..]
                .chars()
                .skip_while(|c| !c.is_ascii_digit() && *c != '>')
                .take_while(char::is_ascii_digit)
                .fold(0_u64, |n, c| n.saturating_mul(10).saturating_add(u64::from(c as u32 - '0' as u32)))
        })
        .max()
        .unwrap_or(0)
}

fn sheet(
    bytes: &[u8],
    name: &str,
    each: &mut impl FnMut(u32, &[Cow<'_, str>]) -> Result<(), Stop>,
) -> Result<(), Finding> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
    let names = book.sheet_names();
    let wanted = names.iter().find(|sheet| sheet.trim().eq_ignore_ascii_case(name)).or(names.first());
    let wanted = wanted.cloned().ok_or_else(|| broken("no sheet"))?;
    let mut reader = book.worksheet_cells_reader(&wanted).map_err(|error| broken(&error.to_string()))?;
    let mut cells: Vec<Cow<'_, str>> = Vec::new();
    let mut current = 0;
    while let Some(cell) = reader.next_cell().map_err(|error| broken(&error.to_string()))? {
        let (row, column) = cell.get_position();
        let value: DataRef<'_> = cell.get_value().clone();
        if matches!(value, DataRef::Empty) {
            continue;
        }
        if row != current {
            if !cells.is_empty() {
                each(current + 1, &cells).map_err(|stop| stop.finding())?;
                cells.clear();
            }
            current = row;
        }
        if row >= MAX_ROWS {
            return Err(Stop::TooManyRows.finding());
        }
        let column = column as usize;
        if column >= MAX_COLUMNS {
            return Err(Stop::TooManyColumns.finding());
        }
        if column >= cells.len() {
            cells.resize(column + 1, Cow::Borrowed(""));
        }
        cells[column] = text(value);
    }
    if !cells.is_empty() {
        each(current + 1, &cells).map_err(|stop| stop.finding())?;
    }
    Ok(())
}

/// A cell as somebody would have typed it into a CSV.
fn text(value: DataRef<'_>) -> Cow<'_, str> {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cow::Owned(text),
        DataRef::SharedString(text) => Cow::Borrowed(text),
        DataRef::Int(number) => Cow::Owned(number.to_string()),
        DataRef::Float(number) => Cow::Owned(plain(number)),
        DataRef::Bool(truth) => Cow::Borrowed(if truth { "yes" } else { "no" }),
        DataRef::DateTime(moment) => Cow::Owned(date_time(&moment)),
        // "#N/A": stays what the spreadsheet shows, so that the finding shows it too.
        DataRef::Error(error) => Cow::Owned(error.to_string()),
        DataRef::Empty => Cow::Borrowed(""),
    }
}

/// Without the noise of binary fractions: 0.30000000000000004 is 0.3.
fn plain(number: f64) -> String {
    let rounded = (number * 1e9).round() / 1e9;
    if rounded.is_finite() { format!("{rounded}") } else { format!("{number}") }
}

/// A time below a day or a duration as HH:MM[:SS], a whole day as a date, otherwise both.
fn date_time(moment: &ExcelDateTime) -> String {
    let days = moment.as_f64();
    if (0.0..1.0).contains(&days) || (moment.is_duration() && (0.0..100.0).contains(&days)) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 <= days < 100")]
        let seconds = (days * 86_400.0).round() as u32;
        return clock(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        return date;
    }
    format!("{date} {}", clock(u32::from(hour), u32::from(minute), u32::from(second)))
}

fn clock(hours: u32, minutes: u32, seconds: u32) -> String {
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use rust_xlsxwriter::{Format, Workbook};

    use super::*;

    fn read(bytes: &[u8], name: &str) -> Result<Vec<(u32, Vec<String>)>, Finding> {
        let mut found = Vec::new();
        rows(bytes, name, |number, cells| {
            found.push((number, cells.iter().map(ToString::to_string).collect()));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn cells_become_text_of_our_grammar() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let format = |code: &str| Format::new().set_num_format(code);
        sheet.write(0, 0, "时间").unwrap();
        sheet.write_with_format(1, 0, 8.5 / 24.0, &format("h:mm")).unwrap();
        // 24:30, as a duration.
        sheet.write_with_format(1, 1, 24.5 / 24.0, &format("[h]:mm")).unwrap();
        // Serial day 46,357 is 2026-12-01.
        sheet.write_with_format(1, 2, 46_357.0, &format("yyyy-mm-dd")).unwrap();
        sheet.write_with_format(1, 3, 0.8, &format("0%")).unwrap();
        sheet.write(1, 4, 121.4547).unwrap();
        sheet.write(1, 5, true).unwrap();
        sheet.write(4, 1, 12).unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let found = read(&bytes, "survey").unwrap();
        let row = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            found,
            vec![
                (1, row(&["时间"])),
                (2, row(&["08:30", "24:30", "2026-12-01", "0.8", "121.4547", "yes"])),
                (5, row(&["", "12"])),
            ]
        );
    }

    #[test]
    fn the_sheet_of_the_name_goes_before_the_first() {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("readme").unwrap().write(0, 0, "no").unwrap();
        book.add_worksheet().set_name("Survey").unwrap().write(0, 0, "yes").unwrap();
        let bytes = book.save_to_buffer().unwrap();
        assert_eq!(read(&bytes, "survey").unwrap()[0].1, vec!["yes"]);
        assert_eq!(read(&bytes, "fleet").unwrap()[0].1, vec!["no"]);
    }

    fn zipped(name: &str, content: &[u8]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn bombs_are_refused() {
        let bomb = zipped("xl/worksheets/sheet1.xml", &vec![b' '; 20 << 20]);
        assert_eq!(read(&bomb, "survey").unwrap_err().code, "xlsx-bomb");
        // The same, claiming to be small: both places where the size stands are overwritten.
        let mut liar = bomb.clone();
        let size = (20_u32 << 20).to_le_bytes();
        for at in 0..liar.len() - 4 {
            if liar[at..at + 4] == size {
                liar[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
            }
        }
        assert!(read(&liar, "survey").is_err());
        // Claims a gigabyte.
        let mut giant = bomb;
        for at in 0..giant.len() - 4 {
            if giant[at..at + 4] == size {
                giant[at..at + 4].copy_from_slice(&(1_u32 << 30).to_le_bytes());
            }
        }
        assert_eq!(read(&giant, "survey").unwrap_err().code, "xlsx-too-large");
        let strings = zipped("xl/sharedStrings.xml", b"<sst count=\"1\" uniqueCount = \"99999999999999\"></sst>");
        assert_eq!(read(&strings, "survey").unwrap_err().code, "xlsx-broken");
    }

    #[test]
    fn what_is_no_workbook_is_an_error() {
        assert_eq!(read(b"PK\x03\x04rubbish", "survey").unwrap_err().code, "xlsx-broken");
        assert_eq!(read(&zipped("a.txt", b"hello"), "survey").unwrap_err().code, "xlsx-broken");
    }
}
