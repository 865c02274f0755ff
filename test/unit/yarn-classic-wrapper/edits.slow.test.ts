import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { edited, EDITS, rewritten } from '../../../packages/yarn-classic-wrapper/src/edits.ts';
import { KNOWN } from '../../../packages/yarn-classic-wrapper/src/known.ts';
import { managerFolder, type YarnClassicName } from '../../support/managers.ts';

const bundleOf = (name: YarnClassicName): Buffer =>
  readFileSync(join(managerFolder(name), 'lib/cli.js'));

describe('the table of known bundles', () => {
  test('has one SHA-512 for each version', () => {
    const digests = Object.values(KNOWN);
    expect(new Set(digests).size).toBe(digests.length);
    for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{128}$/);
    expect(Object.keys(KNOWN).every((version) => /^1\.22\.\d+$/.test(version))).toBe(true);
  });

  test.each([
    ['yarn-1', '1.22.22'],
    ['yarn-1-22-0', '1.22.0'],
  ] as const)('holds what %s is', (name, version) => {
    expect(createHash('sha512').update(bundleOf(name)).digest('hex')).toBe(KNOWN[version]);
  });
});

describe.each(['yarn-1', 'yarn-1-22-0'] as const)('the bundle of %s', (name) => {
  const text = bundleOf(name).toString();

  test('is compiled with every place changed', () => {
    const result = edited(bundleOf(name));
    const source = 'source' in result ? result.source : '';
    for (const { replace } of EDITS) expect(source).toContain(replace);
    expect(() => new Script(source)).not.toThrow();
  });

  test.each(EDITS.map(({ find }) => find))('is not compiled without %j', (find) => {
    expect(rewritten(text.replaceAll(find, ''))).toEqual({
      problem: expect.stringContaining('is in it 0 times'),
    });
  });

  test.each(EDITS.map(({ find, times = 1 }) => [find, times] as const))(
    'is not compiled with %j once more',
    (find, times) => {
      expect(rewritten(text + find)).toEqual({
        problem: expect.stringContaining(`is in it ${times + 1} times`),
      });
    },
  );

  test('is not compiled with one byte more', () => {
    expect(edited(Buffer.concat([bundleOf(name), Buffer.from('\n')]))).toEqual({
      problem: 'its bytes are not known',
    });
  });
});
