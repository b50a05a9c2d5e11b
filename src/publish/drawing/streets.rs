//! The roads as a map shows them: four widths, names along the main ones.

use crate::domain::coordinates::Point;
use crate::network::profile::Class;
use crate::network::roads::Roads;

/// How wide a road is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// Paths and steps.
    Path,
    /// Streets with houses.
    Minor,
    /// Secondary and tertiary roads.
    Middle,
    /// Main roads.
    Main,
}

impl Width {
    /// All, narrow first: the order of drawing.
    pub const ALL: [Self; 4] = [Self::Path, Self::Minor, Self::Middle, Self::Main];

    /// Width of the road and of its edge, drawing units on a sheet 1,000 wide.
    #[must_use]
    pub fn units(self) -> (f64, f64) {
        match self {
            Self::Path => (1.0, 0.0),
            Self::Minor => (3.0, 1.2),
            Self::Middle => (5.5, 1.4),
            Self::Main => (9.0, 1.6),
        }
    }
}

/// A road to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Street {
    /// Its name, or "".
    pub name: String,
    /// How wide.
    pub width: Width,
    /// Closed to vehicles.
    pub closed: bool,
    /// Along the road.
    pub points: Vec<Point>,
}

/// The streets of a project, in the order of its ways.
#[must_use]
pub fn of(roads: &Roads) -> Vec<Street> {
    roads
        .polylines()
        .map(|line| Street {
            name: line.name.to_owned(),
            width: width(line.class),
            closed: line.closed,
            points: line.points,
        })
        .collect()
}

fn width(class: Class) -> Width {
    match class {
        Class::Motorway | Class::Trunk | Class::Primary => Width::Main,
        Class::Secondary | Class::Tertiary => Width::Middle,
        Class::Unclassified | Class::Residential | Class::LivingStreet | Class::Service | Class::Busway => Width::Minor,
        Class::Track | Class::Pedestrian | Class::Footway | Class::Cycleway | Class::Path | Class::Steps => Width::Path,
    }
}
