//! A table as somebody saved it: CSV here, XLSX in [`super::xlsx`]; both end as a [`Table`] of known columns.
//!
//! We split CSV ourselves: the `csv` crate skips blank lines without counting them and lets one lone quotation mark
//! swallow the rest of a file, so that rows could not be named as the spreadsheet names them. Here a record is a row,
//! a blank line is a row, the header is row 1; comma, semicolon and tab are found out from the header; a quotation
//! mark that is never closed is an ordinary character.
//!
//! Limits: 64 MB a file, 1,000,000 rows, 200 columns, 10,000 characters a cell. Memory: the known columns once, in one piece.

use std::borrow::Cow;

use super::columns::{Sheet, normal};
use super::findings::Findings;
use super::{Source, text, xlsx};
use crate::domain::finding::Finding;

/// Bytes of a table as it lies in the folder.
pub(super) const MAX_BYTES: usize = 64 << 20;
/// Rows, blank ones included.
pub(super) const MAX_ROWS: u32 = 1_000_000;
/// Columns.
pub(super) const MAX_COLUMNS: usize = 200;
/// Characters of a cell.
const MAX_CELL: usize = 10_000;
/// The header is looked for in so many rows (a title may stand above it).
const HEADER_WITHIN: usize = 10;

/// The known columns of a file, row by row. Cells of unknown and of contact columns are not in it.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) file: String,
    sheet: &'static Sheet,
    /// Column of the sheet -> position in a row here.
    slots: Vec<Option<usize>>,
    width: usize,
    numbers: Vec<u32>,
    /// Ends of the cells in `cells`, `width` a row.
    ends: Vec<u32>,
    cells: String,
}

/// A column of a table; `None` inside when the file does not have it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Col {
    pub(super) name: &'static str,
    slot: Option<usize>,
}

impl Col {
    /// The file has this column.
    pub(super) fn is_there(self) -> bool {
        self.slot.is_some()
    }
}

/// A row of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'t> {
    pub(super) table: &'t Table,
    index: usize,
}

impl<'t> Entry<'t> {
    /// Row as a spreadsheet numbers it.
    pub(super) fn row(self) -> u32 {
        self.table.numbers[self.index]
    }
    /// The cell, trimmed; "" where there is none.
    pub(super) fn text(self, col: Col) -> &'t str {
        let Some(slot) = col.slot else { return "" };
        let at = self.index * self.table.width + slot;
        let start = if at == 0 { 0 } else { self.table.ends[at - 1] as usize };
        self.table.cells[start..self.table.ends[at] as usize].trim()
    }
    /// The Chinese header of a column of this table.
    pub(super) fn header_zh(self, column: &'static str) -> &'static str {
        self.table.sheet.header_zh(column).unwrap_or(column)
    }
    /// All the known cells of the row as they were written, to compare rows.
    pub(super) fn written(self) -> &'t str {
        let first = self.index * self.table.width;
        let start = if first == 0 { 0 } else { self.table.ends[first - 1] as usize };
        let end = if self.table.width == 0 { start } else { self.table.ends[first + self.table.width - 1] as usize };
        &self.table.cells[start..end]
    }
    pub(super) fn place(self, finding: Finding) -> Finding {
        finding.file(&self.table.file).row(self.row())
    }
}

impl Table {
    /// A column by its name in FORMATS.
    pub(super) fn col(&self, name: &'static str) -> Col {
        let at = self.sheet.columns.iter().position(|column| column.name == name);
        debug_assert!(at.is_some(), "{name} is no column of {}", self.sheet.name);
        Col { name, slot: at.and_then(|at| self.slots[at]) }
    }
    pub(super) fn rows(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.numbers.len()).map(|index| Entry { table: self, index })
    }
    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }
}

/// Why reading stops.
#[derive(Debug)]
pub(super) enum Stop {
    TooManyRows,
    TooManyColumns,
}

