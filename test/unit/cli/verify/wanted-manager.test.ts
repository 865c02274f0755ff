import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wantedManager } from '../../../../packages/cli/src/verify/wanted-manager.ts';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-wanted-unit-')));
  mkdirSync(join(root, 'a'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (folder: string, fields: object): void =>
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify(fields));
const engine = { name: 'yarn', version: '4.0.0' };

describe('wantedManager', () => {
  it('takes packageManager of a folder above before devEngines, as corepack does', () => {
    write('a', { devEngines: { packageManager: engine } });
    write('.', { packageManager: 'yarn@1.22.22' });
    expect(wantedManager(join(root, 'a'))).toEqual({ packageManager: 'yarn@1.22.22' });
  });

  it('takes devEngines where no folder has packageManager', () => {
    write('a', { devEngines: { packageManager: engine } });
    write('.', {});
    expect(wantedManager(join(root, 'a'))).toEqual({ devEngines: { packageManager: engine } });
  });
});
