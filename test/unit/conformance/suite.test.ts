/** The conformance suite that `npx -y pnpm@12 attacks DIR` writes, its runner, and docs/conformance.md. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  conformancePage,
  type ConformanceData,
} from '../../support/conformance/conformance-page.ts';
import { measuredPrograms } from '../../support/conformance/programs.ts';
import { reportOf, runSuite } from '../../support/conformance/run-suite.ts';
import { suiteArchives } from '../../support/conformance/suite-archives.ts';
import { withheld } from '../../support/conformance/withheld.ts';
import {
  FolderNotEmpty,
  SUITE_DIGEST,
  writeSuite,
  type SuiteManifest,
} from '../../support/conformance/write-suite.ts';
import { useWrittenSuite } from '../../support/conformance/written-suite.ts';

const docs = (name: string): string =>
  readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

let folder: string;
let manifest: SuiteManifest;

useWrittenSuite((written, said) => {
  folder = written;
  manifest = said;
});

describe('the conformance suite', () => {
  test('has the bytes of its version', () => {
    // If this fails, an archive has changed: raise SUITE_VERSION with SUITE_DIGEST.
    expect(manifest.digest).toBe(SUITE_DIGEST);
  });

  test('has every archive of the attack set that is not withheld, each once', () => {
    const ids = suiteArchives.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const left = withheld.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(left));
    expect(manifest.archives.map(({ id }) => id)).toEqual(ids.filter((id) => !left.includes(id)));
    expect(manifest.withheld).toEqual(left);
  });

  test('builds the same bytes a second time', () => {
    const written = new Map(manifest.archives.map(({ id, sha512 }) => [id, sha512]));
    const small = suiteArchives.filter(({ id }) => written.has(id) && !id.endsWith('-limit'));
    const changed = small.filter(
      ({ id, build }) => createHash('sha512').update(build()).digest('hex') !== written.get(id),
    );
    expect(changed.map(({ id }) => id)).toEqual([]);
  });

  test('says of each archive what is odd, which specification is meant, and what to expect', () => {
    for (const { id, class: name, citation, expected, odd, file, sha512 } of manifest.archives) {
      expect([id, citation.url]).toEqual([id, expect.stringMatching(/^https:\/\/\S+$/)]);
      expect([id, citation.section === '']).toEqual([id, false]);
      expect([id, name]).toEqual([id, expect.stringMatching(/^[a-z-]+$/)]);
      const bytes = readFileSync(join(folder, file));
      expect([id, createHash('sha512').update(bytes).digest('hex')]).toEqual([id, sha512]);
      if (expected.verdict === 'refuse') expect([id, odd.length > 0]).toEqual([id, true]);
      else expect([id, expected.files.length > 0]).toEqual([id, true]);
    }
  });

  test('says where it is odd, and what measured clients do', () => {
    const traversal = manifest.archives.find(({ id }) => id === 'npm/path-traversal');
    expect(traversal?.odd[0]).toMatchObject({ rule: 'path-traversal', layer: 'tar' });
    expect(traversal?.odd[0]?.offset).toBeGreaterThan(0);
    expect(Object.keys(traversal?.measured ?? {}).join()).toMatch(/npm 12\.\d+\.\d+/);
    const wheel = manifest.archives.find(({ id }) => id === 'wheel/wheel-duplicate');
    expect(wheel?.measured['pip 25.1.1 on Python 3.13']).toBe('replaced');
  });

  test('has a licence and a page of its own, and refuses a folder with other files', () => {
    for (const name of ['LICENSE', 'README.md', 'run.mjs', 'lib/judge.mjs'])
      expect([name, existsSync(join(folder, name))]).toEqual([name, true]);
    expect(() => writeSuite(join(folder, 'lib'))).toThrow(FolderNotEmpty);
  });
});

/** A program in one line of JavaScript: `archive` and `out` are its arguments. */
const script = (text: string): string[] => [
  process.execPath,
  '-e',
  `const [archive, out] = process.argv.slice(1); const fs = require('fs'); ${text}`,
  '{archive}',
  '{out}',
];

const PLAIN = ['--only', 'npm/plain'];
const HOSTILE = ['--only', 'npm/path-traversal'];

async function outcomeOf(only: readonly string[], text: string): Promise<string | undefined> {
  const report = await reportOf(folder, [...only, '--', ...script(text)]);
  return report.results[0]?.outcome;
}

