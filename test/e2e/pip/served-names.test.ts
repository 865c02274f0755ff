// @module-tag pip
/** A server may call a file otherwise than its link does, and pip unpacks it by that name. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sdistOf } from '../../support/pip/packages.ts';
import { pips, system } from '../../support/pip/pips.ts';
import { expectRefused, INTO } from '../../support/pip/world.ts';
import { offer, world } from './scene.ts';

const all = process.env['TARWARDEN_E2E_FULL'] === '1' ? pips : [system];

describe.each(all)('$name, an archive in gzip', (pip) => {
  it.each(['prey-1.0.zip', 'other.tar.xz', 'prey-1.0.tar'])(
    'is refused where it is served as %s',
    async (served) => {
      const own = world(pip);
      const prey = { ...sdistOf({ name: 'prey' }), served };
      const { url } = await offer(prey);
      const result = await own.guarded('pip', 'install', ...INTO, '--index-url', url, 'prey');
      expectRefused(own, result, { ...prey, rule: 'other-format' });
    },
  );

  it.each(['prey-1.0.tar.gz', 'other-2.0.tgz', 'blob'])(
    'is installed where it is served as %s',
    async (served) => {
      const own = world(pip);
      const { url } = await offer({ ...sdistOf({ name: 'prey' }), served });
      const result = await own.guarded('pip', 'install', ...INTO, '--index-url', url, 'prey');
      expect(result).toMatchObject({ code: 0 });
      expect(existsSync(join(own.site, 'prey/__init__.py'))).toBe(true);
    },
  );
});
