import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { describe, expect, it } from 'vitest';
import { wantedManager } from '../../../../packages/cli/src/guard-trials/wanted-manager.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let root: string;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'a'));
});

const write = (folder: string, fields: object): void =>
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify(fields));
const engine = { name: 'yarn', version: '4.0.0' };

describe('wantedManager', () => {
  const taken = (folder = 'a'): unknown => wantedManager([...foldersAbove(join(root, folder))]);

  it('takes packageManager of a folder above before devEngines', () => {
    write('a', { devEngines: { packageManager: engine } });
    write('.', { packageManager: 'yarn@1.22.22' });
    expect(taken()).toEqual({ packageManager: 'yarn@1.22.22' });
  });

  it('takes the nearest packageManager', () => {
    write('a', { packageManager: 'yarn@4.0.0' });
    write('.', { packageManager: 'yarn@1.22.22' });
    expect(taken()).toEqual({ packageManager: 'yarn@4.0.0' });
  });

  it('takes devEngines of the topmost package.json where none has packageManager', () => {
    write('a', { devEngines: { packageManager: engine } });
    expect(taken()).toEqual({ devEngines: { packageManager: engine } });
    write('.', { devEngines: { packageManager: { ...engine, version: '3.0.0' } } });
    expect(taken()).toEqual({ devEngines: { packageManager: { ...engine, version: '3.0.0' } } });
  });

  it('takes none where the topmost package.json has none', () => {
    write('a', { devEngines: { packageManager: engine } });
    write('.', {});
    expect(taken()).toEqual({});
  });

  it.each(['node_modules/x', 'node_modules/@s/x'])('passes over a package in %s', (folder) => {
    mkdirSync(join(root, folder), { recursive: true });
    write(folder, { packageManager: 'yarn@1.22.22' });
    write('.', { packageManager: 'yarn@4.0.0' });
    expect(taken(folder)).toEqual({ packageManager: 'yarn@4.0.0' });
  });
});
