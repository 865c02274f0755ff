/** pnpm 12 asks a fetcher for 16 packages at once, and its own downloads are many more: neither may slow the guard down. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { available } from '../../support/managers.ts';
import {
  type Bench,
  cleanTarball,
  closeBench,
  declare,
  forget,
  FRESH,
  FROZEN,
  makeBench,
  pnpm,
  publish,
  SUBJECT,
} from './guarded.ts';

const COUNT = 40;

let bench: Bench;
/** Tarballs that are asked for and wait; they are answered once there are `together`. */
let waiting: (() => void)[] = [];
let together = 0;
afterEach(async () => {
  for (const go of waiting) go();
  await closeBench(bench);
});

/** A locked project of many packages, the subject last, and nothing in the store. */
async function locked(): Promise<void> {
  waiting = [];
  together = 0;
  bench = await makeBench('pnpm-12', {
    hold: (path) =>
      together === 0 || !path.endsWith('.tgz')
        ? undefined
        : new Promise((resolve) => {
            waiting.push(resolve);
            if (waiting.length === together) for (const go of waiting.splice(0)) go();
          }),
  });
  // It asks again for bytes that are not those that the lockfile names.
  bench.sandbox.pnpmConfig('fetchRetries: 0');
  const names = Array.from({ length: COUNT - 2 }, (_, at) => `tarwarden-${at}`);
  for (const name of names) bench.registry.publish({ name });
  publish(bench, cleanTarball());
  const all = Object.fromEntries([...names, SUBJECT].map((name) => [name, '1.0.0']));
  declare(bench, { dependencies: all });
  expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
  forget(bench, 'store', 'modules');
  bench.registry.log.length = 0;
}

const agents = (): string[] =>
  bench.registry.log
    .filter(({ path }) => path.endsWith('.tgz'))
    .map(({ headers }) => (headers['user-agent'] ?? '').split('/')[0]!);

const installed = (name: string): boolean =>
  existsSync(join(bench.sandbox.project, 'node_modules', name, 'package.json'));

describe.skipIf(!available('pnpm-12').ok)('pnpm-12', () => {
  test.each([
    ['what it will ask for is all downloaded at once', 'tarwarden pnpm', ['verdicts']],
    ['what was inspected before it downloads itself, and all at once', 'pnpm', []],
  ] as const)('%s', async (_title, agent, forgotten) => {
    await locked();
    forget(bench, ...forgotten);
    together = COUNT;
    expect(await pnpm(bench, FROZEN)).toMatchObject({ code: 0 });
    expect(agents()).toEqual(Array.from({ length: COUNT }, () => agent));
    expect(installed(SUBJECT)).toBe(true);
  });

  test('what was inspected before, with other bytes since, is not installed', async () => {
    await locked();
    publish(bench, coreAttacks[0]!.build({ name: SUBJECT }));
    expect((await pnpm(bench, FROZEN)).code).not.toBe(0);
    expect(installed(SUBJECT)).toBe(false);
    bench.sandbox.assertSentinelUntouched();
  });
});
