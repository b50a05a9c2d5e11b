//! What riders are answered from: one board a project, in memory. A rider's request touches neither the database nor the solver's cores.
//!
//! A [`Board`] is the timetable from yesterday on with today's overlay, never changed, only replaced: at once by a write of this process,
//! within a second (the watcher asks the database for its marks) by one of another process or a restored backup, and at midnight.
//! While the database is away the last boards go on. What is made of a board is kept for the second it was made in ([`Shelf`]).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use tokio::sync::watch;

use super::app::{App, aside};
use super::problem::Problem;
use super::shelf::{Made, Shelf};
use crate::publish::riding::{Alert, Period, Published, Stop, Timetable, Today, zone_of};
use crate::publish::{calendar, gtfs};
use crate::storage::publications::{self, Publication};
use crate::storage::{StorageError, Store, projects, running};

/// The database is asked so often whether anything has changed.
const WATCH: Duration = Duration::from_secs(1);

/// What depends on publications and the day only: stays when a trip is late.
#[derive(Debug)]
struct Base {
    counting: Vec<Publication>,
    day: Date,
    timetable: Timetable,
    gtfs: OnceLock<Arc<Made>>,
    ics: OnceLock<Arc<Made>>,
}

/// A project as riders know it.
#[derive(Debug)]
pub(super) struct Board {
    project: String,
    base: Arc<Base>,
    today: Today,
    /// Answers that are not of one stop.
    pub(super) shelf: Shelf,
    /// Every stop of a timetable that counts.
    stops: BTreeMap<String, Shelf>,
}

impl Board {
    /// The project's id.
    pub(super) fn project(&self) -> &str {
        &self.project
    }
    /// Yesterday's publication and all that follow; feeds and live feeds have their ids from it.
    pub(super) fn timetable(&self) -> &Timetable {
        &self.base.timetable
    }
    /// What is different today.
    pub(super) fn today(&self) -> &Today {
        &self.today
    }
    /// The day it is there.
    pub(super) fn date(&self, now: Timestamp) -> Date {
        self.timetable().zone().to_datetime(now).date()
    }
    /// A stop, with what is kept for it.
    pub(super) fn stop(&self, id: &str, now: Timestamp) -> Option<(&Stop, &Shelf)> {
        let shelf = self.stops.get(id)?;
        Some((self.timetable().stop(id, self.date(now))?, shelf))
    }
    /// What is kept for a stop.
    pub(super) fn stop_shelf(&self, id: &str) -> Option<&Shelf> {
        self.stops.get(id)
    }
    /// What it is called.
    pub(super) fn face(&self, now: Timestamp) -> Option<&Published> {
        self.timetable().period_near(self.date(now)).map(|period| &*period.published)
    }
    /// Are there rides on request, today or later?
    pub(super) fn has_rides(&self, now: Timestamp) -> bool {
        let today = self.date(now);
        let ahead = |period: &&Period| period.until.is_none_or(|until| until >= today);
        self.timetable().periods().iter().filter(ahead).any(|period| !period.published.on_demand.is_empty())
    }
    /// Alerts at a stop: of everything, of it, of its lines.
    pub(super) fn alerts_at(&self, stop: &str, now: Timestamp) -> Vec<&Alert> {
        let lines: Vec<&str> = self.timetable().lines_at(stop, self.date(now)).map(|line| line.id.as_str()).collect();
        let own = |alert: &&Alert| {
            alert.of_everything()
                || alert.stops.iter().any(|id| id == stop)
                || alert.lines.iter().any(|id| lines.contains(&id.as_str()))
        };
        self.alerts(now).filter(own).collect()
    }
    /// All alerts shown now.
    pub(super) fn alerts(&self, now: Timestamp) -> impl Iterator<Item = &Alert> {
        self.today.alerts().iter().filter(move |alert| alert.shown(now))
    }
    /// `gtfs.zip`; made when it is first asked for: call it aside.
    pub(super) fn gtfs(&self) -> Result<Arc<Made>, Problem> {
        if let Some(made) = self.base.gtfs.get() {
            return Ok(Arc::clone(made));
        }
        let bytes = gtfs::zip_of(self.timetable()).map_err(|error| Problem::fault(&error))?;
        Ok(Arc::clone(self.base.gtfs.get_or_init(|| Arc::new(Made::new(bytes)))))
    }
    /// `timetable.ics`; made when it is first asked for: call it aside.
    pub(super) fn ics(&self) -> Arc<Made> {
        Arc::clone(self.base.ics.get_or_init(|| Arc::new(Made::new(calendar::ics_of(self.timetable())))))
    }
    /// Are its files made?
    pub(super) fn warm(&self) -> bool {
        self.base.ics.get().is_some()
    }

