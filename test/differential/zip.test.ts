/** An accepted archive of Yarn's cache has one reading: the readers of zip that are there see the same files. */
import { inspect } from '@tarwarden/core';
import { describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { yarnZip } from '../support/yarn-zip.ts';
import { UNIX, zip } from '../support/zip.ts';
import { differences, withoutModes, type FileMap, type Oracle } from './oracles/file-map.ts';
import { zipParsers, zipPrograms, zipStreams } from './oracles/zip-readers.ts';

const top = 'node_modules/fixture';
const SEED = 7;
/** Values tried for each byte that both headers have in common. */
const VALUES = 4;

async function disagreements(bytes: Buffer, oracles: readonly Oracle[]): Promise<string[]> {
  const maps: [string, FileMap | string][] = [];
  for (const { name, read } of oracles) {
    try {
      maps.push([name, await read(bytes)]);
    } catch (error) {
      maps.push([name, String(error)]);
    }
  }
  const [first] = maps;
  return maps.flatMap(([name, map]) => {
    if (typeof map === 'string') return [`${name}: ${map}`];
    const one = first?.[1];
    if (typeof one === 'string' || one === undefined) return [];
    const blind = blindOnes.has(name);
    return (blind ? differences(withoutModes(one), withoutModes(map)) : differences(one, map)).map(
      (line) => `${String(first?.[0])}, ${name}: ${line}`,
    );
  });
}

const accepted = (bytes: Buffer): boolean =>
  inspect(bytes, { format: 'yarn-zip' }).status === 'accept';
const all = [...zipParsers, ...zipPrograms, ...zipStreams];
const blindOnes = new Set(zipStreams.map(({ name }) => name));

/** An archive in a stored file, whose directory points to where it lies in the whole one. */
function nested(): Buffer {
  const inner = (at: number): Buffer =>
    zip(
      [
        { name: `${top}/package.json`, body: '{"name":"evil"}', method: 0 },
        { name: `${top}/evil.js`, body: 'evil', method: 0 },
      ],
      { prefix: Buffer.alloc(at) },
    ).subarray(at);
  const outer = (at: number): Buffer =>
    yarnZip({ entries: [{ name: `${top}/data`, body: inner(at), method: 0 }] });
  return outer(outer(0).indexOf(inner(0)));
}

describe('what is accepted is read alike', () => {
  const cases: readonly [string, Buffer][] = [
    ['of a package', yarnZip()],
    ['of a scoped package', yarnZip({ name: '@scope/name' })],
    ['of names beyond ASCII', yarnZip({ files: { 'é/日本.txt': 'x' } })],
    ['in a stored file of another', nested()],
    [
      'of stored, deflated and empty files, folders and executables',
      yarnZip({
        entries: [
          { name: `${top}/bin/`, mode: UNIX.directory | 0o755, dosAttributes: 0x10, method: 8 },
          { name: `${top}/bin/`, mode: UNIX.directory | 0o755 },
          { name: `${top}/bin/run`, mode: UNIX.file | 0o755, body: '#!/bin/sh\n', method: 0 },
          { name: `${top}/empty`, method: 8 },
          { name: `${top}/old`, body: 'x', versionNeeded: 10, flags: 0 },
        ],
      }),
    ],
  ];
  it.each(cases)('%s', async (_title, bytes) => {
    expect(accepted(bytes)).toBe(true);
    expect(await disagreements(bytes, all)).toEqual([]);
  });

  it('also where both headers of an entry were changed alike', async () => {
    const random = new Random(SEED);
    const name = `${top}/file`;
    const plain = yarnZip({ entries: [{ name, body: 'x'.repeat(100) }] });
    const local = plain.indexOf(name) - 26;
    const central = plain.lastIndexOf(name) - 40;
    const found: string[] = [];
    let passed = 0;
    // From the version to the end of the name; the directory has twelve bytes more before it.
    for (let at = 0; at < 26 + name.length; at++) {
      for (let round = 0; round < VALUES; round++) {
        const bytes = Buffer.from(plain);
        const value = random.int(256);
        bytes[local + at] = value;
        bytes[central + at + (at < 26 ? 0 : 14)] = value;
        if (!accepted(bytes)) continue;
        passed++;
        for (const line of await disagreements(bytes, passed % 10 === 0 ? all : zipParsers))
          found.push(`${at}=${value}: ${line}`);
      }
    }
    expect(found).toEqual([]);
    expect(passed).toBeGreaterThan(10);
  });
});