describe('the runner', () => {
  test('takes the exit code as the answer', async () => {
    expect(await outcomeOf(HOSTILE, 'process.exit(1)')).toBe('as expected');
    expect(await outcomeOf(HOSTILE, '')).toBe('accepted');
    expect(await outcomeOf(PLAIN, 'process.exit(3)')).toBe('refused');
  });

  test('prefers a verdict in JSON, and compares its tree', async () => {
    const files = manifest.archives.find(({ id }) => id === 'npm/plain')?.expected;
    const tree = JSON.stringify(files?.verdict === 'accept' ? files.files : []);
    const say = (answer: string): string => `console.log(JSON.stringify(${answer}))`;
    expect(await outcomeOf(PLAIN, say(`{verdict: 'accept', tree: ${tree}}`))).toBe('as expected');
    expect(await outcomeOf(PLAIN, say(`{verdict: 'accept', tree: []}`))).toBe('other tree');
    expect(await outcomeOf(PLAIN, say(`{verdict: 'reject'}`))).toBe('refused');
    expect(await outcomeOf(PLAIN, say(`{verdict: 'accept', tree: [null]}`))).toBe('other tree');
    expect(await outcomeOf(HOSTILE, say(`{verdict: 'reject'}`))).toBe('as expected');
  });

  test('looks at what was written', async () => {
    expect(await outcomeOf(PLAIN, `fs.writeFileSync(out + '/odd', '')`)).toBe('other tree');
    expect(await outcomeOf(PLAIN, '')).toBe('other tree');
  });

  test.each([
    ['a file beside the folder', `fs.writeFileSync(out + '/../planted', '')`],
    ['a file some folders up', `fs.writeFileSync(out + '/../../../planted', '')`],
    ['a sentinel that is overwritten', `fs.writeFileSync(out + '/../sentinel/secret', 'secret?')`],
    ['a sentinel with another mode', `fs.chmodSync(out + '/../sentinel/secret', 0o600)`],
    ['a hard link to a sentinel', `fs.linkSync(out + '/../sentinel/secret', out + '/link')`],
    ['the archive itself', `fs.rmSync(archive)`],
    [
      'a link in place of the folder',
      `fs.rmdirSync(out); fs.symlinkSync(require('os').homedir(), out)`,
    ],
  ])('notices an escape: %s', async (_, text) => {
    expect(await outcomeOf(PLAIN, text)).toBe('escaped');
    // A program that says that it refused has escaped all the same.
    expect(await outcomeOf(HOSTILE, `${text}; process.exit(1)`)).toBe('escaped');
  });

  test('finds the archive of a batch that escapes, and the one that ends the program', async () => {
    const text = `
      const lines = require('fs').readFileSync(0, 'utf8').trim().split('\\n').map(JSON.parse);
      for (const { archive, out } of lines) {
        if (archive.includes('archive-') && require('fs').statSync(archive).size === SIZE) FAULT;
        console.log(JSON.stringify({ archive, verdict: 'accept' }));
      }`;
    const ids = ['npm/plain', 'npm/directories-bin', 'npm/executable'];
    const size = manifest.archives.find(({ id }) => id === ids[1])?.size;
    const outcomes = async (fault: string): Promise<(string | undefined)[]> => {
      const program = text.replace('SIZE', String(size)).replace('FAULT', fault);
      const args = ['--batch', '--only', ids.join(), '--', process.execPath, '-e', program];
      const { results } = await reportOf(folder, args);
      return ids.map((id) => results.find((one) => one.id === id)?.outcome);
    };
    const [plain, , other] = ['as expected', '', 'as expected'];
    expect(await outcomes(`require('fs').writeFileSync(out + '/../planted', '')`)).toEqual([
      plain,
      'escaped',
      other,
    ]);
    expect(await outcomes('process.exit(1)')).toEqual([plain, 'failed', other]);
  });

  test('ends a command that takes too long, also after its answer', async () => {
    const text = `console.log('{"verdict":"reject"}'); setInterval(() => {}, 1000)`;
    const args = [...HOSTILE, '--timeout', '1', '--', ...script(text)];
    expect((await reportOf(folder, args)).results[0]).toMatchObject({ outcome: 'failed' });
  });

  test('does not praise a command that refuses everything, such as one with a wrong option', async () => {
    const args = [...HOSTILE, '--', ...script('process.exit(1)')];
    const { results } = await reportOf(folder, args);
    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual([
      [HOSTILE[1], 'as expected'],
      ['npm/plain', 'refused'],
    ]);
    expect((await runSuite(folder, args)).code).toBe(1);
  });

  test('has exit codes', async () => {
    const size = manifest.archives.find(({ id }) => id === HOSTILE[1])?.size;
    const refuses = script(`process.exit(fs.statSync(archive).size === ${size} ? 1 : 0)`);
    expect((await runSuite(folder, [...HOSTILE, '--', ...refuses])).code).toBe(0);
    expect((await runSuite(folder, [...HOSTILE, '--', ...script('')])).code).toBe(1);
    for (const args of [
      [],
      ['--only', 'x', '--', 'true'],
      ['--formats', 'npm,x', '--', 'true'],
      ['--odd', '--', 'true'],
      ['--', '/no/program'],
    ])
      expect([args, (await runSuite(folder, args)).code]).toEqual([args, 2]);
  });
});

describe('docs/conformance.md', () => {
  const data = JSON.parse(docs('conformance.json')) as ConformanceData;

  test('is what its data says', () => {
    expect(docs('conformance.md')).toBe(conformancePage(docs('conformance.md'), data));
  });

  test('has results of this version, for every program, and none of ours differs', () => {
    expect(data.digest).toBe(SUITE_DIGEST);
    expect(Object.keys(data.programs).toSorted()).toEqual(
      measuredPrograms.map(({ id }) => id).toSorted(),
    );
    expect(data.programs['tarwarden']?.outcomes['as expected']).toBe(manifest.archives.length);
  });
});

test('pnpm attacks needs a folder', () => {
  const root = new URL('../../..', import.meta.url).pathname;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['scripts/run-ts.mjs', 'scripts/attacks.ts'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  expect(status).toBe(2);
  expect(stderr).toContain('usage: pnpm attacks DIR');
});
