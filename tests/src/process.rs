//! Runs a process to its end, with a time limit and with its output kept for the reader of a failure.

use std::io::Read;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit status; `None` when the time limit ended it.
    pub status: Option<ExitStatus>,
    /// stdout and stderr, one after the other.
    pub output: String,
}

/// Runs a command without stdin, and ends it when it takes longer than `limit`.
///
/// # Errors
/// When the command does not start.
pub fn run(command: &mut Command, limit: Duration) -> Result<Ended, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{name} does not start: {error}"))?;
    let stdout = child.stdout.take().map(|pipe| thread::spawn(move || read(pipe)));
    let stderr = child.stderr.take().map(|pipe| thread::spawn(move || read(pipe)));
    let started = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| format!("{name}: {error}"))? {
            Some(status) => break Some(status),
            None if started.elapsed() > limit => {
                child.kill().and_then(|()| child.wait()).map_err(|error| format!("{name}: {error}"))?;
                break None;
            }
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    let output = [stdout, stderr].into_iter().flatten().filter_map(|reader| reader.join().ok()).collect();
    Ok(Ended { status, output })
}

/// Runs a command that has to succeed.
///
/// # Errors
/// When it does not start, fails or takes too long; the text holds its output.
pub fn succeed(command: &mut Command, limit: Duration) -> Result<(), String> {
    let Ended { status, output } = run(command, limit)?;
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let words = words.join(" ");
    match status {
        Some(status) if status.success() => Ok(()),
        Some(status) => Err(format!("{words} ended with {status}\n{output}")),
        None => Err(format!("{words} took longer than {} s\n{output}", limit.as_secs())),
    }
}

fn read(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // A pipe that breaks gives what it gave until then.
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_takes_too_long_is_ended() {
        let mut command = Command::new("sleep");
        let ended = run(command.arg("60"), Duration::from_millis(50)).unwrap();
        assert!(ended.status.is_none());
    }

    #[test]
    fn a_failure_tells_what_the_command_said() {
        let mut command = Command::new("sh");
        let error = succeed(command.args(["-c", "echo why; exit 3"]), Duration::from_secs(9)).unwrap_err();
        assert!(error.contains("why"), "{error}");
    }
}
