import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadPolicy, type PolicySettings } from '@tarwarden/guard';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'repo', '.git'), { recursive: true });
});

const put = (path: string, content: object): string => putFile(join(root, path), content);
const USER = 'config/tarwarden/policy.json';

function presets(...settings: PolicySettings[]) {
  const env = { XDG_CONFIG_HOME: join(root, 'config'), HOME: join(root, 'home') };
  const cwd = join(root, 'repo');
  return loadPolicy({ cwd, env, platform: 'linux', settings }).policy.presets;
}

it('a preset names the file that sets it, and its version', () => {
  put('repo/package.json', { name: 'repo', tarwarden: { preset: 'strict' } });
  expect(presets()).toEqual([{ name: 'strict@1', setBy: 'repository', file: 'package.json' }]);
  put(USER, {
    preset: 'strict@1',
    levels: { 'install-script': 'note', 'wheel-record-wrong': 'note' },
  });
  expect(presets()).toEqual([
    { name: 'strict@1', setBy: 'user', file: 'policy.json', except: ['install-script'] },
    { name: 'strict@1', setBy: 'repository', file: 'package.json' },
  ]);
});

it('levels of one own file take nothing back from the preset of another', () => {
  put(USER, { levels: { 'install-script': 'note' } });
  const origin = join(root, 'home/.yarnrc.yml');
  put('home/.yarnrc.yml', {});
  expect(presets({ origin, own: true, value: { preset: 'strict' } })).toEqual([
    { name: 'strict@1', setBy: 'user', file: '.yarnrc.yml' },
  ]);
});

it('a version that this release does not know stops the run, and so does a lower level of a repository', () => {
  const path = put('repo/tarwarden.json', { preset: 'strict@2' });
  expect(() => presets()).toThrow(
    `${path}:1:11: preset must be "strict" or "strict@1": this version of tarwarden knows no other preset`,
  );
  put('repo/tarwarden.json', { preset: 'strict', levels: { symlink: 'warning' } });
  expect(() => presets()).toThrow(
    'levels.symlink may not lower "error" to "warning": only your own policy file may do that, or an exception',
  );
});
