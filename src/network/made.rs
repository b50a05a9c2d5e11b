//! Roads remember the network that was made of them, so that a what-if, a coalition or a question pays for the index once.
//!
//! Roads that differ only in what is closed share it ([`Network::closing`]). Nothing is locked while a network is made: two who
//! ask at once both make one, and the same.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Network, Speeds};

/// A network and the speeds it was made for: the last one made.
#[derive(Clone, Default)]
pub(super) struct Made(Arc<Mutex<Option<(Speeds, Network)>>>);

impl Made {
    pub(super) fn get(&self, speeds: &Speeds) -> Option<Network> {
        let made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        made.as_ref().filter(|(for_speeds, _)| for_speeds == speeds).map(|(_, network)| network.clone())
    }

    pub(super) fn keep(&self, speeds: &Speeds, network: &Network) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((speeds.clone(), network.clone()));
    }
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Made")
    }
}
