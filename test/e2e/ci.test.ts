/** The recipes of docs/ci.md, taken out of the page and run as their services would run them. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attacks } from '../support/attacks.ts';
import {
  azure,
  circleci,
  devcontainer,
  docker,
  github,
  gitlab,
  jenkins,
  type Ended,
  type Service,
} from '../support/ci.ts';
import { startFileServer, type FileServer } from '../support/file-server.ts';
import { repository, run } from '../support/managers.ts';
import { startRegistry, type Registry } from '../support/registry.ts';
import { makeRelease } from '../support/release.ts';
import { makeCaller, PLUGIN, starting, TARWARDEN, type Caller } from './verify/world.ts';

const page = readFileSync(join(repository, 'docs/ci.md'), 'utf8');

/** The code block below a heading of the page. */
function recipeOf(heading: string): string {
  const [, text] =
    new RegExp(`^## ${heading}\n[^]*?^\`\`\`\\w+\n([^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  if (text === undefined) throw new RangeError(`no recipe below ${heading}`);
  return text;
}

/** A whole workflow, its line that installs, a step that puts a folder first on the PATH, and the annotation of a refusal. */
interface Workflow {
  readonly heading: string;
  readonly service: Service;
  readonly install: string;
  readonly inFront?: (folder: string) => string;
  readonly annotation: RegExp | undefined;
}

const WORKFLOWS: readonly Workflow[] = [
  {
    heading: 'GitHub Actions',
    service: github,
    install: '      - run: npm ci',
    annotation: /^::error file=package-lock\.json,line=\d+,title=tarwarden refused bad@1\.0\.0::/m,
  },
  {
    heading: 'GitLab CI',
    service: gitlab,
    install: '    - npm ci',
    inFront: (folder) => `    - export PATH="${folder}:$PATH"`,
    annotation: undefined,
  },
  {
    heading: 'Azure Pipelines',
    service: azure,
    install: '  - bash: npm ci',
    annotation:
      /^##vso\[task\.logissue type=error;sourcepath=package-lock\.json;linenumber=\d+;\]bad@1\.0\.0 /m,
  },
];

/** A service whose recipe needs the command, and the part of the recipe without which nothing is guarded. */
const SHORT: readonly (readonly [
  heading: string,
  service: Service,
  armed: RegExp,
  bare: string,
])[] = [
  ['CircleCI', circleci, /tarwarden setup.*/, 'true'],
  ['Jenkins', jenkins, /PATH\+TARWARDEN=/, 'PATH+TARWARDEN=/nowhere'],
  ['Docker', docker, /ENV PATH=.*/, 'ENV OTHER="x"'],
  ['Dev containers', devcontainer, /"PATH": "[^:]*:/, '"PATH": "'],
];

const bad = attacks.find(({ id }) => id === 'symlink-absolute') ?? attacks[0]!;

let release: string;
let archive: Buffer;
let caller: Caller;
let registry: Registry;
let files: FileServer;

beforeAll(async () => {
  release = await makeRelease();
  const name = readdirSync(release).find((file) => /^tarwarden-\d.*\.tgz$/.test(file))!;
  archive = readFileSync(join(release, name));
});
afterAll(() => rmSync(release, { recursive: true, force: true }));

beforeEach(async () => {
  registry = await startRegistry();
  files = await startFileServer();
  files.files.set('/tarwarden.tgz', { body: archive });
  caller = makeCaller('npm-10');
  const { sandbox, env } = caller;
  sandbox.npmrc(`registry=${registry.url}/`);
  // A real shell has these.
  env['PATH'] = [env['PATH'], '/usr/bin', '/bin'].join(delimiter);
});
afterEach(async () => {
  await registry.close();
  await files.close();
});

/** A project that depends on one package, with a lockfile. */
async function depend(on: 'clean' | 'bad'): Promise<void> {
  const { sandbox } = caller;
  const target = sandbox.sentinel;
  registry.publish({ name: on, ...(on === 'bad' && { tgz: bad.build({ name: on, target }) }) });
  sandbox.write({
    'package.json': { name: 'p', version: '1.0.0', dependencies: { [on]: '1.0.0' } },
  });
  const lock = await run('npm-10', ['install', '--package-lock-only'], { sandbox });
  expect(lock).toMatchObject({ code: 0 });
}

const job = async (service: Service, recipe: string): Promise<Ended> =>
  service(recipe, { sandbox: caller.sandbox, env: caller.env });

/** Runs a workflow of the page on a machine with an empty home and without the command. Only its two marked lines are filled in. */
async function workflow(
  { heading, service }: Workflow,
  change = (recipe: string): string => recipe,
): Promise<Ended> {
  const { sandbox, env } = caller;
  for (const name of readdirSync(sandbox.home))
    rmSync(join(sandbox.home, name), { recursive: true, force: true });
  for (const name of Object.keys(env)) if (name.startsWith('XDG_')) delete env[name];
  Object.assign(env, {
    npm_config_registry: `${registry.url}/`,
    npm_config_prefix: sandbox.npmPrefix,
  });
  const folders = (env['PATH'] ?? '').split(delimiter);
  expect(folders.filter((folder) => existsSync(join(folder, 'tarwarden')))).toEqual([]);
  const recipe = recipeOf(heading);
  const marks = ['https://files.example.com/tarwarden-0.1.0.tgz', 'the-sha-512-of-that-file'];
  expect(marks.map((mark) => recipe.split(mark).length)).toEqual([2, 2]);
  const sha512 = createHash('sha512').update(archive).digest('hex');
  const filled = recipe.replace(marks[0]!, `${files.url}/tarwarden.tgz`).replace(marks[1]!, sha512);
  return job(service, change(filled));
}

const verdicts = (ended: Ended): string[] =>
  [...ended.output.matchAll(/^(guarded|UNGUARDED) +(\w+)/gm)].map(
    ([, verdict, name]) => `${verdict} ${name}`,
  );
const ON = ['guarded npm', 'guarded npx'];

it('every recipe of the page is run here', () => {
  const sections = page.split(/^## /m).filter((section) => section.includes('\n```'));
  const headings = sections.map((section) => section.slice(0, section.indexOf('\n')));
  // In action.test.ts, and in npm/advice.test.ts.
  const elsewhere = ['GitHub Actions, by the action', 'Stricter, for applications'];
  expect(headings.filter((heading) => !elsewhere.includes(heading))).toEqual([
    ...WORKFLOWS.map(({ heading }) => heading),
    ...SHORT.map(([heading]) => heading),
  ]);
  expect(headings).toEqual(expect.arrayContaining(elsewhere));
});