/// Reads CSV or XLSX; `None` when nothing can be made of the file (a finding says why). `must`: nothing can be planned without it.
pub(super) fn read(source: &Source, sheet: &'static Sheet, must: bool, findings: &mut Findings) -> Option<Table> {
    let file = source.name.as_str();
    if source.bytes.len() > MAX_BYTES {
        let finding = Finding::error("file-too-large").arg("limit", format!("{} MB", MAX_BYTES >> 20));
        findings.unreadable(file, finding);
        return None;
    }
    if source.bytes.starts_with(b"PK\x03\x04") {
        let mut builder = Builder::new(file, sheet);
        return match xlsx::rows(&source.bytes, sheet.name, |number, cells| builder.row(number, cells, findings)) {
            Ok(()) => builder.finish(must, findings),
            Err(flaw) => {
                findings.unreadable(file, flaw);
                None
            }
        };
    }
    if source.bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        findings.unreadable(file, Finding::error("table-old-excel"));
        return None;
    }
    if must && source.bytes.is_empty() {
        findings.unreadable(file, Finding::error("file-empty"));
        return None;
    }
    // Whatever is in it, it was not meant as text: no guessing at letters in rubbish.
    if file.to_lowercase().ends_with(".xlsx") {
        let empty = source.bytes.is_empty();
        findings
            .unreadable(file, if empty { Finding::error("file-empty") } else { Finding::error("xlsx-no-workbook") });
        return None;
    }
    let Some(text) = text::decode(&source.bytes) else {
        findings.unreadable(file, Finding::error("text-unreadable"));
        return None;
    };
    if let Some(line) = text.damaged {
        findings.push(Finding::warning("text-damaged").file(file).row(line));
    }
    let mut builder = Builder::new(file, sheet);
    let mut open_quotes = Vec::new();
    let result = split(&text.text, &mut open_quotes, |number, cells| {
        builder.csv = true;
        builder.row(number, cells, findings)
    });
    if let Err(stop) = result {
        findings.unreadable(file, stop.finding());
        return None;
    }
    for row in open_quotes {
        findings.push(Finding::warning("table-open-quote").file(file).row(row));
    }
    builder.finish(must, findings)
}

impl Stop {
    pub(super) fn finding(&self) -> Finding {
        match self {
            Self::TooManyRows => Finding::error("table-too-many-rows").arg("limit", MAX_ROWS),
            Self::TooManyColumns => Finding::error("table-too-many-columns").arg("limit", MAX_COLUMNS),
        }
    }
}

/// Splits CSV text into rows; `open_quotes` gathers the rows with a quotation mark that is never closed.
fn split<'a>(
    text: &'a str,
    open_quotes: &mut Vec<u32>,
    mut each: impl FnMut(u32, &[Cow<'a, str>]) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let (text, delimiter) = delimiter(text);
    let bytes = text.as_bytes();
    let mut cells: Vec<Cow<'a, str>> = Vec::new();
    let (mut at, mut row) = (0, 0);
    while at < bytes.len() {
        row += 1;
        if row > MAX_ROWS {
            return Err(Stop::TooManyRows);
        }
        cells.clear();
        loop {
            let (cell, next) = field(text, at, delimiter, || open_quotes.push(row));
            cells.push(cell);
            at = next;
            if cells.len() > MAX_COLUMNS {
                return Err(Stop::TooManyColumns);
            }
            match bytes.get(at) {
                Some(byte) if *byte == delimiter => at += 1,
                Some(b'\r') if bytes.get(at + 1) == Some(&b'\n') => {
                    at += 2;
                    break;
                }
                Some(_) => {
                    at += 1;
                    break;
                }
                None => break,
            }
        }
        each(row, &cells)?;
    }
    Ok(())
}

/// One field from `at`, and where it ends: at a delimiter, a line end or the end of the text.
fn field<'a>(text: &'a str, at: usize, delimiter: u8, mut open_quote: impl FnMut()) -> (Cow<'a, str>, usize) {
    let bytes = text.as_bytes();
    let ends = |byte: u8| byte == delimiter || byte == b'\n' || byte == b'\r';
    let plain = |from: usize| bytes[from..].iter().position(|byte| ends(*byte)).map_or(bytes.len(), |n| from + n);
    let start = at + bytes[at..].iter().take_while(|byte| **byte == b' ').count();
    if bytes.get(start) != Some(&b'"') {
        let end = plain(at);
        return (Cow::Borrowed(&text[at..end]), end);
    }
    let mut doubled = false;
    let mut close = start + 1;
    loop {
        // No cell is longer than this, so the scan for the closing mark stays linear over the file.
        let window = &bytes[close..bytes.len().min(start + 4 * MAX_CELL)];
        match window.iter().position(|byte| *byte == b'"') {
            Some(n) if bytes.get(close + n + 1) == Some(&b'"') => {
                doubled = true;
                close += n + 2;
            }
            Some(n) => {
                close += n;
                break;
            }
            None => {
                open_quote();
                let end = plain(at);
                return (Cow::Borrowed(&text[at..end]), end);
            }
        }
    }
    let inner = &text[start + 1..close];
    let mut end = close + 1;
    while bytes.get(end) == Some(&b' ') {
        end += 1;
    }
    let junk = bytes.get(end).is_some_and(|byte| !ends(*byte));
    if junk && inner.contains('\n') {
        // The mark that "closes" it opens another cell some lines on: this one was never closed.
        open_quote();
        let end = plain(at);
        return (Cow::Borrowed(&text[at..end]), end);
    }
    let inner = if doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) };
    if junk {
        let rest = plain(end);
        return (Cow::Owned(format!("{inner}{}", &text[end..rest])), rest);
    }
    (inner, end)
}

