//! Where should places be: rest points, stops, lots, depots? Choosing sites for customers at given distances.
//!
//! | module | question | finish |
//! |---|---|---|
//! | [`p_median`] | so many sites, least weighted distance | exact where the bound leaves little open |
//! | [`capacitated`] | the same, but what is assigned to a site must fit it | bound, good answers |
//! | [`covering`] | so many sites, most weight within reach | exact for small cases |
//! | [`stop_choice`] | a price for each site, a price for whoever has none in reach | exact where the bound leaves little open |
//!
//! Distances are lists: a customer names the sites it can use ([`Way`]), all of them or a few. Costs are weight times distance in whole
//! units; bounds are Lagrangian with whole-number multipliers, so they hold exactly. [`check`] judges answers from the problem alone.
//! Deterministic: same seed, iterations and chains give the same answer. Limits: [`MOST_CUSTOMERS`], [`MOST_SITES`], [`MOST_PAIRS`],
//! [`MOST_COST`]; memory is about 40 bytes a pair.

pub mod capacitated;
pub mod check;
pub mod covering;
mod dual;
mod exact;
mod ground;
mod interchange;
mod locate;
pub mod p_median;
pub mod stop_choice;
#[cfg(test)]
mod tests;

/// Most customers of one problem.
pub const MOST_CUSTOMERS: usize = 200_000;
/// Most sites of one problem.
pub const MOST_SITES: usize = 100_000;
/// Most pairs of a customer and a site within its reach.
pub const MOST_PAIRS: usize = 20_000_000;
/// All weights times their farthest distances together stay below this, and so do all prices; where not every site is in reach of
/// everybody, also times the number of customers. Bounds count in fractions of a unit and must not overflow.
pub const MOST_COST: u64 = 1 << 52;

/// A site a customer can use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// Position of the site.
    pub site: u32,
    /// Any unit; costs are weight times this.
    pub distance: u32,
}

/// Open sites and who uses which: the answer of all problems but covering.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// Positions of the open sites, ascending.
    pub open: Vec<usize>,
    /// The site of each customer; `None`: it has none.
    pub assigned: Vec<Option<usize>>,
    /// What all of it costs, in the unit of the problem; customers without a site count where the problem has a price for that.
    pub cost: u64,
}

impl Placed {
    /// Customers without a site.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.assigned.iter().filter(|site| site.is_none()).count()
    }
}

/// What is wrong with a problem.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// Lists that belong together differ in length.
    #[error("{what}: {found} entries, but there are {expected} {whose}; give one for each")]
    Length {
        /// Which list.
        what: &'static str,
        /// Its length.
        found: usize,
        /// What it should be.
        expected: usize,
        /// Customers or sites.
        whose: &'static str,
    },
    /// A customer lists a site there is none of.
    #[error("customer {customer} lists site {site}, but there are only {sites}; check the lists")]
    NoSuchSite {
        /// Position of the customer.
        customer: usize,
        /// As given.
        site: u32,
        /// How many there are.
        sites: usize,
    },
    /// A site covers a demand there is none of.
    #[error("site {site} covers demand {demand}, but there are only {demands}; check the lists")]
    NoSuchDemand {
        /// Position of the site.
        site: usize,
        /// As given.
        demand: usize,
        /// How many there are.
        demands: usize,
    },
    /// A customer lists a site twice.
    #[error("customer {customer} lists site {site} twice; keep the shorter way")]
    Twice {
        /// Position of the customer.
        customer: usize,
        /// The site.
        site: u32,
    },
    /// No site may be opened, or there is none.
    #[error("no place to open: {places} of {sites} sites; give at least one of each")]
    NoPlace {
        /// As given.
        places: usize,
        /// How many sites there are.
        sites: usize,
    },
    /// A customer that fits nowhere in its reach.
    #[error("customer {customer} (demand {demand}) fits none of the sites in its reach; make one larger or split it")]
    FitsNowhere {
        /// Position of the customer.
        customer: usize,
        /// Its demand.
        demand: u32,
    },
    /// Not enough room, whatever is opened.
    #[error(
        "all customers together need {demand}, but the {places} largest sites hold {room}; open more or make them larger"
    )]
    NoRoom {
        /// Of all customers.
        demand: u64,
        /// Sites that may be opened.
        places: usize,
        /// What the largest of them hold.
        room: u64,
    },
    /// Figures too large for exact bounds.
    #[error("weights times distances and prices are too large: together they must stay below 2^52; use a coarser unit")]
    TooDear,
    /// Too large to be solved here.
    #[error(
        "too large: at most {MOST_CUSTOMERS} customers, {MOST_SITES} sites and {MOST_PAIRS} pairs in reach (capacitated: {} customers x sites); split it",
        capacitated::MOST_CELLS
    )]
    TooLarge,
}

/// What all lists of ways have to be.
fn checked(weights: &[u32], near: &[Vec<Way>], sites: usize) -> Result<(), ProblemError> {
    if near.len() != weights.len() {
        let (found, expected) = (weights.len(), near.len());
        return Err(ProblemError::Length { what: "weights", found, expected, whose: "customers" });
    }
    if near.len() > MOST_CUSTOMERS || sites > MOST_SITES || near.iter().map(Vec::len).sum::<usize>() > MOST_PAIRS {
        return Err(ProblemError::TooLarge);
    }
    // The last customer that listed a site.
    let mut seen = vec![usize::MAX; sites];
    for (customer, way) in near.iter().enumerate().flat_map(|(at, ways)| ways.iter().map(move |way| (at, way))) {
        match seen.get_mut(way.site as usize) {
            None => return Err(ProblemError::NoSuchSite { customer, site: way.site, sites }),
            Some(last) if *last == customer => return Err(ProblemError::Twice { customer, site: way.site }),
            Some(last) => *last = customer,
        }
    }
    Ok(())
}

/// Weight times the farthest distance of each customer, if all together are below the limit.
fn farthest(weights: &[u32], near: &[Vec<Way>]) -> Result<Vec<i64>, ProblemError> {
    let far = |(ways, &weight): (&Vec<Way>, &u32)| {
        let most = ways.iter().map(|way| way.distance).max().unwrap_or(0);
        i128::from(weight) * i128::from(most)
    };
    let all: Vec<i128> = near.iter().zip(weights).map(far).collect();
    if all.iter().sum::<i128>() >= i128::from(MOST_COST) {
        return Err(ProblemError::TooDear);
    }
    #[expect(clippy::cast_possible_truncation, reason = "all together are below 2^52")]
    Ok(all.into_iter().map(|cost| cost as i64).collect())
}

/// The nearest open site of each customer with its distance; the lower number where equal.
fn nearest(near: &[Vec<Way>], open: &[usize], sites: usize) -> Vec<Option<Way>> {
    let mut is_open = vec![false; sites];
    open.iter().for_each(|&site| is_open[site] = true);
    let of = |ways: &Vec<Way>| {
        let open = ways.iter().filter(|way| is_open[way.site as usize]);
        open.min_by_key(|way| (way.distance, way.site)).copied()
    };
    near.iter().map(of).collect()
}
