//! The road graph as imported: nodes, ways, directed arcs.

/// Roads and paths of a project.
#[derive(Clone, Debug, Default)]
pub struct Roads {}