/// Comma, semicolon or tab: whichever stands most often in the first line with any (ties in this order).
fn delimiter(text: &str) -> (&str, u8) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // What Excel writes on top and does not show.
    if let Some(rest) = text.strip_prefix("sep=")
        && let Some(sign @ (b',' | b';' | b'\t')) = rest.bytes().next()
    {
        let rest = &rest[1..];
        return (rest.strip_prefix("\r\n").or(rest.strip_prefix('\n')).unwrap_or(rest), sign);
    }
    for line in text.lines().take(HEADER_WITHIN) {
        let count = |sign: char| line.matches(sign).count();
        let (comma, semicolon, tab) = (count(','), count(';'), count('\t'));
        if comma + semicolon + tab > 0 {
            let most = comma.max(semicolon).max(tab);
            return (
                text,
                if comma == most {
                    b','
                } else if semicolon == most {
                    b';'
                } else {
                    b'\t'
                },
            );
        }
    }
    (text, b',')
}

/// Finds the header among the first rows, then keeps the known columns.
struct Builder {
    table: Table,
    /// Rows before the header is settled.
    head: Vec<(u32, Vec<String>)>,
    /// Column of the file -> position in a row of the table; `None` until the header is settled.
    map: Option<Vec<Option<usize>>>,
    /// Text of the header's last cell, for rows that are too long.
    last_header: String,
    csv: bool,
}

impl Builder {
    fn new(file: &str, sheet: &'static Sheet) -> Self {
        let table = Table {
            file: file.to_owned(),
            sheet,
            slots: vec![None; sheet.columns.len()],
            width: 0,
            numbers: Vec::new(),
            ends: Vec::new(),
            cells: String::new(),
        };
        Self { table, head: Vec::new(), map: None, last_header: String::new(), csv: false }
    }

    fn row(&mut self, number: u32, cells: &[Cow<'_, str>], findings: &mut Findings) -> Result<(), Stop> {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(());
        }
        if self.map.is_some() {
            self.keep(number, cells, findings);
            return Ok(());
        }
        self.head.push((number, cells.iter().map(ToString::to_string).collect()));
        if self.head.len() >= HEADER_WITHIN {
            self.settle(findings);
        }
        Ok(())
    }

    /// The header is the row that names most of our columns; the first of equals.
    fn settle(&mut self, findings: &mut Findings) {
        let sheet = self.table.sheet;
        let known = |cells: &[String]| cells.iter().filter(|cell| sheet.column(&normal(cell)).is_some()).count();
        let mut best = (0, 0);
        for (at, (_, cells)) in self.head.iter().enumerate() {
            if known(cells) > best.1 {
                best = (at, known(cells));
            }
        }
        let rows = std::mem::take(&mut self.head);
        let mut rows = rows.into_iter().skip(best.0);
        let (number, header) = rows.next().unwrap_or_default();
        if best.0 > 0 {
            findings.push(Finding::note("table-header-not-first").file(&self.table.file).row(number));
        }
        self.map = Some(self.columns(&header, number, findings));
        for (number, cells) in rows {
            let cells: Vec<Cow<'_, str>> = cells.into_iter().map(Cow::Owned).collect();
            self.keep(number, &cells, findings);
        }
    }

