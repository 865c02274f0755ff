/** requirements.txt with hashes and pylock.toml: wheels and sdists from an index, and from where the lockfile says. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFileServer } from '../../../support/file-server.ts';
import { startIndex, type IndexOptions, type SimpleIndex } from '../../../support/pip/index.ts';
import { sdistOf, wheelOf, type Dist } from '../../../support/pip/packages.ts';
import { pips } from '../../../support/pip/pips.ts';
import { makeSandbox, type Sandbox } from '../../../support/sandbox.ts';
import { writeSparseWheel } from '../../../support/sparse-wheel.ts';
import { audited, origins } from '../audited.ts';

const COUNT = 300;
const names = Array.from({ length: COUNT }, (_, n) => `pkg${n}`);
/** Each tenth has an sdist as well, under the same version. */
const clean = names.flatMap((name, n) =>
  n % 10 === 0 ? [wheelOf({ name }), sdistOf({ name })] : [wheelOf({ name })],
);
const evil = wheelOf({ name: 'evil', hostile: true });
const a = wheelOf({ name: 'a' });

let index: SimpleIndex | undefined;
let sandbox: Sandbox;
beforeEach(() => {
  sandbox = makeSandbox({ project: {} });
});
afterEach(() => {
  sandbox.dispose();
  index?.close();
  index = undefined;
});

async function serve(dists: readonly Dist[], options: Omit<IndexOptions, 'dists'> = {}) {
  index = await startIndex({ dists, ...options });
  sandbox.write({ 'pip/pip.conf': `[global]\nindex-url = ${index.url}\n` }, config());
  return index;
}

const config = (): string => join(sandbox.root, 'xdg/config');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const files = (): string[] => index!.log.filter((line) => line.startsWith('GET /files/'));
const pages = (): string[] => index!.log.filter((line) => line.startsWith('GET /simple/'));

/** A requirements file, with a hash for each file of a project. */
function requirements(dists: readonly Dist[], before = ''): void {
  const lines = [...grouped(dists)].map(([project, all]) => {
    const hashes = all.map(({ bytes }) => ` \\\n    --hash=sha256:${sha256(bytes)}`);
    return `${project}==1.0${hashes.join('')}\n`;
  });
  sandbox.write({ 'requirements.txt': before + lines.join('') });
}

function grouped(dists: readonly Dist[]): Map<string, Dist[]> {
  const projects = new Map<string, Dist[]>();
  for (const dist of dists)
    projects.set(dist.project, [...(projects.get(dist.project) ?? []), dist]);
  return projects;
}

function pylock(urls: readonly (readonly [Dist, string])[]): void {
  const packages = urls.map(([{ project, bytes, fileName }, url]) => {
    const file = `{ url = "${url}", hashes = { sha256 = "${sha256(bytes)}" } }`;
    const kind = fileName.endsWith('.whl') ? `wheels = [${file}]` : `sdist = ${file}`;
    return `[[packages]]\nname = "${project}"\nversion = "1.0"\n${kind}\n`;
  });
  sandbox.write({ 'pylock.toml': `lock-version = "1.0"\n${packages.join('')}` });
}

describe.each(['json', 'html'] as const)('300 requirements and a hostile one, by %s', (only) => {
  it('have the hostile one rejected, each file asked for once, cold, and none, warm', async () => {
    await serve([...clean, evil], { only });
    requirements([...clean, evil]);
    const cold = await audited(sandbox);
    expect(cold.with('reject')).toEqual(['evil@1.0']);
    expect(cold.with('accept')).toHaveLength(clean.length);
    expect(cold.packages.at(-1)?.file).toBe(evil.fileName);
    expect(cold.code).toBe(1);
    expect(files()).toHaveLength(clean.length + 1);
    expect(new Set(files()).size).toBe(clean.length + 1);
    expect(pages()).toHaveLength(COUNT + 1);

    index!.log.length = 0;
    const warm = await audited(sandbox, '--offline');
    expect(warm.with('reject')).toEqual(['evil@1.0']);
    expect(origins(warm.packages)).toEqual({ remembered: clean.length + 1 });
    expect(warm.packages.at(-1)?.file).toBe(evil.fileName);
    expect(index!.log).toEqual([]);
  });
});

