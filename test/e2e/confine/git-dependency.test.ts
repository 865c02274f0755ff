/** What git fetched is packed by clients that run its scripts for it, whatever they are told. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { confineWorld, type ConfineWorld } from '../../support/confine/world.ts';
import { available } from '../../support/managers.ts';

describe.skipIf('problem' in findHelper()).each(['npm-10', 'npm-11'] as const)('%s', (manager) => {
  describe.skipIf(!available(manager).ok)('confined', () => {
    let world: ConfineWorld;
    beforeEach(async () => {
      world = await confineWorld(manager);
    });
    afterEach(() => world.dispose());

    test('runs no "prepare" of a git dependency while there is a network', async () => {
      const mark = join(world.sandbox.project, 'prepared');
      const { remote, commit } = world.sandbox.gitRepo('dependency', {
        'package.json': {
          name: 'dependency',
          version: '1.0.0',
          scripts: { prepare: `touch ${mark}` },
        },
        '.npmrc': 'script-shell=/bin/sh\n',
      });
      const dependencies = { dependency: `git+${remote}#${commit}` };
      world.sandbox.write({
        '.npmrc': 'script-shell=/bin/sh\n',
        'package.json': { name: 'project', version: '1.0.0', dependencies },
      });
      expect(
        await world.tarwarden(['npm', '--confine', 'install', '--ignore-scripts']),
      ).toMatchObject({ code: 0 });
      expect(existsSync(join(world.sandbox.project, 'node_modules/dependency'))).toBe(true);
      expect(existsSync(mark)).toBe(false);
      // The witness: npm runs it by itself.
      rmSync(join(world.sandbox.project, 'node_modules'), { recursive: true });
      await world.bare([
        'install',
        '--force',

        '--cache',
        join(world.sandbox.root, 'other'),
      ]);
      expect(existsSync(mark)).toBe(true);
    });
  });
});
