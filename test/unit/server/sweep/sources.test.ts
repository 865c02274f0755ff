import { symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSource } from '../../../../packages/server/src/sweep/sources/open.ts';
import type { Part, SweepSource } from '../../../../packages/server/src/sweep/sources/source.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let folder: string;
freshFolder((made) => (folder = made));

const write = (path: string, text = ''): string => putFile(join(folder, path), text);

async function partsOf(source: SweepSource, after?: string): Promise<Part[]> {
  const parts: Part[] = [];
  for await (const part of source.parts(after)) parts.push(part);
  return parts;
}

describe('a list', () => {
  const listed = async (text: string, after?: string): Promise<Part[]> =>
    partsOf(await openSource(`list:${write('list.txt', text)}`), after);

  it('has packages and addresses, comments left out', async () => {
    const text = '# names\nleft-pad\n\n@scope/name\r\nhttps://example.com/a.tgz\n';
    expect(await listed(text)).toEqual([
      {
        works: [
          { kind: 'package', name: 'left-pad' },
          { kind: 'package', name: '@scope/name' },
          { kind: 'addresses', addresses: ['https://example.com/a.tgz'] },
        ],
        seq: expect.stringMatching(/^5 /) as string,
      },
    ]);
  });

  it('gives at most 50 addresses to one task, and goes on behind a part', async () => {
    const lines = Array.from({ length: 620 }, (_, at) => `https://example.com/${at}.tgz`);
    const all = await listed(lines.join('\n'));
    expect(all.map(({ seq }) => seq.split(' ')[0])).toEqual(['500', '620']);
    expect(all[0]!.works).toHaveLength(10);
    const source = await openSource(`list:${join(folder, 'list.txt')}`);
    expect(await partsOf(source, all[0]!.seq)).toEqual(all.slice(1));
  });

  it('is read from its beginning where it is another one now', async () => {
    const names = Array.from({ length: 600 }, (_, at) => `name-${at}`);
    const [first] = await listed(names.join('\n'));
    const [again] = await listed(['new', ...names].join('\n'), first!.seq);
    expect(again!.works[0]).toEqual({ kind: 'package', name: 'new' });
  });

  it.each(['../../etc/passwd', 'ftp://example.com/', 'a b', '@scope', '.hidden', 'a/b/c'])(
    'does not take %j',
    async (line) => {
      await expect(listed(`fine\n${line}\n`)).rejects.toThrow('line 2 is neither');
    },
  );
});

describe('a folder', () => {
  it('has its archives in one order, and follows no link', async () => {
    for (const path of ['b.tgz', 'a/z.tgz', 'a.tgz', 'a/readme.md']) write(path);
    symlinkSync(tmpdir(), join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'b.tgz'), join(folder, 'c.tgz'));
    const source = await openSource(`folder:${folder}`);
    const [part, ...others] = await partsOf(source);
    expect(others).toEqual([]);
    expect(part).toEqual({
      works: [{ kind: 'files', paths: ['a.tgz', 'a/z.tgz', 'b.tgz'] }],
      seq: 'b.tgz',
    });
    expect(await partsOf(source, 'a/z.tgz')).toEqual([
      { works: [{ kind: 'files', paths: ['b.tgz'] }], seq: 'b.tgz' },
    ]);
  });

  it('ends with an error where more is below than is read', async () => {
    write(`${'d/'.repeat(33)}deep.tgz`);
    const parts = partsOf(await openSource(`folder:${folder}`));
    await expect(parts).rejects.toThrow('folders are more than 32 below each other');
  });

  it('of verdaccio has a folder for each package', async () => {
    for (const path of ['left-pad/package.json', '@scope/name/package.json', '.verdaccio-db.json'])
      write(path);
    expect(await partsOf(await openSource(`verdaccio:${folder}`))).toEqual([
      {
        works: [
          { kind: 'package', name: '@scope/name' },
          { kind: 'package', name: 'left-pad' },
        ],
        seq: 'left-pad',
      },
    ]);
  });
});

describe('a feed', () => {
  let server: Server;
  let changes: { seq: number; id: string; deleted?: boolean }[];
  let asked: string[];
  let answer: (since: string) => object | undefined;
  beforeEach(async () => {
    changes = ['a', 'b', 'a', '../x'].map((id, at) => ({ seq: at + 1, id }));
    asked = [];
    answer = (since) => {
      const results = changes.filter(({ seq }) => seq > Number(since)).slice(0, 2);
      return { results, last_seq: results.at(-1)?.seq ?? Number(since) };
    };
    server = createServer(({ url = '' }, response) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      asked.push(url);
      const found =
        pathname === '/registry/_changes'
          ? answer(searchParams.get('since') ?? '')
          : { update_seq: changes.at(-1)?.seq ?? 0 };
      response.statusCode = found === undefined ? 500 : 200;
      response.end(JSON.stringify(found));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => void server.close());

  const feed = async (from?: string): Promise<SweepSource> =>
    openSource(`feed:http://127.0.0.1:${(server.address() as AddressInfo).port}/registry`, from);

  const package_ = (name: string): object => ({ kind: 'package', name });

  it('is read in pages, and what is not a package left out', async () => {
    expect(await partsOf(await feed())).toEqual([
      { works: [package_('a'), package_('b')], seq: '2', time: '2' },
      { works: [package_('a')], seq: '4', time: '4' },
    ]);
  });

  it('goes on behind a place, and leaves deleted packages out', async () => {
    changes.push({ seq: 5, id: 'gone', deleted: true });
    expect(await partsOf(await feed(), '3')).toEqual([{ works: [], seq: '5', time: '5' }]);
    expect(await partsOf(await feed(), '5')).toEqual([]);
  });

  it('begins now where that is asked for', async () => {
    expect(await partsOf(await feed('now'))).toEqual([{ works: [], seq: '4' }]);
  });

  it('is read anew where its places were counted anew', async () => {
    const parts = await partsOf(await feed(), '900');
    expect(parts.map(({ seq }) => seq)).toEqual(['2', '4']);
  });

  it('may have places that are texts', async () => {
    answer = (since) =>
      since === '0'
        ? { results: [{ seq: 'x-1', id: 'a' }], last_seq: 'x-1' }
        : { results: [], last_seq: since };
    const [part] = await partsOf(await feed());
    expect(part).toMatchObject({ seq: 'x-1' });
    expect(asked.at(-1)).toContain('since=x-1');
  });

  it('is an error where it answers with something else', async () => {
    answer = () => ({ rows: [] });
    await expect(partsOf(await feed())).rejects.toThrow('not a page of changes');
  });
});

it.each([
  'names.txt',
  'list:',
  'list:/nowhere/x',
  'folder:/nowhere',
  'feed:x',
  'feed:http://u@h/',
  'ftp:x',
])('%j is no source', async (text) => {
  await expect(openSource(text)).rejects.toThrow(/source|is not a|must be/);
});
