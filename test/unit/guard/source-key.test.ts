import { sourceKey, type SourceParts } from '@tarwarden/guard';
import { expect, it } from 'vitest';

const parts: SourceParts = {
  location: 'https://example.com/a.tgz',
  commit: 'c',
  folder: 'f',
  integrity: 'sha512-x',
  fileName: 'a.tgz',
  format: 'npm',
  expected: { name: 'a', version: '1.0.0' },
};

it('is the same for the same source', () => {
  expect(sourceKey('npm', { ...parts })).toBe(sourceKey('npm', parts));
});

it.each(Object.keys(parts))('differs with the %s alone', (part) => {
  const other = part === 'expected' ? { name: 'a', version: '1.0.1' } : 'other';
  expect(sourceKey('npm', { ...parts, [part]: other })).not.toBe(sourceKey('npm', parts));
  if (part !== 'format')
    expect(sourceKey('npm', { ...parts, [part]: undefined })).not.toBe(sourceKey('npm', parts));
});

it('differs with the ecosystem alone', () => {
  expect(sourceKey('pypi', parts)).not.toBe(sourceKey('npm', parts));
});

it('does not take an absent part for an empty one', () => {
  expect(sourceKey('npm', { ...parts, folder: undefined })).not.toBe(
    sourceKey('npm', { ...parts, folder: '' }),
  );
});
