//! The wire format of protobuf (protobuf.dev/programming-guides/encoding), read in place: nothing is copied or built, so a
//! message cannot take more memory than its bytes, and sums wrap instead of panicking.

use super::unreadable;
use crate::network::roads::RoadsError;

/// A field of a message.
#[derive(Clone, Copy, Debug)]
pub(in crate::network) enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Fixed,
}

/// The fields of a message, one by one; an error ends them.
pub(in crate::network) struct Fields<'a>(pub(in crate::network) &'a [u8]);

/// The next number of a run of them.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

impl<'a> Fields<'a> {
    fn bytes(&mut self, count: u64) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(usize::try_from(count).ok()?)?;
        self.0 = tail;
        Some(head)
    }
    fn field(&mut self) -> Option<(u64, Field<'a>)> {
        let key = varint(&mut self.0)?;
        let field = match key & 7 {
            0 => Field::Number(varint(&mut self.0)?),
            1 => self.bytes(8).map(|_| Field::Fixed)?,
            2 => {
                let count = varint(&mut self.0)?;
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

/// Numbers packed one after the other; damage ends them.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::network) struct Packed<'a>(pub(in crate::network) &'a [u8]);

impl Packed<'_> {
    /// How many there are, without reading them.
    pub(in crate::network) fn size(self) -> usize {
        self.0.iter().filter(|byte| **byte < 0x80).count()
    }
}

impl Iterator for Packed<'_> {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        varint(&mut self.0)
    }
}

/// Numbers packed as differences to the one before.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::network) struct Deltas<'a> {
    packed: Packed<'a>,
    last: i64,
}

impl<'a> Deltas<'a> {
    pub(in crate::network) fn new(packed: Packed<'a>) -> Self {
        Self { packed, last: 0 }
    }
}

impl Iterator for Deltas<'_> {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        self.last = self.last.wrapping_add(signed(self.packed.next()?));
        Some(self.last)
    }
}

/// A signed number as it is written (zigzag).
pub(in crate::network) fn signed(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_the_format_says() {
        // protobuf.dev: 150 is 96 01; -1 is 1, 1 is 2, -2 is 3.
        assert_eq!(Packed(&[0x96, 1, 3]).collect::<Vec<_>>(), [150, 3]);
        assert_eq!([0, 1, 2, 3, u64::MAX].map(signed), [0, -1, 1, -2, i64::MIN]);
        assert_eq!(Deltas::new(Packed(&[4, 2, 1])).collect::<Vec<_>>(), [2, 3, 2]);
        assert_eq!((Packed(&[0x96, 1, 0x80]).size(), Packed(&[0x96, 1, 3]).size()), (1, 2));
        // Cut off, or longer than a number can be.
        assert_eq!(Packed(&[0x96]).next(), None);
        assert_eq!(Packed(&[0xff; 11]).next(), None);
        assert!(Fields(&[0x0a, 5, 1]).next().unwrap().is_err());
        assert_eq!(
            Deltas::new(Packed(&[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2])).last(),
            Some(i64::MIN)
        );
    }
}
