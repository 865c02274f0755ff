import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { inspect } from '@tarwarden/core';
import { symlink } from '../../support/attacks/links.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { tgz } from '../../support/pkg.ts';
import { yarnZip } from '../../support/yarn-zip.ts';
import { makePlace, program, type Place } from './sandbox.ts';

const clean = tgz({ name: 'clean', version: '1.0.0' });
const bad = symlink.build({ name: 'bad', version: '1.0.0' });

const place = freshEach(() => makePlace());
beforeEach(() => {
  place.put('clean.tgz', clean);
  place.put('bad.tgz', bad);
});

interface Line {
  path: string;
  status: string;
  findings: { rule: string }[];
  error?: { code: string };
}

async function ndjson(
  args: readonly string[],
  more?: Parameters<Place['run']>[1],
): Promise<Line[]> {
  const { stdout } = await place.run(['scan', '--reporter', 'ndjson', ...args], more);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

describe('the exit code of scan', () => {
  it.each<[number, string[]]>([
    [0, ['clean.tgz']],
    [1, ['bad.tgz']],
    [1, ['clean.tgz', 'bad.tgz', 'clean.tgz']],
    [2, ['missing.tgz']],
    [2, ['clean.tgz', 'missing.tgz']],
    [1, ['missing.tgz', 'bad.tgz']],
    [2, []],
    [2, ['--reporter', 'xml', 'clean.tgz']],
    [2, ['--reporter']],
    [2, ['--no-such-option', 'clean.tgz']],
    [2, ['--format', 'rpm', 'clean.tgz']],
    [2, ['--links', 'all', 'clean.tgz']],
    [2, ['--package', 'clean', 'clean.tgz']],
    [0, ['--help']],
    [0, ['--format', 'npm', '--links', 'reject', 'clean.tgz']],
    [0, ['--package', 'clean@1.0.0', 'clean.tgz']],
    [1, ['--package', 'other@1.0.0', 'clean.tgz']],
    [1, ['--package', 'clean@1.0.1', 'clean.tgz']],
    [0, ['--', 'clean.tgz']],
  ])('is %i for %j', async (code, args) => {
    const { stderr, ...result } = await place.run(['scan', ...args]);
    expect(result.code).toBe(code);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

describe('scan', () => {
  it('shows findings to people, and colours only where that is wanted', async () => {
    const plain = await place.run(['scan', 'bad.tgz', 'clean.tgz']);
    expect(plain.stdout).toContain('REJECTED bad.tgz (bad@1.0.0)\n  error    symlink\n');
    expect(plain.stdout).toContain('2 archives: 1 accepted, 1 rejected\n');
    expect(plain.stderr).toBe('');
    const painted = async (args: string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> =>
      (await place.run(['scan', ...args, 'bad.tgz'], { env })).stdout.includes('\u001B[31m');
    expect(await painted([])).toBe(false);
    expect(await painted(['--color'])).toBe(true);
    expect(await painted([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await painted([], { FORCE_COLOR: '0' })).toBe(false);
    expect(await painted([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(await painted(['--no-color'], { FORCE_COLOR: '1' })).toBe(false);
    expect(await painted(['--reporter', 'ndjson', '--color'])).toBe(false);
  });

  it('gives ndjson in the order of the input, one line a file', async () => {
    const { sha512 } = inspect(clean).archive;
    const { stdout, code } = await place.run([
      'scan',
      '--reporter',
      'ndjson',
      'clean.tgz',
      'missing.tgz',
      'bad.tgz',
    ]);
    const lines = stdout.split('\n');
    expect(code).toBe(1);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(
      `{"path":"clean.tgz","format":"npm","status":"accept","sha512":"${sha512}","findings":[]}`,
    );
    expect(lines[1]).toMatch(
      /^{"path":"missing.tgz","format":null,"status":"error","sha512":null,/,
    );
    expect(lines[2]).toMatch(
      /^{"path":"bad.tgz","format":"npm","status":"reject","sha512":"[0-9a-f]{128}","findings":\[{"rule":"symlink","level":"error","message":"[^"]*\\"[^}]*","entry":"package\/link"}\]}$/,
    );
  });

  it('gives one JSON document', async () => {
    const { stdout } = await place.run(['scan', '--reporter=json', 'clean.tgz', 'bad.tgz']);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      results: [{ path: 'clean.tgz' }, { path: 'bad.tgz' }],
      summary: { files: 2, accepted: 1, rejected: 1, errors: 0 },
    });
  });

  it('finds the archives of a folder by name, and those of an npm cache by their bytes', async () => {
    place.put('folder/b.tar.gz', clean);
    place.put('folder/a/deep/er.TGZ', clean);
    place.put('folder/c.tar', gunzipSync(clean));
    place.put('folder/readme.md', 'no archive');
    place.put('folder/no-extension', bad);
    place.put('cache/_cacache/content-v2/sha512/aa/bb/tarball', bad);
    place.put('cache/_cacache/content-v2/sha512/aa/cc/packument', '{"name":"bad"}');
    place.put('cache/_cacache/index-v5/aa/bb/entry', bad);
    expect((await ndjson(['folder', 'cache'])).map((one) => [one.path, one.status])).toEqual([
      [join('folder', 'a/deep/er.TGZ'), 'accept'],
      [join('folder', 'b.tar.gz'), 'accept'],
      [join('folder', 'c.tar'), 'reject'],
      [join('cache', '_cacache/content-v2/sha512/aa/bb/tarball'), 'reject'],
    ]);
    expect(await ndjson(['folder/no-extension'])).toMatchObject([{ status: 'reject' }]);
    const inside = place.root + '/cache/_cacache/content-v2/sha512/aa';
    expect(await ndjson(['.'], { cwd: inside })).toHaveLength(1);
  });

  it("knows the archives of Yarn's cache by their names", async () => {
    const zip = yarnZip({ name: 'zipped', version: '1.0.0' });
    place.put('cache/zipped-npm-1.0.0-0a1b2c3d4e-8.zip', zip);
    place.put('cache/other.zip', 'no package');
    place.put('cache/plain', zip);
    expect(await ndjson(['cache'])).toMatchObject([{ format: 'yarn-zip', status: 'accept' }]);
    expect(await ndjson(['cache/other.zip', 'cache/plain'])).toMatchObject([
      { format: 'yarn-zip', status: 'reject' },
      { format: 'npm', status: 'reject' },
    ]);
    expect(await ndjson(['--format', 'yarn-zip', 'cache/plain'])).toMatchObject([
      { format: 'yarn-zip', status: 'accept' },
    ]);
  });

  it('follows a link that is named, and none that it finds', async () => {
    place.put('elsewhere/bad.tgz', bad);
    mkdirSync(join(place.root, 'folder'));
    place.put('folder/clean.tgz', clean);
    symlinkSync('../elsewhere', join(place.root, 'folder/linked'));
    symlinkSync('../elsewhere/bad.tgz', join(place.root, 'folder/link.tgz'));
    const { code, stderr } = await place.run(['scan', 'folder']);
    expect(code).toBe(2);
    expect(stderr).toBe('tarwarden: 1 linked folder not entered\n');
    expect(await ndjson(['folder'])).toMatchObject([
      { path: join('folder', 'clean.tgz'), status: 'accept' },
      { path: join('folder', 'link.tgz'), status: 'error', error: { code: 'LINK_NOT_FOLLOWED' } },
    ]);
    expect(await ndjson(['folder/link.tgz', 'folder/linked'])).toMatchObject([
      { status: 'reject' },
      { status: 'reject' },
    ]);
  });

  it('does not call a folder without archives clean', async () => {
    place.put('folder/readme.md', 'no archive');
    const { code, stderr } = await place.run(['scan', 'folder', 'clean.tgz']);
    expect(code).toBe(2);
    expect(stderr).toBe('tarwarden: no archive found in folder\n');
  });

  it.each([
    ['lines', 'clean.tgz\nbad.tgz\n\nmissing.tgz\n'],
    ['NULs', 'clean.tgz\0bad.tgz\0missing.tgz'],
  ])('reads a list from standard input, separated by %s', async (_, input) => {
    const lines = await ndjson(['bad.tgz', '-', 'clean.tgz'], { input });
    expect(lines.map((one) => one.path)).toEqual([
      'bad.tgz',
      'clean.tgz',
      'bad.tgz',
      'missing.tgz',
      'clean.tgz',
    ]);
    expect(lines.map((one) => one.status)).toEqual([
      'reject',
      'accept',
      'reject',
      'error',
      'accept',
    ]);
  });

  it('takes a name with a line end between NULs', async () => {
    place.put('odd\nname.tgz', bad);
    expect(await ndjson(['-'], { input: 'odd\nname.tgz\0' })).toMatchObject([
      { path: 'odd\nname.tgz', status: 'reject' },
    ]);
  });

  it('keeps the order of a long list that all cores work on', async () => {
    const names = Array.from({ length: 500 }, (_, index) =>
      index % 7 === 0 ? 'bad.tgz' : index % 11 === 0 ? 'missing.tgz' : 'clean.tgz',
    );
    const lines = await ndjson(['-'], { input: names.join('\n') });
    expect(lines.map((one) => one.path)).toEqual(names);
    const wanted = { 'bad.tgz': 'reject', 'missing.tgz': 'error', 'clean.tgz': 'accept' };
    expect(lines.map((one) => one.status)).toEqual(
      names.map((name) => wanted[name as keyof typeof wanted]),
    );
  });

  it('ends quietly when nobody reads on, and hides no rejection', async () => {
    const input = Array.from({ length: 3000 }, () => 'bad.tgz').join('\n');
    const child = spawn(process.execPath, [program, 'scan', '--reporter', 'ndjson', '-'], {
      cwd: place.root,
      env: place.env,
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text));
    child.stdout.once('data', () => child.stdout.destroy());
    child.stdin.on('error', () => undefined).end(input);
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toBe('');
    expect(code).toBe(1);
  });
});

describe('scan and the policy', () => {
  const { sha512 } = inspect(bad).archive;
  const exception = {
    package: 'bad@1.0.0',
    rule: 'symlink',
    sha512,
    reason: 'reviewed',
    expires: '2999-12-31',
  };
  const put = (policy: object): string => place.put('tarwarden.json', JSON.stringify(policy));

  it('accepts what an exception covers', async () => {
    put({ exceptions: [exception] });
    await place.run(['allow', '--approve', '--yes']);
    const { code, stdout, stderr } = await place.run(['scan', 'bad.tgz']);
    expect(code).toBe(0);
    expect(stdout).toContain('approved by you; reason: reviewed');
    expect(stderr).toBe('');
  });

  it('warns of exceptions that have expired or match nothing', async () => {
    put({
      exceptions: [
        { ...exception, expires: '2020-01-01' },
        { ...exception, rule: 'hardlink' },
      ],
    });
    await place.run(['allow', '--approve', '--yes']);
    const { code, stderr } = await place.run(['scan', 'bad.tgz']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/warning: .*tarwarden.json:1:16: .* expired on 2020-01-01/);
    expect(stderr).toContain('exception for bad@1.0.0 (hardlink) matches nothing');
  });

  it.each([
    ['a mistake', { link: 'reject' }, /tarwarden.json:1:9: link is not a known key/],
    ['a loosening', { links: 'contained' }, /tarwarden.json:1:10: links may not allow links/],
  ])('stops at %s', async (_, policy, message) => {
    put(policy);
    const { code, stdout, stderr } = await place.run(['scan', 'clean.tgz']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  it("lets the user's own file, and the command line, loosen", async () => {
    place.put(join(place.own, 'config/tarwarden/policy.json'), '{"levels": {"symlink": "off"}}');
    expect((await place.run(['scan', 'bad.tgz'])).code).toBe(0);
    place.put(join(place.own, 'config/tarwarden/policy.json'), '{}');
    expect((await place.run(['scan', 'bad.tgz'])).code).toBe(1);
    const contained = await ndjson(['--links', 'contained', 'bad.tgz']);
    expect(contained[0]?.findings.map((one) => one.rule)).toEqual(['escaping-link']);
  });
});
