//! What all handlers share.

use std::sync::{Arc, Mutex};

use super::boards::Boards;
use super::problem::Problem;
use crate::intake::{self, Needs, Source};
use crate::jobs::Bell;
use crate::planning::project::Project;
use crate::planning::scenario;
use crate::storage::plans::Origin;
use crate::storage::{Store, projects};

/// How the service is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// No login: whoever sits at this machine may do everything.
    pub open: bool,
    /// Where it is reached from outside, without a slash at the end; links in QR codes and invitations begin with it.
    pub base_url: String,
    /// No limits on rates: for tests of the service itself.
    pub unlimited: bool,
}

impl Settings {
    /// Is it reached by https? Then cookies are sent by https only.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// Projects kept parsed: the last few that somebody looked at.
const KEPT: usize = 6;

/// The service's state.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    bell: Bell,
    settings: Settings,
    parsed: Mutex<Vec<(String, Arc<Project>)>>,
    /// One project is parsed at a time: a hundred who ask for the same wait for one.
    parsing: tokio::sync::Mutex<()>,
    limits: super::limits::Limits,
    boards: Boards,
    ride_turns: super::rides::Turns,
}

impl App {
    /// A service on a database; `bell` wakes the worker of this process.
    #[must_use]
    pub fn new(store: Store, bell: Bell, settings: Settings) -> Self {
        Self(Arc::new(Inner {
            store,
            bell,
            settings,
            parsed: Mutex::default(),
            parsing: tokio::sync::Mutex::default(),
            limits: super::limits::Limits::default(),
            boards: Boards::default(),
            ride_turns: super::rides::Turns::default(),
        }))
    }
    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }
    /// What is left to those who are not signed in.
    pub(super) fn limits(&self) -> &super::limits::Limits {
        &self.0.limits
    }
    /// Wakes the worker.
    #[must_use]
    pub fn bell(&self) -> &Bell {
        &self.0.bell
    }
    /// How it is run.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Who changes a day of rides on request waits here.
    pub(super) fn ride_turns(&self) -> &super::rides::Turns {
        &self.0.ride_turns
    }

    /// What riders are answered from.
    pub(super) fn boards(&self) -> &Boards {
        &self.0.boards
    }

    /// The files of a project as they were for a plan.
    ///
    /// # Errors
    /// The database.
    pub async fn sources(&self, inputs: &[projects::File]) -> Result<Vec<Source>, Problem> {
        let mut conn = self.store().read().await?;
        let mut sources = Vec::with_capacity(inputs.len());
        for file in inputs {
            sources.push(Source { name: file.name.clone(), bytes: projects::bytes(&mut conn, &file.sha).await? });
        }
        Ok(sources)
    }

    /// The project a plan was made from, parsed; the last few are kept.
    ///
    /// # Errors
    /// 409 where its files cannot be read (any more).
    pub async fn project(&self, origin: &Origin) -> Result<Arc<Project>, Problem> {
        let key = serde_json::to_string(&(&origin.inputs, &origin.modifications)).map_err(|e| Problem::fault(&e))?;
        if let Some(project) = self.parsed(&key) {
            return Ok(project);
        }
        let _turn = self.0.parsing.lock().await;
        if let Some(project) = self.parsed(&key) {
            return Ok(project);
        }
        let sources = self.sources(&origin.inputs).await?;
        let modifications = origin.modifications.clone();
        let project = aside(move || {
            let project = intake::read_project(&sources, Needs::ANY).map_err(|error| Problem {
                findings: error.findings().to_vec(),
                ..Problem::conflict("inputs-unreadable")
            })?;
            scenario::apply(&project, &modifications)
                .map_err(|(number, error)| scenario_problem(number, &error))
                .map(Arc::new)
        })
        .await??;
        if let Ok(mut kept) = self.0.parsed.lock() {
            if kept.len() >= KEPT {
                kept.remove(0);
            }
            kept.push((key, Arc::clone(&project)));
        }
        Ok(project)
    }

    /// A project as it is told to the outside: its names of today, and where its riders read. An address of its own in project.toml counts,
    /// unless it is an example's (RFC 2606).
    pub(super) fn outward(&self, project: &Project, named: &projects::Project) -> Project {
        let own = project.publication.base_url.clone().filter(|url| !is_example(url));
        let mut outward = project.clone();
        outward.publication.base_url = Some(own.unwrap_or_else(|| super::public::page_of(self, &named.id)));
        outward.name.clone_from(&named.name);
        if named.name_zh.is_some() {
            outward.name_zh.clone_from(&named.name_zh);
        }
        outward
    }

    fn parsed(&self, key: &str) -> Option<Arc<Project>> {
        let mut kept = self.0.parsed.lock().ok()?;
        let at = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(at);
        let project = Arc::clone(&found.1);
        kept.push(found);
        Some(project)
    }
}

/// `https://example.org/…`: nobody reads there.
fn is_example(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', ':']).next().unwrap_or("");
    ["example.org", "example.com", "example.net", "example"]
        .iter()
        .any(|known| host.strip_suffix(known).is_some_and(|front| front.is_empty() || front.ends_with('.')))
}

/// A modification that does not fit the project.
#[must_use]
pub fn scenario_problem(number: usize, error: &scenario::ScenarioError) -> Problem {
    Problem::conflict("scenario-fits-not").arg("number", number).arg("reason", error.to_string())
}

/// Work that takes more than a millisecond goes aside, so that requests are not kept waiting.
///
/// # Errors
/// It panicked: a fault of ours.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::fault(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_no_addresses() {
        for url in
            ["https://example.org/gonghexin", "http://www.example.com", "https://bus.example/x", "example.net:80"]
        {
            assert!(is_example(url), "{url}");
        }
        for url in ["https://bus.example.cn/p", "https://anexample.org/x", "http://127.0.0.1:8080", ""] {
            assert!(!is_example(url), "{url}");
        }
    }
}
