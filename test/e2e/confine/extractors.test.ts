/**
 * Two extractors with known holes, each of which writes outside its folder in two steps: node-tar 4.4.1 through a hard link
 * (CVE-2018-20834), Python's tarfile, told to trust everything, through a symbolic link.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { findHelper } from '../../../packages/confine/src/helper.ts';
import { CLI } from '../../support/confine/world.ts';
import { execute, type Result } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { envFor, runBeside } from '../../support/managers.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { archive, end, entry } from '../../support/tar.ts';

const canConfine = !('problem' in findHelper());
const TAR = createRequire(import.meta.url).resolve('tar-4');

describe.skipIf(!canConfine)('an extractor with a hole', () => {
  const sandbox = freshEach(() => makeSandbox());
  let victim: string;
  beforeEach(() => {
    sandbox.command('python3', '/usr/bin/python3');
    victim = join(sandbox.home, 'victim');
    writeFileSync(victim, 'kept');
    const link = (typeflag: string, linkname: string): Buffer =>
      entry({ name: 'way', typeflag, linkname });
    const write = (files: Readonly<Record<string, Buffer>>): void => {
      for (const [name, bytes] of Object.entries(files))
        writeFileSync(join(sandbox.project, name), bytes);
    };
    write({
      'hard.tar': archive(link('1', victim), entry({ name: 'way', body: 'evil' }), end()),
      'symbolic.tar': archive(
        link('2', sandbox.home),
        entry({ name: 'way/victim', body: 'evil' }),
        end(),
      ),
      'harmless.tar': archive(entry({ name: 'file', body: 'fine' }), end()),
    });
    sandbox.write({
      'extract.js': `require(${JSON.stringify(TAR)}).x({ file: process.argv[2], sync: true, preservePaths: true })\n`,
      'extract.py':
        'import sys, tarfile\ntarfile.open(sys.argv[1]).extractall(filter="fully_trusted")\n',
      'package.json': {
        name: 'project',
        version: '1.0.0',
        scripts: { hard: 'node extract.js hard.tar', harmless: 'node extract.js harmless.tar' },
      },
    });
  });

  const tarwarden = async (...args: string[]): Promise<Result> =>
    runBeside('npm-11', CLI, args, { sandbox });
  const bare = async (file: string, ...args: string[]): Promise<Result> =>
    execute(file, args, { cwd: sandbox.project, env: envFor('npm-11', { sandbox }) });
  const content = (): string => readFileSync(victim, 'utf8');
  const extracted = (): boolean => existsSync(join(sandbox.project, 'file'));

  test('node-tar 4.4.1 is stopped', async () => {
    // It only warns of a link that it cannot make, and then makes the file.
    expect(await tarwarden('npm', '--confine', 'run', 'hard')).toMatchObject({ code: 0 });
    expect(readFileSync(join(sandbox.project, 'way'), 'utf8')).toBe('evil');
    rmSync(join(sandbox.project, 'way'));
    expect(content()).toBe('kept');
    expect(await bare(process.execPath, 'extract.js', 'hard.tar')).toMatchObject({ code: 0 });
    expect(content()).toBe('evil');
  });

  test("Python's tarfile is stopped", async () => {
    expect((await tarwarden('python3', '--confine', 'extract.py', 'symbolic.tar')).code).not.toBe(
      0,
    );
    expect(content()).toBe('kept');
    expect(await bare('/usr/bin/python3', 'extract.py', 'symbolic.tar')).toMatchObject({ code: 0 });
    expect(content()).toBe('evil');
  });

  test.each([
    ['node-tar 4.4.1', ['npm', '--confine', 'run', 'harmless']],
    ["Python's tarfile", ['python3', '--confine', 'extract.py', 'harmless.tar']],
  ])('%s extracts what is in order', async (_, args) => {
    expect(await tarwarden(...args)).toMatchObject({ code: 0 });
    expect(extracted()).toBe(true);
  });
});
