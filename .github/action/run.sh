#!/usr/bin/env bash
# The step of the composite action: compares, writes outputs and the summary, comments on the pull
# request, and fails when a change is there that was to be refused.
#
# Everything that the pull request decides (names, lines) only ever stands in files, never in commands.
set -euo pipefail

perm_infer=${PERM_INFER:-perm-infer}
path=${PERM_INFER_PATH:-.}
path=${path#./}
path=${path%/}
path=${path:-.}
results=$(mktemp -d "${RUNNER_TEMP:-/tmp}/perm-infer-results.XXXXXX")
# Each directory of a repository has a comment of its own.
marker='<!-- perm-infer -->'
if [ "$path" != . ]; then marker="<!-- perm-infer: $path -->"; fi

is_commit() { git rev-parse --quiet --verify "$1^{commit}" >/dev/null; }

# What to compare with: as asked, what a pull request goes into, what a push adds to, or the last commit.
before=${PERM_INFER_BEFORE:-}
if [ -n "${PERM_INFER_BASE:-}" ]; then
  base=$PERM_INFER_BASE
elif [ -n "${GITHUB_BASE_REF:-}" ]; then
  # The checkout of a pull request has a merge commit only: fetch what it goes into.
  git fetch --quiet --no-tags origin "+refs/heads/$GITHUB_BASE_REF:refs/remotes/origin/$GITHUB_BASE_REF"
  base="origin/$GITHUB_BASE_REF"
elif [ -n "${before//0/}" ]; then
  is_commit "$before" || git fetch --quiet --no-tags --depth=1 origin "$before" || true
  base=$before
else
  is_commit HEAD~1 || git fetch --quiet --no-tags --deepen=1 origin || true
  base=HEAD~1
fi

if is_commit "$base"; then
  # What the base got meanwhile is no change of this one, where the history tells.
  if git merge-base "$base" HEAD >/dev/null 2>&1; then sides=("$base...HEAD"); else sides=("$base" HEAD); fi
elif [ "$base" = HEAD~1 ] && [ "$(git rev-parse --is-shallow-repository)" = false ]; then
  # The first commit of all adds everything.
  mkdir "$results/nothing"
  sides=("$results/nothing" HEAD)
else
  echo "perm-infer: there is no commit $base to compare with; check out with fetch-depth: 0, or set the input base" >&2
  exit 2
fi

cd "$path"
below=()
if [ "$path" != . ]; then below=(--below "$path"); fi
# Split on white space as documented; no globs.
set -f
# shellcheck disable=SC2206
arguments=(${PERM_INFER_ARGUMENTS:-})
set +f

compare() {
  "$perm_infer" diff "${sides[@]}" ${below[@]+"${below[@]}"} ${arguments[@]+"${arguments[@]}"} "$@"
}

compare --format markdown --output "$results/permissions.md"
compare --quiet --format json --output "$results/permissions.json"
compare --quiet --format sarif --output "$results/permissions.sarif"
changed=true
if compare --quiet --exit-code --format json >/dev/null; then changed=false; fi

{
  echo "changed=$changed"
  echo "markdown=$results/permissions.md"
  echo "json=$results/permissions.json"
  echo "sarif=$results/permissions.sarif"
} >>"${GITHUB_OUTPUT:-/dev/null}"
cat "$results/permissions.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"

# Writes the comment, or changes the one that an earlier run wrote.
comment() {
  {
    echo "$marker"
    if [ "$path" != . ]; then printf 'In `%s`:\n\n' "$path"; fi
    cat "$results/permissions.md"
  } >"$results/comment.md"
  local comments="repos/$GITHUB_REPOSITORY/issues/$1/comments" own
  own=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id") || return 1
  own=${own%%$'\n'*}
  if [ -n "$own" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$own" --field "body=@$results/comment.md"
  elif [ "$changed" = true ]; then
    gh api --silent --method POST "$comments" --field "body=@$results/comment.md"
  fi
}

# refs/pull/7/merge -> 7
number=${GITHUB_REF:-}
number=${number#refs/pull/}
number=${number%%/*}
if [ "${PERM_INFER_COMMENT:-true}" = true ] && [ "${GITHUB_EVENT_NAME:-}" = pull_request ]; then
  # The token of a pull request from a fork may read only; the summary has the same text.
  comment "$number" || echo "::warning title=perm-infer::the comment could not be written; the token may not write pull requests. The summary of the job has it."
fi

if [ -n "${PERM_INFER_FAIL_ON:-}" ]; then
  compare --quiet --fail-on "$PERM_INFER_FAIL_ON"
fi
