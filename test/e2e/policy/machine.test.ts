/** Real npm and pnpm under a policy of the machine, in a mount namespace that shows one at /etc/tarwarden. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { available, envFor, repository } from '../../support/managers.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { exception, hostile } from './world.ts';

const PROGRAM = join(repository, 'packages/cli/bin/tarwarden.js');
const UNSHARE = '/usr/bin/unshare';
/** Shows `$1` at /etc/tarwarden for one program. Nothing outside of the namespace changes: /etc gets a layer of its own. */
const SHOWN = [
  'set -e',
  'own=$PATH; PATH=/usr/sbin:/usr/bin:/sbin:/bin',
  'mount -t tmpfs -o mode=755 layer "$2"',
  'mkdir "$2/upper" "$2/work"',
  'mount -t overlay -o "lowerdir=/etc,upperdir=$2/upper,workdir=$2/work" etc /etc',
  'mkdir -p /etc/tarwarden',
  'mount --bind "$1" /etc/tarwarden',
  'shift 2',
  'PATH=$own',
  'exec "$@"',
].join('\n');

function reasonToSkip(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can mount';
  try {
    const folder = mkdtempSync('/var/lib/tarwarden-test-');
    try {
      const args = ['-m', '/bin/sh', '-c', SHOWN, 'sh', folder, folder, '/bin/true'];
      execFileSync(UNSHARE, args, { stdio: 'ignore' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return undefined;
  } catch {
    return 'this machine mounts nothing for a test';
  }
}
const reason = reasonToSkip();

describe.skipIf(reason !== undefined)(`the policy of the machine ${reason ?? ''}`, () => {
  let registry: Registry;
  let sandbox: Sandbox;
  let machine: string;
  let layer: string;
  beforeEach(async () => {
    registry = await startRegistry();
    registry.publish({ name: 'evil', tgz: hostile });
    sandbox = makeSandbox({ registry: registry.url });
    machine = mkdtempSync('/var/lib/tarwarden-test-');
    layer = mkdtempSync('/var/lib/tarwarden-test-');
    chmodSync(machine, 0o755);
  });
  afterEach(async () => {
    sandbox.dispose();
    for (const folder of [machine, layer]) rmSync(folder, { recursive: true, force: true });
    await registry.close();
  });

  const policy = (value: object): void =>
    writeFileSync(join(machine, 'policy.json'), JSON.stringify(value));
  const own = (value: object): void => {
    const path = join(sandbox.env['XDG_CONFIG_HOME']!, 'tarwarden/policy.json');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
  };
  const run = (manager: 'npm-12' | 'pnpm-12', ...args: string[]): Promise<Result> => {
    const command = [process.execPath, PROGRAM, ...args];
    return execute(UNSHARE, ['-m', '/bin/sh', '-c', SHOWN, 'sh', machine, layer, ...command], {
      cwd: sandbox.project,
      env: envFor(manager, { sandbox }),
    });
  };
  const project = (): void =>
    sandbox.write({
      'package.json': { name: 'app', version: '1.0.0', dependencies: { evil: '1.0.0' } },
    });

  test.each([
    ['npm-12', ['npm', 'install', '--no-audit']],
    ['pnpm-12', ['pnpm', 'install']],
  ] as const)('counts for %s, and no user loosens it', async (manager, install) => {
    if (!available(manager).ok) return;
    project();
    policy({ exceptions: [exception] });
    const passed = await run(manager, ...install);
    expect(passed).toMatchObject({ code: 0 });
    expect(passed.stderr + passed.stdout).toContain('from the policy of this machine');
    rmSync(join(sandbox.project, 'node_modules'), { recursive: true });

    policy({ levels: { 'duplicate-path': 'error' }, contact: 'security@example.org' });
    own({ levels: { 'duplicate-path': 'off' }, exceptions: [exception] });
    const refused = await run(manager, ...install);
    expect(refused.code).not.toBe(0);
    const text = refused.stderr + refused.stdout;
    expect(text).toContain('Contact: security@example.org');
    expect(text).toContain('by the policy of this machine, it may not lower "error" to "off"');

    chmodSync(join(machine, 'policy.json'), 0o666);
    const closed = await run(manager, ...install);
    expect(closed.code).not.toBe(0);
    expect((closed.stderr + closed.stdout).replaceAll(/\s+/g, ' ')).toContain(
      'can be written by other users (mode 0666)',
    );
  });

  test('is listed, and allow writes no exception that would not count', async () => {
    policy({
      levels: { 'duplicate-path': 'error' },
      exceptions: [{ ...exception, package: 'other@1.0.0' }],
      contact: 'security@example.org',
    });
    const listed = await run('npm-12', 'allow', '--list');
    expect(listed.stdout).toContain('/etc/tarwarden/policy.json:1');
    writeFileSync(join(sandbox.project, 'evil.tgz'), hostile);
    const allowed = await run('npm-12', 'allow', 'evil.tgz', '--reason', 'x', '--yes');
    expect(allowed).toMatchObject({ code: 1 });
    expect(allowed.stderr).toContain(
      'the policy of this machine makes duplicate-path an error, and no exception of yours counts for it. Contact: security@example.org',
    );
    const verified = await run('npm-12', 'verify', '--manager', 'npm', '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject({
      policyFiles: [{ path: '/etc/tarwarden/policy.json', kind: 'machine' }],
    });
  });
});
