//! The blocks of an `.osm.pbf` file, unpacked within limits and read on all threads.
//!
//! A kilobyte of deflate can hold a megabyte, and two bytes of protobuf a message that takes hundreds in memory. So we
//! read the file ourselves (wiki.openstreetmap.org/wiki/PBF_Format): frames of length, BlobHeader, Blob; inflate against a
//! budget; and read the elements where they lie ([`wire`], [`block`]). Blocks are read some at a time and joined in the
//! order of the file, so the same file gives the same bytes whatever the threads, and of several errors the first is told.

mod block;
mod wire;

use std::io::Read;

use flate2::read::ZlibDecoder;
use rayon::prelude::*;

pub(super) use block::{Block, Member, Message};
use wire::{Field, Fields};

use super::roads::{Limits, RoadsError};

/// The format's own limits: a header, and a block unpacked.
const MAX_HEADER: usize = 64 * 1024;
const MAX_BLOCK: usize = 32 * 1024 * 1024;
/// Unpacked bytes for each packed byte over the whole file; usual are 2 to 4. Small files get a block of grace.
const MAX_RATIO: usize = 30;
/// Read at once: so many blocks, or the first that reach so many unpacked bytes. Usual are 8,000 elements in 100 to 500 kB.
const BATCH: usize = 32;
const BATCH_BYTES: usize = 16 * 1024 * 1024;

pub(super) fn unreadable(reason: impl Into<String>) -> RoadsError {
    RoadsError::Unreadable { reason: reason.into() }
}

/// Reads every block of map data that is `wanted` (by its number in the file) on all threads, and joins what was read in
/// the order of the file.
///
/// # Errors
/// When the file is damaged or larger than the limits, and what `read` and `join` answer; the first in the file.
pub(super) fn for_each_block<T: Send>(
    bytes: &[u8],
    limits: &Limits,
    wanted: impl Fn(usize) -> bool,
    read: impl Fn(&Block<'_>) -> Result<T, RoadsError> + Sync,
    mut join: impl FnMut(usize, T) -> Result<(), RoadsError>,
) -> Result<(), RoadsError> {
    // Counted first: each block takes some time, however small it is.
    for frame in (Frames { bytes, limits, count: 0 }) {
        if let Err(error @ RoadsError::TooLarge { .. }) = frame {
            return Err(error);
        }
    }
    let mut budget = bytes.len().saturating_mul(MAX_RATIO).saturating_add(MAX_BLOCK);
    let mut frames = Frames { bytes, limits, count: 0 }.enumerate();
    let mut waiting: Option<(usize, Blob<'_>)> = None;
    loop {
        let mut batch: Vec<(usize, Blob<'_>, usize)> = Vec::new();
        let mut reserved = 0;
        let mut stop = None;
        while batch.len() < BATCH && reserved < BATCH_BYTES {
            let next = waiting.take().map(Ok).or_else(|| {
                frames.find_map(|(at, frame)| match frame {
                    Ok(Some(blob)) if wanted(at) => Some(Blob::new(blob).map(|blob| (at, blob))),
                    Ok(_) => None,
                    Err(error) => Some(Err(error)),
                })
            });
            let (at, blob) = match next {
                None => break,
                Some(Ok(found)) => found,
                Some(Err(error)) => {
                    stop = Some(error);
                    break;
                }
            };
            // What it says it holds is reserved; one that does not say so gets all it may hold, and gives back the rest.
            let most = (budget - reserved).min(MAX_BLOCK - 1);
            let fits = blob.unpacked.map_or(most == MAX_BLOCK - 1, |size| size <= most);
            if !fits && !batch.is_empty() {
                waiting = Some((at, blob));
                break;
            }
            if !fits && blob.unpacked.is_some() {
                return Err(RoadsError::TooLarge { what: "unpacked bytes", limit: most });
            }
            let most = blob.unpacked.unwrap_or(most);
            reserved += most;
            batch.push((at, blob, most));
        }
        let done = batch.is_empty();
        let one = |(at, blob, most): (usize, Blob<'_>, usize)| {
            let bytes = blob.unpack(most)?;
            Ok((at, bytes.len(), read(&Block::new(&bytes)?)?))
        };
        let results: Vec<Result<(usize, usize, T), RoadsError>> = batch.into_par_iter().map(one).collect();
        for result in results {
            let (at, size, found) = result?;
            budget -= size;
            join(at, found)?;
        }
        if let Some(error) = stop {
            return Err(error);
        }
        if done {
            return Ok(());
        }
    }
}

/// The frames of a file: the blob of each that holds map data.
struct Frames<'a> {
    bytes: &'a [u8],
    limits: &'a Limits,
    count: usize,
}

impl<'a> Frames<'a> {
    fn frame(&mut self) -> Result<Option<&'a [u8]>, RoadsError> {
        self.count += 1;
        if self.count > self.limits.blocks {
            return Err(RoadsError::TooLarge { what: "blocks", limit: self.limits.blocks });
        }
        let length = take(&mut self.bytes, 4)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        if length > MAX_HEADER {
            return Err(unreadable("no OpenStreetMap PBF file"));
        }
        let (mut kind, mut size) = (&[][..], 0);
        for field in Fields(take(&mut self.bytes, length)?) {
            match field? {
                (1, Field::Bytes(text)) => kind = text,
                (3, Field::Number(number)) => size = usize::try_from(number).unwrap_or(usize::MAX),
                _ => {}
            }
        }
        let blob = take(&mut self.bytes, size)?;
        Ok((kind == b"OSMData").then_some(blob))
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Result<Option<&'a [u8]>, RoadsError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.bytes.is_empty() && self.count > 0 {
            return None;
        }
        let frame = if self.bytes.is_empty() { Err(unreadable("it is empty")) } else { self.frame() };
        if frame.is_err() {
            self.bytes = &[];
            self.count = self.count.max(1);
        }
        Some(frame)
    }
}

