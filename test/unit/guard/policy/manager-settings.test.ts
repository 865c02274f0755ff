import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  loadPolicy,
  type PolicySettings,
} from '../../../../packages/guard/src/policy/policy-file.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => {
  root = made;
  put('shared/app/package.json', '{}');
});

const put = (path: string, content: string): string => putFile(join(root, path), content);

function load(...settings: PolicySettings[]) {
  const cwd = join(root, 'shared/app');
  return loadPolicy({ cwd, env: { HOME: join(root, 'home') }, settings });
}

const exceptions = [
  {
    package: 'a@1.0.0',
    rule: 'symlink',
    sha512: 'a'.repeat(128),
    reason: 'x',
    expires: '2999-01-01',
  },
];

describe('settings of a manager', () => {
  it('count in the project', () => {
    const origin = put('shared/app/.yarnrc.yml', '');
    const { policy, warnings } = load({ origin, own: false, value: { exceptions } });
    expect(policy).toMatchObject({ exceptions: [], proposals: exceptions });
    expect(warnings).toEqual([]);
  });

  it("do not count above the project's root, and that is said", () => {
    const origin = put('shared/.yarnrc.yml', '');
    const { policy, files, warnings } = load(
      { origin, own: false, value: { exceptions } },
      { origin, own: false, file: join(root, 'shared/missing.json') },
    );
    expect(policy.exceptions).toEqual([]);
    expect(files).toEqual([]);
    expect(warnings[0]).toBe(
      `${origin} lies above the root of the project (${join(root, 'shared/app')}): its policy does not count`,
    );
  });

  it("count above it where they are the user's own", () => {
    const origin = put('home/.yarnrc.yml', '');
    expect(load({ origin, own: true, value: { links: 'contained' } }).policy.links).toBe(
      'contained',
    );
  });

  it.each(['shared/policy.json', 'shared/app/../policy.json', 'shared/app2/policy.json'])(
    'name no file outside of the project: %s',
    (path) => {
      const origin = put('shared/app/.yarnrc.yml', '');
      put(path, '{}');
      expect(() => load({ origin, own: false, file: join(root, path) })).toThrow(
        /which .* names, lies outside the project .*: move it there/,
      );
    },
  );

  it('name no file outside of it by way of a linked folder', () => {
    const origin = put('shared/app/.yarnrc.yml', '');
    put('shared/other/policy.json', '{}');
    symlinkSync('../other', join(root, 'shared/app/link'));
    const file = join(root, 'shared/app/link/policy.json');
    expect(() => load({ origin, own: false, file })).toThrow(/lies outside the project/);
  });

  it('name a file of the project', () => {
    const origin = put('shared/app/.yarnrc.yml', '');
    const file = put('shared/app/config/policy.json', '{"links": "reject"}');
    expect(load({ origin, own: false, file }).files).toEqual([file]);
  });
});
