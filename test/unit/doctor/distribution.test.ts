/** What a distribution says of its packages. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { distributionOf, namesAnyId } from '../../../packages/doctor/src/find/distribution.ts';
import { machine } from './stand-in.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let documentation: string;
freshFolder((made) => (documentation = made));

function changelog(name: string, bytes: Buffer): void {
  mkdirSync(join(documentation, name));
  writeFileSync(join(documentation, name, 'changelog.Debian.gz'), bytes);
}

const owned = (line: string) =>
  distributionOf(
    machine({
      printed: (call) => (call === '/usr/bin/dpkg-query -S -- /a/file' ? line : undefined),
    }),
    documentation,
  ).ownerOf('/a/file');

describe.skipIf(!existsSync('/usr/bin/dpkg-query'))('Debian', () => {
  it('knows the package of a file, and its changelog', async () => {
    changelog('libpython3.13-stdlib', gzipSync('  * Fix CVE-2026-11940'));
    expect(await owned('libpython3.13-stdlib:amd64: /a/file\n')).toEqual({
      name: 'libpython3.13-stdlib',
      changelog: '  * Fix CVE-2026-11940',
    });
  });

  it('knows a file that was moved out of the way of another', async () => {
    const line =
      'diversion by dash from: /a/file\ndiversion by dash to: /a/file.old\nnode-tar: /a/file\n';
    expect(await owned(line)).toEqual({ name: 'node-tar', changelog: undefined });
  });

  it('knows a file of several packages', async () => {
    expect((await owned('one, two: /a/file\n'))?.name).toBe('one');
  });

  it.each([
    ['that is no gzip', Buffer.from('CVE-2026-11940')],
    ['that is cut', gzipSync('CVE-2026-11940').subarray(0, 12)],
  ])('has no changelog where there is one %s', async (_title, bytes) => {
    changelog('node-tar', bytes);
    expect(await owned('node-tar: /a/file\n')).toEqual({ name: 'node-tar', changelog: undefined });
  });

  it('does not own other files', async () => {
    expect(await owned('')).toBeUndefined();
  });
});

it('elsewhere than on Linux nothing is asked', async () => {
  const calls: string[] = [];
  const asked = machine({
    platform: 'darwin',
    printed: (call) => void calls.push(call) as undefined,
  });
  expect(await distributionOf(asked).ownerOf('/a/file')).toBeUndefined();
  expect(calls).toEqual([]);
});

describe('a changelog', () => {
  it.each([
    ['- Fix CVE-2026-1234.', true],
    ['(CVE-2026-1234, CVE-2026-1)', true],
    ['cve-2026-1234', true],
    ['CVE-2026-12345', false],
    ['XCVE-2026-1234', false],
    ['', false],
  ])('%j names the hole: %s', (text, named) => {
    expect(namesAnyId(text, ['GHSA-x', 'CVE-2026-1234'])).toBe(named);
  });
});
