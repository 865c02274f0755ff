import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { type GemOptions, gemOf } from '../../support/gem.ts';
import { expectRejected, expectSilent, inspected } from '../../support/inspected.ts';

const RULE = 'gem-checksum-mismatch';
const verdictOf = (odd: GemOptions) => inspected(gemOf(odd), { format: 'gem' });

/** Of the files of the fixture, which lie one behind the other in the gem. */
function sha1Of(): string {
  const gem = gemOf();
  const size = (at: number): number =>
    Number.parseInt(gem.toString('latin1', at + 124, at + 135), 8);
  const data = 512 + Math.ceil(size(0) / 512) * 512;
  const sum = (at: number): string =>
    createHash('sha1')
      .update(gem.subarray(at + 512, at + 512 + size(at)))
      .digest('hex');
  return `---\nSHA1:\n  metadata.gz: ${sum(0)}\n  data.tar.gz: ${sum(data)}\n`;
}

/** As Ruby 1.9 wrote it: each text as binary. */
function binaryOf(document: string): string {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return document
    .replaceAll(/^(SHA\d+):$/gm, (_, name: string) => `!binary "${base64(name)}":`)
    .replaceAll(/: ([0-9a-f]+)$/gm, (_, sum: string) => `: !binary |-\n    ${base64(sum)}`);
}

describe('gem-checksum-mismatch', () => {
  it.each([
    [
      'a checksum of something else',
      `---\nSHA512:\n  data.tar.gz: ${'a'.repeat(128)}\n`,
      { level: 'error', layer: 'gem', entry: 'checksums.yaml.gz' },
    ],
    [
      'an algorithm that RubyGems does not write',
      '---\nMD5:\n  data.tar.gz: aa\n',
      { level: 'error' },
    ],
    ['a checksum of a file that is not there', '---\nSHA256:\n  evil.rb: aa\n', { level: 'error' }],
    ['what is not in hex', '---\nSHA256:\n  data.tar.gz: none\n', { level: 'error' }],
    ['a list of files that is not one', '---\nSHA256: aa\n', { level: 'error' }],
  ])('rejects %s', (_, checksums, expected) => {
    expectRejected(verdictOf({ checksums }), RULE, [expected]);
  });

  it.each([
    ['what is not YAML', 'SHA256', 'line 1'],
    ['a list', '---\n- SHA256\n', 'they are not a table'],
  ])('rejects %s', (_, checksums, message) => {
    const verdict = verdictOf({ checksums });
    expectRejected(verdict, RULE, [{ level: 'error', message: expect.stringContaining(message) }]);
  });

  it.each([
    ['checksums of the files', {}],
    ['SHA-1 alone, which is right', { checksums: sha1Of() }],
  ])('is silent about %s', (_, options) => {
    expectSilent(verdictOf(options), RULE);
  });

  it('rejects a wrong one that is written as binary', () => {
    const sums = `---\nSHA1:\n  data.tar.gz: ${'a'.repeat(40)}\n`;
    expectRejected(verdictOf({ checksums: binaryOf(sums) }), RULE, [{ level: 'error' }]);
  });

  it('is silent about checksums that are written as binary', () => {
    const verdict = verdictOf({ checksums: binaryOf(sha1Of()) });
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.of('gem-checksum-missing')).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('rejects another key that is written as binary', () => {
    const verdict = verdictOf({ checksums: '---\n!binary "TUQ1":\n  data.tar.gz: aa\n' });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
  });
});
