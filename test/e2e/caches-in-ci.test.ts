/** The recipes of docs/caches-in-ci.md, taken out of the page and run on a cache that comes from elsewhere. */
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { github, gitlab, type Ended, type Service } from '../support/ci.ts';
import { freshEach } from '../support/fresh-each.ts';
import { envFor, repository, run, type ManagerName } from '../support/managers.ts';
import { tgz } from '../support/pkg.ts';
import { startRegistry } from '../support/registry.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { TARWARDEN } from './verify/world.ts';

const page = (name: string): string => readFileSync(join(repository, 'docs', name), 'utf8');
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const FETCH = {
  'GitHub Actions': /^ {6}- name: Fetch tarwarden\n(?: {8}.*\n)+/m,
  'GitLab CI': /^ {4}- temp=[^]*?tarwarden\.tgz"\n(?= {4}- export)/m,
};
const packed = (code: string): Buffer => tgz({ name: 'a', files: { 'index.js': code } });

/** The recipe below a heading, without the step that fetches the command. */
function recipeOf(heading: keyof typeof FETCH): string {
  const [, recipe = ''] =
    new RegExp(`^## ${heading}\n[^]*?^\`\`\`yaml\n([^]*?)^\`\`\`$`, 'm').exec(
      page('caches-in-ci.md'),
    ) ?? [];
  const [fetch = ''] = FETCH[heading].exec(recipe) ?? [];
  // ci.test.ts runs that step.
  expect(fetch).toContain('sha512sum -c -');
  expect(page('ci.md')).toContain(fetch);
  return recipe.replace(fetch, '');
}

const registry = freshEach(
  () => startRegistry(),
  (made) => made.close(),
);
const sandbox = freshEach(() =>
  makeSandbox({
    registry: registry.url,
    project: { 'package.json': { name: 'app', version: '1.0.0', dependencies: { a: '1.0.0' } } },
  }),
);

async function install(manager: ManagerName, ...args: readonly string[]): Promise<void> {
  const env = { YARN_CACHE_FOLDER: join(sandbox.project, '.yarn-cache') };
  expect(await run(manager, args, { sandbox, env })).toMatchObject({ code: 0 });
  rmSync(join(sandbox.project, 'node_modules'), { recursive: true, force: true });
}

async function job(service: Service, manager: ManagerName, recipe: string): Promise<Ended> {
  symlinkSync(TARWARDEN, join(sandbox.bin, 'tarwarden'));
  const env = envFor(manager, { sandbox });
  env['PATH'] = [env['PATH'], '/usr/bin', '/bin'].join(delimiter);
  return service(recipe, { sandbox, env });
}

it.each([
  ['the recipe for GitHub installs from a clean cache', false],
  [
    'the recipe for GitHub stops before the install where the cache has another page of the registry',
    true,
  ],
])('%s', async (_, isPoisoned) => {
  if (isPoisoned) {
    // What an install without a lockfile would take.
    registry.publish({ name: 'a', tgz: packed('// poison\n') });
    await install('npm-10', 'install', '--no-package-lock');
    registry.publish({ name: 'a', tgz: packed('// clean\n') });
    await install(
      'npm-10',
      'install',
      '--package-lock-only',
      '--cache',
      join(sandbox.root, 'other'),
    );
  } else {
    registry.publish({ name: 'a', tgz: packed('// clean\n') });
    await install('npm-10', 'install');
  }
  const ended = await job(github, 'npm-10', recipeOf('GitHub Actions'));
  expect([ended.code, ended.output]).toEqual([isPoisoned ? 1 : 0, expect.anything()]);
  expect(ended.output).toContain(isPoisoned ? 'REJECTED a@1.0.0' : 'added 1 package');
  expect(ended.steps.includes('tarwarden npm ci')).toBe(!isPoisoned);
});

const CLEAN: readonly [string, boolean] = [
  'the recipe for GitLab installs from a clean cache',
  false,
];
it.each<readonly [string, boolean]>([
  ...(FULL ? [CLEAN] : []),
  ['the recipe for GitLab stops before the install where the cache has another file', true],
])('%s', async (_, isPoisoned) => {
  registry.publish({ name: 'a', tgz: packed('// clean\n') });
  await install('yarn-1', 'install');
  const cache = join(sandbox.project, '.yarn-cache');
  const all = readdirSync(cache, { recursive: true, encoding: 'utf8' });
  const file = join(
    cache,
    all.find((path) => path.endsWith('/a/index.js'))!,
  );
  if (isPoisoned) writeFileSync(file, '// poison\n');
  const ended = await job(gitlab, 'yarn-1', recipeOf('GitLab CI'));
  expect([ended.code === 0, ended.output]).toEqual([!isPoisoned, expect.anything()]);
  if (isPoisoned) expect(ended.output).toMatch(/REJECTED a@1\.0\.0[^]*changed "index\.js"/);
  expect(ended.output.includes('Linking dependencies')).toBe(!isPoisoned);
});

it.runIf(FULL)('a cache that is empty, as in the first job, does not stop the job', async () => {
  registry.publish({ name: 'a' });
  await install('npm-10', 'install', '--package-lock-only');
  rmSync(sandbox.npmCache, { recursive: true });
  const ended = await job(github, 'npm-10', recipeOf('GitHub Actions'));
  expect([ended.code, ended.output]).toEqual([0, expect.stringContaining('added 1 package')]);
});
