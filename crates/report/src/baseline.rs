//! Baselines: the findings of a day that are accepted, so that only what is new is reported. A finding is known by
//! what it says and the file it is in, not by its line, so that edits elsewhere do not bring it back; of several
//! that are alike as many are accepted as there were.

use std::collections::BTreeMap;

use perm_infer_infer::{Diagnostic, Inference, SdkCall, Severity};
use perm_infer_policy::inert::in_json;
use perm_infer_policy::to_pretty_json;
use perm_infer_review::check::Findings;
use serde::{Deserialize, Serialize};

use crate::check::{self, Checked};

/// The version of the form of the file.
const VERSION: u32 = 1;

/// What makes a finding the same one after an edit elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// The kind: `permission-gap`.
    pub code: String,
    /// The file.
    pub path: String,
    /// What it is about.
    pub about: String,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    accepted: Vec<Accepted>,
}

#[derive(Serialize, Deserialize)]
struct Accepted {
    #[serde(flatten)]
    finding: Finding,
    count: usize,
}

/// Findings that are accepted, each as often as it was there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    accepted: BTreeMap<Finding, usize>,
}

impl Baseline {
    /// Reads what [`Baseline::to_json`] wrote.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn read(text: &str) -> Result<Baseline, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.version != VERSION {
            return Err(format!("it is of version {}, and only {VERSION} is known", file.version));
        }
        let accepted = file.accepted.into_iter().map(|accepted| (accepted.finding, accepted.count));
        Ok(Baseline { accepted: accepted.collect() })
    }

    /// The file with a final newline.
    #[must_use]
    pub fn to_json(&self) -> String {
        let accepted = self.accepted.iter();
        let accepted = accepted.map(|(finding, count)| Accepted { finding: finding.clone(), count: *count });
        in_json(&to_pretty_json(&File { version: VERSION, accepted: accepted.collect() }))
    }

    /// Accepts a finding once more.
    pub fn accept(&mut self, finding: Finding) {
        *self.accepted.entry(finding).or_default() += 1;
    }

    /// Whether a finding is accepted, which uses up one of its kind.
    fn takes(&mut self, finding: &Finding) -> bool {
        match self.accepted.get_mut(finding) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }

    /// Takes the accepted warnings out of a result; gives how many they were. Errors stay.
    pub fn take_diagnostics(&mut self, inference: &mut Inference) -> usize {
        let before = inference.diagnostics.len();
        let calls = std::mem::take(&mut inference.calls);
        inference.diagnostics.retain(|diagnostic| {
            !(diagnostic.severity == Severity::Warning && self.takes(&of_diagnostic(diagnostic, &calls)))
        });
        inference.calls = calls;
        before - inference.diagnostics.len()
    }

    /// Takes the accepted findings of a check out; gives how many they were.
    pub fn take_findings(
        &mut self,
        unit: Option<&str>,
        inference: &Inference,
        findings: &mut Findings,
    ) -> usize {
        let before = findings.gaps.len() + findings.excess.len();
        findings.gaps.retain(|gap| {
            let finding = check::gap_finding(unit, inference, gap);
            finding.is_none_or(|finding| !self.takes(&finding))
        });
        findings.excess.retain(|excess| !self.takes(&check::excess_finding(excess)));
        before - findings.gaps.len() - findings.excess.len()
    }

    /// Accepts every warning of a result.
    pub fn accept_diagnostics(&mut self, inference: &Inference) {
        let warnings = inference.diagnostics.iter().filter(|one| one.severity == Severity::Warning);
        warnings.for_each(|warning| self.accept(of_diagnostic(warning, &inference.calls)));
    }

    /// Accepts everything that a check found.
    pub fn accept_findings(&mut self, checked: &[Checked<'_>]) {
        for one in checked {
            let gaps = one.findings.gaps.iter();
            gaps.filter_map(|gap| check::gap_finding(one.unit, one.inference, gap))
                .for_each(|finding| self.accept(finding));
            one.findings.excess.iter().for_each(|excess| self.accept(check::excess_finding(excess)));
        }
    }
}

/// A diagnostic as a finding: of a call its operation and the text of its line, else the message.
pub(crate) fn of_diagnostic(diagnostic: &Diagnostic, calls: &[SdkCall]) -> Finding {
    let call = calls.iter().find(|call| Some(&call.location) == diagnostic.location.as_ref());
    let about = match call {
        Some(call) => format!("{}.{} in `{}`", call.service, call.operation, call.source_line.trim()),
        None => diagnostic.message.clone(),
    };
    let path = diagnostic.location.as_ref().map(|location| location.path.clone()).unwrap_or_default();
    Finding { code: diagnostic.code.to_owned(), path, about }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::orders;

    #[test]
    fn what_was_written_is_accepted_as_often_as_it_was_there() {
        let mut inference = orders();
        let mut baseline = Baseline::default();
        baseline.accept_diagnostics(&inference);
        let text = baseline.to_json();
        let mut read = Baseline::read(&text).expect("reads");
        assert_eq!(read, baseline);
        let again = inference.diagnostics.clone();
        inference.diagnostics.extend(again.clone());
        let taken = read.take_diagnostics(&mut inference);
        assert!(taken > 0);
        assert_eq!(inference.diagnostics.len(), 2 * again.len() - taken);
    }

    #[test]
    fn other_files_are_refused_with_the_reason() {
        assert!(Baseline::read("{}").expect_err("no baseline").contains("missing field"));
        let error = Baseline::read("{\"version\": 2, \"accepted\": []}").expect_err("another version");
        assert!(error.contains("version 2"), "{error}");
    }
}
