//! The blocks of an `.osm.pbf` file, unpacked within limits before the parser sees them.
//!
//! A kilobyte of deflate can hold a megabyte, and two bytes of protobuf a message that takes hundreds in memory. So we
//! read the outer frames ourselves (wiki.openstreetmap.org/wiki/PBF_Format): length, BlobHeader, Blob; inflate against a
//! budget, count the messages of each block without building them, and only then hand the block to `osmpbf`.

use std::io::Read;

use flate2::read::ZlibDecoder;
use osmpbf::{BlobDecode, BlobReader, PrimitiveBlock};

use super::roads::{Limits, RoadsError};

/// The format's own limits: a header, and a block unpacked.
const MAX_HEADER: usize = 64 * 1024;
const MAX_BLOCK: usize = 32 * 1024 * 1024;
/// Messages and strings in one block: usual are 8,000 messages.
const MAX_MESSAGES: usize = 1_000_000;
/// Unpacked bytes for each packed byte over the whole file; usual are 2 to 4. Small files get a block of grace.
const MAX_RATIO: usize = 30;

fn unreadable(reason: impl Into<String>) -> RoadsError {
    RoadsError::Unreadable { reason: reason.into() }
}

/// Calls `each` with every block of map data.
///
/// # Errors
/// When the file is damaged or larger than the limits, and what `each` answers.
pub(super) fn for_each_block(
    mut bytes: &[u8],
    limits: &Limits,
    mut each: impl FnMut(&PrimitiveBlock) -> Result<(), RoadsError>,
) -> Result<(), RoadsError> {
    let mut budget = bytes.len().saturating_mul(MAX_RATIO).saturating_add(MAX_BLOCK);
    let mut blocks = 0;
    while !bytes.is_empty() {
        blocks += 1;
        if blocks > limits.blocks {
            return Err(RoadsError::TooLarge { what: "blocks", limit: limits.blocks });
        }
        let length = take(&mut bytes, 4)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        if length > MAX_HEADER {
            return Err(unreadable("no OpenStreetMap PBF file"));
        }
        let (mut kind, mut size) = (&[][..], 0);
        for field in Fields(take(&mut bytes, length)?) {
            match field? {
                (1, Field::Bytes(text)) => kind = text,
                (3, Field::Number(number)) => size = usize::try_from(number).unwrap_or(usize::MAX),
                _ => {}
            }
        }
        let blob = take(&mut bytes, size)?;
        if kind != b"OSMData" {
            continue;
        }
        let block = unpack(blob, budget)?;
        budget -= block.len();
        count_messages(&block)?;
        let mut frame = Vec::with_capacity(block.len() + 64);
        reframe(&block, &mut frame);
        for blob in BlobReader::new(&frame[..]) {
            let blob = blob.map_err(|error| unreadable(error.to_string()))?;
            if let BlobDecode::OsmData(block) = blob.decode().map_err(|error| unreadable(error.to_string()))? {
                each(&block)?;
            }
        }
    }
    if blocks == 0 { Err(unreadable("it is empty")) } else { Ok(()) }
}

/// The next `count` bytes.
fn take<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8], RoadsError> {
    let (head, tail) = bytes.split_at_checked(count).ok_or_else(|| unreadable("it ends too early"))?;
    *bytes = tail;
    Ok(head)
}

/// The content of a blob, inflated if need be.
fn unpack(blob: &[u8], budget: usize) -> Result<Vec<u8>, RoadsError> {
    let most = budget.min(MAX_BLOCK - 1);
    let mut content = None;
    for field in Fields(blob) {
        match field? {
            (1, Field::Bytes(raw)) => content = Some(raw.to_vec()),
            (3, Field::Bytes(packed)) => {
                let mut block = Vec::new();
                let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
                let inflated = ZlibDecoder::new(packed).take(limit).read_to_end(&mut block);
                inflated.map_err(|error| unreadable(error.to_string()))?;
                content = Some(block);
            }
            (4..=7, Field::Bytes(_)) => return Err(unreadable("packed by another method than zlib")),
            _ => {}
        }
    }
    let block = content.ok_or_else(|| unreadable("a block without content"))?;
    if block.len() > most {
        return Err(RoadsError::TooLarge { what: "unpacked bytes", limit: most });
    }
    Ok(block)
}

