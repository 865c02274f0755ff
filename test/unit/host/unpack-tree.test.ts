/** The tree that is being put together, and what another process may have done to it meanwhile. */
import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnpackError } from '@tarwarden/core/host';
import { openDestination } from '../../../packages/core/src/host/unpack-destination.ts';
import { Staging } from '../../../packages/core/src/host/unpack-staging.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-tree-')));
  mkdirSync(join(folder, 'parent'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function codeOf(act: () => void): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UnpackError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe.each(['descriptor', 'path'] as const)('a tree, folders held by %s', (checking) => {
  let staging: Staging;
  let root: string;
  beforeEach(() => {
    staging = new Staging(openDestination(join(folder, 'parent/out'), checking));
    root = join(folder, 'parent', staging.name, 'package');
    const descriptor = staging.tree.create(['lib', 'a.js'], { executable: false, size: 1 });
    writeSync(descriptor, 'a');
    closeSync(descriptor);
  });
  afterEach(() => {
    staging.discard();
    staging.close();
  });

  it('that nobody touched is published', () => {
    staging.tree.verify();
    staging.publish();
    expect(staging.discard()).toBe(true);
    expect(readdirSync(join(folder, 'parent'), { recursive: true }).map(String).toSorted()).toEqual(
      ['out', 'out/lib', 'out/lib/a.js'],
    );
  });

  it('with a file that has a second name elsewhere is not: its content could be changed by that name', () => {
    linkSync(join(root, 'lib/a.js'), join(folder, 'second-name'));
    expect(codeOf(() => staging.tree.verify())).toBe('TAMPERED');
  });

  it('with a file that is longer or shorter than it should be is not', () => {
    closeSync(staging.tree.create(['b.js'], { executable: false, size: 1 }));
    expect(codeOf(() => staging.tree.verify())).toBe('TAMPERED');
  });
});
