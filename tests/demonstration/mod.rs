//! The files of a demonstration folder, as a planner has them.

use std::fs;
use std::path::Path;

use jiebo::intake::Source;

/// The files of `data/NAME`, folders in it left out, by name.
pub(crate) fn sources(name: &str) -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let source = |path: std::path::PathBuf| Source {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        bytes: fs::read(path).unwrap(),
    };
    let mut sources: Vec<Source> = files.map(source).collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}
