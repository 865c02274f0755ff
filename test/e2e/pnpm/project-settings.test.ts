/** A hostile package under settings of a project's pnpm-workspace.yaml that could blind the guard, or choose other bytes. */
import { afterEach, describe, expect, test } from 'vitest';
import { available, pnpmsByHook, type PnpmName } from '../../support/managers.ts';
import { payload, unpackedBelow } from '../../support/payload.ts';
import {
  closeUntouched,
  declare,
  FRESH,
  makeBench,
  pnpm,
  SUBJECT,
  unguarded,
  type Bench,
} from './guarded.ts';

let bench: Bench;
afterEach(() => closeUntouched(bench));

async function project(name: PnpmName): Promise<void> {
  bench = await makeBench(name);
  bench.registry.publish({ name: SUBJECT, tgz: payload(SUBJECT) });
  declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
}

describe('a hostile package', () => {
  test('is installed where nothing guards it', async () => {
    await project('pnpm-10');
    await unguarded(bench, FRESH);
    expect(unpackedBelow(bench.sandbox.project)).toHaveLength(1);
  });

  const lines = [
    'loglevel: silent',
    'reporter: silent',
    'verifyStoreIntegrity: false',
    'strictStorePkgContentCheck: false',
    'trustLockfile: true',
    'optimisticRepeatInstall: true',
    'verifyDepsBeforeRun: install',
    'offline: true',
    'registry: $REGISTRY/',
    'pnprServer: http://127.0.0.1:9',
    'overrides: {tarwarden-neighbour: "npm:tarwarden-subject@1.0.0"}',
    'modulesDir: ./other',
    'storeDir: ./store',
    'nodeLinker: hoisted',
    'dangerouslyAllowAllBuilds: true',
  ];
  const names = pnpmsByHook.filter((name) => available(name).ok);
  test.each(
    lines.map((line, at) => ({ line, name: names[at % names.length]! })).filter(({ name }) => name),
  )('is refused by $name with $line', async ({ line, name }) => {
    await project(name);
    const text = line.replace('$REGISTRY', bench.registry.url);
    bench.sandbox.write({ 'pnpm-workspace.yaml': `${text}\n` });
    const result = await pnpm(bench, FRESH);
    if (bench.registry.downloads().some((path) => path.includes(SUBJECT))) {
      expect(result.code).not.toBe(0);
      expect(`${result.stdout}${result.stderr}`).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    }
    expect(unpackedBelow(bench.sandbox.root)).toEqual([]);
  });
});
