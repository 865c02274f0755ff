/** The real clients under a policy of the machine, in a mount namespace that shows one at /etc/tarwarden. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { execute, startedBy, type Result } from '../../support/execute.ts';
import { envFor, repository as root } from '../../support/managers.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { clients } from './clients.ts';
import { exception, hostile, plain } from './world.ts';

const PROGRAM = join(root, 'packages/cli/bin/tarwarden.js');
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
  let machine: string;
  let layer: string;
  beforeEach(() => {
    machine = mkdtempSync('/var/lib/tarwarden-test-');
    layer = mkdtempSync('/var/lib/tarwarden-test-');
    chmodSync(machine, 0o755);
  });
  afterEach(() => {
    for (const folder of [machine, layer]) rmSync(folder, { recursive: true, force: true });
  });

  const policy = (value: object): void =>
    writeFileSync(join(machine, 'policy.json'), JSON.stringify(value));
  const inNamespace = (run: () => Promise<Result>): Promise<Result> =>
    startedBy([UNSHARE, '-m', '/bin/sh', '-c', SHOWN, 'sh', machine, layer], run);

  test.each(clients)('counts for $name, and no user loosens it', async ({ make }) => {
    const repository = await make();
    const { env, exceptions } = repository;
    try {
      policy({ exceptions });
      const passed = await inNamespace(repository.install);
      expect(passed).toMatchObject({ code: 0 });
      expect(plain(passed)).toContain('from the policy of this machine');
      repository.uninstall();

      const [levels, off] = (['error', 'off'] as const).map((level) =>
        Object.fromEntries(exceptions.map(({ rule = '' }) => [rule, level])),
      );
      policy({ levels, contact: 'security@example.org' });
      const userFolder = env['XDG_CONFIG_HOME'] ?? join(env['HOME']!, '.config');
      mkdirSync(join(userFolder, 'tarwarden'), { recursive: true });
      const userPolicy = JSON.stringify({ levels: off, exceptions });
      writeFileSync(join(userFolder, 'tarwarden/policy.json'), userPolicy, { mode: 0o600 });
      const refused = await inNamespace(repository.install);
      expect(refused.code).not.toBe(0);
      expect(plain(refused)).toContain('Contact: security@example.org');
      expect(plain(refused)).toContain(
        'by the policy of this machine, it may not lower "error" to "off"',
      );

      chmodSync(join(machine, 'policy.json'), 0o666);
      const closed = await inNamespace(repository.install);
      expect(closed.code).not.toBe(0);
      expect(plain(closed)).toContain('only root may be able to change it');
    } finally {
      await repository.dispose();
    }
  });

  test('is listed, and allow writes no exception that would not count', async () => {
    const sandbox = makeSandbox();
    onTestFinished(() => sandbox.dispose());
    const run = (...args: string[]): Promise<Result> =>
      inNamespace(() =>
        execute(process.execPath, [PROGRAM, ...args], {
          cwd: sandbox.project,
          env: envFor('npm-12', { sandbox }),
        }),
      );
    policy({
      levels: { 'duplicate-path': 'error' },
      exceptions: [{ ...exception, package: 'other@1.0.0' }],
      contact: 'security@example.org',
    });
    const listed = await run('allow', '--list');
    expect(listed.stdout).toContain('/etc/tarwarden/policy.json:1');
    writeFileSync(join(sandbox.project, 'evil.tgz'), hostile);
    const allowed = await run('allow', 'evil.tgz', '--reason', 'x', '--yes');
    expect(allowed).toMatchObject({ code: 1 });
    expect(allowed.stderr).toContain(
      'the policy of this machine makes duplicate-path an error, and no exception of yours counts for it. Contact: security@example.org',
    );
    const verified = await run('verify', '--manager', 'npm', '--json');
    expect(JSON.parse(verified.stdout)).toMatchObject({
      policyFiles: [{ path: '/etc/tarwarden/policy.json', kind: 'machine' }],
    });
  });
});
