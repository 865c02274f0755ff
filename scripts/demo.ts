// `pnpm demo`: a real dependency tree installs under the guard, a hostile package does not. Everything happens in a
// temporary folder with its own HOME and an empty npm cache. Exits 0 only when both went as they should.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coreAttacks } from '../test/support/attacks.ts';
import { startRegistry } from '../test/support/registry.ts';
import { root } from './workspace.mjs';

/** Some 65 packages, and none with an install script. */
const PACKAGE = 'express@5';
const tarwarden = join(root, 'packages/cli/bin/tarwarden.js');

interface Ran {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

const say = (text = ''): void => void process.stdout.write(`${text}\n`);
const show = (output: string): void => {
  for (const line of output.trim().split('\n')) say(`    | ${line}`);
};

async function run(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<Ran> {
  const started = performance.now();
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text));
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  });
  return { code, output, seconds: (performance.now() - started) / 1000 };
}

/** An environment in which npm has a home and a cache of its own. What npm_config_* says is kept only if asked for. */
function environment(folder: string, more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => {
    if (/^npm_(?:config_(?:registry|userconfig|cafile|proxy|https_proxy|noproxy)$)/i.test(name)) {
      return true;
    }
    return !/^(?:npm_|pnpm_|TARWARDEN_|NODE_OPTIONS$|INIT_CWD$)/i.test(name);
  });
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    APPDATA: join(home, 'AppData', 'Roaming'),
    LOCALAPPDATA: join(home, 'AppData', 'Local'),
    NO_COLOR: '1',
    npm_config_cache: join(folder, 'npm-cache'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    npm_config_loglevel: 'error',
    npm_config_fetch_retries: '1',
    ...more,
  };
}

function project(folder: string): string {
  const path = join(folder, 'project');
  mkdirSync(path, { recursive: true });
  const manifest = { name: 'tarwarden-demo', version: '1.0.0', private: true };
  writeFileSync(join(path, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return path;
}

/** The npm settings of the person who runs this: which registry, through which proxy, with which token. */
function userConfig(): string {
  const set = process.env['npm_config_userconfig'] ?? process.env['NPM_CONFIG_USERCONFIG'];
  if (set !== undefined && set !== '') return set;
  return join(process.env['HOME'] ?? process.env['USERPROFILE'] ?? '', '.npmrc');
}

async function installReal(folder: string): Promise<boolean> {
  say(`1. A real install: tarwarden npm install ${PACKAGE}`);
  const cwd = project(folder);
  const env = environment(folder, { npm_config_userconfig: userConfig() });
  const args = ['npm', 'install', PACKAGE];
  const { code, output, seconds } = await run(process.execPath, [tarwarden, ...args], { cwd, env });
  if (code !== 0) {
    show(output);
    const offline = /E(?:NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|CONNRESET|NETUNREACH)/.test(output);
    say(
      offline
        ? '   FAILED: the registry that npm is configured for cannot be reached. This part needs the network.'
        : `   FAILED: npm ended with ${code}; it should have installed ${PACKAGE}.`,
    );
    return false;
  }
  show(output);
  const scan = await run(
    process.execPath,
    [tarwarden, 'scan', '--reporter', 'json', join(folder, 'npm-cache')],
    { cwd, env },
  );
  const { summary } = JSON.parse(scan.output) as { summary: { files: number; accepted: number } };
  const installed = existsSync(join(cwd, 'node_modules', 'express', 'package.json'));
  say(
    `   ${summary.files} tarballs were fetched into an empty cache, and each was inspected before it was unpacked;`,
  );
  say(`   ${summary.accepted} accepted, ${summary.files - summary.accepted} rejected.`);
  say(`   The whole install took ${seconds.toFixed(1)} s.`);
  say();
  return installed && scan.code === 0 && summary.files > 0;
}

async function installHostile(folder: string): Promise<boolean> {
  const attack = coreAttacks.find((coreAttack) => coreAttack.id === 'pax-size-desync');
  if (attack === undefined) throw new Error('the attack of this demo is gone');
  const registry = await startRegistry();
  try {
    registry.publish({
      name: 'nice-colours',
      manifest: { dependencies: { 'left-shift': '1.0.0' } },
    });
    registry.publish({ name: 'left-shift', tgz: attack.build({ name: 'left-shift' }) });
    const config = join(folder, 'npmrc');
    mkdirSync(folder, { recursive: true });
    writeFileSync(config, `registry=${registry.url}/\n`);
    const env = environment(folder, {
      npm_config_userconfig: config,
      npm_config_registry: `${registry.url}/`,
      npm_config_noproxy: '127.0.0.1',
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    });
    const unguarded = await installUnguarded(join(folder, 'unguarded'), env);
    const guarded = await installGuarded(join(folder, 'guarded'), env);
    return unguarded && guarded;
  } finally {
    await registry.close();
  }
}

/** Without the guard, npm installs the package with one more file than a scanner of the tar would list. */
async function installUnguarded(folder: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  say('2. A hostile package, from a registry on this machine that lives as long as this demo.');
  say(
    '   "nice-colours" depends on "left-shift", in whose archive two sizes for one entry hide another file:',
  );
  say('   tools that believe the first size never see it, npm unpacks it.');
  say();
  say('   Without the guard: npm install nice-colours');
  const cwd = project(folder);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { code, output } = await run(npm, ['install', 'nice-colours'], { cwd, env });
  show(output);
  const smuggled = existsSync(join(cwd, 'node_modules', 'left-shift', 'smuggled.js'));
  say(`   exit code ${code}; the hidden file is ${smuggled ? 'installed' : 'not installed'}.`);
  say();
  rmSync(String(env['npm_config_cache']), { recursive: true, force: true });
  return code === 0;
}

async function installGuarded(folder: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  say('   With the guard: tarwarden npm install nice-colours');
  const cwd = project(folder);
  const before = readFileSync(join(cwd, 'package.json'), 'utf8');
  const args = ['npm', 'install', 'nice-colours'];
  const { code, output } = await run(process.execPath, [tarwarden, ...args], { cwd, env });
  show(output);
  const facts: [string, boolean][] = [
    [`exit code ${code}, not 0`, code !== 0],
    ['the message names the package and the rule', /left-shift[^]*ambiguous-size/.test(output)],
    ['nothing was linked into node_modules', !existsSync(join(cwd, 'node_modules', 'left-shift'))],
    ['no lockfile was written', !existsSync(join(cwd, 'package-lock.json'))],
    ['package.json is as it was', readFileSync(join(cwd, 'package.json'), 'utf8') === before],
  ];
  for (const [fact, holds] of facts) say(`   ${holds ? 'yes' : 'NO '}  ${fact}`);
  say();
  return facts.every(([, holds]) => holds);
}

function buildAll(): boolean {
  say('Building …');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/build.mjs'), '--guard'],
    { cwd: root, encoding: 'utf8' },
  );
  if (status === 0) return true;
  say(`${stdout}${stderr}\nFAILED: the build.`);
  return false;
}

const folder = mkdtempSync(join(tmpdir(), 'tarwarden-demo-'));
let good = false;
try {
  if (buildAll()) {
    say();
    const real = await installReal(join(folder, 'real'));
    const hostile = await installHostile(join(folder, 'hostile'));
    good = real && hostile;
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
say(
  good
    ? 'As it should be: the real tree is installed, the hostile one is stopped.'
    : 'The demo did NOT go as it should; see above.',
);
process.exitCode = good ? 0 : 1;
