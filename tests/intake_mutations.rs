//! Damaged files: 200 copies of each input file of the demonstration, bits flipped, lines cut, columns swapped. None may
//! make intake panic or take longer than five seconds.

#![expect(clippy::unwrap_used, reason = "helpers of a test: a failure is to be seen at once")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiebo::intake::{Needs, Source, normal_form_survey, read_project};
use jiebo::search::Random;

const COPIES: usize = if cfg!(debug_assertions) { 60 } else { 200 };
const LONGEST: Duration = Duration::from_secs(5);

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join("gonghexin")
}

fn folder() -> Vec<Source> {
    let mut sources: Vec<Source> = std::fs::read_dir(data())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| Source {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            bytes: std::fs::read(&path).unwrap(),
        })
        .collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

/// One damaged copy.
fn damage(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    if copy.is_empty() {
        return copy;
    }
    match random.below(6) {
        // Bits flipped.
        0 | 1 => {
            for _ in 0..=random.below(20) {
                let at = random.below(copy.len());
                copy[at] ^= 1 << random.below(8);
            }
        }
        // Cut off.
        2 => copy.truncate(random.below(copy.len())),
        // A stretch taken out, or doubled.
        3 => {
            let from = random.below(copy.len());
            let to = (from + 1 + random.below(200)).min(copy.len());
            if random.below(2) == 0 {
                copy.drain(from..to);
            } else {
                let piece = copy[from..to].to_vec();
                copy.splice(from..from, piece);
            }
        }
        // Lines cut short, left out or joined.
        4 => {
            let mut lines: Vec<Vec<u8>> = copy.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            for _ in 0..=random.below(5) {
                let at = random.below(lines.len());
                match random.below(3) {
                    0 => lines[at].truncate(random.below(20)),
                    1 => lines[at].clear(),
                    _ => {
                        let other = lines[random.below(lines.len())].clone();
                        lines[at].extend(other);
                    }
                }
            }
            copy = lines.join(&b'\n');
        }
        // Columns swapped, in all lines or in one.
        _ => {
            let (a, b) = (random.below(6), random.below(12));
            let one = random.below(4);
            let swap = |line: &[u8]| {
                let mut cells: Vec<&[u8]> = line.split(|byte| *byte == b',').collect();
                if a < cells.len() && b < cells.len() {
                    cells.swap(a, b);
                }
                cells.join(&b',')
            };
            let lines = copy.split(|byte| *byte == b'\n').enumerate();
            let lines: Vec<Vec<u8>> =
                lines.map(|(at, line)| if one == 0 || at % 7 == one { swap(line) } else { line.to_vec() }).collect();
            copy = lines.join(&b'\n');
        }
    }
    copy
}

#[test]
fn damaged_files_never_panic_and_never_hang() {
    let sources = folder();
    assert!(sources.len() > 10);
    for (index, source) in sources.iter().enumerate() {
        let mut random = Random::new(index as u64);
        for copy in 0..COPIES {
            // Roads are read by another module with its own tests; here they only cost time.
            let mut damaged: Vec<Source> = sources
                .iter()
                .filter(|other| other.name != "roads.geojson" || source.name == other.name)
                .filter(|other| small_world(&source.name, &other.name))
                .cloned()
                .collect();
            let target = damaged.iter_mut().find(|other| other.name == source.name).unwrap();
            target.bytes = damage(&source.bytes, &mut random);
            let start = Instant::now();
            let _ = read_project(&damaged, Needs::default());
            assert!(start.elapsed() < LONGEST, "{} copy {copy}: {:?}", source.name, start.elapsed());
        }
    }
}

/// Does the other file matter to how this one is read? (Reading the whole folder 3,400 times would take minutes.)
fn small_world(name: &str, other: &str) -> bool {
    other == name
        || matches!(other, "project.toml" | "sites.csv" | "firms.csv" | "lots.csv" | "stops.csv" | "rooms.csv")
        || (matches!(name, "sites.csv" | "project.toml") && other == "survey.csv")
}

#[test]
fn damaged_workbooks_never_panic_and_never_hang() {
    let around: Vec<Source> = folder()
        .into_iter()
        .filter(|source| ["project.toml", "sites.csv", "firms.csv"].contains(&source.name.as_str()))
        .collect();
    let bytes = std::fs::read(data().join("xlsx/survey.xlsx")).unwrap();
    let mut random = Random::new(77);
    for copy in 0..COPIES {
        let file = Source { name: "survey.xlsx".to_owned(), bytes: damage(&bytes, &mut random) };
        let start = Instant::now();
        let _ = normal_form_survey(&file, &around);
        assert!(start.elapsed() < LONGEST, "copy {copy}: {:?}", start.elapsed());
    }
}

/// Damage inside the archive, which a flipped bit of the packed bytes seldom reaches: the sheet's XML itself.
#[test]
fn workbooks_with_damaged_sheets_never_panic() {
    use std::io::{Cursor, Read, Write};
    let around: Vec<Source> =
        folder().into_iter().filter(|source| ["project.toml", "sites.csv"].contains(&source.name.as_str())).collect();
    let bytes = std::fs::read(data().join("xlsx/survey.xlsx")).unwrap();
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        parts.push((entry.name().unwrap().into_owned(), content));
    }
    let mut random = Random::new(78);
    for copy in 0..COPIES {
        let target = random.below(parts.len());
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (index, (name, content)) in parts.iter().enumerate() {
            let content = if index == target { damage(content, &mut random) } else { content.clone() };
            writer.start_file(name.as_str(), stored).unwrap();
            writer.write_all(&content).unwrap();
        }
        let file = Source { name: "survey.xlsx".to_owned(), bytes: writer.finish().unwrap().into_inner() };
        let start = Instant::now();
        let _ = normal_form_survey(&file, &around);
        assert!(start.elapsed() < LONGEST, "copy {copy}, part {}: {:?}", parts[target].0, start.elapsed());
    }
}
