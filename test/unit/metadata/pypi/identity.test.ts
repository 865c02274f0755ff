import { describe, expect, it } from 'vitest';
import {
  isPypiName,
  isSamePypiVersion,
  pypiNameKey,
  pypiVersionKey,
} from '../../../../packages/core/src/metadata/pypi/identity.ts';

describe('pypiNameKey (PEP 503)', () => {
  it.each(['Friendly.Bard', 'friendly__bard', 'FRIENDLY-_.bard'])('is one for %s', (name) => {
    expect(pypiNameKey(name)).toBe('friendly-bard');
  });
});

describe('isPypiName', () => {
  it.each(['a', 'A1', 'zope.interface', 'a_b-c'])('takes %s', (name) => {
    expect(isPypiName(name)).toBe(true);
  });
  it.each(['', '-a', 'a.', 'a b', 'ä', 'a/b', 'a\n', '..'])('does not take %j', (name) => {
    expect(isPypiName(name)).toBe(false);
  });
});

describe('pypiVersionKey (PEP 440)', () => {
  it.each([
    ['1.0', '1'],
    ['v1.0.0', '1'],
    ['01.02', '1.2'],
    ['1.0alpha1', '1a1'],
    ['1.0-Beta.2', '1b2'],
    ['1.0c1', '1rc1'],
    ['1.0-preview', '1rc0'],
    ['1.0-1', '1.post1'],
    ['1.0.rev2', '1.post2'],
    ['1.0.dev', '1.dev0'],
    ['1!2.0', '1!2'],
    ['2.13.0+CPU', '2.13+cpu'],
    ['1.0+ubuntu-01_2', '1+ubuntu.1.2'],
    ['0', '0'],
    ['1.10', '1.10'],
    ['1.0a1.post2.dev3+x', '1a1.post2.dev3+x'],
  ])('of %s is %s', (version, key) => {
    expect(pypiVersionKey(version)).toBe(key);
  });
  it.each(['', 'latest', '1.0-', '1..0', '1.0+', '1.0 ', '1.0\n', '1/0', `1${'0'.repeat(255)}`])(
    'does not take %j',
    (version) => {
      expect(pypiVersionKey(version)).toBeUndefined();
    },
  );
});

describe('isSamePypiVersion', () => {
  it.each([
    ['1.0', '1', true],
    ['1.0', '1.0.post0', false],
    ['1.0', '1.0+local', false],
    ['unversioned', 'unversioned', true],
    ['unversioned', 'other', false],
  ])('%s, %s: %s', (one, other, same) => {
    expect(isSamePypiVersion(one, other)).toBe(same);
  });
});
