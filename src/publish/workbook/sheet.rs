//! One sheet: a frozen header in two languages, columns wide enough, one kind of value a column.

use jiff::civil::Date;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use super::Context;
use crate::domain::units::{Fen, ServiceTime};
use crate::publish::phrases::{Language, phrase};

/// Longest text of a cell (Excel's limit is 32,767 UTF-16 units).
const LONGEST: usize = 8_000;

/// Formats, made once.
pub(super) struct Styles {
    header: Format,
    text: Format,
    whole: Format,
    decimal: Format,
    money: Format,
    time: Format,
    date: Format,
    percent: Format,
    degrees: Format,
}

impl Styles {
    pub(super) fn new() -> Self {
        let base = || Format::new().set_align(FormatAlign::Top);
        Self {
            header: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color("E3ECF5")
                .set_border_bottom(FormatBorder::Thin),
            // The quote prefix keeps a text a text when somebody edits the cell.
            text: base().set_text_wrap().set_quote_prefix(),
            whole: base().set_num_format("#,##0"),
            decimal: base().set_num_format("#,##0.0"),
            money: base().set_num_format("#,##0.00"),
            // Brackets: a service day may pass 24:00.
            time: base().set_num_format("[hh]:mm"),
            date: base().set_num_format("yyyy-mm-dd"),
            degrees: base().set_num_format("0.000000"),
            percent: base().set_num_format("0.0%"),
        }
    }
}

/// A value of a cell.
pub(super) enum Cell {
    Text(String),
    Whole(f64),
    Decimal(f64),
    Money(Fen),
    Time(ServiceTime),
    Date(Date),
    Percent(f64),
    /// A tenth of a metre: six decimals.
    Degrees(f64),
    Nothing,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A sheet being written.
pub(super) struct Page<'a> {
    sheet: Worksheet,
    styles: &'a Styles,
    row: u32,
    columns: u16,
}

/// "汇总 Summary": both languages, the reader's first.
pub(super) fn both(language: Language, key: &str, between: &str) -> String {
    let (zh, en) = (phrase(Language::Zh, key, &[]), phrase(Language::En, key, &[]));
    match language {
        Language::Zh => format!("{zh}{between}{en}"),
        Language::En => format!("{en}{between}{zh}"),
    }
}

impl<'a> Page<'a> {
    /// A sheet named by a phrase, with a header of phrases; widths in characters.
    pub(super) fn new(context: &Context<'a>, title: &str, columns: &[(&str, f64)]) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        let name: String = both(context.language, title, " ")
            .chars()
            .map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c })
            .take(31)
            .collect();
        sheet.set_name(name)?;
        let mut count: u16 = 0;
        for &(key, width) in columns {
            sheet.set_column_width(count, width)?;
            sheet.write_string_with_format(0, count, both(context.language, key, "\n"), &context.styles.header)?;
            count += 1;
        }
        sheet.set_row_height(0, 34)?;
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_repeat_rows(0, 0)?;
        sheet.set_landscape();
        // A4, as wide as the page, as long as it needs.
        sheet.set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        Ok(Self { sheet, styles: context.styles, row: 1, columns: count })
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), XlsxError> {
        let styles = self.styles;
        for (column, cell) in (0..self.columns).zip(cells) {
            let (row, sheet) = (self.row, &mut self.sheet);
            match cell {
                Cell::Text(text) => {
                    let text: String = text.chars().take(LONGEST).collect();
                    sheet.write_string_with_format(row, column, text, &styles.text)?;
                }
                Cell::Whole(number) => number_cell(sheet, row, column, number, &styles.whole)?,
                Cell::Decimal(number) => number_cell(sheet, row, column, number, &styles.decimal)?,
                Cell::Money(fen) => number_cell(sheet, row, column, fen.yuan(), &styles.money)?,
                Cell::Degrees(degrees) => number_cell(sheet, row, column, degrees, &styles.degrees)?,
                Cell::Percent(share) => number_cell(sheet, row, column, share, &styles.percent)?,
                // The minute it lies in: as on the board.
                Cell::Time(time) => {
                    number_cell(sheet, row, column, f64::from(time.minute()) / 1440.0, &styles.time)?;
                }
                Cell::Date(date) => {
                    let year = u16::try_from(date.year()).unwrap_or(1900);
                    let (month, day) = (date.month().unsigned_abs(), date.day().unsigned_abs());
                    match ExcelDateTime::from_ymd(year, month, day) {
                        Ok(day) => sheet.write_datetime_with_format(row, column, &day, &styles.date)?,
                        Err(_) => sheet.write_string_with_format(row, column, date.to_string(), &styles.text)?,
                    };
                }
                Cell::Nothing => {}
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Filters on the header.
    pub(super) fn finish(mut self) -> Result<Worksheet, XlsxError> {
        if self.row > 1 && self.columns > 0 {
            self.sheet.autofilter(0, 0, self.row - 1, self.columns - 1)?;
        }
        Ok(self.sheet)
    }
}

/// What is no number stays empty: a file with NaN in it cannot be opened.
fn number_cell(sheet: &mut Worksheet, row: u32, column: u16, number: f64, style: &Format) -> Result<(), XlsxError> {
    if number.is_finite() {
        sheet.write_number_with_format(row, column, number, style)?;
    }
    Ok(())
}
