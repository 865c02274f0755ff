/** Folders that are full, read-only or missing: what installs bare there installs guarded, and is judged. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { available, envFor, repository, type ManagerName } from '../../support/managers.ts';
import { findProgram } from '../../support/programs.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { tgz } from '../../support/pkg.ts';
import { attack } from '../../support/attacks.ts';

const TARWARDEN = join(repository, 'packages/cli/bin/tarwarden.js');
const full = process.env['TARWARDEN_E2E_FULL'] === '1';

const unshare = findProgram('unshare') ?? '';
const mount = findProgram('mount') ?? '';
const sh = findProgram('sh') ?? '';
/** Whether this user may have disks of its own. */
const canMount =
  spawnSync(unshare, ['--mount', mount, '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** Lines of a shell that make a folder so. `$1` is the folder. */
const STATES = {
  full: 'head -c 100000 /dev/zero > "$1/filler" 2>&1 || :',
  'read-only': '"$MOUNT" -o remount,ro "$1"',
  missing: '"$UMOUNT" "$1"; rm -r "$1"',
} as const;
type State = keyof typeof STATES;

const SCRIPT = `set -e
spoil() { "$MOUNT" -t tmpfs -o size=16k,mode=0700 tmpfs "$1"; eval "$2"; }
spoil "$TMPDIR" "$STATE"
spoil "$XDG_CACHE_HOME/tarwarden" "$STATE"
exec "$@"
`;

async function install(
  manager: ManagerName,
  state: State,
  options: { guarded: boolean; hostile?: boolean },
): Promise<{ result: Result; installed: boolean }> {
  const registry = await startRegistry();
  const sandbox = makeSandbox({ registry: registry.url, ci: true });
  const name = 'tarwarden-subject';
  const bytes = options.hostile === true ? attack('symlink').build({ name }) : tgz({ name });
  registry.publish({ name, tgz: bytes });
  sandbox.write({ 'package.json': { name: 'project', dependencies: { [name]: '1.0.0' } } });
  mkdirSync(join(sandbox.root, 'xdg/cache/tarwarden'), { recursive: true, mode: 0o700 });
  try {
    const [tool = ''] = manager.split('-');
    const command = [tool, 'install'];
    if (options.guarded) command.unshift(process.execPath, TARWARDEN);
    const env = envFor(manager, {
      sandbox,
      env: { STATE: STATES[state], MOUNT: mount, UMOUNT: findProgram('umount') ?? '' },
    });
    const args = ['--mount', sh, '-c', SCRIPT, 'sh', ...command];
    const result = await execute(unshare, args, { cwd: sandbox.project, env });
    sandbox.assertSentinelUntouched();
    return { result, installed: existsSync(join(sandbox.project, 'node_modules', name)) };
  } finally {
    sandbox.dispose();
    await registry.close();
  }
}

/** All of them, and those that run always. */
const ROWS: readonly (readonly [ManagerName, State])[] = full
  ? (['npm-10', 'npm-11', 'npm-12', 'pnpm-10', 'pnpm-11', 'pnpm-12'] as const).flatMap((name) =>
      (Object.keys(STATES) as State[]).map((state) => [name, state] as const),
    )
  : [
      ['npm-11', 'missing'],
      ['pnpm-12', 'full'],
    ];

describe.skipIf(!canMount)('TMPDIR and the cache of tarwarden', () => {
  test.each(ROWS.filter(([name]) => available(name).ok))('%s, %s', async (manager, state) => {
    const bare = await install(manager, state, { guarded: false });
    const guarded = await install(manager, state, { guarded: true });
    const printed = guarded.result.stdout + guarded.result.stderr;
    expect(printed).not.toContain('bug of tarwarden');
    if (bare.result.code === 0) {
      expect({ code: guarded.result.code, printed }).toMatchObject({ code: 0 });
      expect(guarded.installed).toBe(true);
    }
    const refused = await install(manager, state, { guarded: true, hostile: true });
    expect(refused.result.code).toBe(1);
    expect(refused.result.stderr).toContain('symlink');
    expect(refused.installed).toBe(false);
  });
});
