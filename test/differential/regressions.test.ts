/** Disagreements that fuzzing found: each was accepted once, while extractors unpacked different files. */
import { inspect } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { packageWith } from '../support/inspected.ts';
import { tgz } from '../support/pkg.ts';
import { entry, pax } from '../support/tar.ts';
import { differences, type FileMap } from './oracles/file-map.ts';
import { parsers } from './oracles/parsers.ts';

const long = `package/${'d/'.repeat(50)}x.js`;

/** What is odd, and the rule that now tells. */
const found: readonly (readonly [title: string, rule: string, tgz: Buffer])[] = [
  [
    'node-tar drops a file with a link target',
    'tar-header-ambiguous',
    packageWith(entry({ name: 'package/x.js', linkname: 'index.js' })),
  ],
  [
    'node-tar drops a file whose link target begins after NULs and a line feed',
    'tar-header-ambiguous',
    packageWith(entry({ name: 'package/x.js', linkname: '\0\0\n' })),
  ],
  [
    'node-tar drops a header with odd bytes behind the prefix, also one with a PAX path',
    'tar-header-ambiguous',
    packageWith(
      pax({ path: long }),
      entry({ name: long.slice(0, 99), raw: { prefix: Buffer.alloc(155).fill(0xf3, 143, 144) } }),
    ),
  ],
  [
    'node-tar drops an extended header with odd bytes behind its prefix',
    'tar-header-ambiguous',
    packageWith(
      pax({ path: long }, { raw: { prefix: Buffer.alloc(155).fill(0xf3, 143, 144) } }),
      entry({ name: long.slice(0, 99) }),
    ),
  ],
  [
    'pnpm stops at a header that starts with NUL',
    'empty-name',
    packageWith(pax({ path: long }), entry({ name: '' }), entry({ name: 'package/lost.js' })),
  ],
  [
    'tar-stream loses its place after an empty extended header',
    'pax-ambiguous',
    tgz({ before: [pax(Buffer.alloc(0), { global: true })] }),
  ],
  [
    'node-tar reads a record that begins inside of the key of another',
    'pax-ambiguous',
    packageWith(pax({ 'x\n28 path': 'package/smuggled.js' }), entry({ name: 'package/x.js' })),
  ],
  [
    'node-tar 6 drops an extended header with a link target, and so the path in it',
    'tar-header-ambiguous',
    packageWith(
      pax({ path: `package/${'x'.repeat(100)}` }, { linkname: 'index.js' }),
      entry({ name: `package/${'x'.repeat(92)}` }),
    ),
  ],
  [
    'node-tar reads a checksum of eight digits on into the type',
    'tar-damaged',
    packageWith(withEightDigits(entry({ name: 'package/x.js' }))),
  ],
];

function withEightDigits(block: Buffer): Buffer {
  const sum = Number.parseInt(block.toString('latin1', 148, 154), 8);
  block.write(sum.toString(8).padStart(8, '0'), 148, 8, 'latin1');
  return block;
}

async function mapOrRefusal(read: (bytes: Buffer) => FileMap | Promise<FileMap>, bytes: Buffer) {
  try {
    return await read(bytes);
  } catch {
    return new Map() as FileMap;
  }
}

describe('found by fuzzing', () => {
  it.each(found)('%s', async (_title, rule, bytes) => {
    const verdict = inspect(bytes);
    expect(verdict.status).toBe('reject');
    expect(verdict.findings.map((one) => one.rule)).toContain(rule);
    // Still so, or the rule has lost its reason.
    const maps = await Promise.all(parsers.map(({ read }) => mapOrRefusal(read, bytes)));
    const first = maps[0] as FileMap;
    expect(maps.some((map) => differences(first, map).length > 0)).toBe(true);
  });
});
