//! VRPLIB files as text: heads (`NAME : value`) and sections of rows, each with its line.

use std::collections::BTreeMap;

use crate::cli::engine::routing::rows::{self, Row};

/// A file taken apart; nothing is understood yet.
#[derive(Debug)]
pub(super) struct File<'a> {
    heads: BTreeMap<String, Row<'a>>,
    sections: BTreeMap<String, Section<'a>>,
}

#[derive(Debug)]
pub(super) struct Section<'a> {
    /// Where its title stands.
    pub(super) line: usize,
    pub(super) rows: Vec<Row<'a>>,
}

/// Numbers of one node or vehicle, and the line they stand in.
pub(super) type Numbers = (usize, Vec<f64>);

const SECTION: &str = "_SECTION";

impl<'a> File<'a> {
    /// Takes a text apart, up to EOF.
    pub(super) fn read(text: &'a str) -> Result<Self, String> {
        let mut file = Self { heads: BTreeMap::new(), sections: BTreeMap::new() };
        let mut current: Option<String> = None;
        for (line, text) in rows::lines(text) {
            if text == "EOF" {
                break;
            }
            // Numbers come in masses: they are told apart first.
            if !text.starts_with(|first: char| first.is_alphabetic()) {
                let section = current.as_ref().and_then(|name| file.sections.get_mut(name));
                let what = "this is neither a head (NAME : value) nor in a section (…_SECTION)";
                section.ok_or_else(|| rows::at(line, what))?.rows.push((line, text));
                continue;
            }
            let title = text.trim_end_matches(|end: char| end == ':' || end.is_whitespace());
            let first = if title.ends_with(SECTION) && !title.contains(':') {
                let name = title.to_owned();
                current = Some(name.clone());
                let section = Section { line, rows: Vec::new() };
                file.sections.insert(name, section).map(|section| section.line)
            } else if let Some((name, value)) = text.split_once(':') {
                current = None;
                file.heads.insert(name.trim().to_owned(), (line, value.trim())).map(|(line, _)| line)
            } else {
                return Err(rows::at(line, format_args!("“{text}” is neither a head (NAME : value) nor a …_SECTION")));
            };
            if let Some(first) = first {
                return Err(rows::at(line, format_args!("this stands in line {first} already; keep one")));
            }
        }
        Ok(file)
    }

    /// Refuses what is not listed: a limit that is not understood must not be passed over.
    pub(super) fn knows(&self, heads: &[&str], sections: &[&str]) -> Result<(), String> {
        let strange = |line: usize, name: &str| {
            rows::at(
                line,
                format_args!(
                    "{name} says something that cannot be planned yet, or is unknown; take it out only if it does not matter"
                ),
            )
        };
        let head = self.heads.iter().find(|(name, _)| !heads.contains(&name.as_str()));
        head.map_or(Ok(()), |(name, (line, _))| Err(strange(*line, name)))?;
        let section = self.sections.iter().find(|(name, _)| !sections.contains(&name.as_str()));
        section.map_or(Ok(()), |(name, section)| Err(strange(section.line, name)))
    }

