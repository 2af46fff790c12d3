//! The progress bar: only on a terminal, and only when a scan takes so long that people wonder.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use perm_infer_infer::Progress;

use crate::args::When;
use crate::config::Talk;

/// Scans that end within this show nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears when it is time.
pub(crate) struct Bar {
    wanted: bool,
    appears: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    pub(crate) fn new(talk: &Talk) -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let (wanted, patience) = match talk.progress {
            When::Auto => (is_terminal && !talk.quiet, PATIENCE),
            // Where there is no terminal there is nothing to draw on.
            When::Always => (is_terminal, Duration::ZERO),
            When::Never => (false, PATIENCE),
        };
        Bar { wanted, appears: Instant::now() + patience, bar: OnceLock::new() }
    }

    /// Whether it is worth telling the bar anything.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Shows how far the scan is; called from many threads for every file.
    pub(crate) fn show(&self, progress: Progress) {
        if self.bar.get().is_none() && Instant::now() < self.appears {
            return;
        }
        let bar = self.bar.get_or_init(|| start(progress.found));
        bar.set_position(progress.read as u64);
    }

    /// Removes it from the terminal.
    pub(crate) fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn start(files: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("reading {bar:30} {pos}/{len} files");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
