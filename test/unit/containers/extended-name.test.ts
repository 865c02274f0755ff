/** The names of extended headers, which name no file and are held to some of the rules of paths. */
import { describe, expect, it } from 'vitest';
import { inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import {
  entry,
  gnuLongName,
  pax,
  type Bytes,
  type PaxOptions,
  type Part,
} from '../../support/tar.ts';

const file = entry({ name: 'package/a.js', body: 'a' });

function rulesOf(...before: Part[]): string[] {
  const { findings } = inspected(tgz({ entries: before }));
  return [...new Set(findings.map(({ rule, code = rule }) => code))].toSorted();
}

const named = (name: Bytes, more: PaxOptions = {}): string[] =>
  rulesOf(pax({ comment: 'x' }, { name, ...more }), file);

describe('the name of an extended header', () => {
  it.each<[string, Bytes, PaxOptions]>([
    ['control-character', 'PaxHeader/a\u001b[2K', {}],
    ['control-character', 'PaxHeader/a\nb', {}],
    ['control-character', 'PaxHeader/a\u0085', {}],
    ['control-character', 'pax_global_header\r', { global: true }],
    ['control-character', 'x', { prefix: 'a\u0007' }],
    ['invalid-utf8', Buffer.from([0x50, 0xff, 0x61]), {}],
    ['invalid-utf8', Buffer.from([0x50, 0xc3]), {}],
    ['invalid-utf8', Buffer.from([...Buffer.alloc(98, 'x'), 0xff, 0x61]), {}],
    ['path-traversal', 'PaxHeader/../../x', {}],
    ['path-traversal', '..', { global: true }],
    ['path-traversal', 'x', { prefix: '..' }],
    ['absolute-path', '/PaxHeader/x', {}],
    ['tar-field-residue', 'PaxHeader\0x', {}],
    ['tar-field-residue', 'x', { prefix: 'a\0b' }],
  ])('is refused by %s', (rule, name, more) => {
    expect(named(name, more)).toEqual([rule]);
  });

  it('is refused also where it is that of a GNU long name', () => {
    const long = gnuLongName('package/a.js', { name: '../x' });
    expect(rulesOf(long, file)).toEqual(['gnu-long-name', 'path-traversal']);
  });

  it.each<[string, Bytes, PaxOptions]>([
    ['of node-tar', 'PaxHeader/a.js', {}],
    ['of bsdtar', 'package/PaxHeader/a.js', {}],
    ['of GNU tar', './PaxHeaders.123/package', {}],
    ['of newer GNU tar', 'package/PaxHeaders/a.js', {}],
    ['of GNU tar, for all', '/tmp/GlobalHead.1.1', { global: true }],
    ['of Python', '././@PaxHeader', {}],
    ['of git', '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567.paxheader', {}],
    ['of git, for all', 'pax_global_header', { global: true }],
    ['of Go', 'package/PaxHeaders.0/a.js', {}],
    ['of Go, for all', 'GlobalHead.0.0', { global: true }],
    ['in another script', 'PaxHeader/\u65e5\u672c', {}],
    ['that was cut inside a character', Buffer.from([...Buffer.alloc(99, 'x'), 0xc3]), {}],
    ['with a backslash or a colon', 'PaxHeader/a:b\\c', {}],
    ['of a device', 'PaxHeader/nul', {}],
  ])('passes %s', (_, name, more) => {
    expect(named(name, more)).toEqual([]);
  });
});