    fn new(project: &str, base: Arc<Base>, today: Today) -> Self {
        let stops = base.timetable.periods().iter().flat_map(|period| &period.published.stops);
        let stops = stops.map(|stop| (stop.id.clone(), Shelf::default())).collect();
        Self { project: project.to_owned(), base, today, shelf: Shelf::default(), stops }
    }

    #[cfg(test)]
    pub(super) fn of(project: &str, periods: Vec<Period>, day: Date, today: Today) -> Self {
        let timetable = Timetable::since(before(day), periods);
        let (gtfs, ics) = (OnceLock::new(), OnceLock::new());
        Self::new(project, Arc::new(Base { counting: Vec::new(), day, timetable, gtfs, ics }), today)
    }
}

fn before(day: Date) -> Date {
    day.yesterday().unwrap_or(day)
}

/// What is known of a project: its mark, and its board where it has publications.
#[derive(Clone, Debug)]
struct Entry {
    mark: i64,
    board: Option<Arc<Board>>,
}

/// All boards.
#[derive(Debug, Default)]
pub(super) struct Boards {
    entries: RwLock<HashMap<String, Entry>>,
    /// All that there were at the start are loaded: what is not known is not there.
    loaded: AtomicBool,
    /// One replaces at a time: an older state never follows a newer one.
    turn: tokio::sync::Mutex<()>,
}

