/** Lockfiles that call a needed package optional, and for another machine: pnpm 11 and 12 install it all the same. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { available, newestPnpms } from '../../support/managers.ts';
import {
  cleanTarball,
  declare,
  forget,
  FRESH,
  FROZEN,
  pnpm,
  publish,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';

const symlink = coreAttacks.find(({ id }) => id === 'symlink')!;
const CARRIER = 'tarwarden-carrier';

interface Lie {
  readonly id: string;
  readonly wants: string;
  readonly warm: boolean;
  /** Below a package that the project needs, which the lockfile calls optional as well. */
  readonly carried?: boolean;
}

const lies: readonly Lie[] = [
  { id: 'another system, cold store', wants: 'os: [win32]', warm: false },
  { id: 'another system, warm store', wants: 'os: [win32]', warm: true },
  { id: 'another libc, warm store', wants: 'libc: [musl]', warm: true },
  { id: 'another processor, cold store', wants: 'cpu: [mips]', warm: false },
  { id: 'below a carrier, warm store', wants: 'libc: [musl]', warm: true, carried: true },
  { id: 'below a carrier, cold store', wants: 'os: [win32]', warm: false, carried: true },
];
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

describe.each(newestPnpms.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  let lockfile: string;
  beforeEach(() => {
    lockfile = join(bench.sandbox.project, 'pnpm-lock.yaml');
  });

  const installed = (): boolean =>
    existsSync(join(bench.sandbox.project, 'node_modules/.pnpm', `${SUBJECT}@1.0.0`));

  async function lock({ wants, warm, carried = false }: Lie): Promise<void> {
    bench.registry.publish({ name: CARRIER, manifest: { dependencies: { [SUBJECT]: '1.0.0' } } });
    declare(bench, { dependencies: { [carried ? CARRIER : SUBJECT]: '1.0.0' } });
    await unguarded(bench, FRESH);
    let text = readFileSync(lockfile, 'utf8');
    const [packages = '', snapshots = ''] = text.split('\nsnapshots:\n');
    const claimed = packages.replace(
      new RegExp(`(\n  ${SUBJECT}@1.0.0:\n.*\n)`),
      `$1    ${wants}\n`,
    );
    const optional = snapshots
      .replace(`  ${SUBJECT}@1.0.0: {}`, `  ${SUBJECT}@1.0.0:\n    optional: true`)
      .replace(`  ${CARRIER}@1.0.0:\n`, `  ${CARRIER}@1.0.0:\n    optional: true\n`);
    text = `${claimed}\nsnapshots:\n${optional}`;
    expect(text).toContain('optional: true');
    expect(text).toContain(wants);
    writeFileSync(lockfile, text);
    forget(bench, 'modules', ...(warm ? [] : (['store'] as const)));
  }

  test.each(FULL ? lies : lies.filter((_, at) => [0, 1, 5].includes(at)))(
    'inspects it: $id',
    async (lie) => {
      publish(bench, symlink.build({ name: SUBJECT }));
      await lock(lie);
      const result = await pnpm(bench, FROZEN);
      expect(result.code).not.toBe(0);
      expect(result.stderr).toContain('tarwarden: refused ');
      expect(installed()).toBe(false);
    },
  );

  test('downloads nothing of what only optional dependencies lead to, for another machine', async () => {
    publish(bench, cleanTarball());
    bench.registry.publish({ name: 'elsewhere', manifest: { os: ['win32'] } });
    declare(bench, { optionalDependencies: { elsewhere: '1.0.0', [SUBJECT]: '1.0.0' } });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    forget(bench, 'modules', 'store', 'verdicts');
    bench.registry.log.length = 0;
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    expect(installed()).toBe(true);
    expect(bench.registry.downloads().filter((path) => path.includes('elsewhere'))).toEqual([]);
  });
});
