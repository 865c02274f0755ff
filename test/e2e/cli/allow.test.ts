import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
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
  place.run(['allow', '--project', '--yes', ...args]);
const text = (): string => readFileSync(join(place.root, 'tarwarden.json'), 'utf8');
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
    expect(readdirSync(place.root)).not.toContain('tarwarden.json');
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
    expect(readdirSync(place.root)).not.toContain('tarwarden.json');
  });

  it('writes nothing for an archive that was not read to its end', async () => {
    place.put('cut.tgz', bad.subarray(0, bad.length - 20));
    const { code, stderr } = await allow('cut.tgz', '--reason', 'x', '--package', 'bad@1.0.0');
    expect(code).toBe(1);
    expect(stderr).toContain('not read to its end');
    expect(readdirSync(place.root)).not.toContain('tarwarden.json');
  });

  it('writes for none of several archives if one cannot be allowed', async () => {
    place.put('cut.tgz', bad.subarray(0, bad.length - 20));
    expect((await allow('bad.tgz', 'cut.tgz', '--reason', 'x')).code).toBe(1);
    expect(readdirSync(place.root)).not.toContain('tarwarden.json');
  });

  it('keeps tabs, line ends, the byte order mark, permissions and what else is there', async () => {
    const before =
      '\uFEFF{\r\n\t"levels": { "bin-target-missing": "error" },\r\n\t"exceptions": []\r\n}\r\n';
    chmodSync(place.put('tarwarden.json', before), 0o640);
    expect((await allow('bad.tgz', '--reason', 'looked at')).code).toBe(0);
    const after = text();
    expect(after.startsWith(before.slice(0, before.indexOf('[') + 1))).toBe(true);
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(after).toContain('\r\n\t\t{\r\n\t\t\t"package": "bad@1.0.0"');
    expect(statSync(join(place.root, 'tarwarden.json')).mode & 0o777).toBe(0o640);
    expect(await scanned()).toBe(0);
  });

  it('writes to the field of package.json where the policy is there', async () => {
    const manifest = { name: 'app', tarwarden: { levels: { 'bin-target-missing': 'error' } } };
    place.put('package.json', JSON.stringify(manifest, null, 4));
    expect((await allow('bad.tgz', '--reason', 'looked at')).code).toBe(0);
    const after = readFileSync(join(place.root, 'package.json'), 'utf8');
    expect(after).toMatch(/^\{\n {4}"name": "app",\n {4}"tarwarden": \{\n {8}"levels"/);
    expect(await scanned()).toBe(0);
  });

  it('writes to the own file, and with --project at the root of the project', async () => {
    mkdirSync(join(place.root, 'a/b'), { recursive: true });
    const cwd = join(place.root, 'a/b');
    const args = ['allow', '../../bad.tgz', '--reason', 'x', '--yes'];
    expect((await place.run(args, { cwd })).code).toBe(0);
    expect(readdirSync(place.root)).not.toContain('tarwarden.json');
    expect(readFileSync(join(place.own, 'config/tarwarden/policy.json'), 'utf8')).toContain(
      'bad@1.0.0',
    );
    expect(await scanned()).toBe(0);
    const again = await place.run(args, { cwd });
    expect(again.stdout).toContain('nothing to allow');
  });

  it('asks which is meant if a name is that of a file and of a package, and takes no range', async () => {
    place.put('bad@1.0.0', bad);
    const both = await allow('bad@1.0.0', '--reason', 'x');
    expect(both).toMatchObject({ code: 2, stdout: '' });
    expect(both.stderr).toContain('type ./bad@1.0.0; for the package, type npm:bad@1.0.0');
    expect((await allow('./bad@1.0.0', '--reason', 'x', '--dry-run')).stdout).toMatch(
      /^symlink in/,
    );
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

  it('writes nothing with --dry-run, and prints JSON where asked', async () => {
    const { code, stdout } = await allow(
      'bad.tgz',
      '--reason',
      'x',
      '--dry-run',
      '--reporter',
      'json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      written: false,
      exceptions: [{ package: 'bad@1.0.0' }],
    });
    expect(readdirSync(place.root)).not.toContain('tarwarden.json');
  });

  it('lists what holds and what has expired, and removes the latter alone', async () => {
    await allow('bad.tgz', '--reason', 'first');
    const file = policy();
    const old = { ...file.exceptions![0]!, reason: 'of old', expires: '2020-01-01' };
    writeFileSync(
      join(place.root, 'tarwarden.json'),
      `${JSON.stringify({ exceptions: [old, ...file.exceptions!] }, null, 2)}\n`,
    );
    const listed = await allow('--list');
    expect(listed.stdout).toContain('EXPIRED on 2020-01-01\n  of old\n');
    expect(listed.stdout).toContain(`tarwarden.json:3\n`);
    expect(listed.stdout).toContain(`until ${inDays(30)}\n  first\n`);
    const json = await allow('--list', '--reporter', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      exceptions: [{ status: 'expired', line: 3 }, { status: 'holds' }],
    });
    const dry = await allow('--prune', '--dry-run');
    expect(dry.stdout).toContain('1 exception would be removed');
    expect(policy().exceptions).toHaveLength(file.exceptions!.length + 1);
    const pruned = await allow('--prune');
    expect(pruned.stdout).toContain('1 exception removed');
    expect(policy()).toEqual(file);
    expect((await allow('--prune')).stdout).toContain('no exception removed');
  });

  it('takes what was found from the report of an install', async () => {
    const findings = JSON.parse(
      (await place.run(['scan', '--reporter', 'ndjson', 'bad.tgz'])).stdout,
    ) as { sha512: string; findings: object[] };
    const line = (name: string, more: object = {}): string =>
      `${JSON.stringify({ schema: 1, type: 'archive', package: name, status: 'reject', ...findings, ...more })}\n`;
    const others = `${line('clean@1.0.0', { status: 'accept' })}{"type":"summary"}\nnot json\n`;
    place.put('one.ndjson', `${others}${line('bad@1.0.0')}${line('bad@1.0.0')}`);
    expect((await allow('--from', 'one.ndjson', '--reason', 'x')).code).toBe(0);
    expect(await scanned()).toBe(0);

    place.put('two.ndjson', line('a@1.0.0') + line('b@1.0.0'));
    const several = await allow('--from', 'two.ndjson', '--reason', 'x');
    expect(several.code).toBe(2);
    expect(several.stderr).toContain('add --package with one of: a@1.0.0, b@1.0.0');
    const named = await allow('--from', 'two.ndjson', '--reason', 'x', '--package', 'b@1.0.0');
    expect(named.code).toBe(0);
    expect(policy().exceptions?.at(-1)?.package).toBe('b@1.0.0');

    const before = text();
    for (const [more, code] of [
      [{ omitted: 3 }, 1],
      [
        {
          findings: [
            {
              rule: 'gzip-damaged',
              code: 'gzip-corrupt',
              level: 'error',
              message: '',
              entry: null,
            },
          ],
        },
        1,
      ],
      [{ findings: [{ rule: 'made-up', level: 'error', message: '', entry: null }] }, 1],
      [{ sha512: 'f00' }, 2],
      [{ package: 'no version' }, 2],
    ] as const) {
      place.put('odd.ndjson', line('c@1.0.0', more));
      expect((await allow('--from', 'odd.ndjson', '--reason', 'x')).code).toBe(code);
    }
    expect(text()).toBe(before);
    expect((await allow('--from', 'none.ndjson', '--reason', 'x')).code).toBe(2);
  });
});
