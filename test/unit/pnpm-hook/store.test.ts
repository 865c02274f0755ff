import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { holdsNoPackage } from '../../../packages/pnpm-hook/src/gates/gates.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let store: string;
freshFolder((made) => (store = made));

describe('holdsNoPackage', () => {
  it('is true of a store that is not there, or empty', () => {
    expect(holdsNoPackage(join(store, 'missing'))).toBe(true);
    expect(holdsNoPackage(store)).toBe(true);
  });

  it('is true of what pnpm 10, 11 and 12 make before the first package', () => {
    mkdirSync(join(store, 'projects/0123'), { recursive: true });
    for (const name of ['index.db', 'index.db-shm', 'index.db-wal'])
      writeFileSync(join(store, name), '');
    expect(holdsNoPackage(store)).toBe(true);
  });

  it.each(['files', 'index', 'links', 'unknown'])('is false where there is %j', (name) => {
    mkdirSync(join(store, 'projects'));
    mkdirSync(join(store, name));
    expect(holdsNoPackage(store)).toBe(false);
  });

  it('is false of what is no folder', () => {
    writeFileSync(join(store, 'file'), '');
    expect(holdsNoPackage(join(store, 'file'))).toBe(false);
  });
});
