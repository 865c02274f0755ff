/** npm and npx: every way that was found of being unguarded although they are armed. `versions.test.ts` arms each version. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { execute } from '../../support/execute.ts';
import { ARMED_NPM, expectVerified, makeCaller, PRELOAD, starting, TARWARDEN } from './world.ts';

const BOTH = ['npm', 'npx'];
const GREEN = { code: 0, status: 'guarded', reason: 'refused' };
const RED = { code: 1, status: 'unguarded', reason: 'installed' };

/** Whether a process has ended; where nobody asks for its exit code, an entry of it is left. */
function hasEnded(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

describe('npm is found to be unguarded', () => {
  it("where GitHub's runner dropped NODE_OPTIONS", async () => {
    const caller = makeCaller('npm-10');
    const printed = `${Object.entries(ARMED_NPM)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n')}\n`;
    const taken = printed
      .split('\n')
      .filter((line) => line !== '' && !/^NODE_OPTIONS=/i.test(line));
    expect(taken).toEqual([]);
    caller.env['GITHUB_ACTIONS'] = 'true';
    await expectVerified(caller, BOTH, {
      ...RED,
      remedy: /\$GITHUB_ENV.*tarwarden setup --manager/,
    });
  });

  it('where a later step put another npm in front of the shims', async () => {
    const caller = makeCaller('npm-10');
    await caller.shims();
    for (const tool of BOTH) caller.inFront(tool, starting('npm-11', `bin/${tool}-cli.js`));
    await expectVerified(caller, BOTH, { ...RED, remedy: /comes before the guarded/ });
  });

  it('where a version manager starts it with another Node and a clean environment', async () => {
    const caller = makeCaller('npm-10');
    Object.assign(caller.env, ARMED_NPM);
    for (const tool of BOTH)
      caller.inFront(
        tool,
        starting('npm-11', `bin/${tool}-cli.js`, { before: 'unset NODE_OPTIONS' }),
      );
    await expectVerified(caller, BOTH, { ...RED, remedy: /did not load it/ });
  });

  it('where NODE_OPTIONS was set anew for something else', async () => {
    const caller = makeCaller('npm-10');
    Object.assign(caller.env, ARMED_NPM, { NODE_OPTIONS: '--max-old-space-size=2048' });
    await expectVerified(caller, BOTH, { ...RED, remedy: /does not name the guard/ });
  });

  it('where the variable of npm, which holds for its children only, is all that names the guard', async () => {
    const caller = makeCaller('npm-10');
    caller.env['npm_config_node_options'] = `--require ${PRELOAD}`;
    await expectVerified(caller, BOTH, RED);
  });

  it('where a wrapper drops the exit code', async () => {
    const caller = makeCaller('npm-10');
    Object.assign(caller.env, ARMED_NPM);
    caller.inFront('npm', `${starting('npm-10', 'bin/npm-cli.js').replace('exec ', '')}true\n`);
    await expectVerified(caller, ['npm'], { ...RED, reason: 'success-after-refusal' });
  });
});

describe('nothing is shown of an npm', () => {
  it.each([
    ['that is not there', undefined, 'not-found'],
    ['that is broken', '#!/bin/sh\necho "npm: cannot find module"\nexit 1\n', 'failed'],
    ['that succeeds and does nothing', '#!/bin/sh\nexit 0\n', 'failed'],
    [
      'that only prints what a guard prints',
      '#!/bin/sh\necho "tarwarden: refused x@1.0.0: no"\nexit 1\n',
      'failed',
    ],
  ])('%s', async (_title, script, reason) => {
    const caller = makeCaller('yarn-1');
    if (script !== undefined) caller.inFront('npm', script);
    await expectVerified(caller, ['npm'], { code: 2, status: 'unproven', reason });
  });

  it('whose guard refuses everything', async () => {
    const caller = makeCaller('npm-10');
    const folder = join(caller.sandbox.root, 'xdg/config/tarwarden');
    mkdirSync(folder, { recursive: true });
    Object.assign(caller.env, ARMED_NPM);
    const limits = { limits: { unpackedBytes: 1 } };
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(limits));
    await expectVerified(caller, BOTH, { code: 2, status: 'unproven', reason: 'clean-failed' });
  });
});