/// Refuses a block that would take far more memory than bytes.
fn count_messages(block: &[u8]) -> Result<(), RoadsError> {
    let mut messages = 0_usize;
    for field in Fields(block) {
        // 1: the table of strings; 2: a group of elements.
        if let (1 | 2, Field::Bytes(part)) = field? {
            for inner in Fields(part) {
                inner?;
                messages += 1;
                if messages > MAX_MESSAGES {
                    return Err(RoadsError::TooLarge { what: "elements in a block", limit: MAX_MESSAGES });
                }
            }
        }
    }
    Ok(())
}

/// The same file with every block unpacked: damage done to it reaches the parser instead of a checksum.
#[cfg(test)]
pub(super) fn unpacked(mut bytes: &[u8]) -> Result<Vec<u8>, RoadsError> {
    let mut file = Vec::new();
    while !bytes.is_empty() {
        let length = take(&mut bytes, 4)?.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let head = take(&mut bytes, length)?;
        let size = Fields(head).flatten().find_map(|field| match field {
            (3, Field::Number(size)) => usize::try_from(size).ok(),
            _ => None,
        });
        let blob = take(&mut bytes, size.unwrap_or(0))?;
        if head.windows(7).any(|word| word == b"OSMData") {
            reframe(&unpack(blob, usize::MAX)?, &mut file);
        }
    }
    Ok(file)
}

/// A block as a file of its own, not packed.
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

/// A field of a protobuf message.
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

/// The fields of a message, one by one; an error ends them.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }
    fn bytes(&mut self, count: u64) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(usize::try_from(count).ok()?)?;
        self.0 = tail;
        Some(head)
    }
    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let key = self.varint()?;
        let field = match key & 7 {
            0 => Field::Number(self.varint()?),
            1 => self.bytes(8).map(|_| Field::Fixed)?,
            2 => {
                let count = self.varint()?;
                Field::Bytes(self.bytes(count)?)
            }
            5 => self.bytes(4).map(|_| Field::Fixed)?,
            _ => return None,
        };
        Some((key >> 3, field))
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Field<'a>), RoadsError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or_else(|| unreadable("a message is damaged")))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn bytes(field: u8, content: &[u8]) -> Vec<u8> {
        let mut out = vec![field << 3 | 2];
        varint(content.len(), &mut out);
        out.extend(content);
        out
    }

    fn zipped(block: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(block).unwrap();
        let blob = bytes(3, &packer.finish().unwrap());
        let mut head = bytes(1, b"OSMData");
        head.push(0x18);
        varint(blob.len(), &mut head);
        let mut file = u32::try_from(head.len()).unwrap().to_be_bytes().to_vec();
        file.extend(head);
        file.extend(blob);
        file
    }

    fn read(file: &[u8]) -> Result<usize, RoadsError> {
        let mut elements = 0;
        for_each_block(file, &Limits::default(), |block| {
            elements += block.elements().count();
            Ok(())
        })
        .map(|()| elements)
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
    fn a_block_goes_through_unchanged() {
        // A string table with "" and one group with three ways of id 1.
        let block = [bytes(1, &bytes(1, b"")), bytes(2, &[0x1a, 2, 8, 1].repeat(3))].concat();
        assert_eq!(read(&zipped(&block)).unwrap(), 3);
        let twice = zipped(&block).repeat(2);
        assert_eq!(read(&twice).unwrap(), 6);
        assert!(read(&twice[..twice.len() - 1]).is_err());
    }
}
