// @module-tag go
/** go.mod, go.work and vendor of another user of the machine, in a folder above. */
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { closeGoBench, guarded, makeLockedBench, unguarded } from '../../support/go/bench.ts';

/** A user that no machine knows. */
const MALLORY = 54_322;

const bench = freshEach(() => makeLockedBench(), closeGoBench);
let cwd: string;
beforeEach(() => {
  cwd = join(bench.sandbox.root, 'shared/mine');
  mkdirSync(cwd, { recursive: true });
});

function put(name: string, text: string, uid = MALLORY): string {
  const file = join(bench.sandbox.root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chownSync(file, uid, uid);
  return file;
}

const refused = (file: string) => ({
  code: 97,
  stderr: expect.stringContaining(`go was not run: ${file} belongs to uid ${MALLORY}`),
});
const MOD = 'module example.org/theirs\n\ngo 1.21\n';

describe.skipIf(process.getuid?.() !== 0)('a file of another user above the folder', () => {
  it('go.mod is taken by go alone, and refused under the guard', async () => {
    const file = put('shared/go.mod', MOD);
    expect(await unguarded(bench, ['list', '-m'], { cwd })).toMatchObject({
      stdout: 'example.org/theirs\n',
    });
    for (const args of [
      ['mod', 'download'],
      ['build', './...'],
      ['env', 'GOMOD'],
    ])
      // oxlint-disable-next-line no-await-in-loop -- three short runs
      expect(await guarded(bench, args, { cwd })).toMatchObject(refused(file));
    const by = ['-C', cwd, 'list', '-m'];
    expect(await guarded(bench, by, { cwd: bench.sandbox.project })).toMatchObject(refused(file));
  });

  it('go.work is refused above a go.mod of the user, unless the variable names it or leaves it out', async () => {
    put('shared/mine/go.mod', MOD, 0);
    const file = put('shared/go.work', 'go 1.21\n\nuse ./mine\n');
    const args = ['list', '-m'];
    expect(await guarded(bench, args, { cwd })).toMatchObject(refused(file));
    for (const GOWORK of ['off', file])
      // oxlint-disable-next-line no-await-in-loop -- two short runs
      expect(await guarded(bench, args, { cwd, env: { GOWORK, GOFLAGS: '' } })).toMatchObject({
        code: 0,
      });
  });

  it('a vendor folder beside the go.mod of the user is refused', async () => {
    put('shared/mine/go.mod', MOD, 0);
    const file = put('shared/mine/vendor/modules.txt', '');
    expect(await guarded(bench, ['list', '-m'], { cwd })).toMatchObject(refused(file));
  });

  it('other files, and a go.mod of root, are not refused', async () => {
    put('shared/go.mod', MOD, 0);
    put('shared/main.go', 'package theirs\n');
    expect(await guarded(bench, ['list', '-m'], { cwd })).toMatchObject({ code: 0 });
  });

  it('does not stop go from changing its own settings', async () => {
    put('shared/go.mod', MOD);
    expect(await guarded(bench, ['env', '-w', 'GOFLAGS=-x'], { cwd })).toMatchObject({ code: 0 });
  });
});