describe('a pylock.toml of 300 packages and a hostile one', () => {
  it('has the hostile one rejected, each file asked for once, cold, and none, warm', async () => {
    const at = await serve([...clean, evil]);
    pylock([...clean, evil].map((dist) => [dist, at.file(dist)]));
    const cold = await audited(sandbox);
    expect(cold.with('reject')).toEqual(['evil@1.0']);
    expect(origins(cold.packages)).toEqual({ registry: clean.length + 1 });
    expect(cold.packages.flatMap(({ checks }) => checks)).toEqual([]);
    expect(index!.log).toHaveLength(clean.length + 1);

    const warm = await audited(sandbox, '--offline');
    expect(warm.with('reject')).toEqual(['evil@1.0']);
    expect(index!.log).toHaveLength(clean.length + 1);
  });

  it('warns of a host that is not configured', async () => {
    const at = await serve([a]);
    sandbox.write({ 'pip/pip.conf': '' }, config());
    pylock([[a, at.file(a)]]);
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([
      { status: 'accept', checks: [{ id: 'foreign-host', level: 'warning' }] },
    ]);
    expect(code).toBe(0);
  });

  it('has files in the project inspected, with a hash', async () => {
    sandbox.write({ 'files/x': '' });
    writeFileSync(join(sandbox.project, 'files', a.fileName), a.bytes);
    const file = (hashes: string): string =>
      `lock-version = "1.0"\n[[packages]]\nname = "a"\nversion = "1.0"\narchive = { path = "files/${a.fileName}", hashes = {${hashes}} }\n`;
    sandbox.write({ 'pylock.toml': file(`sha256 = "${sha256(a.bytes)}"`) });
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'accept', from: 'file' }]);
    expect(code).toBe(0);
    sandbox.write({ 'pylock.toml': file('') });
    expect((await audited(sandbox)).code).toBe(2);
  });
});

describe('a hash', () => {
  it('that no file of the index has is not inspected', async () => {
    await serve([a]);
    const hash = '0'.repeat(64);
    sandbox.write({
      'requirements.txt': `a==1.0 --hash=sha256:${hash} --hash=sha256:${sha256(a.bytes)}\n`,
    });
    const { packages, code } = await audited(sandbox);
    expect(packages.map(({ status }) => status)).toEqual(['error', 'accept']);
    expect(packages[0]?.error?.message).toBe('no file of the index has this hash');
    expect(code).toBe(2);
  });

  it('that is missing leaves the package uninspected', async () => {
    await serve([a]);
    sandbox.write({
      'requirements.txt': `a==1.0\nb==1.0 --hash=sha256:${sha256(evil.bytes)}\n`,
    });
    const { packages, code } = await audited(sandbox);
    expect(packages[0]?.error?.code).toBe('NO_INTEGRITY');
    expect(code).toBe(2);
  });

  it('that the bytes do not have is rejected', async () => {
    const at = await serve([{ ...a, bytes: evil.bytes }]);
    pylock([[a, at.file(a)]]);
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'reject', checks: [{ id: 'integrity-mismatch' }] }]);
    expect(code).toBe(1);
  });
});

