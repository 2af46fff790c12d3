// Lays out the npm packages: the main one, and one with the binary for each platform that is given.
//
//     node packaging/npm/build.mjs OUT x86_64-unknown-linux-gnu=target/release/perm-infer ...
//
// `npm publish` in each folder below OUT then publishes them, those of the platforms first.
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, '..', '..');
const [out, ...binaries] = process.argv.slice(2);
if (!out || binaries.length === 0) {
  console.error('usage: node packaging/npm/build.mjs OUT TARGET=BINARY...');
  process.exit(2);
}
const platforms = JSON.parse(readFileSync(join(here, 'platforms.json'), 'utf8'));
const main = JSON.parse(readFileSync(join(here, 'perm-infer', 'package.json'), 'utf8'));

const folderOf = ({ os, cpu, libc }) => [os, cpu, libc].filter(Boolean).join('-');

function withLicences(folder) {
  for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) {
    copyFileSync(join(repository, name), join(folder, name));
  }
}

for (const given of binaries) {
  const [target, binary] = given.split('=');
  const platform = platforms[target];
  if (!platform || !binary) {
    console.error(`error: \`${given}\`: TARGET=BINARY expected, with one of ${Object.keys(platforms).join(', ')}`);
    process.exit(2);
  }
  const { os, cpu, libc } = platform;
  const folder = join(out, folderOf(platform));
  const file = os === 'win32' ? 'perm-infer.exe' : 'perm-infer';
  mkdirSync(join(folder, 'bin'), { recursive: true });
  copyFileSync(binary, join(folder, 'bin', file));
  chmodSync(join(folder, 'bin', file), 0o755);
  withLicences(folder);
  const { version, license, repository: place } = main;
  const description = `The binary of perm-infer for ${folderOf(platform)}`;
  const own = { name: `@perm-infer/${folderOf(platform)}`, version, description, license, repository: place };
  Object.assign(own, { os: [os], cpu: [cpu], ...(libc ? { libc: [libc] } : {}), files: ['bin', 'LICENSE-*'] });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
}
const folder = join(out, 'perm-infer');
cpSync(join(here, 'perm-infer'), folder, { recursive: true });
copyFileSync(join(repository, 'README.md'), join(folder, 'README.md'));
withLicences(folder);
