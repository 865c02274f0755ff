// `needs.mjs LEVEL [COMMAND [ARG…]]`: installs what a script of package.json needs, no more, and then runs a command of these packages.
// pnpm itself would install everything before any script. The levels, each with those before it:
//   guard  what the bundles of the command hold, and esbuild
//   quick  the whole workspace of the root: also the server, vitest, TypeScript, and the small clients in test/clients
//   tools  the workspace of scripts/: linters, and what makes and checks a release, mutates and fuzzes
//   all    the workspace of test/runtimes: the other clients, newer Nodes, and servers
// An install that has nothing to do takes a third of a second.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runOrExit } from './workspace.mjs';

/** No development dependencies, and nothing of the server. The lockfile of this commit names each file by its SHA-512. */
const FOR_THE_GUARD = ['--prod', '--frozen-lockfile', '--trust-lockfile'].concat(
  ['.', 'tarwarden...', '@tarwarden/yarn-plugin...'].flatMap((name) => ['--filter', name]),
);
/** Output of an install that takes longer is shown, and of one that fails. */
const SILENT_MS = 1500;

/** Folder of a workspace and options of its install, by level. @type {Readonly<Record<string, readonly [string, ...string[]]>>} */
const installs = { quick: ['.'], tools: ['scripts'], all: ['test/runtimes'] };

const [level = '', command, ...args] = process.argv.slice(2);
const levels = Object.keys(installs);
if (level !== 'guard' && !levels.includes(level)) {
  console.error(`usage: needs.mjs guard|${levels.join('|')} [COMMAND [ARG…]]`);
  process.exit(2);
}
// In a checkout that has more, an install without development dependencies would remove them.
const isDeveloped = existsSync(join(root, 'node_modules/vitest'));
if (level === 'guard' && !isDeveloped) await install('.', FOR_THE_GUARD);
else
  for (const name of levels.slice(0, Math.max(1, levels.indexOf(level) + 1)))
    await install(installs[name]?.[0] ?? '.', []);
if (command !== undefined) runOrExit(command, args);

/**
 * @param {string} folder  Of a workspace.
 * @param {readonly string[]} options
 */
async function install(folder, options) {
  const child = spawn('pnpm', ['install', '--reporter=append-only', ...options], {
    cwd: join(root, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  /** @type {Buffer[]} */
  const held = [];
  let isShown = false;
  const show = () => {
    isShown = true;
    for (const bytes of held.splice(0)) process.stderr.write(bytes);
  };
  const timer = setTimeout(show, SILENT_MS);
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes) => {
      held.push(bytes);
      if (isShown) show();
    });
  const code = await new Promise((done) => {
    child.on('error', (error) => {
      console.error(`pnpm could not be started (${error.message}): run "npx -y pnpm@12 …"`);
      done(1);
    });
    child.on('close', done);
  });
  clearTimeout(timer);
  if (code === 0) return;
  show();
  process.exit(code ?? 1);
}