/// The next `count` bytes.
fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8], RoadsError> {
    let (head, tail) = bytes.split_at_checked(count).ok_or_else(|| unreadable("it ends too early"))?;
    *bytes = tail;
    Ok(head)
}

/// A block as it lies in the file.
#[derive(Clone, Copy, Debug)]
struct Blob<'a> {
    content: &'a [u8],
    packed: bool,
    /// Bytes it unpacks to, as far as it says so.
    unpacked: Option<usize>,
}

impl<'a> Blob<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, RoadsError> {
        let (mut content, mut unpacked) = (None, None);
        for field in Fields(bytes) {
            match field? {
                (1, Field::Bytes(raw)) => content = Some((raw, false)),
                (2, Field::Number(size)) => unpacked = Some(usize::try_from(size).unwrap_or(usize::MAX)),
                (3, Field::Bytes(packed)) => content = Some((packed, true)),
                (4..=7, Field::Bytes(_)) => return Err(unreadable("packed by another method than zlib")),
                _ => {}
            }
        }
        let (content, packed) = content.ok_or_else(|| unreadable("a block without content"))?;
        let unpacked = if packed { unpacked } else { Some(content.len()) };
        Ok(Self { content, packed, unpacked })
    }

    /// Its content, inflated if need be; at most so many bytes.
    fn unpack(self, most: usize) -> Result<std::borrow::Cow<'a, [u8]>, RoadsError> {
        if !self.packed {
            return Ok(self.content.into());
        }
        let mut block = Vec::with_capacity(self.unpacked.unwrap_or_default().min(most));
        let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
        let inflated = ZlibDecoder::new(self.content).take(limit).read_to_end(&mut block);
        inflated.map_err(|error| unreadable(error.to_string()))?;
        if self.unpacked.is_some_and(|size| size != block.len()) {
            return Err(unreadable("a block is not as long as it says"));
        }
        if block.len() > most {
            return Err(RoadsError::TooLarge { what: "unpacked bytes", limit: most });
        }
        Ok(block.into())
    }
}

/// The same file with every block unpacked: damage done to it reaches the parser instead of a checksum.
#[cfg(test)]
pub(super) fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, RoadsError> {
    let mut file = Vec::new();
    for frame in (Frames { bytes, limits: &Limits::default(), count: 0 }) {
        if let Some(blob) = frame? {
            reframe(&Blob::new(blob)?.unpack(MAX_BLOCK)?, &mut file);
        }
    }
    Ok(file)
}

/// A block as a file of its own, not packed.
#[cfg(test)]
pub(super) fn reframe(block: &[u8], frame: &mut Vec<u8>) {
    let mut head = vec![0x0a, 7];
    head.extend(b"OSMData");
    let mut start = vec![0x0a];
    varint(block.len(), &mut start);
    head.push(0x18);
    varint(start.len() + block.len(), &mut head);
    // Three zeros and one byte: the length of the header, big-endian.
    frame.extend([0, 0, 0]);
    frame.extend(u8::try_from(head.len()));
    frame.extend(head);
    frame.extend(start);
    frame.extend(block);
}