    fn columns(&mut self, header: &[String], row: u32, findings: &mut Findings) -> Vec<Option<usize>> {
        let sheet = self.table.sheet;
        let normals: Vec<String> = header.iter().map(|cell| normal(cell)).collect();
        let known = normals.iter().filter(|cell| sheet.column(cell).is_some()).count();
        // Where hardly any column is known, the "header" may be somebody's answer: it is not quoted then.
        let quotable = known >= 2;
        let mut map = vec![None; header.len()];
        let finding = |finding: Finding, at: usize| {
            let text = header[at].trim();
            let plain = text.chars().count() <= 30
                && !text.contains('@')
                && text.chars().filter(char::is_ascii_digit).count() < 5;
            let name = if quotable && plain { text.to_owned() } else { letter(at) };
            finding.file(&self.table.file).row(row).column(&name).arg("letter", letter(at))
        };
        let mut width = 0;
        for (at, normal) in normals.iter().enumerate() {
            if normal.is_empty() {
                continue;
            }
            match sheet.column(normal) {
                Some(column) if self.table.slots[column].is_none() => {
                    self.table.slots[column] = Some(width);
                    map[at] = Some(width);
                    width += 1;
                }
                Some(column) => {
                    let name = sheet.columns[column].name;
                    findings.push(finding(Finding::warning("table-column-twice"), at).arg("column", name));
                }
                None if sheet.is_contact(normal) => findings.push(finding(Finding::note("contact-column-dropped"), at)),
                None => findings.push(finding(Finding::note("table-unknown-column"), at)),
            }
        }
        self.last_header = match header.iter().rposition(|cell| !cell.trim().is_empty()) {
            Some(at) if quotable && header[at].chars().count() <= 30 => header[at].trim().to_owned(),
            Some(at) => letter(at),
            None => String::new(),
        };
        self.table.width = width;
        map
    }

