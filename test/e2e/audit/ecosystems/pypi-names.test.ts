/** Bytes that are listed under several names. The name decides how a client reads them, so that each is inspected by itself. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startFileServer, type FileServer } from '../../../support/file-server.ts';
import { wheelOf } from '../../../support/pip/packages.ts';
import { makeSandbox, type Sandbox } from '../../../support/sandbox.ts';
import { audited } from '../audited.ts';

const { bytes, fileName: wheel } = wheelOf({ name: 'a' });
/** Where a client takes the same bytes for a source archive, they are none. */
const sdist = 'a-1.0.tar.gz';
const hex = createHash('sha256').update(bytes).digest('hex');

let sandbox: Sandbox;
let server: FileServer;
beforeEach(async () => {
  sandbox = makeSandbox({ project: {} });
  server = await startFileServer();
  for (const name of [wheel, sdist, 'b-1.0-py3-none-any.whl'])
    server.files.set(`/${name}`, { body: bytes });
  configure(`index-url = ${server.url}/simple`);
});
afterEach(async () => {
  sandbox.dispose();
  await server.close();
});

const configure = (text: string): void =>
  sandbox.write({ 'pip/pip.conf': `[global]\n${text}\n` }, join(sandbox.root, 'xdg/config'));
const link = (name: string, hash = `#sha256=${hex}`): string =>
  `<a href="/${name}${hash}">${name}</a>\n`;
const page = (body: string, path = '/simple/a/'): void =>
  void server.files.set(path, { body, type: 'text/html' });
const requirements = (): void =>
  sandbox.write({ 'requirements.txt': `a==1.0 --hash=sha256:${hex}\n` });
const results = async (...options: string[]): Promise<(readonly [string, string | undefined])[]> =>
  (await audited(sandbox, ...options)).packages.map(({ status, file }) => [status, file]);

const BOTH = [
  ['accept', wheel],
  ['reject', sdist],
] as const;

it('has bytes inspected that the index lists as a wheel and as a source archive', async () => {
  page(link(wheel) + link(sdist));
  requirements();
  expect(await results()).toEqual(BOTH);
  expect(await results('--offline')).toEqual(BOTH);
});

it('has bytes inspected that the index lists anew, after they were accepted', async () => {
  page(link(wheel));
  requirements();
  expect(await results()).toEqual([['accept', wheel]]);
  page(link(wheel) + link(sdist));
  expect(await results()).toEqual(BOTH);
});

it('has bytes inspected that a second index lists under another name', async () => {
  configure(`index-url = ${server.url}/simple\nextra-index-url = ${server.url}/more`);
  page(link(wheel));
  page(link(sdist), '/more/a/');
  requirements();
  expect(await results()).toEqual(BOTH);
});

it('says so where a second index cannot be asked', async () => {
  configure(`index-url = ${server.url}/simple\nextra-index-url = http://127.0.0.1:1/more`);
  page(link(wheel));
  requirements();
  expect(await results()).toEqual([
    ['accept', wheel],
    ['error', undefined],
  ]);
});

it('has bytes inspected under both names that an index gives one file', async () => {
  const files = [{ filename: sdist, url: `/${wheel}`, hashes: { sha256: hex } }];
  server.files.set('/simple/a/', {
    body: JSON.stringify({ files }),
    type: 'application/vnd.pypi.simple.v1+json',
  });
  requirements();
  expect(await results()).toEqual(BOTH);
});

it('has bytes inspected that the index also lists without a hash', async () => {
  page(link(wheel) + link(sdist, '') + link('a-2.0.tar.gz', ''));
  requirements();
  expect(await results()).toEqual(BOTH);
});

it('passes over a file without a hash that has other bytes', async () => {
  server.files.set(`/${sdist}`, { body: Buffer.from('other') });
  page(link(wheel) + link(sdist, '#md5=00'));
  requirements();
  expect(await results()).toEqual([['accept', wheel]]);
});

it('has bytes inspected under each address of a pylock.toml', async () => {
  const file = (name: string): string =>
    `{ url = "${server.url}/${name}", hashes = { sha256 = "${hex}" } }`;
  sandbox.write({
    'pylock.toml': `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1.0"\nsdist = ${file(sdist)}\nwheels = [${file(wheel)}]\n`,
  });
  expect(await results()).toEqual([...BOTH].toReversed());
});

it('has bytes inspected under each address of two lockfiles', async () => {
  sandbox.write({
    'pylock.toml': `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1.0"\narchive = { url = "${server.url}/${wheel}", hashes = { sha256 = "${hex}" } }\n`,
    'requirements.txt': `a @ ${server.url}/${sdist} --hash=sha256:${hex}\n`,
  });
  expect(await results()).toEqual(BOTH);
});

it('has bytes inspected as the package of each name that is asked for', async () => {
  page(link(wheel));
  page(link('b-1.0-py3-none-any.whl'), '/simple/b/');
  sandbox.write({
    'requirements.txt': `a==1.0 --hash=sha256:${hex}\nb==1.0 --hash=sha256:${hex}\n`,
  });
  expect(await results()).toEqual([
    ['accept', wheel],
    ['reject', 'b-1.0-py3-none-any.whl'],
  ]);
});
