import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { symlink } from '../../support/attacks/links.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { tgz } from '../../support/pkg.ts';
import { makePlace, type Place } from './sandbox.ts';

const bad = symlink.build({ name: 'bad', version: '1.0.0' });

const place = freshEach(() => makePlace());
beforeEach(() => {
  place.put('bad.tgz', bad);
  place.put('clean.tgz', tgz({ name: 'clean', version: '1.0.0' }));
});

interface PolicyFile {
  exceptions?: { package: string; rule: string; entry?: string; reason: string; expires: string }[];
}

const allow = async (...args: string[]): ReturnType<Place['run']> =>
  place.run(['allow', '--yes', ...args]);
const own = (): string => join(place.own, 'config/tarwarden/policy.json');
const text = (): string => readFileSync(own(), 'utf8');
const policy = (): PolicyFile => JSON.parse(text()) as PolicyFile;
const inDays = (days: number): string =>
  new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
const scanned = async (): Promise<number | null> => (await place.run(['scan', 'bad.tgz'])).code;

describe('tarwarden allow', () => {
  it('writes an exception for each finding, with which the archive passes', async () => {
    expect(await scanned()).toBe(1);
    const { code, stdout } = await allow('bad.tgz', '--reason', 'looked at');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^symlink in package\/.*: allowed for bad@1\.0\.0 until \d{4}-/);
    const [first, ...others] = policy().exceptions!;
    expect(first).toMatchObject({
      package: 'bad@1.0.0',
      reason: 'looked at',
      expires: inDays(30),
      sha512: expect.stringMatching(/^[0-9a-f]{128}$/) as string,
      entry: expect.stringMatching(/^package\//) as string,
    });
    for (const one of others) expect(one.package).toBe('bad@1.0.0');
    expect(await scanned()).toBe(0);
    place.put('bad.tgz', symlink.build({ name: 'bad', version: '1.0.1' }));
    expect(await scanned()).toBe(1);
  });

  it('says that there is nothing to allow, and writes nothing', async () => {
    const { code, stdout } = await allow('clean.tgz', '--reason', 'why not');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'nothing to allow: no finding rejects it\n',
    });
    expect(existsSync(own())).toBe(false);
  });

  it.each<[string, string[], string]>([
    ['no reason', ['bad.tgz'], 'say why'],
    ['an empty reason', ['bad.tgz', '--reason', '  '], 'say why'],
    ['a day that is past', ['bad.tgz', '--reason', 'x', '--expires', '2020-01-01'], 'is past'],
    ['no day', ['bad.tgz', '--reason', 'x', '--expires', '2027-02-30'], 'a day that exists'],
    ['never', ['bad.tgz', '--reason', 'x', '--expires', '9999-12-31'], 'days ahead'],
    ['a range', ['bad.tgz', '--reason', 'x', '--package', 'bad@^1'], 'one exact version'],
    ['nothing', ['--reason', 'x'], 'name packages or archives'],
    ['two things at once', ['bad.tgz', '--list'], 'name packages or archives'],
    ['a file that is not there', ['none.tgz', '--reason', 'x'], 'not inspected'],
  ])('takes %s as a mistake', async (_, args, message) => {
    const { code, stderr } = await allow(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(own())).toBe(false);
  });

  it('writes nothing for an archive that was not read to its end', async () => {
    place.put('cut.tgz', bad.subarray(0, bad.length - 20));
    const { code, stderr } = await allow('cut.tgz', '--reason', 'x', '--package', 'bad@1.0.0');
    expect(code).toBe(1);
    expect(stderr).toContain('not read to its end');
    expect(existsSync(own())).toBe(false);
  });

  it('writes for none of several archives if one cannot be allowed', async () => {
    place.put('cut.tgz', bad.subarray(0, bad.length - 20));
    expect((await allow('bad.tgz', 'cut.tgz', '--reason', 'x')).code).toBe(1);
    expect(existsSync(own())).toBe(false);
  });

  it('keeps tabs, line ends, the byte order mark, permissions and what else is there', async () => {
    const before =
      '\uFEFF{\r\n\t"levels": { "bin-target-missing": "error" },\r\n\t"exceptions": []\r\n}\r\n';
    chmodSync(place.put(own(), before), 0o640);
    expect((await allow('bad.tgz', '--reason', 'looked at')).code).toBe(0);
    const after = text();
    expect(after.startsWith(before.slice(0, before.indexOf('[') + 1))).toBe(true);
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(after).toContain('\r\n\t\t{\r\n\t\t\t"package": "bad@1.0.0"');
    expect(statSync(own()).mode & 0o777).toBe(0o640);
    expect(await scanned()).toBe(0);
  });

  it('counts in every project', async () => {
    const cwd = join(place.root, 'a/b');
    mkdirSync(cwd, { recursive: true });
    const args = ['allow', '../../bad.tgz', '--reason', 'x', '--yes'];
    expect((await place.run(args, { cwd })).code).toBe(0);
    expect(await scanned()).toBe(0);
    expect((await place.run(args, { cwd })).stdout).toContain('nothing to allow');
  });

  it('asks which is meant if a name is that of a file and of a package, and takes no range', async () => {
    place.put('bad@1.0.0', bad);
    const both = await allow('bad@1.0.0', '--reason', 'x');
    expect(both).toMatchObject({ code: 2, stdout: '' });
    expect(both.stderr).toContain('type ./bad@1.0.0; for the package, type npm:bad@1.0.0');
    expect((await allow('./bad@1.0.0', '--reason', 'x')).stdout).toMatch(/^symlink in/);
    const range = await allow('bad@^1.0.0', '--reason', 'x');
    expect(range).toMatchObject({ code: 2, stdout: '' });
    expect(range.stderr).toContain('Did you mean bad@1.0.0?');
  });

  it('writes nothing without an answer, and shows what was found', async () => {
    const { code, stderr } = await place.run(['allow', 'bad.tgz', '--reason', 'x']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is rejected for \d+ findings?:\n {2}symlink in package\//);
    expect(stderr).toContain('Look at the archive (tarwarden explain bad.tgz), then add --yes');
    expect(await scanned()).toBe(1);
  });

  it('follows no link of the project', async () => {
    const other = place.put('other.json', '{}');
    symlinkSync(other, join(place.root, 'tarwarden.json'));
    expect((await allow('bad.tgz', '--reason', 'x')).code).toBe(2);
    expect(readFileSync(other, 'utf8')).toBe('{}');
  });

  it('changes no package.json that is a link', async () => {
    const other = place.put('elsewhere/package.json', '{"tarwarden":{}}');
    symlinkSync(other, join(place.root, 'package.json'));
    const { code, stderr } = await allow('bad.tgz', '--reason', 'x');
    expect(code).toBe(2);
    expect(stderr).toContain('is a symbolic link');
    expect(readFileSync(other, 'utf8')).toBe('{"tarwarden":{}}');
  });

  it('prints JSON where asked', async () => {
    const { code, stdout } = await allow('bad.tgz', '--reason', 'x', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      path: own(),
      written: true,
      exceptions: [{ package: 'bad@1.0.0' }],
    });
  });

  it('lists what holds and what has expired', async () => {
    await allow('bad.tgz', '--reason', 'first');
    const file = policy();
    const old = { ...file.exceptions![0]!, reason: 'of old', expires: '2020-01-01' };
    writeFileSync(
      own(),
      `${JSON.stringify({ exceptions: [old, ...file.exceptions!] }, null, 2)}\n`,
    );
    const listed = await allow('--list');
    expect(listed.stdout).toContain('EXPIRED on 2020-01-01\n  of old\n');
    expect(listed.stdout).toContain(`policy.json:3\n`);
    expect(listed.stdout).toContain(`until ${inDays(30)}\n  first\n`);
    const json = await allow('--list', '--reporter', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      exceptions: [{ status: 'expired', line: 3 }, { status: 'holds' }],
    });
  });
});

