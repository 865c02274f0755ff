// `pnpm guard [OPTION…]`: builds the command `tarwarden` from this clone, installs it for this user with npm, and has it switch the guard
// on: `tarwarden setup`, which asks first. Without a terminal it prints that command instead; options are passed on to it (`--yes`).

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { pack } from './release/pack.mjs';
import { root, runOrExit } from './workspace.mjs';

const isWindows = process.platform === 'win32';
const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

runOrExit('build.mjs', ['--guard']);
const prefix = usablePrefix();
installCommand(prefix);
const bin = isWindows ? prefix : join(prefix, 'bin');
const command = join(bin, isWindows ? 'tarwarden.cmd' : 'tarwarden');
console.log(`\nInstalled ${command}. To remove it: ${removal(prefix)}`);
const env = environmentOfUser();
const first = firstOnPath(env);
const setup = `${first === command ? 'tarwarden' : command} setup`;
const options = process.argv.slice(2);
if (options.length > 0 || (process.stdin.isTTY && process.stdout.isTTY)) {
  console.log(`\nRunning: ${[setup, ...options].join(' ')}`);
  const { status } = spawnSync(command, ['setup', ...options], {
    cwd: homedir(),
    env,
    stdio: 'inherit',
    shell: isWindows,
  });
  process.exitCode = status ?? 1;
} else console.log(`No package manager is guarded yet. To guard those on your PATH: ${setup}`);
// Last, so that it is not overlooked.
if (first !== command) reportPath();

/** npx and pnpm put their own folders and settings into the environment; setup must not take their pnpm for one of the user's. */
function environmentOfUser() {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|pnpm_|PNPM_SCRIPT_SRC_DIR$|INIT_CWD$)/.test(name),
  );
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const own = folders.filter((folder) => !/[\\/]node_modules[\\/]/.test(folder));
  return { ...Object.fromEntries(entries), PATH: own.join(delimiter) };
}

/**
 * npm's folder for global packages; where this user may not write to it, as with a Node that root installed, the user's own.
 * @returns {string}
 */
function usablePrefix() {
  const { status, stdout, stderr, error } = npm(['prefix', '--global'], 'pipe');
  if (status !== 0) {
    console.error(`npm could not be started: ${error?.message ?? stderr}`);
    process.exit(1);
  }
  const global = stdout.trim();
  const folders = isWindows ? [global] : [join(global, 'lib/node_modules'), join(global, 'bin')];
  if (folders.every(isWritable)) return global;
  const own = join(homedir(), '.local');
  console.log(
    `You may not write to ${global}, npm's folder for commands, so the command goes into ${own}.`,
  );
  return own;
}

/**
 * Whether this user can write to a folder, or can make it.
 * @param {string} folder
 * @returns {boolean}
 */
function isWritable(folder) {
  if (!existsSync(folder)) return folder !== dirname(folder) && isWritable(dirname(folder));
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} target */
function installCommand(target) {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-guard-'));
  try {
    const tarball = pack({ folder: 'cli', api: false }, folder, repository);
    // It has no dependencies, so nothing is fetched. A tarwarden that is there is replaced.
    const options = ['--prefix', target, '--offline', '--no-audit', '--no-fund'];
    const { status } = npm(['install', '--global', ...options, tarball], 'inherit');
    if (status === 0) return;
    console.error(`npm could not install the command into ${target}: see its message above.`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.exit();
}

/**
 * @param {readonly string[]} args
 * @param {'inherit' | 'pipe'} stdio
 */
function npm(args, stdio) {
  // pnpm names its settings in variables that npm does not know, and npm would warn of each.
  const quiet = { ...process.env, npm_config_loglevel: 'error' };
  return spawnSync('npm', args, { env: quiet, stdio, encoding: 'utf8', shell: isWindows });
}

/** @param {string} target */
function removal(target) {
  const isOwn = target === join(homedir(), '.local');
  return `npm uninstall --global ${isOwn ? '--prefix ~/.local ' : ''}tarwarden`;
}

/**
 * The program that `tarwarden` starts in a shell of the user.
 * @param {NodeJS.ProcessEnv} own
 */
function firstOnPath({ PATH = '' }) {
  const candidates = PATH.split(delimiter).map((folder) => join(folder, basename(command)));
  return candidates.find((file) => existsSync(file));
}

function reportPath() {
  if (first !== undefined) console.log(`\nOn your PATH, another tarwarden comes first: ${first}`);
  const line = isWindows
    ? '.'
    : `, by a line in your shell's profile:\n  export PATH="${bin}:$PATH"`;
  console.log(`\nTo call it as "tarwarden", put ${bin} first on your PATH${line}`);
}
