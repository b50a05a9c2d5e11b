//! Why something could not be published. Flaws of the data are findings; these are about the form of the output.

/// One error for the layer.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A table that could not be written.
    #[error("{file} could not be written as CSV: {reason}; this is a fault of the program, please report it")]
    Csv {
        /// File inside the feed.
        file: &'static str,
        /// What the writer says.
        reason: String,
    },
    /// An archive that could not be packed.
    #[error("{file} could not be packed: {reason}; a feed is limited to 4 GB")]
    Zip {
        /// The archive.
        file: &'static str,
        /// What the packer says.
        reason: String,
    },
    /// A spreadsheet that could not be written.
    #[error("workbook.xlsx could not be written: {reason}; a sheet is limited to 1,048,576 rows")]
    Workbook {
        /// What the writer says.
        reason: String,
    },
    /// Anything rendered from a template.
    #[error("{file} could not be rendered: {reason}; this is a fault of the program, please report it")]
    Page {
        /// The page.
        file: &'static str,
        /// What the renderer says.
        reason: String,
    },
}
