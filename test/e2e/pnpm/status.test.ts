/** What the hook says to the wrapper that started pnpm, and pnpmfiles beside it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { available, pnpms, versionOf } from '../../support/managers.ts';
import {
  type Bench,
  cleanTarball,
  closeBench,
  declare,
  FRESH,
  makeBench,
  pnpm,
  publish,
  SUBJECT,
} from './guarded.ts';

const NONCE = 'a-nonce';

describe.each(pnpms.filter((name) => available(name).ok))('%s', (name) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench(name);
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
  });
  afterEach(() => closeBench(bench));

  async function reported(): Promise<{ code: number | null; events: unknown[] }> {
    const file = join(bench.sandbox.root, 'status');
    writeFileSync(file, '');
    const env = { TARWARDEN_PNPM_STATUS: file, TARWARDEN_PNPM_NONCE: NONCE };
    const { code } = await pnpm(bench, FRESH, { env });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return { code, events: lines.map((line) => JSON.parse(line) as unknown) };
  }

  const armed = { event: 'armed', nonce: NONCE, pnpm: versionOf(name).version };

  test('says that it is there, and nothing more of a clean install', async () => {
    publish(bench, cleanTarball());
    expect(await reported()).toEqual({ code: 0, events: [armed] });
  });

  test('says that it refused', async () => {
    publish(bench, coreAttacks.find(({ id }) => id === 'symlink')!.build({ name: SUBJECT }));
    const { code, events } = await reported();
    expect(code).not.toBe(0);
    expect(events).toContainEqual(armed);
    expect(events).toContainEqual({
      event: 'blocked',
      subject: expect.stringContaining(SUBJECT) as string,
    });
  });

  test('refuses a pnpmfile whose fetchers are asked first', async () => {
    publish(bench, cleanTarball());
    const fetchers =
      '{ fetchers: [{ canFetch: () => true, fetch: (c, r, o, f) => f.remoteTarball(c, r, o) }] }';
    const hooks =
      '{ hooks: { fetchers: { remoteTarball: ({ defaultFetchers: f }) => f.remoteTarball } } }';
    bench.sandbox.write({
      'first.cjs': `module.exports = ${name === 'pnpm-10' ? hooks : fetchers}\n`,
      'pnpm-workspace.yaml': 'pnpmfile:\n  - first.cjs\n  - .pnpmfile.cjs\n',
    });
    const result = await pnpm(bench, FRESH);
    expect(result.code).not.toBe(0);
    expect(`${result.stdout}${result.stderr}`).toMatch(/come before|defined in both/);
    expect(existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT))).toBe(false);
  });
});
