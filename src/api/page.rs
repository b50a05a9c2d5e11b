//! Lists come in pages: `?limit=&after=`; `next` is the cursor of the page that follows, and where it is missing there is none.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::Check;
use super::problem::Flaw;

/// Entries of a page where nobody says how many.
const USUAL: i64 = 50;
/// … and at most.
const MOST: i64 = 200;

/// Which page.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Entries at most, 1 to 200; 50 where it is not given.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<i64>,
    /// `next` of the page before.
    #[param(max_length = 200)]
    after: Option<String>,
}

impl Check for Paging {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        if self.limit.is_some_and(|limit| !(1..=MOST).contains(&limit)) {
            flaws.push(Flaw::new("limit", "number-range").arg("least", 1).arg("most", MOST));
        }
        if self.after.as_ref().is_some_and(|after| after.chars().count() > 200) {
            flaws.push(Flaw::new("after", "text-length").arg("least", 0).arg("most", 200));
        }
        flaws
    }
}

impl Paging {
    /// How many to ask the database for: one more, to know whether a page follows.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        self.limit() + 1
    }
    /// Where to go on; "" at the start.
    #[must_use]
    pub fn after(&self) -> &str {
        self.after.as_deref().unwrap_or("")
    }
    fn limit(&self) -> i64 {
        self.limit.unwrap_or(USUAL).clamp(1, MOST)
    }
    /// The page of what the database gave.
    pub fn page<T, U>(&self, mut rows: Vec<T>, cursor: impl Fn(&T) -> String, show: impl FnMut(T) -> U) -> Page<U> {
        let limit = usize::try_from(self.limit()).unwrap_or(1);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(cursor) } else { None };
        Page { items: rows.into_iter().map(show).collect(), next }
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// Its entries.
    pub items: Vec<T>,
    /// Cursor of the next page, for `after`; missing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