describe('tarwarden allow --policy', () => {
  const file = (): string => join(place.root, 'policies/policy.json');

  it('writes into the named file alone, and makes it if there is none', async () => {
    const args = ['bad.tgz', '--reason', 'looked at', '--policy', 'policies/policy.json'];
    expect(await allow(...args)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`written to ${file()}\n`) as string,
    });
    expect(existsSync(own())).toBe(false);
    expect(await scanned()).toBe(1);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({
      exceptions: [{ package: 'bad@1.0.0', reason: 'looked at', expires: inDays(30) }],
    });
    // The archive is inspected under that file, which lets it pass now.
    expect((await allow(...args)).stdout).toContain('nothing to allow');
    mkdirSync(dirname(own()), { recursive: true });
    copyFileSync(file(), own());
    expect(await scanned()).toBe(0);
  });

  it('writes what the own policy lets pass already', async () => {
    expect(await allow('bad.tgz', '--reason', 'mine')).toMatchObject({ code: 0 });
    place.put('policies/policy.json', '{\n  "contact": "desk"\n}\n');
    const args = ['bad.tgz', '--reason', 'ours', '--policy', 'policies/policy.json'];
    expect(await allow(...args)).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({
      contact: 'desk',
      exceptions: [{ reason: 'ours' }],
    });
  });

  it('proposes where the file is that of the project', async () => {
    const args = ['bad.tgz', '--reason', 'x', '--policy', 'tarwarden.json'];
    expect(await allow(...args)).toMatchObject({ code: 0 });
    expect(await scanned()).toBe(1);
    expect(await allow('--approve')).toMatchObject({ code: 0 });
    expect(await scanned()).toBe(0);
  });

  it('changes no file that is not a policy, and needs an archive', async () => {
    place.put('policies/policy.json', '{ "level": {} }');
    const args = ['bad.tgz', '--reason', 'x', '--policy', 'policies/policy.json'];
    const wrong = await allow(...args);
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain('level is not a known key');
    expect(readFileSync(file(), 'utf8')).toBe('{ "level": {} }');
    const idle = await allow('--list', '--policy', 'policies/policy.json');
    expect(idle).toMatchObject({ code: 2 });
    expect(idle.stderr).toContain('--policy needs a package or an archive');
  });
});
