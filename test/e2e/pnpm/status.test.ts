/** What the hook says to the wrapper that started pnpm, and pnpmfiles beside it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import {
  cleanTarball,
  closeBench,
  declare,
  FRESH,
  makeBench,
  pnpm,
  printed,
  publish,
  SUBJECT,
} from './guarded.ts';

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = freshEach(() => makeBench(name), closeBench);
  beforeEach(() => declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } }));

  const reportingTo = (status: string): NodeJS.ProcessEnv => ({
    TARWARDEN_PNPM_STATUS: status,
    TARWARDEN_PNPM_NONCE: 'a-nonce',
  });

  const events = (status: string): unknown[] =>
    readFileSync(status, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  const armed = expect.objectContaining({ event: 'armed', nonce: 'a-nonce' }) as unknown;

  test('reports that pnpm calls it in a clean install', async () => {
    const status = join(bench.sandbox.root, 'status');
    publish(bench, cleanTarball());
    expect(await pnpm(bench, FRESH, { env: reportingTo(status) })).toMatchObject({ code: 0 });
    for (const event of events(status)) expect(event).toEqual(armed);
  });

  test('reports what it refused', async () => {
    const status = join(bench.sandbox.root, 'status');
    publish(bench, coreAttacks.find(({ id }) => id === 'symlink')!.build({ name: SUBJECT }));
    expect((await pnpm(bench, FRESH, { env: reportingTo(status) })).code).not.toBe(0);
    expect(events(status)).toContainEqual({
      event: 'blocked',
      subject: expect.stringContaining(SUBJECT) as string,
    });
  });

  const beside = (first: string): void =>
    bench.sandbox.write({
      'first.cjs': `module.exports = ${first}\n`,
      'pnpm-workspace.yaml': 'pnpmfile:\n  - first.cjs\n  - .pnpmfile.cjs\n',
    });

  test.skipIf(name === 'pnpm-10')('refuses a pnpmfile whose fetchers are asked first', async () => {
    publish(bench, cleanTarball());
    const fetch = 'fetch: (c, r, o, f) => f.remoteTarball(c, r, o)';
    beside(`{ fetchers: [{ canFetch: () => true, ${fetch} }] }`);
    const result = await pnpm(bench, FRESH);
    expect(result.code).not.toBe(0);
    expect(printed(result)).toContain('come before');
    expect(existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT))).toBe(false);
  });

  test.runIf(name === 'pnpm-10')('uses no fetchers but its own, and says so', async () => {
    publish(bench, cleanTarball());
    beside("{ hooks: { fetchers: { remoteTarball: () => { throw new Error('theirs') } } } }");
    const result = await pnpm(bench, FRESH);
    expect(result).toMatchObject({ code: 0 });
    expect(printed(result)).toContain('are not used, since they would replace the guard');
    expect(existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT))).toBe(true);
  });
});