/** Each whole run of a workflow verifies four times. With TARWARDEN_E2E_FULL=1, all install a clean project too. */
const CLEAN_RUNS = process.env['TARWARDEN_E2E_FULL'] === '1' ? WORKFLOWS : WORKFLOWS.slice(0, 1);

describe.each(CLEAN_RUNS)('$heading', (given) => {
  it('installs a clean project, between two proofs that npm is guarded', async () => {
    await depend('clean');
    const ended = await workflow(given);
    expect([ended.output, ended.code]).toEqual([expect.anything(), 0]);
    expect(ended.output).toMatch(/added 1 package/);
    expect(verdicts(ended)).toEqual([...ON, ...ON]);
    expect(files.asked).toEqual(['/tarwarden.tgz']);
  });
});

describe.each(WORKFLOWS)('$heading, on a machine without the command', (given) => {
  it('stops at a hostile package, shows it at its line, and verifies nevertheless', async () => {
    await depend('bad');
    const ended = await workflow(given);
    expect(ended.code).toBe(1);
    expect(ended.output).toMatch(/bad@1\.0\.0/);
    expect(verdicts(ended)).toEqual([...ON, ...ON]);
    const { annotation = /^(?!.*(?:::error|##vso))/s } = given;
    expect(ended.output).toMatch(annotation);
    caller.sandbox.assertSentinelUntouched();
  });

  it.each([
    ['another file', (recipe: string) => recipe, Buffer.from('x')],
    [
      'a checksum that is not filled in',
      (recipe: string) => recipe.replace(/[0-9a-f]{128}/, 'the-sha-512'),
    ],
  ])('runs nothing of %s', async (_, change, added = Buffer.alloc(0)) => {
    files.files.set('/tarwarden.tgz', { body: Buffer.concat([archive, added]) });
    const ended = await workflow(given, change);
    expect(ended.code).not.toBe(0);
    expect(ended.output).toMatch(/sha512sum: /);
    expect(ended.output).not.toMatch(/added \d+ package|guarded/i);
    expect(existsSync(join(caller.sandbox.npmPrefix, 'bin/tarwarden'))).toBe(false);
    expect(existsSync(join(caller.sandbox.project, 'node_modules'))).toBe(false);
  });
});

// action.test.ts shows the same on GitHub.
describe
  .skipIf(process.env['TARWARDEN_E2E_FULL'] !== '1')
  .each(WORKFLOWS.filter(({ inFront }) => inFront !== undefined))('$heading', (given) => {
  it('is red at the end if a step puts another npm in front', async () => {
    await depend('clean');
    const folder = caller.inFront('npm', starting('npm-11', 'bin/npm-cli.js'));
    caller.env['PATH'] = (caller.env['PATH'] ?? '').replace(`${folder}${delimiter}`, '');
    const ended = await workflow(given, (recipe) =>
      recipe.replace(given.install, `${given.inFront!(folder)}\n$&`),
    );
    expect(ended.code).toBe(1);
    expect(ended.output).toMatch(/added 1 package/);
    // Setup prints on standard error where its output is for a shell.
    expect(verdicts(ended).toSorted()).toEqual(['UNGUARDED npm', ...ON, 'guarded npx'].toSorted());
  });
});

describe.each(SHORT)('%s', (heading, service, armed, bare) => {
  beforeEach(async () => {
    symlinkSync(TARWARDEN, join(caller.sandbox.bin, 'tarwarden'));
    await depend('clean');
  });

  it('installs a clean project, after a proof that npm is guarded', async () => {
    const ended = await job(service, recipeOf(heading));
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.output).toMatch(/^guarded +npm[^]*added 1 package/m);
  });

  it('stops before the install if the guard did not get into the way', async () => {
    const recipe = recipeOf(heading);
    expect(recipe).toMatch(armed);
    const ended = await job(service, recipe.replace(armed, bare));
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.output).toMatch(/^UNGUARDED +npm/m);
    expect(ended.output).not.toMatch(/added 1 package/);
  });
});

describe('on GitHub, instead of shims', () => {
  const steps = (...commands: readonly string[]): string =>
    `steps:\n${commands.map((command) => `  - run: |\n      ${command.replaceAll('\n', '\n      ')}\n`).join('')}`;

  it('NODE_OPTIONS does not get past the runner', async () => {
    symlinkSync(TARWARDEN, join(caller.sandbox.bin, 'tarwarden'));
    const print = 'tarwarden npm --print-env --shell dotenv >> "$GITHUB_ENV"';
    const ended = await job(github, steps(print, 'tarwarden verify --manager npm'));
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.output).toMatch(/UNGUARDED npm[^]*takes no NODE_OPTIONS/);
  });

  it('BASH_ENV and YARN_PLUGINS get past it', async () => {
    const yarn = makeCaller('yarn-4');
    for (const { sandbox } of [caller, yarn])
      symlinkSync(TARWARDEN, join(sandbox.bin, 'tarwarden'));
    yarn.env['PATH'] = [yarn.env['PATH'], '/usr/bin', '/bin'].join(delimiter);
    const recipe = steps(
      `echo "YARN_PLUGINS=${PLUGIN}" >> "$GITHUB_ENV"`,
      'tarwarden verify --manager yarn',
    );
    const first = await github(recipe, { sandbox: yarn.sandbox, env: yarn.env });
    expect(first).toMatchObject({ code: 0 });

    const lines = [
      'tarwarden shims "$RUNNER_TEMP/s"',
      `echo 'export PATH="$RUNNER_TEMP/s:$PATH"' > "$RUNNER_TEMP/env.sh"`,
      'echo "BASH_ENV=$RUNNER_TEMP/env.sh" >> "$GITHUB_ENV"',
    ];
    const verified = steps(lines.join('\n'), 'tarwarden verify --manager npm');
    expect(await job(github, verified)).toMatchObject({ code: 0 });
  });
});
