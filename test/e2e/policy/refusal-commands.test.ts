// @module-tag pip
// @module-tag ruby
/** The three commands that a refusal prints work as they are typed, and the next install of the same package passes. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { execute } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available, repository } from '../../support/managers.ts';
import { makeGem } from '../../support/gem/gems.ts';
import { system as systemRuby } from '../../support/gem/rubies.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { system as systemPip } from '../../support/pip/pips.ts';
import { INTO } from '../../support/pip/world.ts';
import { serve, world as gemWorld } from '../gem/scene.ts';
import { offer, world as pipWorld } from '../pip/scene.ts';
import { closeBench, guarded, makeBench, publish, SUBJECT } from '../npm/guarded.ts';

const COMMAND = join(repository, 'packages/cli/bin/tarwarden.js');

/** The commands of tarwarden in a refusal of npm. */
function printedCommands(stderr: string): string[] {
  return [...stderr.matchAll(/^npm error {5}(tarwarden .*)$/gm)].map(([, line]) => line!);
}

describe.skipIf(!available('npm-12').ok)('a refusal of npm', () => {
  const bench = freshEach(() => makeBench('npm-12'), closeBench);

  test('prints commands that work as they are typed', async () => {
    publish(bench, attack('duplicate-path').build({ name: SUBJECT, manifest: bench.manifest }));
    const { sandbox } = bench;
    const refused = await guarded(bench, ['install', SUBJECT]);
    const commands = printedCommands(refused.stderr);
    expect(commands.map((line) => line.split(' ')[1])).toEqual(['explain', 'rules', 'allow']);
    const typed = async (line: string): ReturnType<typeof execute> => {
      const script = `tarwarden() { "${process.execPath}" "${COMMAND}" "$@"; }\n${line}`;
      return execute('/bin/sh', ['-c', script], { cwd: sandbox.project, env: sandbox.env });
    };
    const [explain = '', rules = '', allow = ''] = commands;
    expect(await typed(explain)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('duplicate-path') as string,
    });
    expect(await typed(rules)).toMatchObject({ code: 0 });
    expect(await typed(`${allow} --yes`)).toMatchObject({ code: 0 });
    expect(await guarded(bench, ['install', SUBJECT])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('exception used') as string,
    });
  });
});

interface World {
  readonly sandbox: { readonly project: string };
  readonly env: NodeJS.ProcessEnv;
  guarded(...words: string[]): ReturnType<typeof execute>;
}

async function pipWithIndex(): Promise<[World, string[]]> {
  const { url } = await offer(wheelOf({ name: 'prey', twice: true }));
  return [pipWorld(systemPip), ['pip', 'install', ...INTO, '-i', url, 'prey']];
}

async function pipWithOwnIndex(): Promise<[World, string[]]> {
  const { url } = await offer(wheelOf({ name: 'prey', twice: true }));
  const own = pipWorld(systemPip);
  own.env['PIP_INDEX_URL'] = url;
  return [own, ['pip', 'install', ...INTO, 'prey']];
}

async function pipWithTwoIndexes(): Promise<[World, string[]]> {
  const { url } = await offer(wheelOf({ name: 'prey', twice: true }));
  const configured = await offer(wheelOf({ name: 'other' }));
  const own = pipWorld(systemPip);
  own.env['PIP_INDEX_URL'] = configured.url;
  return [own, ['pip', 'install', ...INTO, '--extra-index-url', url, 'prey']];
}

async function bundleWithSource(): Promise<[World, string[]]> {
  const { url } = await serve({ gems: [makeGem({ name: 'prey', hostile: true })] });
  const own = gemWorld(systemRuby);
  own.sandbox.write({ Gemfile: `source '${url}'\ngem 'prey'\n` });
  return [own, ['bundle', 'install']];
}

describe.each([
  ['pip install -i', pipWithIndex, /^http/],
  ['pip install --extra-index-url', pipWithTwoIndexes, /^http/],
  ["pip install from the user's own index", pipWithOwnIndex, /^pypi:prey@1\.0/],
  ['bundle install with a source of the Gemfile', bundleWithSource, /^http/],
])('a refusal of %s', (_, make, operand) => {
  test('prints commands that inspect the refused bytes', async () => {
    const [own, words] = await make();
    const refused = await own.guarded(...words);
    const said = refused.stdout + refused.stderr;
    const commands = [...said.matchAll(/^\s*(tarwarden (?:explain|allow) .*)$/gm)].map(
      ([, line]) => line!,
    );
    const [explain = '', allow = ''] = [...new Set(commands)];
    expect(explain.replace('tarwarden explain ', '')).toMatch(operand);
    const typed = async (line: string): ReturnType<typeof execute> => {
      const script = `tarwarden() { "${process.execPath}" "${COMMAND}" "$@"; }\n${line}`;
      return execute('/bin/sh', ['-c', script], { cwd: own.sandbox.project, env: own.env });
    };
    expect(await typed(explain)).toMatchObject({ code: 1 });
    expect(await typed(`${allow} --yes`)).toMatchObject({ code: 0 });
    expect(await own.guarded(...words)).toMatchObject({ code: 0 });
  });
});