/// A block as a file of its own, packed; with `says`, it says that it unpacks to so many bytes.
#[cfg(test)]
pub(super) fn packed_file(block: &[u8], says: Option<usize>) -> Vec<u8> {
    use std::io::Write;

    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let packed = packer.write_all(block).and_then(|()| packer.finish()).unwrap_or_default();
    let mut blob = Vec::new();
    if let Some(says) = says {
        blob.push(0x10);
        varint(says, &mut blob);
    }
    blob.push(0x1a);
    varint(packed.len(), &mut blob);
    blob.extend(packed);
    let mut head = vec![0x0a, 7];
    head.extend(b"OSMData");
    head.push(0x18);
    varint(blob.len(), &mut head);
    let mut file = vec![0, 0, 0];
    file.extend(u8::try_from(head.len()));
    file.extend(head);
    file.extend(blob);
    file
}

#[cfg(test)]
pub(super) fn varint(mut number: usize, out: &mut Vec<u8>) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::shared;
    use super::block::Tagged;
    use super::*;

    fn bytes(field: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![field << 3 | 2];
        varint(content.len(), &mut out);
        out.extend(content);
        out
    }

    fn zipped(block: &[u8]) -> Vec<u8> {
        packed_file(block, None)
    }

    fn read(file: &[u8]) -> Result<usize, RoadsError> {
        let mut elements = 0;
        let count = |block: &Block<'_>| {
            let mut count = 0;
            block.for_each_message(|_, _| {
                count += 1;
                Ok(())
            })?;
            block.for_each_node(|_, _, _| {
                count += 1;
                Ok(())
            })?;
            Ok(count)
        };
        let join = |_, count: usize| {
            elements += count;
            Ok(())
        };
        for_each_block(file, &Limits::default(), |_| true, count, join).map(|()| elements)
    }

    #[test]
    fn bombs_are_refused_before_they_grow() {
        // 40 MB of zeros, as strings, in 40 kB.
        let strings = bytes(1, &bytes(1, &vec![0; 40 << 20]));
        let bomb = zipped(&strings);
        assert!(bomb.len() < 60_000);
        assert!(matches!(read(&bomb), Err(RoadsError::TooLarge { what: "unpacked bytes", .. })));
        // Two million empty ways.
        let ways = bytes(2, &[0x1a, 0].repeat(2_000_000));
        assert!(matches!(read(&zipped(&ways)), Err(RoadsError::TooLarge { what: "elements in a block", .. })));
        // Ten blocks of 20 MB each: more in all than a file of this size may hold.
        let strings = bytes(1, &bytes(1, b""));
        let many = zipped(&[strings, bytes(9, &vec![0; 20 << 20])].concat()).repeat(10);
        assert!(matches!(read(&many), Err(RoadsError::TooLarge { what: "unpacked bytes", .. })));
        // A block that says it is a gigabyte, and ends.
        let liar = [&[0, 0, 0, 15, 0x0a, 7][..], b"OSMData", &[0x18, 0x80, 0x80, 0x80, 0x80, 4]].concat();
        assert!(matches!(read(&liar), Err(RoadsError::Unreadable { .. })));
        assert!(matches!(read(b""), Err(RoadsError::Unreadable { .. })));
        assert!(matches!(read(b"<?xml version='1.0'?>"), Err(RoadsError::Unreadable { .. })));
    }

    #[test]
    fn a_block_is_as_long_as_it_says() {
        let block = [bytes(1, &bytes(1, b"")), bytes(2, &[0x1a, 2, 8, 1].repeat(3))].concat();
        assert_eq!(read(&packed_file(&block, Some(block.len()))).unwrap(), 3);
        for says in [0, block.len() - 1, block.len() + 1] {
            assert!(matches!(read(&packed_file(&block, Some(says))), Err(RoadsError::Unreadable { .. })), "{says}");
        }
        // What says it is too large is not even unpacked.
        for says in [MAX_BLOCK, usize::MAX] {
            let refused = read(&packed_file(&block, Some(says)));
            assert!(matches!(refused, Err(RoadsError::TooLarge { what: "unpacked bytes", .. })), "{says}");
        }
    }

    #[test]
    fn the_first_error_in_the_file_is_told_whatever_the_threads() {
        let good = zipped(&[bytes(1, &bytes(1, b"")), bytes(2, &[0x1a, 2, 8, 1].repeat(3))].concat());
        // A way without an id, a group that is cut off, and a frame that is none.
        let nameless = zipped(&bytes(2, &[0x1a, 0]));
        let cut_off = zipped(&[0x12, 9, 1]);
        let reason = |parts: &[&[u8]]| read(&parts.concat()).unwrap_err().to_string();
        for _ in 0..50 {
            let many = good.repeat(40);
            assert!(reason(&[&many, &nameless, &good, &cut_off, b"xyz"]).contains("without id"));
            assert!(reason(&[&many, &cut_off, &nameless, b"xyz"]).contains("a message is damaged"));
            assert!(reason(&[&many, b"xyz"]).contains("ends too early"));
        }
    }

    /// All that a file holds, as text, read by somebody else's reader.
    fn theirs(file: &[u8]) -> Vec<String> {
        use osmpbf::{Element, ElementReader, RelMemberType};

        fn tags<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> String {
            tags.map(|(key, value)| format!(" {key}={value}")).collect()
        }
        let mut found = Vec::new();
        let each = |element: Element<'_>| {
            found.push(match element {
                Element::Node(n) => format!("node {} {} {}{}", n.id(), n.nano_lon(), n.nano_lat(), tags(n.tags())),
                Element::DenseNode(n) => format!("node {} {} {}{}", n.id(), n.nano_lon(), n.nano_lat(), tags(n.tags())),
                Element::Way(w) => format!("way {} {:?}{}", w.id(), w.refs().collect::<Vec<_>>(), tags(w.tags())),
                Element::Relation(r) => {
                    let kind = |kind| match kind {
                        RelMemberType::Node => 0,
                        RelMemberType::Way => 1,
                        RelMemberType::Relation => 2,
                    };
                    let member =
                        |m: osmpbf::RelMember<'_>| (m.role().unwrap().to_owned(), m.member_id, kind(m.member_type));
                    format!("relation {} {:?}{}", r.id(), r.members().map(member).collect::<Vec<_>>(), tags(r.tags()))
                }
            });
        };
        ElementReader::new(file).for_each(each).unwrap();
        found
    }

    fn ours(file: &[u8]) -> Vec<String> {
        fn tags(tags: &Tagged<'_>) -> String {
            tags.iter().map(|(key, value)| format!(" {key}={value}")).collect()
        }
        let block = |block: &Block<'_>| {
            let mut found = Vec::new();
            block.for_each_node(|id, [lon, lat], own| {
                found.push(format!("node {id} {lon} {lat}{}", tags(&own())));
                Ok(())
            })?;
            block.for_each_message(|is_way, of| {
                let own = tags(&block.tags(of));
                found.push(if is_way {
                    format!("way {} {:?}{own}", of.id, of.nodes().collect::<Vec<_>>())
                } else {
                    let members = block.members(of, usize::MAX - 1).unwrap();
                    let members: Vec<_> = members.iter().map(|m| (m.role.to_owned(), m.id, m.kind)).collect();
                    format!("relation {} {members:?}{own}", of.id)
                });
                Ok(())
            })?;
            Ok(found)
        };
        let mut all = Vec::new();
        let join = |_, found: Vec<String>| {
            all.extend(found);
            Ok(())
        };
        for_each_block(file, &Limits::default(), |_| true, block, join).unwrap();
        all
    }

    #[test]
    fn everything_in_real_files_is_read_as_others_read_it() {
        for (name, least) in [("shanghai_center.osm.pbf", 10_000), ("monaco.osm.pbf", 20_000)] {
            let Some(file) = shared(name) else { continue };
            let (theirs, ours) = (theirs(&file), ours(&file));
            assert!(theirs.len() > least, "{}", theirs.len());
            assert!(theirs == ours, "{name}: {:?}", theirs.iter().zip(&ours).find(|(a, b)| a != b));
        }
    }

    #[test]
    fn a_block_goes_through_unchanged() {
        // A string table with "" and one group with three ways of id 1.
        let block = [bytes(1, &bytes(1, b"")), bytes(2, &[0x1a, 2, 8, 1].repeat(3))].concat();
        assert_eq!(read(&zipped(&block)).unwrap(), 3);
        let twice = zipped(&block).repeat(2);
        assert_eq!(read(&twice).unwrap(), 6);
        assert!(read(&twice[..twice.len() - 1]).is_err());
    }
}
