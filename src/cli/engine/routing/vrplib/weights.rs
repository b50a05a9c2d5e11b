//! Lengths between the nodes of a VRPLIB file: from coordinates, or as they stand there (TSPLIB 95, Reinelt 1995).

use std::sync::Arc;

use super::sections::File;
use crate::cli::engine::routing::rounding::Rounding;
use crate::cli::engine::routing::rows;

/// Row by row, in units of the problem.
pub(super) fn lengths(file: &File<'_>, nodes: usize, rounding: Rounding) -> Result<Arc<[i32]>, String> {
    let (line, kind) = file.head("EDGE_WEIGHT_TYPE").ok_or("there is no EDGE_WEIGHT_TYPE; write EUC_2D or EXPLICIT")?;
    let adjust: fn(f64) -> f64 = match kind {
        "EUC_2D" => |length| length,
        "CEIL_2D" => f64::ceil,
        "FLOOR_2D" => f64::floor,
        "EXPLICIT" => return explicit(file, nodes, rounding),
        _ => {
            let what = "EDGE_WEIGHT_TYPE can be EUC_2D, CEIL_2D, FLOOR_2D or EXPLICIT";
            return Err(rows::at(line, format_args!("{what}; “{kind}” is not read")));
        }
    };
    let points = file.table("NODE_COORD", nodes, 2..=2)?.ok_or("there is no NODE_COORD_SECTION")?;
    let places: Vec<(f64, f64)> = points.iter().map(|(_, numbers)| (numbers[0], numbers[1])).collect();
    rounding
        .lengths(&places, adjust)
        .map_err(|(_, to)| rows::at(points[to].0, format_args!("node {} is too far from others", to + 1)))
}

fn explicit(file: &File<'_>, nodes: usize, rounding: Rounding) -> Result<Arc<[i32]>, String> {
    let section = file.section("EDGE_WEIGHT").ok_or("there is no EDGE_WEIGHT_SECTION")?;
    let (line, form) = file.head("EDGE_WEIGHT_FORMAT").ok_or("there is no EDGE_WEIGHT_FORMAT")?;
    // Which cells of a row are given.
    let given: fn(usize, usize) -> std::ops::Range<usize> = match form {
        "FULL_MATRIX" => |_, nodes| 0..nodes,
        "LOWER_ROW" => |row, _| 0..row,
        "LOWER_DIAG_ROW" => |row, _| 0..row + 1,
        "UPPER_ROW" => |row, nodes| row + 1..nodes,
        "UPPER_DIAG_ROW" => |row, nodes| row..nodes,
        _ => {
            let what = "EDGE_WEIGHT_FORMAT can be FULL_MATRIX, LOWER_ROW, LOWER_DIAG_ROW, UPPER_ROW or UPPER_DIAG_ROW";
            return Err(rows::at(line, format_args!("{what}; “{form}” is not read")));
        }
    };
    // A number takes a digit and a blank: what the file cannot hold is not made room for.
    let cells: usize = (0..nodes).map(|row| given(row, nodes).len()).sum();
    if section.rows.iter().map(|(_, text)| text.len() + 1).sum::<usize>() < 2 * cells {
        return Err(rows::at(
            section.line,
            format_args!("EDGE_WEIGHT_SECTION has too few numbers; {cells} are needed"),
        ));
    }
    let mut words = section.rows.iter().flat_map(|&(line, text)| text.split_whitespace().map(move |word| (line, word)));
    let mut lengths = vec![0; nodes * nodes];
    for row in 0..nodes {
        for column in given(row, nodes) {
            let (line, word) = words.next().ok_or_else(|| {
                rows::at(section.line, format_args!("EDGE_WEIGHT_SECTION has too few numbers; {cells} are needed"))
            })?;
            let number = rows::number(line, word)?;
            // What some write for “no loop” is never asked for.
            let length = if row == column { 0 } else { rounding.units(line, "the length", number)? };
            lengths[row * nodes + column] = length;
            if form != "FULL_MATRIX" {
                lengths[column * nodes + row] = length;
            }
        }
    }
    match words.next() {
        Some((line, _)) => {
            Err(rows::at(line, format_args!("EDGE_WEIGHT_SECTION has too many numbers; {cells} are needed")))
        }
        None => Ok(lengths.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(form: &str, numbers: &str) -> Result<Vec<i32>, String> {
        let text = format!("EDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: {form}\nEDGE_WEIGHT_SECTION\n{numbers}");
        lengths(&File::read(&text)?, 3, Rounding::Nearest).map(|lengths| lengths.to_vec())
    }

    #[test]
    fn lengths_stand_there_in_several_forms() {
        let same = vec![0, 1, 2, 1, 0, 3, 2, 3, 0];
        assert_eq!(of("LOWER_ROW", "1 2\n3"), Ok(same.clone()));
        assert_eq!(of("LOWER_DIAG_ROW", "0 1 0\n2 3 0"), Ok(same.clone()));
        assert_eq!(of("UPPER_ROW", "1 2\n3"), Ok(same.clone()));
        assert_eq!(of("UPPER_DIAG_ROW", "9999 1 2 9999 3 9999"), Ok(same));
        assert_eq!(of("FULL_MATRIX", "0 1 2\n3 0 4\n5 6.4 0"), Ok(vec![0, 1, 2, 3, 0, 4, 5, 6, 0]));
        let needed = "EDGE_WEIGHT_SECTION has too";
        assert_eq!(of("LOWER_ROW", "1 2"), Err(format!("line 3: {needed} few numbers; 3 are needed")));
        assert_eq!(of("LOWER_ROW", "11 22"), Err(format!("line 3: {needed} few numbers; 3 are needed")));
        assert_eq!(of("LOWER_ROW", "1 2\n3\n4"), Err(format!("line 6: {needed} many numbers; 3 are needed")));
        assert!(of("LOWER_ROW", "1 2\n-3").unwrap_err().starts_with("line 5: the length is -3"));
        assert!(of("FUNCTION", "").unwrap_err().ends_with("“FUNCTION” is not read"));
    }

    #[test]
    fn lengths_come_from_coordinates() {
        let of = |kind: &str| {
            let text = format!("EDGE_WEIGHT_TYPE : {kind}\nNODE_COORD_SECTION\n1 0 0\n2 1 1\n3 2 -1\n");
            lengths(&File::read(&text).unwrap(), 3, Rounding::Nearest).unwrap().to_vec()
        };
        // sqrt(2) = 1.41, sqrt(5) = 2.24.
        assert_eq!(of("EUC_2D"), [0, 1, 2, 1, 0, 2, 2, 2, 0]);
        assert_eq!(of("CEIL_2D"), [0, 2, 3, 2, 0, 3, 3, 3, 0]);
        assert_eq!(of("FLOOR_2D"), [0, 1, 2, 1, 0, 2, 2, 2, 0]);
    }
}
