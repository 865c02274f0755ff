/** What is asked of OSV, and which answers are none. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, expect, it } from 'vitest';
import { readPublishedAdvisory } from '../../../packages/doctor/src/advisories/record.ts';
import { askOsv } from '../../../packages/doctor/src/update/osv.ts';
import { repository } from '../../support/managers.ts';
import { published, serveOsv, type OsvAnswers, type OsvServer } from './osv-server.ts';
import { record } from './records.ts';

let server: OsvServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function ask(answers: OsvAnswers, shipped = [record('GHSA-1')]) {
  server = await serveOsv(answers);
  return askOsv({ address: server.url, settings: { retries: 0 }, shipped });
}

it('is tried with a record that is valid by the schema of OSV, as all that are read', () => {
  const schema = JSON.parse(
    readFileSync(join(repository, 'test/support/schemas/osv.schema.json'), 'utf8'),
  ) as object;
  const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  expect(valid(published('GHSA-1111-1111-1111')) ? [] : valid.errors).toEqual([]);
  const folder = join(repository, 'data/advisories');
  const unread = readdirSync(folder).filter(
    (file) =>
      readPublishedAdvisory(JSON.parse(readFileSync(join(folder, file), 'utf8'))) === undefined,
  );
  expect(unread).toEqual([]);
});

it('asks for each package that records are about, and for the records that did not come by that', async () => {
  const about = (ecosystem: string, name: string) => ({
    affected: [{ package: { ecosystem, name } }],
  });
  const cpython = {
    affected: [{ database_specific: { tarwarden: { product: 'cpython', ranges: [] } } }],
  } as const;
  const records = await ask(
    {
      packages: { 'npm/tar': [published('GHSA-1'), published('GHSA-new')] },
      ids: { 'GO-1': published('GO-1', { withdrawn: '2026-11-01T00:00:00Z' }) },
    },
    [record('GHSA-1'), record('GO-1', {}, about('Go', 'stdlib')), record('CVE-1', {}, cpython)],
  );
  expect(server?.asked).toEqual(['npm/tar', 'Go/stdlib', 'GO-1', 'CVE-1']);
  expect(records.map(({ id, withdrawn }) => [id, withdrawn])).toEqual([
    ['GHSA-1', undefined],
    ['GHSA-new', undefined],
    ['GO-1', '2026-11-01T00:00:00Z'],
  ]);
});

it('reads every page', async () => {
  const all = ['GHSA-1', 'A-2', 'A-3', 'A-4', 'A-5'];
  const records = await ask({
    packages: { 'npm/tar': all.map((id) => published(id)) },
    pageSize: 2,
  });
  expect(records.map(({ id }) => id)).toEqual(all);
});

const says = (body: string | Buffer, headers = {}) => ({
  otherwise: (_asked: string, response: ServerResponse) => {
    response.writeHead(200, headers).end(body);
    return true;
  },
});

it.each<[string, OsvAnswers, RegExp]>([
  ['that is no JSON', says('{"vulns": ['), /the answer of \S+\/v1\/query is not JSON$/],
  ['that is a page of a proxy', says('<html>'), /is not JSON$/],
  ['that is something else', says('[]'), /about tar is not a list of records$/],
  [
    'with an id that is a path',
    { packages: { 'npm/tar': [published('../../.bashrc')] } },
    /has a record \.\.\/\.\.\/\.bashrc, which is not in OSV form$/,
  ],
  [
    'with an id for a terminal',
    { packages: { 'npm/tar': [published('A\u001B[2J')] } },
    /has a record A\\u\{1b\}\[2J, which|has a record A\\x1b\[2J, which/,
  ],
  [
    'with a record that is none',
    { packages: { 'npm/tar': [7] } },
    /has a record without an id, which is not in OSV form$/,
  ],
  [
    'with a range of an unknown kind',
    {
      packages: {
        'npm/tar': [published('A-1', { affected: [{ ranges: [{ type: 'X', events: [] }] }] })],
      },
    },
    /has a record A-1, which is not in OSV form$/,
  ],
  [
    'that is cut',
    {
      otherwise: (_asked, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"vulns":[]}');
        response.destroy();
        return true;
      },
    },
    /cannot download /,
  ],
  [
    'that announces too much',
    {
      otherwise: (_asked, response) => {
        response.writeHead(200, { 'content-length': String(33 * 1024 * 1024) }).write('{');
        return true;
      },
    },
    /34603008 bytes are announced, and no more than 33554432 are read/,
  ],
  [
    'that is too long',
    says(Buffer.alloc(33 * 1024 * 1024), { 'transfer-encoding': 'chunked' }),
    /more than 33554432 bytes came/,
  ],
  [
    'that is an error',
    {
      otherwise: (_asked, response) => {
        response.writeHead(503).end();
        return true;
      },
    },
    /503 Service Unavailable/,
  ],
  [
    'that has no end of pages',
    says(JSON.stringify({ next_page_token: 'x' })),
    /about tar has more than 50 pages$/,
  ],
  ['that has nothing', {}, /^http:\/\/127\.0\.0\.1:\d+ knows none of the shipped records$/],
  [
    'that is another record',
    { ids: { 'GHSA-1': published('GHSA-2') } },
    /\/v1\/vulns\/GHSA-1 is another record$/,
  ],
])('takes no answer %s', async (_title, answers, message) => {
  await expect(ask(answers)).rejects.toMatchObject({
    name: 'TarwardenError',
    code: 'FETCH_FAILED',
    message: expect.stringMatching(message) as string,
  });
});

it('follows no redirect, so that nobody leads it to http or to another host', async () => {
  const hits: string[] = [];
  const elsewhere = createServer((request, response) => {
    hits.push(request.url ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const to = `http://localhost:${(elsewhere.address() as AddressInfo).port}/v1/query`;
  try {
    const asking = ask({
      otherwise: (_asked, response) => {
        response.writeHead(307, { location: to }).end();
        return true;
      },
    });
    await expect(asking).rejects.toThrow(/: 307/);
    expect(hits).toEqual([]);
  } finally {
    elsewhere.close();
  }
});

it('says so where nobody answers', async () => {
  server = await serveOsv();
  const { url } = server;
  await server.close();
  server = undefined;
  const asking = askOsv({ address: url, settings: { retries: 0 }, shipped: [record('A-1')] });
  await expect(asking).rejects.toThrow(/ECONNREFUSED/);
});
