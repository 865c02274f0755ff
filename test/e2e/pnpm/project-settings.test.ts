/** A hostile package under each setting of a project's pnpm-workspace.yaml that could matter. */
import { afterEach, describe, expect, test } from 'vitest';
import { available, type PnpmName } from '../../support/managers.ts';
import { payload, unpackedBelow } from '../../support/payload.ts';
import { triesOf } from '../../support/settings/tries.ts';
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

  const tries = triesOf('pnpm').filter(({ major }) => available(`pnpm-${major}` as PnpmName).ok);
  test.each(tries)('is refused by pnpm $major with $name: $value', async (one) => {
    await project(`pnpm-${one.major}` as PnpmName);
    const value = one.value.replace('$REGISTRY', bench.registry.url);
    bench.sandbox.write({ 'pnpm-workspace.yaml': `${one.name}: ${value}\n` });
    const result = await pnpm(bench, FRESH);
    if (bench.registry.downloads().some((path) => path.includes(SUBJECT))) {
      expect(result.code).not.toBe(0);
      expect(`${result.stdout}${result.stderr}`).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    }
    expect(unpackedBelow(bench.sandbox.root)).toEqual([]);
  });
});
