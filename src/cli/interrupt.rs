//! Ctrl-C: once asks the search to stop with the best so far, twice quits.

use std::sync::atomic::{AtomicU8, Ordering};

static PRESSED: AtomicU8 = AtomicU8::new(0);

/// Installs the handler; where that is not possible Ctrl-C quits at once, as anywhere.
pub(super) fn install(told: String) {
    let _ = ctrlc::set_handler(move || {
        if PRESSED.fetch_add(1, Ordering::SeqCst) == 0 {
            let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("\n{told}\n").as_bytes());
        } else {
            // 130: ended by Ctrl-C, as shells count.
            std::process::exit(130);
        }
    });
}

/// Was it pressed?
pub(super) fn asked() -> bool {
    PRESSED.load(Ordering::SeqCst) > 0
}
