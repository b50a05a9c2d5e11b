//! Which of many places are nearest, on foot, without steps or by bus?

use super::driving::{Cost, Standing};
use super::profile::Band;
use super::walking::Pace;
use super::{BusStop, Foothold, Network};
use crate::domain::units::{Metres, Seconds};

impl Network {
    /// The `count` nearest of some places on foot, within a limit: their positions and metres, nearest first, equals in the
    /// order given.
    #[must_use]
    pub fn nearest_on_foot(
        &self,
        from: &Foothold,
        to: &[Foothold],
        count: usize,
        limit: Metres,
    ) -> Vec<(usize, Metres)> {
        self.nearest_walk(from, to, count, limit, Pace::Steps)
    }

    /// The same for somebody who takes no steps.
    #[must_use]
    pub fn nearest_step_free(
        &self,
        from: &Foothold,
        to: &[Foothold],
        count: usize,
        limit: Metres,
    ) -> Vec<(usize, Metres)> {
        self.nearest_walk(from, to, count, limit, Pace::StepFree)
    }

    fn nearest_walk(
        &self,
        from: &Foothold,
        to: &[Foothold],
        count: usize,
        limit: Metres,
        pace: Pace,
    ) -> Vec<(usize, Metres)> {
        let rows = self.walks(std::slice::from_ref(from), to, Some(limit), pace);
        let mut found: Vec<(usize, Metres)> = found(rows.into_iter().flatten()).collect();
        found.sort_by_key(|(at, metres)| (*metres, *at));
        found.truncate(count);
        found
    }

    /// Of each stop, the `count` places that a bus reaches soonest: their positions with the cells of the matrix, soonest
    /// first, equals in the order given. A row a stop, where a matrix of all the places would be a square.
    #[must_use]
    pub fn nearest_by_bus(
        &self,
        from: &[BusStop],
        to: &[BusStop],
        count: usize,
        band: Band,
    ) -> Vec<Vec<(usize, Seconds, Metres)>> {
        let standings = |stops: &[BusStop]| stops.iter().map(|stop| self.standing(stop)).collect::<Vec<Standing>>();
        let (from, to) = (standings(from), standings(to));
        let nearest = |(from, row): (&Standing, Vec<Option<Cost>>)| {
            // As in the matrix, a stop to itself is nothing.
            let same = |(cell, to): (Option<Cost>, &Standing)| {
                if from[0].is_some() && from == to { Some(Cost::default()) } else { cell }
            };
            let cells = found(row.into_iter().zip(&to).map(same));
            let mut cells: Vec<(usize, Seconds, Metres)> = cells
                .map(|(at, cost)| {
                    let (seconds, metres) = cost.rounded();
                    (at, seconds, metres)
                })
                .collect();
            cells.sort_by_key(|(at, seconds, _)| (*seconds, *at));
            cells.truncate(count);
            cells
        };
        from.iter().zip(self.driving.table(&from, &to, band)).map(nearest).collect()
    }
}

/// What is there, with its position.
fn found<T>(row: impl Iterator<Item = Option<T>>) -> impl Iterator<Item = (usize, T)> {
    row.enumerate().filter_map(|(at, cell)| Some((at, cell?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::site::Kerb;
    use crate::network::Speeds;
    use crate::network::synthetic::{Metropolis, metropolis};
    use crate::search::Random;

    #[test]
    fn the_soonest_by_bus_are_those_of_the_matrix() {
        let roads = metropolis(&Metropolis { nodes: 2_000, ..Metropolis::default() });
        let network = Network::new(&roads, &Speeds::default());
        let mut random = Random::new(5);
        let nodes = roads.nodes();
        let mut stops: Vec<BusStop> = (0..60)
            .filter_map(|_| network.bus_stop(nodes[random.below(nodes.len())].point, Kerb::Either, Metres(300)))
            .collect();
        // One twice, and one that is none.
        stops.push(stops[3].clone());
        stops.push(BusStop { way: 0, ..stops[4].clone() });
        let matrix = network.bus_matrix(&stops, Band::Am);
        for count in [0, 1, 7, 100] {
            let rows = network.nearest_by_bus(&stops[..10], &stops, count, Band::Am);
            for (from, row) in rows.iter().enumerate() {
                let cell = |to: usize| matrix.get(from, to).map(|(seconds, metres)| (to, seconds, metres));
                let mut all: Vec<_> = (0..stops.len()).filter_map(cell).collect();
                // The matrix asks where a stop is in the list, this asks where it lies.
                all.iter_mut().filter(|near| stops[near.0] == stops[from]).for_each(|near| {
                    (near.1, near.2) = (Seconds(0), Metres(0));
                });
                all.sort_by_key(|near| (near.1, near.0));
                all.truncate(count);
                assert_eq!(*row, all, "from {from}, {count}");
            }
        }
        assert_eq!(network.nearest_by_bus(&stops[61..], &stops, 9, Band::Am), [[]]);
    }
}