describe('verify', () => {
  it('takes the managers that are on the PATH, and fails where there is none', async () => {
    const caller = makeCaller('npm-10');
    Object.assign(caller.env, ARMED_NPM);
    const { code, report } = await caller.verify();
    expect(report.results.map(({ manager }) => manager)).toEqual(BOTH);
    expect(code).toBe(0);
    caller.env['PATH'] = caller.sandbox.bin;
    expect(await caller.verify().catch(() => 'no report')).toMatchObject({ code: 2, stdout: '' });
  });

  it('is not fooled by a relative folder on the PATH', async () => {
    const caller = makeCaller('npm-10');
    Object.assign(caller.env, ARMED_NPM);
    const folder = join(caller.sandbox.project, 'tools');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'npm'),
      starting('npm-11', 'bin/npm-cli.js', { before: 'unset NODE_OPTIONS' }),
    );
    chmodSync(join(folder, 'npm'), 0o755);
    caller.env['PATH'] = ['tools', caller.env['PATH']].join(delimiter);
    await expectVerified(caller, ['npm'], RED);
  });

  it('is found to be unguarded where an empty entry of the PATH has the folder itself before a shim', async () => {
    const caller = makeCaller('npm-10');
    await caller.shims();
    const file = join(caller.sandbox.project, 'npm');
    writeFileSync(file, starting('npm-10', 'bin/npm-cli.js'));
    chmodSync(file, 0o755);
    caller.env['PATH'] = ['', caller.env['PATH']].join(delimiter);
    await expectVerified(caller, ['npm'], { ...RED, remedy: /comes before the guarded/ });
  });

  it("does what a user's settings would have it do elsewhere in its own folder", async () => {
    const caller = makeCaller('npm-10');
    Object.assign(caller.env, ARMED_NPM, { npm_config_global: 'true', NPM_CONFIG_DRY_RUN: 'true' });
    caller.sandbox.npmrc(
      'offline=true',
      'proxy=http://127.0.0.1:9',
      '@x:registry=http://127.0.0.1:9/',
    );
    await expectVerified(caller, BOTH, GREEN);
  });

  it('is not heard by an npm that it runs in', async () => {
    const caller = makeCaller('npm-10');
    const script = `${process.execPath} ${TARWARDEN} verify --manager npm`;
    caller.sandbox.write({
      'package.json': { name: 'p', version: '1.0.0', scripts: { verify: script } },
    });
    const args = [TARWARDEN, 'npm', 'run', 'verify'];
    const options = { cwd: caller.sandbox.project, env: caller.env };
    const result = await execute(process.execPath, args, options);
    expect(result.stdout).toMatch(/^guarded +npm/m);
    expect(result.code).toBe(0);
  });

  it('leaves nothing behind where a signal ends it', async () => {
    const caller = makeCaller('yarn-1');
    const started = join(caller.sandbox.root, 'started');
    caller.inFront('npm', `#!/bin/sh\necho $$ > ${started}\nexec sleep 600\n`);
    const args = [TARWARDEN, 'verify', '--manager', 'npm'];
    const options = { cwd: caller.sandbox.project, env: caller.env };
    const child = spawn(process.execPath, args, { ...options, stdio: 'ignore' });
    while (!existsSync(started) || readFileSync(started, 'utf8') === '') await wait(20);
    child.kill('SIGTERM');
    const [, signal] = (await once(child, 'close')) as [number | null, string | null];
    expect(signal).toBe('SIGTERM');
    expect(readdirSync(caller.sandbox.temp)).toEqual([]);
    const pid = Number(readFileSync(started, 'utf8'));
    await expect.poll(() => hasEnded(pid)).toBe(true);
  });

  it('says what its user policy would hide', async () => {
    const caller = makeCaller('npm-10');
    const folder = join(caller.sandbox.root, 'xdg/config/tarwarden');
    mkdirSync(folder, { recursive: true });
    const policy = { links: 'contained', levels: { 'duplicate-path': 'off' } };
    writeFileSync(join(folder, 'policy.json'), JSON.stringify(policy));
    const { code, stdout, stderr } = await caller.verify('--manager', 'npm');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^tarwarden: your policy lets a package pass/);
  });
});
