/** The recipes of docs/caches-in-ci.md, taken out of the page and run: cold, with an honest cache, and with a poisoned one. */
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { azure, github, gitlab, type Ended, type Service } from '../support/ci.ts';
import { freshEach } from '../support/fresh-each.ts';
import { envFor, repository, run, type ManagerName } from '../support/managers.ts';
import { tgz } from '../support/pkg.ts';
import { startRegistry } from '../support/registry.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { TARWARDEN } from './verify/world.ts';

const page = (name: string): string => readFileSync(join(repository, 'docs', name), 'utf8');
const SECRET = 'a secret of CI with more than thirty-two characters';
const CLEAN = '// clean\n';
const POISON = '// evil!\n';

interface Recipe {
  readonly heading: string;
  readonly service: Service;
  readonly manager: ManagerName;
  /** The step that fetches the command. ci.test.ts runs it. */
  readonly fetch: RegExp;
  readonly variables?: NodeJS.ProcessEnv;
  readonly cache: () => string;
  /** A file of the cache that somebody changes. */
  readonly poisoned: RegExp;
  readonly scripts: boolean;
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

const RECIPES: readonly Recipe[] = [
  {
    heading: 'GitHub Actions',
    service: github,
    manager: 'npm-10',
    fetch: /^ {6}- name: Fetch tarwarden\n(?: {8}.*\n)+/m,
    cache: () => join(sandbox.home, '.npm/_cacache'),
    poisoned: /^index-v5\/\w\w\/\w\w\/\w+$/,
    scripts: true,
  },
  {
    heading: 'GitLab CI',
    service: gitlab,
    manager: 'yarn-1',
    fetch: /^ {4}- temp=[^]*?tarwarden\.tgz"\n(?= {4}- export)/m,
    // The settings limit the variable to jobs like this one.
    variables: { TARWARDEN_SEAL_KEY: SECRET },
    cache: () => join(sandbox.project, '.yarn-cache'),
    poisoned: /\/a\/index\.js$/,
    scripts: false,
  },
  {
    heading: 'Azure Pipelines',
    service: azure,
    manager: 'npm-10',
    fetch: /^ {2}- bash: \|\n {6}set -e\n[^]*?displayName: Fetch tarwarden\n/m,
    cache: () => join(sandbox.root, 'agent-workspace/.npm/_cacache'),
    poisoned: /^content-v2\/sha512\//,
    scripts: true,
  },
];

function recipeOf({ heading, fetch }: Recipe): string {
  const [, recipe = ''] =
    new RegExp(`^## ${heading}\n[^]*?^\`\`\`yaml\n([^]*?)^\`\`\`$`, 'm').exec(
      page('caches-in-ci.md'),
    ) ?? [];
  const [step = ''] = fetch.exec(recipe) ?? [];
  expect(step).toContain('sha512sum -c -');
  expect(page('ci.md')).toContain(step);
  return recipe.replace(step, '');
}

/** Runs the job on a new machine, to which the service has restored the cache. */
async function job(recipe: Recipe, more: NodeJS.ProcessEnv = {}): Promise<Ended> {
  rmSync(join(sandbox.project, 'node_modules'), { recursive: true, force: true });
  rmSync(sandbox.env['XDG_STATE_HOME']!, { recursive: true, force: true });
  rmSync(join(sandbox.bin, 'tarwarden'), { force: true });
  symlinkSync(TARWARDEN, join(sandbox.bin, 'tarwarden'));
  const env = { ...envFor(recipe.manager, { sandbox }), ...recipe.variables };
  env['npm_config_cache'] = join(sandbox.home, '.npm');
  env['PATH'] = [env['PATH'], '/usr/bin', '/bin'].join(delimiter);
  const expressions = {
    'steps.cache.outputs.cache-primary-key': 'npm-Linux-0123456789abcdef',
    'secrets.TARWARDEN_SEAL_KEY': SECRET,
    TARWARDEN_SEAL_KEY: SECRET,
    ...more,
  } as Record<string, string>;
  return recipe.service(recipeOf(recipe), { sandbox, env, expressions });
}

const installed = (path: string): string =>
  readFileSync(join(sandbox.project, 'node_modules/a', path), 'utf8');

/** Writes the lockfile, and leaves no cache. */
async function prepare({ manager }: Recipe): Promise<void> {
  const manifest = { scripts: { postinstall: 'echo "[$TARWARDEN_SEAL_KEY]" > ran' } };
  const bytes = tgz({ name: 'a', manifest, files: { 'index.js': CLEAN } });
  registry.publish({ name: 'a', tgz: bytes, manifest: { ...manifest, hasInstallScript: true } });
  const cache = join(sandbox.root, 'other-cache');
  const env = { YARN_CACHE_FOLDER: cache, npm_config_cache: cache };
  const args = ['install', '--ignore-scripts'];
  expect(await run(manager, args, { sandbox, env })).toMatchObject({ code: 0 });
}

describe.each(RECIPES.map((recipe) => [recipe.heading, recipe] as const))(
  'the recipe for %s',
  (_, recipe) => {
    const cachedFile = (): string => {
      const all = readdirSync(recipe.cache(), { recursive: true, encoding: 'utf8' });
      const isFile = (path: string): boolean =>
        recipe.poisoned.test(path) && statSync(join(recipe.cache(), path)).isFile();
      return join(recipe.cache(), all.find(isFile)!);
    };

    it('installs without a cache, from a whole cache, and without a poisoned one', async () => {
      await prepare(recipe);
      const cold = await job(recipe);
      expect([cold.code, cold.output]).toEqual([0, expect.stringContaining('nothing to check')]);
      expect(cold.output).toMatch(/sealed .*: \d+ entries/);
      expect(installed('index.js')).toBe(CLEAN);
      if (recipe.scripts) expect(installed('ran')).toBe('[]\n');
      else expect(existsSync(join(sandbox.project, 'node_modules/a/ran'))).toBe(false);

      const before = registry.downloads().length;
      const warm = await job(recipe);
      expect([warm.code, warm.output]).toEqual([0, expect.stringMatching(/ is whole: \d+ entr/)]);
      expect(registry.downloads()).toHaveLength(before);
      expect(installed('index.js')).toBe(CLEAN);

      writeFileSync(cachedFile(), POISON);
      const poisoned = await job(recipe);
      expect([poisoned.code, poisoned.output]).toEqual([
        0,
        expect.stringMatching(/^tarwarden: removed .*, because 1 entry differs .*: changed /m),
      ]);
      expect(poisoned.output).toMatch(/sealed .*: \d+ entries/);
      expect(registry.downloads()).toHaveLength(before + 1);
      expect(installed('index.js')).toBe(CLEAN);
    });

    it('does not use a cache without a seal, as anybody can save it', async () => {
      await prepare(recipe);
      expect(await job(recipe)).toMatchObject({ code: 0 });
      rmSync(join(recipe.cache(), '.tarwarden-seal'));
      const ended = await job(recipe);
      expect([ended.code, ended.output]).toEqual([
        0,
        expect.stringMatching(/^tarwarden: removed .*, because it has no seal$/m),
      ]);
    });
  },
);

it('a pull request of a fork has no secret, and installs without the cache', async () => {
  for (const recipe of RECIPES.filter(({ service }) => service !== gitlab)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await prepare(recipe);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await job(recipe)).toMatchObject({ code: 0 });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const ended = await job(recipe, {
      'secrets.TARWARDEN_SEAL_KEY': '',
      TARWARDEN_SEAL_KEY: '$(TARWARDEN_SEAL_KEY)',
    });
    expect([ended.code, ended.output]).toEqual([
      0,
      expect.stringMatching(/^tarwarden: removed .*written with another key$/m),
    ]);
    expect(installed('index.js')).toBe(CLEAN);
  }
});
