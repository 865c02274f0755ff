/** What the guard replaces in npm is there in each npm that is supported. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Hooked } from '../../../packages/npm-wrapper/src/npm-copies.ts';
import { HOOKS } from '../../../packages/npm-wrapper/src/hooks.ts';
import { NpmGuard } from '../../../packages/npm-wrapper/src/npm-guard.ts';
import { managerFolder, npms } from '../../support/managers.ts';

const guard = new NpmGuard({}, () => undefined);
const NAMES = Object.keys(HOOKS) as Hooked[];

describe.each(npms)('%s', (npm) => {
  const load = createRequire(join(managerFolder(npm), 'index.js'));

  test.each(NAMES)('has all that is replaced in its %s', (name) => {
    const list = HOOKS[name].list({ exports: load(name) as unknown }, guard, load.resolve(name));
    const found = list.map(({ target, method, wrap }) => ({
      method: String(method),
      type: typeof Reflect.get(target as object, method),
      replaced: wrap !== undefined,
    }));
    const expected: Record<Hooked, readonly [string, boolean][]> = {
      tar: [
        ['write', true],
        ['end', true],
      ],
      pacote: [
        ['tarballStream', true],
        ['write', false],
        ['end', false],
      ],
      '@npmcli/arborist': [
        ['buildIdealTree', true],
        ['rebuild', true],
        ['reify', false],
        ['loadVirtual', true],
        ['save', true],
        ['Symbol(reifyNode)', true],
      ],
      libnpmpack: [['exports', true]],
      libnpmpublish: [['publish', true]],
    };
    expect(found).toEqual(
      expected[name].map(([method, replaced]) => ({ method, type: 'function', replaced })),
    );
  });
});
