/** Files that scripts have built, which Yarn 1 leaves as they are where `.yarn-integrity` names them. */
import {
  appendFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { tgz } from '../../support/pkg.ts';
import { guarded, installedIn, must, PROJECT, SUBJECT, unguarded, useBench } from './guarded.ts';

const bench = useBench();
beforeEach(() => {
  const log = join(bench.marks, 'builds');
  const scripts = { install: `echo built > out.node && echo ${SUBJECT} >> ${log}` };
  const subject = { name: SUBJECT, manifest: { scripts } };
  bench.registry.publish({ ...subject, tgz: tgz(subject) });
  for (const name of ['other', 'third']) bench.registry.publish({ name, tgz: tgz({ name }) });
  const dependencies = { [SUBJECT]: '1.0.0' };
  bench.sandbox.write({ 'package.json': { ...PROJECT, dependencies } });
});

const builds = (): number =>
  existsSync(join(bench.marks, 'builds'))
    ? readFileSync(join(bench.marks, 'builds'), 'utf8').trim().split('\n').length
    : 0;
const output = (): string => readFileSync(join(installedIn(bench), 'out.node'), 'utf8');
const noteFile = (): string => join(bench.sandbox.project, 'node_modules/.yarn-integrity');

/** Has Yarn install in earnest, and not find that all is up to date. */
async function addOther(): Promise<string> {
  const { stderr } = await must(guarded(bench, ['add', 'other']));
  expect(existsSync(join(bench.sandbox.project, 'node_modules/other'))).toBe(true);
  return stderr;
}

describe('a file that a script has built', () => {
  test('stays, and is not built again', async () => {
    await must(guarded(bench, ['install']));
    expect(await addOther()).not.toContain('tarwarden: what scripts have built');
    expect(output()).toBe('built\n');
    await must(guarded(bench, ['add', 'third']));
    await must(guarded(bench, ['install', '--check-files']));
    expect(output()).toBe('built\n');
    expect(builds()).toBe(1);
  });

  test('is built once more where a Yarn without the guard built it', async () => {
    await must(unguarded(bench, ['install']));
    expect(await addOther()).toContain(`what scripts have built in ${SUBJECT}@1.0.0 was changed`);
    expect(builds()).toBe(2);
    await must(guarded(bench, ['add', 'third']));
    expect(output()).toBe('built\n');
    expect(builds()).toBe(2);
  });

  test('is built once more where it was changed', async () => {
    await must(guarded(bench, ['install']));
    appendFileSync(join(installedIn(bench), 'out.node'), 'evil');
    await addOther();
    expect(output()).toBe('built\n');
    expect(builds()).toBe(2);
  });
});

describe('a note that came with node_modules', () => {
  const evil = 'console.log("evil");\n';
  const code = (): string => readFileSync(join(installedIn(bench), 'index.js'), 'utf8');
  /** As a repository could bring it. */
  function plant(artifacts: unknown): void {
    const noted = JSON.parse(readFileSync(noteFile(), 'utf8')) as Record<string, unknown>;
    writeFileSync(noteFile(), JSON.stringify({ ...noted, artifacts }));
    writeFileSync(join(installedIn(bench), 'index.js'), evil);
    writeFileSync(join(installedIn(bench), 'more.js'), evil);
  }
  const files = ['index.js', 'more.js', 'out.node'];

  test('has Yarn keep a file', async () => {
    await must(unguarded(bench, ['install']));
    plant({ [`${SUBJECT}@1.0.0`]: files });
    await must(unguarded(bench, ['add', 'other']));
    expect(code()).toBe(evil);
  });

  test.each([
    ['of the package', { [`${SUBJECT}@1.0.0`]: files }],
    ['of a package beside it', { 'other@1.0.0': files.map((file) => `../${SUBJECT}/${file}`) }],
    ['that is none', { [`${SUBJECT}@1.0.0`]: { length: 1, 0: 'index.js' } }],
  ])('keeps no file with the guard: a list %s', async (_what, artifacts) => {
    await must(guarded(bench, ['install']));
    plant(artifacts);
    await addOther();
    expect(code()).not.toBe(evil);
    expect(readdirSync(installedIn(bench))).not.toContain('more.js');
    expect(readFileSync(noteFile(), 'utf8')).not.toContain('more.js');
  });

  test('keeps none in the second run either', async () => {
    await must(guarded(bench, ['install']));
    plant({ 'other@1.0.0': files.map((file) => `../${SUBJECT}/${file}`) });
    await must(guarded(bench, ['add', 'other']));
    writeFileSync(join(installedIn(bench), 'index.js'), evil);
    await must(guarded(bench, ['add', 'third']));
    expect(code()).not.toBe(evil);
  });

  test('with the very list of before keeps no other file', async () => {
    await must(guarded(bench, ['install']));
    rmSync(join(installedIn(bench), 'out.node'));
    writeFileSync(join(installedIn(bench), 'out.node'), 'evils\n');
    await addOther();
    expect(output()).toBe('built\n');
  });
});

test('what the cache notes as built is not left either', async () => {
  await must(guarded(bench, ['install']));
  const folder = join(bench.sandbox.root, 'yarn-1-cache/v6');
  const name = readdirSync(folder).find((one) => one.startsWith(`npm-${SUBJECT}-`))!;
  const file = join(folder, name, 'node_modules', SUBJECT, '.yarn-metadata.json');
  const noted = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...noted, artifacts: ['more.js'] }));
  writeFileSync(join(installedIn(bench), 'more.js'), 'evil');
  await addOther();
  expect(readdirSync(installedIn(bench))).not.toContain('more.js');
});
