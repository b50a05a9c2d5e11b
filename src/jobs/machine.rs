//! How much of a machine solvers may take: one solve at a time, all cores but one, below the priority of those who read.

use std::fs::File;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Niceness of solving threads: readers come first.
const NICE: i32 = 10;
/// Locked while a process of this machine solves.
const LOCK: &str = "jiebo-solver.lock";

/// The solver's share of this machine.
#[derive(Debug)]
pub(super) struct Machine {
    pool: Option<ThreadPool>,
    lock: Option<File>,
}

/// While it is held no other process of this machine solves.
#[derive(Debug)]
pub(super) struct Turn<'a>(Option<&'a File>);

impl Machine {
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads(cores))
            .thread_name(|number| format!("solver-{number}"))
            .start_handler(|_| polite())
            .build();
        // Where the lock cannot be had (another user's file), each process keeps to its own share.
        let lock = File::options().create(true).truncate(false).write(true).open(std::env::temp_dir().join(LOCK));
        Self { pool: pool.ok(), lock: lock.ok() }
    }

    /// `None`: another process of this machine is solving.
    pub(super) fn turn(&self) -> Option<Turn<'_>> {
        match &self.lock {
            Some(file) => match file.try_lock() {
                Ok(()) => Some(Turn(Some(file))),
                Err(std::fs::TryLockError::WouldBlock) => None,
                Err(std::fs::TryLockError::Error(_)) => Some(Turn(None)),
            },
            None => Some(Turn(None)),
        }
    }

    /// Runs work on the solver's threads.
    pub(super) fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        match &self.pool {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(file) = self.0 {
            let _ = file.unlock();
        }
    }
}

/// One core stays with those who read.
fn threads(cores: usize) -> usize {
    cores.saturating_sub(1).max(1)
}

/// Lowers this thread's priority where the system lets us.
fn polite() {
    #[cfg(target_os = "linux")]
    {
        // On Linux a thread has a niceness of its own; "no process" is the calling thread.
        let _ = rustix::process::setpriority_process(None, NICE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_core_stays_free() {
        assert_eq!([1, 2, 4, 64].map(threads), [1, 1, 3, 63]);
    }

    #[test]
    fn solving_threads_are_polite_and_others_are_not() {
        let machine = Machine::new();
        if cfg!(target_os = "linux") {
            let nice = || rustix::process::getpriority_process(None).unwrap();
            let own = nice();
            assert_eq!(machine.run(nice), NICE.max(own));
            assert_eq!(nice(), own);
        }
    }
}
