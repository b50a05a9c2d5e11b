//! A block of map data: its strings and elements, read where they lie (osmformat.proto of the PBF format).

use super::unreadable;
use super::wire::{Deltas, Field, Fields, Packed, signed};
use crate::network::roads::RoadsError;

/// Messages and strings in one block: usual are 8,000 messages.
const MAX_MESSAGES: usize = 1_000_000;
/// OpenStreetMap's own limit of a key or value is 255 characters of at most 4 bytes; longer ones are not looked at.
const MAX_TEXT: usize = 1_020;
/// Tags of one element that are looked at; the most in use are some hundreds.
const MAX_TAGS: usize = 1_000;

/// A block, unpacked.
pub(in crate::network) struct Block<'a> {
    strings: Vec<&'a [u8]>,
    groups: Vec<&'a [u8]>,
    granularity: i64,
    /// Latitude, longitude; nanodegrees.
    offset: [i64; 2],
    /// Elements that are no nodes?
    pub(in crate::network) ways: bool,
    /// Nodes?
    pub(in crate::network) nodes: bool,
    /// Elements, nodes of ways and strings.
    pub(in crate::network) size: usize,
}

/// The tags of an element.
pub(in crate::network) type Tagged<'a> = Vec<(&'a str, &'a str)>;

/// A way or relation.
pub(in crate::network) struct Message<'a> {
    pub(in crate::network) id: i64,
    keys: Packed<'a>,
    values: Packed<'a>,
    /// Ways: nodes. Relations: roles.
    refs: Packed<'a>,
    members: Packed<'a>,
    kinds: Packed<'a>,
}

/// A member of a relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::network) struct Member<'a> {
    pub(in crate::network) role: &'a str,
    pub(in crate::network) id: i64,
    /// 0 node, 1 way, 2 relation.
    pub(in crate::network) kind: u64,
}