impl Boards {
    fn known(&self, project: &str) -> Option<Entry> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).get(project).cloned()
    }

    fn set(&self, project: &str, entry: Option<Entry>) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        match entry {
            Some(entry) => entries.insert(project.to_owned(), entry),
            None => entries.remove(project),
        };
    }

    /// All boards there are.
    pub(super) fn all(&self) -> Vec<Arc<Board>> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.values().filter_map(|entry| entry.board.clone()).collect()
    }

    /// The board of a project. Asks the database only just after a start.
    ///
    /// # Errors
    /// 404: nothing is published there.
    pub(super) async fn get(&self, store: &Store, project: &str) -> Result<Arc<Board>, Problem> {
        if self.known(project).is_none() && !self.loaded.load(Ordering::Acquire) {
            self.refresh(store, project).await?;
        }
        self.known(project).and_then(|entry| entry.board).ok_or_else(|| Problem::missing("timetable"))
    }

    /// Reads anew what riders may know of a project.
    ///
    /// # Errors
    /// The database; the board stays as it was.
    pub(super) async fn refresh(&self, store: &Store, project: &str) -> Result<(), Problem> {
        let _turn = self.turn.lock().await;
        let now = Timestamp::now();
        // Wherever it is: the day before yesterday, by the clock of Greenwich, is past.
        let since = TimeZone::UTC.to_datetime(now).date().saturating_sub(2.days());
        let mut tx = store.snapshot().await?;
        let mark = match projects::get(&mut tx, project).await {
            Ok(project) => project.mark,
            Err(StorageError::Missing(_)) => {
                self.set(project, None);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let counting = publications::counting(&mut tx, project, since).await?;
        let today = running::today(&mut tx, project, since.saturating_sub(1.days()), now).await?;
        let old = self.known(project).and_then(|entry| entry.board);
        let same = old.as_ref().filter(|old| old.base.counting == counting && old.date(now) == old.base.day);
        let base = match same {
            Some(old) => Some(Arc::clone(&old.base)),
            None => {
                let mut sources = Vec::with_capacity(counting.len());
                for one in &counting {
                    let periods = || old.iter().flat_map(|old| old.timetable().periods());
                    sources.push(match periods().find(|period| period.publication == one.id) {
                        Some(period) => Source::Known(Arc::clone(&period.published)),
                        None => Source::Text(publications::published(&mut tx, project, &one.id).await?),
                    });
                }
                aside(move || base(counting, sources, now)).await?
            }
        };
        let _ = tx.rollback().await;
        let board = base.map(|base| Arc::new(Board::new(project, base, today)));
        self.set(project, Some(Entry { mark, board }));
        Ok(())
    }

    /// After a write: riders see it now. If that fails the watcher makes good.
    pub(super) async fn changed(&self, store: &Store, project: &str) {
        if let Err(problem) = self.refresh(store, project).await {
            tracing::warn!(project, code = problem.code, "a board could not be read anew; it will be tried again");
        }
    }

    /// Looks once for what has changed.
    async fn look(&self, store: &Store) -> Result<(), Problem> {
        let marks = projects::marks(&mut *store.read().await?).await?;
        let now = Timestamp::now();
        let gone: Vec<String> = {
            let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
            let there: HashSet<&String> = marks.iter().map(|(id, _)| id).collect();
            entries.keys().filter(|id| !there.contains(id)).cloned().collect()
        };
        for (project, mark) in &marks {
            let current = self.known(project).is_some_and(|entry| {
                entry.mark == *mark && entry.board.is_none_or(|board| board.date(now) == board.base.day)
            });
            if !current {
                self.changed(store, project).await;
            }
        }
        for project in gone {
            self.changed(store, &project).await;
        }
        self.loaded.store(true, Ordering::Release);
        Ok(())
    }
}

/// A publication to be put into a timetable.
enum Source {
    /// It is in the old one.
    Known(Arc<Published>),
    /// As it is kept.
    Text(Vec<u8>),
}

/// `None` where nothing counts.
fn base(counting: Vec<Publication>, sources: Vec<Source>, now: Timestamp) -> Option<Arc<Base>> {
    let mut periods = Vec::with_capacity(sources.len());
    for (one, source) in counting.iter().zip(sources) {
        let published = match source {
            Source::Known(published) => published,
            Source::Text(bytes) => match serde_json::from_slice(&bytes) {
                Ok(published) => Arc::new(published),
                Err(error) => {
                    tracing::error!(publication = one.id, %error, "a publication cannot be read: it is left out");
                    continue;
                }
            },
        };
        periods.push(Period { publication: one.id.clone(), published, from: one.from, until: one.until });
    }
    let (_, zone) = zone_of(&periods.last()?.published.timezone);
    let day = zone.to_datetime(now).date();
    let mut timetable = Timetable::since(before(day), periods.clone());
    if timetable.periods().is_empty() {
        // All is over: the signs still hang, and who reads them should hear that.
        timetable = Timetable::new(periods.pop().into_iter().collect());
    }
    Some(Arc::new(Base { counting, day, timetable, gtfs: OnceLock::new(), ics: OnceLock::new() }))
}

/// Keeps the boards as the database is, until the server stops.
pub(super) async fn keep(app: App, mut stop: watch::Receiver<bool>) {
    let mut away = false;
    while !*stop.borrow() {
        match app.boards().look(app.store()).await {
            Ok(()) => away = false,
            Err(problem) if !away => {
                away = true;
                tracing::warn!(code = problem.code, "boards go on as they are: the database does not answer");
            }
            Err(_) => {}
        }
        // Files are made before anybody asks, one at a time.
        if let Some(cold) = app.boards().all().into_iter().find(|board| !board.warm()) {
            let made = aside(move || {
                // One that cannot be made is not tried again and again.
                let _ = cold.gtfs();
                cold.ics();
            });
            if made.await.is_ok() && app.boards().all().iter().any(|board| !board.warm()) {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        }
        tokio::select! {
            () = tokio::time::sleep(WATCH) => {}
            _ = stop.changed() => {}
        }
    }
}
