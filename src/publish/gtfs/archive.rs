//! Tables to CSV, CSV to ZIP: no clock, no owner, one order.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{PublishError, Table};

pub(super) fn pack(tables: &[Table]) -> Result<Vec<u8>, PublishError> {
    let zip_error = |error: zip::result::ZipError| PublishError::Zip { file: "gtfs.zip", reason: error.to_string() };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for table in tables {
        zip.start_file(table.name, options).map_err(zip_error)?;
        zip.write_all(&csv(table)?).map_err(|error| zip_error(error.into()))?;
    }
    Ok(zip.finish().map_err(zip_error)?.into_inner())
}

fn csv(table: &Table) -> Result<Vec<u8>, PublishError> {
    let failed = |reason: String| PublishError::Csv { file: table.name, reason };
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in &table.rows {
        writer.write_record(row).map_err(|error| failed(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| failed(error.to_string()))
}