    fn keep(&mut self, number: u32, cells: &[Cow<'_, str>], findings: &mut Findings) {
        let Some(map) = &self.map else { return };
        let table = &mut self.table;
        if cells.len() > map.len() && cells[map.len()..].iter().any(|cell| !cell.trim().is_empty()) {
            findings.push(
                Finding::warning("table-row-long")
                    .file(&table.file)
                    .row(number)
                    .column(&self.last_header)
                    .arg("cells", cells.len())
                    .arg("columns", map.len()),
            );
        }
        if self.csv && cells.len() < map.len() {
            findings.push(
                Finding::note("table-row-short")
                    .file(&table.file)
                    .row(number)
                    .arg("cells", cells.len())
                    .arg("columns", map.len()),
            );
        }
        let mut slots: [&str; 64] = [""; 64];
        for (cell, slot) in cells.iter().zip(map) {
            let Some(slot) = *slot else { continue };
            // Bytes first: counting characters of every cell would cost more than all the rest.
            if cell.len() > MAX_CELL && cell.chars().count() > MAX_CELL {
                let limit = u32::try_from(MAX_CELL).unwrap_or(u32::MAX);
                findings
                    .push(Finding::warning("table-cell-too-long").file(&table.file).row(number).arg("limit", limit));
                continue;
            }
            if let Some(place) = slots.get_mut(slot) {
                *place = cell;
            }
        }
        for text in slots.iter().take(table.width) {
            table.cells.push_str(text);
            // At most 256 MB are ever unpacked: the sum fits.
            table.ends.push(u32::try_from(table.cells.len()).unwrap_or(u32::MAX));
        }
        table.numbers.push(number);
    }

    fn finish(mut self, must: bool, findings: &mut Findings) -> Option<Table> {
        if self.map.is_none() {
            self.settle(findings);
        }
        let table = self.table;
        let flaw = |code| if must { Finding::error(code) } else { Finding::warning(code) };
        if table.width == 0 {
            let needed = table.sheet.needed;
            let zh: Vec<&str> = needed.iter().map(|name| table.sheet.header_zh(name).unwrap_or(name)).collect();
            let finding = flaw("table-no-header").file(&table.file).arg("columns", needed.join(", "));
            findings.push(finding.arg("zh", zh.join("、")));
            return None;
        }
        let mut complete = true;
        for &name in table.sheet.needed {
            if !table.col(name).is_there() {
                let zh = table.sheet.header_zh(name).unwrap_or(name);
                let finding = flaw("table-column-missing").file(&table.file).column(name);
                findings.push(finding.arg("en", name).arg("zh", zh));
                complete = false;
            }
        }
        if table.len() == 0 {
            findings.push(Finding::note("table-empty").file(&table.file));
        }
        complete.then_some(table)
    }
}

/// "A", "B", … "AA": a column as a spreadsheet names it.
fn letter(at: usize) -> String {
    let mut name = String::new();
    let mut n = at + 1;
    while n > 0 {
        n -= 1;
        #[expect(clippy::cast_possible_truncation, reason = "a remainder by 26")]
        name.insert(0, char::from(b'A' + (n % 26) as u8));
        n /= 26;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::super::columns::{SITES, SURVEY};
    use super::*;

    fn table(text: &str) -> (Option<Table>, Vec<Finding>) {
        let mut findings = Findings::default();
        let source = Source { name: "sites.csv".to_owned(), bytes: text.as_bytes().to_vec() };
        let table = read(&source, &SITES, true, &mut findings);
        (table, findings.finish().0)
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
        // Row 2 spans two lines, row 3 is blank, row 4 is the next record.
        let (table, findings) =
            table("id,name,lon,lat\na,\"two\nlines\",1,2\n\nb,plain,3,4\r\nc,\"say \"\"hi\"\"\",5,6");
        let table = table.unwrap();
        let rows: Vec<(u32, &str)> = table.rows().map(|e| (e.row(), e.text(table.col("name")))).collect();
        assert_eq!(rows, vec![(2, "two\nlines"), (4, "plain"), (5, "say \"hi\"")]);
        assert_eq!(findings, vec![]);
    }

    #[test]
    fn the_delimiter_is_found_out() {
        for sign in [",", ";", "\t"] {
            let text = ["编号", "名称", "经度", "纬度"].join(sign) + "\n" + &["a", "甲", "1", "2"].join(sign) + "\n";
            let (table, findings) = table(&text);
            let table = table.unwrap();
            assert_eq!(table.rows().next().unwrap().text(table.col("lat")), "2");
            assert_eq!(findings, vec![]);
        }
    }

    #[test]
    fn a_lone_quotation_mark_does_not_swallow_the_file() {
        let (table, findings) = table("id,name,lon,lat\na,\"open,1,2\nb,plain,3,4\nc,\"d,e\",5,6\n");
        let table = table.unwrap();
        let rows: Vec<(u32, &str)> = table.rows().map(|e| (e.row(), e.text(table.col("name")))).collect();
        assert_eq!(rows, vec![(2, "\"open"), (3, "plain"), (4, "d,e")]);
        assert_eq!(
            findings.iter().map(|f| (f.code.as_str(), f.row)).collect::<Vec<_>>(),
            vec![("table-open-quote", Some(2))]
        );
    }

    #[test]
    fn a_title_above_the_header_and_a_missing_column() {
        let (found, findings) = table("场所清单,,,\n编号,名称,经度,纬度\na,甲,1,2\n");
        assert_eq!(found.unwrap().rows().next().unwrap().row(), 3);
        assert_eq!(findings[0].code, "table-header-not-first");
        let (found, findings) = table("id,name,lon\na,b,1\n");
        assert!(found.is_none());
        assert_eq!(findings[0].column.as_deref(), Some("lat"));
    }

    #[test]
    fn contact_columns_are_dropped_unread_and_nothing_of_them_is_kept() {
        let mut findings = Findings::default();
        let text = "origin,destination,time,手机,姓名,comments\na,b,8:30,13812345678,张三,hello\n";
        let source = Source { name: "survey.csv".to_owned(), bytes: text.as_bytes().to_vec() };
        let table = read(&source, &SURVEY, true, &mut findings).unwrap();
        assert_eq!(table.cells, "ab8:30");
        let findings = findings.finish().0;
        let codes: Vec<_> = findings.iter().map(|f| (f.code.as_str(), f.column.as_deref().unwrap())).collect();
        assert_eq!(
            codes,
            vec![
                ("contact-column-dropped", "手机"),
                ("contact-column-dropped", "姓名"),
                ("table-unknown-column", "comments")
            ]
        );
    }

    #[test]
    fn a_file_without_a_header_is_not_quoted() {
        let mut findings = Findings::default();
        let text = "张三,13812345678\n李四,13912345678\n";
        let source = Source { name: "survey.csv".to_owned(), bytes: text.as_bytes().to_vec() };
        assert!(read(&source, &SURVEY, true, &mut findings).is_none());
        let text = format!("{:?}", findings.finish().0);
        assert!(!text.contains("张三") && !text.contains("138"), "{text}");
    }

    #[test]
    fn letters_of_columns() {
        assert_eq!(
            (letter(0), letter(25), letter(26), letter(199)),
            ("A".into(), "Z".into(), "AA".into(), "GR".into())
        );
    }
}
