// @module-tag pip
/** An exception of a policy lets one archive pass in pip, and no other. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approveAll } from '../../support/approval.ts';
import { sdistOf, wheelOf, type Dist } from '../../support/pip/packages.ts';
import { pips, system } from '../../support/pip/pips.ts';
import { expectRefused, INTO, type PipWorld } from '../../support/pip/world.ts';
import type { Result } from '../../support/execute.ts';
import { offer, world } from './scene.ts';

const RULE = 'duplicate-path';

/** Has one file twice, with different bytes: refused, and pip installs it by itself. */
const oddWheel = (name: string, more = {}): Dist => wheelOf({ name, twice: true, ...more });
const oddSdist = (name: string): Dist => sdistOf({ name, twice: true });

async function except(own: PipWorld, { project, bytes }: Dist, expires: string): Promise<void> {
  const sha512 = createHash('sha512').update(bytes).digest('hex');
  const exception = { package: `${project}@1.0`, rule: RULE, sha512, reason: 'looked at', expires };
  own.sandbox.write({ 'tarwarden.json': JSON.stringify({ exceptions: [exception] }) });
  await approveAll({ env: own.env, cwd: own.sandbox.project });
}

async function installed(own: PipWorld, ...dists: readonly Dist[]): Promise<Result> {
  const { url } = await offer(...dists);
  const names = dists.map(({ project }) => project);
  return own.guarded('pip', 'install', ...INTO, '--index-url', url, ...names);
}

const all = process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system];

describe.each(all)('$name, with an exception', (pip) => {
  it.each([
    ['wheel', oddWheel('prey')],
    ['sdist', oddSdist('prey')],
  ])('installs the %s that it is for', async (_, dist) => {
    const own = world(pip);
    await except(own, dist, '2999-01-01');
    expect(await installed(own, dist)).toMatchObject({ code: 0 });
    expect(existsSync(join(own.site, 'prey'))).toBe(true);
  });

  it('installs the file that it is for', async () => {
    const own = world(pip);
    const dist = oddWheel('prey');
    await except(own, dist, '2999-01-01');
    const result = await own.guarded('pip', 'install', ...INTO, `./${own.put(dist)}`);
    expect(result).toMatchObject({ code: 0 });
    expect(existsSync(join(own.site, 'prey'))).toBe(true);
  });

  it('refuses another wheel with the same finding, and installs neither', async () => {
    const own = world(pip);
    const [dist, other] = [oddWheel('prey'), oddWheel('other')];
    await except(own, dist, '2999-01-01');
    expectRefused(own, await installed(own, dist, other), { ...other, rule: RULE });
    expect(existsSync(own.site)).toBe(false);
  });

  it('refuses other bytes of the same name and version', async () => {
    const own = world(pip);
    const other = oddWheel('prey', { summary: 'other' });
    await except(own, oddWheel('prey'), '2999-01-01');
    expectRefused(own, await installed(own, other), { ...other, rule: RULE });
  });

  it('refuses the wheel once it has expired, and says so', async () => {
    const own = world(pip);
    const dist = oddWheel('prey');
    await except(own, dist, '2020-01-01');
    const result = await installed(own, dist);
    expectRefused(own, result, { ...dist, rule: RULE });
    expect(result.stderr).toMatch(/expired/);
  });
});