impl<'a> Block<'a> {
    /// Looks through a block once, without reading its elements.
    ///
    /// # Errors
    /// When it is damaged, or holds more messages than blocks do.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, RoadsError> {
        let mut block = Self {
            strings: Vec::new(),
            groups: Vec::new(),
            granularity: 100,
            offset: [0; 2],
            ways: false,
            nodes: false,
            size: 0,
        };
        let mut messages = 0_usize;
        let mut count = || {
            messages += 1;
            if messages > MAX_MESSAGES {
                return Err(RoadsError::TooLarge { what: "elements in a block", limit: MAX_MESSAGES });
            }
            Ok(())
        };
        for field in Fields(bytes) {
            match field? {
                (1, Field::Bytes(table)) => {
                    for text in Fields(table) {
                        count()?;
                        if let (1, Field::Bytes(text)) = text? {
                            block.strings.push(text);
                        }
                    }
                }
                (2, Field::Bytes(group)) => {
                    count()?;
                    for element in Fields(group) {
                        count()?;
                        match element? {
                            (1, Field::Bytes(_)) => {
                                block.nodes = true;
                                block.size += 1;
                            }
                            (2, Field::Bytes(dense)) => {
                                block.nodes = true;
                                block.size += packed(dense, [1])?[0].size();
                            }
                            (3, Field::Bytes(way)) => {
                                block.ways = true;
                                block.size += 1 + packed(way, [8])?[0].size();
                            }
                            (4, Field::Bytes(_)) => {
                                block.ways = true;
                                block.size += 1;
                            }
                            _ => {}
                        }
                    }
                    block.groups.push(group);
                }
                (17, Field::Number(number)) => block.granularity = number.cast_signed(),
                (19, Field::Number(number)) => block.offset[0] = number.cast_signed(),
                (20, Field::Number(number)) => block.offset[1] = number.cast_signed(),
                _ => {}
            }
        }
        block.size += block.strings.len();
        Ok(block)
    }

    fn string(&self, at: u64) -> Option<&'a str> {
        let text = self.strings.get(usize::try_from(at).ok()?)?;
        (text.len() <= MAX_TEXT).then(|| str::from_utf8(text).ok()).flatten()
    }

    /// Every way (`true`) or relation (`false`).
    pub(in crate::network) fn for_each_message(
        &self,
        mut each: impl FnMut(bool, &Message<'a>) -> Result<(), RoadsError>,
    ) -> Result<(), RoadsError> {
        for element in self.groups.iter().flat_map(|group| Fields(group)) {
            let (kind @ (3 | 4), Field::Bytes(bytes)) = element? else { continue };
            let id = Fields(bytes).flatten().find_map(|field| match field {
                (1, Field::Number(id)) => Some(id.cast_signed()),
                _ => None,
            });
            let [keys, values, refs, members, kinds] = packed(bytes, [2, 3, 8, 9, 10])?;
            let id = id.ok_or_else(|| unreadable("an element without id"))?;
            each(kind == 3, &Message { id, keys, values, refs, members, kinds })?;
        }
        Ok(())
    }

    /// The tags of a way or relation.
    pub(in crate::network) fn tags(&self, of: &Message<'a>) -> Tagged<'a> {
        let pairs = of.keys.zip(of.values).take(MAX_TAGS);
        pairs.filter_map(|(key, value)| Some((self.string(key)?, self.string(value)?))).collect()
    }

    /// Does a way or relation carry this key?
    pub(in crate::network) fn has(&self, of: &Message<'a>, key: &str) -> bool {
        let is = |at: u64| usize::try_from(at).ok().and_then(|at| self.strings.get(at)) == Some(&key.as_bytes());
        of.keys.take(MAX_TAGS).any(is)
    }

    /// The members of a relation; `None` if one of them cannot be read.
    pub(in crate::network) fn members(&self, of: &Message<'a>, most: usize) -> Option<Vec<Member<'a>>> {
        let (roles, ids) = (of.refs, Deltas::new(of.members));
        let all = roles.zip(ids).zip(of.kinds);
        let member = |((role, id), kind)| Some(Member { role: self.string(role)?, id, kind });
        all.take(most.saturating_add(1)).map(member).collect()
    }

    /// Every node: id, nanodegrees of longitude and latitude, and its tags, read only when asked for.
    pub(in crate::network) fn for_each_node(
        &self,
        mut each: impl FnMut(i64, [i64; 2], &dyn Fn() -> Tagged<'a>) -> Result<(), RoadsError>,
    ) -> Result<(), RoadsError> {
        for element in self.groups.iter().flat_map(|group| Fields(group)) {
            match element? {
                (1, Field::Bytes(bytes)) => {
                    let (mut id, mut at) = (0, [0; 2]);
                    for field in Fields(bytes) {
                        match field? {
                            (1, Field::Number(number)) => id = signed(number),
                            (8, Field::Number(number)) => at[0] = signed(number),
                            (9, Field::Number(number)) => at[1] = signed(number),
                            _ => {}
                        }
                    }
                    let [keys, values] = packed(bytes, [2, 3])?;
                    let tags = || self.pairs(keys.zip(values));
                    each(id, self.placed(at), &tags)?;
                }
                (2, Field::Bytes(bytes)) => {
                    let [ids, lats, lons, mut texts] = packed(bytes, [1, 8, 9, 10])?;
                    for ((id, lat), lon) in Deltas::new(ids).zip(Deltas::new(lats)).zip(Deltas::new(lons)) {
                        // Keys and values of this node, then a zero.
                        let own = texts;
                        while texts.next().is_some_and(|key| key != 0) {
                            texts.next();
                        }
                        let tags = || {
                            let mut own = own;
                            self.pairs(std::iter::from_fn(|| Some((own.next().filter(|key| *key != 0)?, own.next()?))))
                        };
                        each(id, self.placed([lat, lon]), &tags)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn pairs(&self, pairs: impl Iterator<Item = (u64, u64)>) -> Tagged<'a> {
        pairs.take(MAX_TAGS).filter_map(|(key, value)| Some((self.string(key)?, self.string(value)?))).collect()
    }

    /// Longitude and latitude in nanodegrees; what cannot be is far off the Earth.
    fn placed(&self, [lat, lon]: [i64; 2]) -> [i64; 2] {
        let [at_lat, at_lon] = self.offset;
        let nano = |units: i64, offset: i64| self.granularity.saturating_mul(units).saturating_add(offset);
        [nano(lon, at_lon), nano(lat, at_lat)]
    }
}

impl<'a> Message<'a> {
    /// The nodes of a way.
    pub(in crate::network) fn nodes(&self) -> Deltas<'a> {
        Deltas::new(self.refs)
    }
    /// How many they are.
    pub(in crate::network) fn size(&self) -> usize {
        self.refs.size()
    }
}

/// The packed fields of a message, by number; one that comes twice, or not packed, is unlike every writer of the format.
fn packed<const N: usize>(bytes: &[u8], numbers: [u64; N]) -> Result<[Packed<'_>; N], RoadsError> {
    let mut found = [Packed::default(); N];
    for field in Fields(bytes) {
        let (number, field) = field?;
        if let Some(at) = numbers.iter().position(|wanted| *wanted == number) {
            let Field::Bytes(content) = field else { return Err(unreadable("a list is not packed")) };
            if !found[at].0.is_empty() {
                return Err(unreadable("a list comes twice"));
            }
            found[at] = Packed(content);
        }
    }
    Ok(found)
}