    pub(super) fn head(&self, name: &str) -> Option<Row<'a>> {
        self.heads.get(name).copied()
    }

    pub(super) fn section(&self, name: &str) -> Option<&Section<'a>> {
        self.sections.get(&format!("{name}{SECTION}"))
    }

    /// A head that is a whole number.
    pub(super) fn whole(&self, name: &str, from: u32, most: u32) -> Result<Option<u32>, String> {
        let Some((line, value)) = self.head(name) else { return Ok(None) };
        rows::whole(line, name, rows::number(line, value)?, from..=most).map(Some)
    }

    /// Numbers of each node or vehicle, which count from 1 and come in any order, each once; so many numbers each.
    pub(super) fn table(
        &self,
        name: &str,
        count: usize,
        columns: std::ops::RangeInclusive<usize>,
    ) -> Result<Option<Vec<Numbers>>, String> {
        let Some(section) = self.section(name) else { return Ok(None) };
        if section.rows.len() != count {
            let what = format!("section {name}{SECTION} has {} rows; {count} are needed", section.rows.len());
            return Err(rows::at(section.line, what));
        }
        let mut table: Vec<Numbers> = vec![(0, Vec::new()); count];
        let mut width = None;
        for &row in &section.rows {
            let line = row.0;
            let mut numbers = rows::numbers(row)?;
            let most = u32::try_from(count).unwrap_or(u32::MAX);
            let number = rows::whole(line, "the first number", numbers[0], 1..=most)?;
            numbers.remove(0);
            let wide = *width.get_or_insert(numbers.len());
            if !columns.contains(&numbers.len()) || numbers.len() != wide {
                let (from, to) = (columns.start(), columns.end());
                let wanted = if from == to { from.to_string() } else { format!("{from} to {to}, in all rows alike,") };
                let what = format!("{wanted} numbers are needed after the first; {} are here", numbers.len());
                return Err(rows::at(line, what));
            }
            let place = &mut table[number as usize - 1];
            if place.0 > 0 {
                return Err(rows::at(line, format_args!("{number} stands in line {} already; keep one", place.0)));
            }
            *place = (line, numbers);
        }
        Ok(Some(table))
    }

    /// One number of each: a row each, or a head for all.
    pub(super) fn each(&self, name: &str, count: usize) -> Result<Option<Vec<(usize, f64)>>, String> {
        let table = self.table(name, count, 1..=1)?;
        match (table, self.head(name)) {
            (Some(_), Some((line, _))) => {
                Err(rows::at(line, format_args!("{name} is a head and a section too; keep one")))
            }
            (Some(table), None) => Ok(Some(table.into_iter().map(|(line, numbers)| (line, numbers[0])).collect())),
            (None, Some((line, value))) => Ok(Some(vec![(line, rows::number(line, value)?); count])),
            (None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_and_sections_are_told_apart() {
        let file =
            File::read("NAME : a\t\nCOMMENT: b: X_SECTION \nX_SECTION :\n2 7\n1\t8 \n\nY: 3\nEOF\nrest").unwrap();
        assert_eq!(file.head("NAME"), Some((1, "a")));
        assert_eq!(file.head("COMMENT"), Some((2, "b: X_SECTION")));
        assert_eq!(file.each("X", 2), Ok(Some(vec![(5, 8.0), (4, 7.0)])));
        assert_eq!(file.each("Y", 2), Ok(Some(vec![(7, 3.0), (7, 3.0)])));
        assert_eq!(file.each("Z", 2), Ok(None));
        assert_eq!(file.whole("Y", 0, 2).unwrap_err(), "line 7: Y is 3; write a whole number from 0 to 2");
        assert!(file.knows(&["NAME", "COMMENT", "Y"], &["X_SECTION"]).is_ok());
        assert!(
            file.knows(&["NAME", "COMMENT", "Y"], &[]).unwrap_err().starts_with("line 3: X_SECTION says something")
        );
        assert!(file.knows(&["NAME", "Y"], &["X_SECTION"]).unwrap_err().starts_with("line 2: COMMENT says something"));
    }

    #[test]
    fn errors_name_the_line() {
        let wrong = |text: &str| File::read(text).unwrap_err();
        assert_eq!(wrong("1 2"), "line 1: this is neither a head (NAME : value) nor in a section (…_SECTION)");
        assert_eq!(wrong("A : 1\n\nA : 2"), "line 3: this stands in line 1 already; keep one");
        assert_eq!(wrong("word"), "line 1: “word” is neither a head (NAME : value) nor a …_SECTION");
        let table = |text: &str| File::read(text).unwrap().table("X", 2, 1..=2).unwrap_err();
        assert_eq!(table("X_SECTION\n1 1"), "line 1: section X_SECTION has 1 rows; 2 are needed");
        assert_eq!(table("X_SECTION\n1 1\n1 2"), "line 3: 1 stands in line 2 already; keep one");
        assert!(
            table("X_SECTION\n1 1\n3 2").starts_with("line 3: the first number is 3; write a whole number from 1 to 2")
        );
        assert_eq!(
            table("X_SECTION\n1 1\n2 1 1"),
            "line 3: 1 to 2, in all rows alike, numbers are needed after the first; 2 are here"
        );
        let both = File::read("X : 1\nX_SECTION\n1 1").unwrap();
        assert_eq!(both.each("X", 1).unwrap_err(), "line 1: X is a head and a section too; keep one");
    }
}
