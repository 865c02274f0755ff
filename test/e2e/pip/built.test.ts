// @module-tag pip
/** A wheel that a build has made is inspected before pip uses it or hands it on. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildFiles, sdistOf } from '../../support/pip/packages.ts';
import { pips, system } from '../../support/pip/pips.ts';
import { INTO } from '../../support/pip/world.ts';
import { offer, world } from './scene.ts';

const REFUSED = 'tarwarden: prey-1.0-py3-none-any.whl is refused: symlink: prey/link';

const all = process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system];

describe.each(all)('$name', (pip) => {
  it.each([
    ['pip wheel', ['wheel', '-w', 'got']],
    ['pip wheel, without verifying', ['wheel', '--no-verify', '-w', 'got']],
    ['pip install', ['install', ...INTO]],
  ])('%s refuses one that is hostile, also out of the cache', async (_, args) => {
    const own = world(pip);
    const { url } = await offer(sdistOf({ name: 'prey', buildsHostile: true }));
    const run = async () => own.guarded('pip', ...args, '--index-url', url, 'prey');
    for (const result of [await run(), await run()]) {
      expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining(REFUSED) });
      expect(existsSync(own.site)).toBe(false);
      expect(readdirSync(own.sandbox.project, { recursive: true })).not.toContain(
        'got/prey-1.0-py3-none-any.whl',
      );
    }
  });

  it('pip wheel refuses one that is built of a folder', async () => {
    const own = world(pip);
    const folder = join(own.sandbox.project, 'mine');
    own.sandbox.write(buildFiles({ name: 'prey', buildsHostile: true }), folder);
    const result = await own.guarded('pip', 'wheel', '--no-index', '-w', 'got', './mine');
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining(REFUSED) });
    expect(readdirSync(join(own.sandbox.project, 'got'))).toEqual([]);
  });

  it('pip wheel hands on one that is in order', async () => {
    const own = world(pip);
    const { url } = await offer(sdistOf({ name: 'prey' }));
    const args = ['wheel', '-w', 'got', '--index-url', url, 'prey'];
    expect(await own.guarded('pip', ...args)).toMatchObject({ code: 0 });
    expect(readdirSync(join(own.sandbox.project, 'got'))).toEqual(['prey-1.0-py3-none-any.whl']);
  });
});