describe('an index', () => {
  it.each(['relative', 'redirected', 'signed'] as const)('may have %s links', async (links) => {
    await serve([a], { links, only: 'html' });
    requirements([a]);
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'accept', from: 'registry' }]);
    expect(code).toBe(0);
  });

  it('gets the credential of the user, which files elsewhere do not get', async () => {
    const elsewhere = await startFileServer();
    elsewhere.files.set(`/${a.fileName}`, { body: a.bytes });
    const auth = { user: 'me', password: 'secret' };
    const page = JSON.stringify({
      files: [
        {
          filename: a.fileName,
          url: `${elsewhere.url}/${a.fileName}`,
          hashes: { sha256: sha256(a.bytes) },
        },
      ],
    });
    const basic = `Basic ${Buffer.from('me:secret').toString('base64')}`;
    const own = await startFileServer(basic);
    own.files.set('/simple/a/', { body: page, type: 'application/vnd.pypi.simple.v1+json' });
    const url = own.url.replace('//', `//${auth.user}:${auth.password}@`);
    sandbox.write({ 'pip/pip.conf': `[global]\nindex-url = ${url}/simple\n` }, config());
    requirements([a]);
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'accept', from: 'registry' }]);
    expect(code).toBe(0);
    expect([...own.credentials]).toEqual([basic]);
    expect([...elsewhere.credentials]).toEqual([]);
    await Promise.all([own.close(), elsewhere.close()]);
  });

  it('that the requirements file names is asked instead of the user’s, without credentials', async () => {
    const own = await serve([], { auth: { user: 'me', password: 'secret' } });
    const named = await startFileServer();
    named.files.set('/simple/a/', {
      body: `<a href="../../${a.fileName}#sha256=${sha256(a.bytes)}">x</a>`,
      type: 'text/html',
    });
    named.files.set(`/${a.fileName}`, { body: a.bytes });
    requirements([a], `--index-url ${named.url}/simple\n`);
    const { packages, code, stderr } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'accept', from: 'registry' }]);
    expect(stderr).toContain(`note: requirements.txt names the index ${named.url}/simple`);
    expect(code).toBe(0);
    expect(own.log).toEqual([]);
    expect([...named.credentials]).toEqual([]);
    await named.close();
  });

  it('with a variable in it is asked only as the user has it, and no other one instead', async () => {
    const own = await serve([a], { auth: { user: 'me', password: 'secret' } });
    const elsewhere = await startFileServer();
    sandbox.env['SECRET'] = 'hidden';
    requirements([a], `--index-url ${elsewhere.url}/\${SECRET}/simple\n`);
    const { packages, code } = await audited(sandbox);
    expect(packages[0]?.error?.message).toContain('an index with a variable');
    expect(code).toBe(2);
    expect([...elsewhere.asked, ...own.log]).toEqual([]);
    const bare = own.url.replace('me:secret@', '${USER}:${TOKEN}@');
    requirements([a], `--index-url ${bare}\n`);
    expect((await audited(sandbox)).code).toBe(0);
    await elsewhere.close();
  });

  it.each(['PIP_NO_INDEX', 'PIP_INDEX_URL'])('follows %s', async (name) => {
    const { url } = await serve([a]);
    requirements([a]);
    sandbox.env[name] = name === 'PIP_NO_INDEX' ? '1' : url.replace('/simple/', '/none/');
    const { code } = await audited(sandbox);
    expect(code).toBe(2);
  });
});

describe('real wheels', () => {
  const wheels = pips.flatMap(({ wheel }) => (wheel?.endsWith('.whl') === true ? [wheel] : []));
  it.skipIf(wheels.length === 0)('of pip are accepted', async () => {
    const dists = wheels.map((path): Dist => {
      const fileName = basename(path);
      return { project: 'pip', fileName, bytes: readFileSync(path) };
    });
    await serve(dists);
    const lines = dists.map(
      ({ fileName, bytes }) => `pip==${fileName.split('-')[1]} --hash=sha256:${sha256(bytes)}\n`,
    );
    sandbox.write({ 'requirements.txt': lines.join('') });
    const { packages, code } = await audited(sandbox);
    expect(packages.map(({ status }) => status)).toEqual(dists.map(() => 'accept'));
    expect(code).toBe(0);
    expect(pages()).toEqual(['GET /simple/pip/']);
  });
});

describe('a wheel of 80 MiB', () => {
  it('is read in parts from a temporary file, which is removed', async () => {
    const fileName = 'fixture-1.0.0-py3-none-any.whl';
    const path = join(sandbox.root, fileName);
    writeSparseWheel(path, 80 * 1024 * 1024);
    const bytes = readFileSync(path);
    await serve([{ project: 'fixture', fileName, bytes }]);
    const lock = (hash: string): void =>
      sandbox.write({ 'requirements.txt': `fixture==1.0.0 --hash=sha256:${hash}\n` });
    lock(sha256(bytes));
    const { packages, code } = await audited(sandbox);
    expect(packages).toMatchObject([{ status: 'accept', from: 'registry' }]);
    expect(code).toBe(0);
    expect(readdirSync(sandbox.temp)).toEqual([]);
    expect(origins((await audited(sandbox)).packages)).toEqual({ remembered: 1 });
  });
});
