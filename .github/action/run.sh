#!/usr/bin/env bash
# The step of the composite action: compares, writes outputs and the summary, comments on the pull
# request, and fails when a change is there that was to be refused.
#
# Everything that the pull request decides (names, lines) only ever stands in files, never in commands.
set -euo pipefail

perm_infer=${PERM_INFER:-perm-infer}
results=$(mktemp -d "${RUNNER_TEMP:-/tmp}/perm-infer-results.XXXXXX")
marker='<!-- perm-infer -->'

if [ -n "${PERM_INFER_BASE:-}" ]; then
  base=$PERM_INFER_BASE
elif [ -n "${GITHUB_BASE_REF:-}" ]; then
  # The checkout of a pull request has a merge commit only: fetch what it goes into.
  git fetch --quiet --no-tags origin "+refs/heads/$GITHUB_BASE_REF:refs/remotes/origin/$GITHUB_BASE_REF"
  base="origin/$GITHUB_BASE_REF"
else
  base=HEAD~1
fi

cd "${PERM_INFER_PATH:-.}"
# Split on white space as documented; no globs.
set -f
# shellcheck disable=SC2206
arguments=(${PERM_INFER_ARGUMENTS:-})
set +f

compare() { "$perm_infer" diff "$base" HEAD ${arguments[@]+"${arguments[@]}"} "$@"; }

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

# refs/pull/7/merge -> 7
number=${GITHUB_REF:-}
number=${number#refs/pull/}
number=${number%%/*}
if [ "${PERM_INFER_COMMENT:-true}" = true ] && [ "${GITHUB_EVENT_NAME:-}" = pull_request ]; then
  { echo "$marker"; cat "$results/permissions.md"; } >"$results/comment.md"
  comments="repos/$GITHUB_REPOSITORY/issues/$number/comments"
  own=$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)
  if [ -n "$own" ]; then
    gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$own" --field "body=@$results/comment.md"
  elif [ "$changed" = true ]; then
    gh api --silent --method POST "$comments" --field "body=@$results/comment.md"
  fi
fi

if [ -n "${PERM_INFER_FAIL_ON:-}" ]; then
  compare --quiet --fail-on "$PERM_INFER_FAIL_ON"
fi
