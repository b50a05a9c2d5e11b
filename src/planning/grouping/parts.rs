//! Who is joined with whom, directly or through others.

/// Disjoint sets; the smaller number is the root.
pub(super) struct Parts(Vec<usize>);

impl Parts {
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }
    pub(super) fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }
    /// Joins; false where they were one already.
    pub(super) fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
        a != b
    }
}
