#!/usr/bin/env node
// Starts the binary of the package for this platform, and ends as it ends.
'use strict';

const { spawnSync } = require('node:child_process');

// Of the packages for Linux only that for the present C library is installed.
const suffixes = process.platform === 'linux' ? ['-glibc', '-musl'] : [''];
const binary = process.platform === 'win32' ? 'perm-infer.exe' : 'perm-infer';

function find() {
  for (const suffix of suffixes) {
    try {
      return require.resolve(`@perm-infer/${process.platform}-${process.arch}${suffix}/bin/${binary}`);
    } catch {
      // Another one, or none.
    }
  }
  return undefined;
}

const path = find();
if (path === undefined) {
  console.error(
    `error: perm-infer has no binary for ${process.platform}-${process.arch} here; ` +
      'install without --omit=optional, or build it with `cargo install --path crates/cli`',
  );
  process.exit(2);
}
const { status, signal, error } = spawnSync(path, process.argv.slice(2), { stdio: 'inherit' });
if (error) {
  console.error(`error: ${path} does not start: ${error.message}`);
  process.exit(2);
}
if (signal) {
  process.kill(process.pid, signal);
}
process.exit(status ?? 2);
