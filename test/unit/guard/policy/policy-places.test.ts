import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../../../packages/guard/src/policy/policy-file.ts';
import { unconfiguredPolicy } from '../../../../packages/guard/src/policy/policy-places.ts';
import { policyFingerprint } from '../../../../packages/guard/src/known/verdict-store.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => {
  root = made;
  write('repository/.git/HEAD', '');
  write('repository/deep/package.json', '{ "name": "deep" }');
});

const write = (path: string, text: string): string => putFile(join(root, path), text);

const where = () => ({
  cwd: join(root, 'repository/deep'),
  env: { HOME: join(root, 'home') },
  platform: 'linux' as const,
});

describe('unconfiguredPolicy', () => {
  it('is what loadPolicy gives where there is no policy', () => {
    const policy = unconfiguredPolicy(where());
    expect(policy).toEqual(loadPolicy(where()).policy);
    expect(policyFingerprint(policy!)).toBe(policyFingerprint(loadPolicy(where()).policy));
  });

  it.each([
    ['beside the project', 'repository/deep/tarwarden.json'],
    ['above it', 'repository/tarwarden.json'],
    ["of the user's own", 'home/.config/tarwarden/policy.json'],
  ])('leaves a policy %s to be read, whatever it says', (_, path) => {
    write(path, 'nonsense');
    expect(unconfiguredPolicy(where())).toBeUndefined();
  });

  it.each(['{ "tarwarden": {} }', String.raw`{ "\u0074arwarden": {} }`])(
    'leaves a package.json with %s to be read',
    (text) => {
      write('repository/package.json', text);
      expect(unconfiguredPolicy(where())).toBeUndefined();
    },
  );

  it('does not look above the repository', () => {
    write('tarwarden.json', 'nonsense');
    expect(unconfiguredPolicy(where())).toBeDefined();
  });

  it('fails where a policy cannot be read', () => {
    mkdirSync(join(root, 'repository/deep/tarwarden.json'));
    expect(() => unconfiguredPolicy(where())).toThrow(
      expect.objectContaining({ code: 'POLICY_INVALID' }),
    );
  });
});
