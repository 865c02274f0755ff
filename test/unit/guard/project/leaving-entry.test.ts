import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isWithin } from '../../../../packages/guard/src/project/real-path.ts';
import { leavingEntry } from '../../../../packages/guard/src/project/leaving-entry.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
const at = (...parts: string[]): string => join(root, ...parts);
freshFolder((made) => {
  root = made;
  mkdirSync(at('lib'));
  writeFileSync(at('index.js'), 'one');
  writeFileSync(at('lib/a.js'), 'two');
});

describe('leavingEntry', () => {
  const leaving = (): unknown =>
    leavingEntry(root, { isInside: (path) => isWithin(root, path), skipped: ['left-out'] });

  test('lets links inside pass, also between folders', () => {
    symlinkSync('../index.js', at('lib/up'));
    symlinkSync(at('lib'), at('absolute'));
    symlinkSync('nowhere', at('dangling'));
    mkdirSync(at('left-out'));
    symlinkSync('/etc', at('left-out/link'));
    expect(leaving()).toBeUndefined();
  });

  test.each([
    ['../outside', 'link'],
    ['/etc/hostname', 'link'],
    ['../../outside', 'lib/link'],
  ])('reports a link to %s at %s', (target, name) => {
    symlinkSync(target, at(name));
    expect(leaving()).toEqual({ name, target });
  });
});
