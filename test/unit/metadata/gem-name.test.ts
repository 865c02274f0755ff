import { unsafeGemParts } from '@tarwarden/core/metadata';
import { describe, expect, it } from 'vitest';
import {
  HOSTILE_NAMES,
  HOSTILE_PLATFORMS,
  HOSTILE_VERSIONS,
  ORDINARY_NAMES,
  ORDINARY_PLATFORMS,
  ORDINARY_VERSIONS,
} from '../../support/gem/names.ts';

describe('the parts of a gem that become a path', () => {
  it.each(ORDINARY_NAMES)('takes the name %j', (name) => {
    expect(unsafeGemParts({ name })).toEqual([]);
  });

  it.each(HOSTILE_NAMES)('does not take the name %j', (name) => {
    expect(unsafeGemParts({ name })).toHaveLength(1);
  });

  it.each(ORDINARY_VERSIONS)('takes the version %j', (version) => {
    expect(unsafeGemParts({ name: 'x', version })).toEqual([]);
  });

  it.each(HOSTILE_VERSIONS)('does not take the version %j', (version) => {
    expect(unsafeGemParts({ name: 'x', version })).toHaveLength(1);
  });

  it('takes the platforms of real gems', () => {
    expect(unsafeGemParts({ name: 'x', version: '1', platforms: ORDINARY_PLATFORMS })).toEqual([]);
  });

  it.each(HOSTILE_PLATFORMS)('does not take the platform %j', (platform) => {
    const parts = unsafeGemParts({ name: 'x', version: '1', platforms: ['ruby', platform] });
    expect(parts).toEqual([expect.stringMatching(/^the platform "/)]);
  });
});
