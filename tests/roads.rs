//! Buses, walkers and the index against Dijkstra's algorithm of our own (`roads/oracle.rs`, written from the rules and apart
//! from the code) on real extracts: cell by cell, in each band, with junctions that cost and that do not, roads closed, and
//! with lights, gates and forbidden turns strewn over them.
//!
//! A tenth of the pairs in a usual run; ten thousand of each kind by
//! `cargo test --release --test roads -- --ignored --nocapture`.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on fails, and prints its figures")]

#[path = "roads/drives.rs"]
mod drives;
#[path = "roads/index.rs"]
mod index;
#[path = "roads/oracle.rs"]
mod oracle;
#[path = "roads/walks.rs"]
mod walks;

use std::path::Path;

use jiebo::network::osm;
use jiebo::network::roads::{Limits, Roads};

/// A file beside the checkout (or beside the folder of checkouts); `None`, with a notice, where there is none.
fn shared(name: &str) -> Option<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |up: &str| std::fs::read(root.join(up).join("shared").join(name)).ok();
    let bytes = ["..", "../.."].into_iter().find_map(read);
    if bytes.is_none() {
        println!("skipped: no {name}");
    }
    bytes
}

/// The roads of an extract.
fn extract(name: &str) -> Option<Roads> {
    let bytes = shared(&format!("osm/{name}.osm.pbf"))?;
    Some(osm::import(&bytes, name, &Limits::default(), None).unwrap().0)
}
