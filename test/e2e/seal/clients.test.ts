/**
 * The caches of real clients under a seal, filled by the commands of docs/caches-in-ci.md: a restore to another path holds, and a
 * poisoned cache does not.
 */
import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { removeFolder } from '../../../packages/guard/src/seal/index.ts';
import { execute, type Result } from '../../support/execute.ts';
import { repository } from '../../support/managers.ts';
import { TARWARDEN } from '../verify/world.ts';
import { CACHES } from './caches.ts';
import type { SealWorld } from './worlds.ts';

const KEY = { TARWARDEN_SEAL_KEY: 'a secret of CI with more than thirty-two characters' };

/** The folder and the command of a row of the table in the page. */
function rowOf(name: string): { readonly folder: string; readonly fetch: string } {
  const page = readFileSync(join(repository, 'docs/caches-in-ci.md'), 'utf8');
  const line = page.split('\n').find((each) => each.startsWith(`| ${name} |`)) ?? '';
  const [folder = '', fetch = ''] = [...line.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
  return { folder, fetch };
}

const worlds: SealWorld[] = [];
afterEach(async () => {
  for (const { close } of worlds.splice(0)) await close();
});

describe.each(CACHES.map((cache) => [cache.name, cache] as const))(
  'the cache of %s',
  (_, cache) => {
    it.skipIf(cache.skip === true)(
      'is whole after a restore to another path, and not whole after each poison',
      { tags: cache.tags ?? [] },
      async () => {
        const world = await cache.world();
        worlds.push(world);
        const row = rowOf(cache.row);
        const bin = join(world.root, 'own-bin');
        mkdirSync(bin);
        symlinkSync(TARWARDEN, join(bin, 'tarwarden'));
        const env = { ...world.env };
        env['PATH'] = [bin, env['PATH'], '/usr/bin', '/bin'].join(delimiter);
        const bash = async (script: string): Promise<Result> =>
          execute('/bin/bash', ['-ec', script], { cwd: world.project, env });
        const seal = async (action: string, folder: string): Promise<Result> =>
          execute(process.execPath, [TARWARDEN, 'seal', action, '--for', 'ci', folder], {
            cwd: world.project,
            env: { ...env, ...KEY },
          });

        const fetched = await bash(cache.fetch ?? row.fetch);
        expect(fetched).toMatchObject({ code: 0 });
        const { stdout } = await bash(`printf %s ${cache.folder ?? row.folder}`);
        const folder = resolve(world.project, stdout);
        const written = await seal('write', folder);
        expect(written).toMatchObject({ code: 0 });
        expect(Number(/(\d+) entr/.exec(written.stdout)?.[1])).toBeGreaterThan(0);
        expect(await seal('check', folder)).toMatchObject({ code: 0 });

        // As a CI service saves and restores it, on another machine and to another path.
        const archive = join(world.root, 'cache.tar');
        const parent = dirname(folder);
        expect(
          await bash(`tar -C '${parent}' -cf '${archive}' '${basename(folder)}'`),
        ).toMatchObject({ code: 0 });
        removeFolder(folder);
        rmSync(env['XDG_STATE_HOME']!, { recursive: true, force: true });
        const restore = async (to: string): Promise<string> => {
          mkdirSync(to, { recursive: true });
          expect(await bash(`tar -C '${to}' -xf '${archive}'`)).toMatchObject({ code: 0 });
          return join(to, basename(folder));
        };
        const elsewhere = await restore(join(world.root, 'elsewhere'));
        expect(await seal('check', elsewhere)).toMatchObject({
          code: 0,
          stdout: expect.stringContaining(' is whole: ') as string,
        });

        for (const [name, poison] of Object.entries(cache.poisons)) {
          const restored = await restore(join(world.root, 'poisoned'));
          poison(restored);
          const result = await seal('check', restored);
          expect([name, result.code, result.stdout]).toEqual([
            name,
            1,
            expect.stringContaining('differ'),
          ]);
          removeFolder(join(world.root, 'poisoned'));
        }

        // The client takes a restored cache that is whole.
        await restore(parent);
        expect(await seal('check', folder)).toMatchObject({ code: 0 });
        rmSync(join(world.project, 'node_modules'), { recursive: true, force: true });
        expect(await bash(cache.fetch ?? row.fetch)).toMatchObject({ code: 0 });
        removeFolder(elsewhere);
        removeFolder(folder);
      },
    );
  },
);
