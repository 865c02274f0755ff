import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GatewayAnswer } from '../../../../packages/server/src/gateway/answers.ts';
import { archiveId, type Planned } from '../../../../packages/server/src/sweep/archive.ts';
import { openList } from '../../../../packages/server/src/sweep/list.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((path) => (folder = path));

type Versions = Readonly<Record<string, unknown>>;

/** The plan for a list, by a registry that has these documents. */
async function planOf(text: string, documents: Readonly<Record<string, Versions>> = {}) {
  const file = join(folder, 'list.txt');
  writeFileSync(file, text);
  const registry = {
    async versions(name: string): Promise<Versions> {
      const versions = documents[name];
      if (versions === undefined) throw new GatewayAnswer(404, 'not found');
      return versions;
    },
  };
  const planned: Planned[] = [];
  for await (const next of await openList(file, registry, new AbortController().signal))
    planned.push(next);
  return planned;
}

const dist = (tarball: unknown, more: object = {}): object => ({ dist: { tarball, ...more } });

it('plans all versions of a package, one version, and an address', async () => {
  const own = {
    '1.0.0': dist('https://r/a-1.tgz', { integrity: 'sha512-x' }),
    '2.0.0': dist('https://r/a-2.tgz'),
  };
  const text = '# names\r\n\n  a  \na@2.0.0\nhttps://user:secret@r/b.tgz?token=secret';
  const planned = await planOf(text, { a: own });
  const first = {
    item: 'a@1.0.0',
    at: { address: 'https://r/a-1.tgz' },
    expected: { name: 'a', version: '1.0.0' },
    integrity: 'sha512-x',
  };
  const second = {
    item: 'a@2.0.0',
    at: { address: 'https://r/a-2.tgz' },
    expected: { name: 'a', version: '2.0.0' },
  };
  const third = {
    item: 'https://r/b.tgz',
    at: { address: 'https://user:secret@r/b.tgz?token=secret' },
  };
  expect(planned).toEqual([first, second, second, third].map((archive) => ({ archive })));
  expect(archiveId(second)).toMatch(/^s-[0-9a-f]{40}$/);
  expect(archiveId(second)).not.toBe(archiveId({ ...second, integrity: 'sha512-x' }));
});

it('takes the SHA-1 of a document without an integrity', async () => {
  const shasum = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';
  const [planned] = await planOf('a', { a: { '1.0.0': dist('https://r/a.tgz', { shasum }) } });
  expect(planned).toMatchObject({ archive: { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' } });
});

it.each([
  ['absent', 'not found'],
  ['a@9.9.9', 'the registry has no such version'],
  ['odd@1.0.0', 'the registry has no address for it'],
  ['odd@2.0.0', 'the registry has no address for it'],
  ['odd@3.0.0', 'the registry has no address for it'],
])('says that %s has no archive', async (line, message) => {
  const odd = { '1.0.0': null, '2.0.0': dist(['https://r/odd.tgz']), '3.0.0': dist('no address') };
  const planned = await planOf(line, { a: { '1.0.0': dist('https://r/a.tgz') }, odd });
  const record = { path: line, status: 'error', error: { code: 'NOT_FETCHED', message } };
  expect(planned).toMatchObject([{ record }]);
});

it.each([
  '../etc/passwd',
  'a@',
  'a b',
  'ftp://r/a.tgz',
  'file:///etc/passwd',
  'http://[',
  '@scope',
])('refuses the line %j before anything is planned', async (line) => {
  await expect(planOf(`a\n\n${line}\n`)).rejects.toThrow(/^line 3 of the list is neither/);
});

it('refuses a list that cannot be read', async () => {
  const registry = { versions: async () => Promise.resolve({}) };
  const list = openList(join(folder, 'none'), registry, new AbortController().signal);
  await expect(list).rejects.toThrow(/^the list cannot be read: ENOENT/);
});
