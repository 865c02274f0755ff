/** The recipes of docs/ci.md, taken out of the page and run as their services would run them. */
import { readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
import { repository, run } from '../support/managers.ts';
import { startRegistry, type Registry } from '../support/registry.ts';
import { makeCaller, PLUGIN, starting, TARWARDEN, type Caller } from './verify/world.ts';

const page = readFileSync(join(repository, 'docs/ci.md'), 'utf8');

/** The code block below a heading of the page. */
function recipeOf(heading: string): string {
  const [, text] =
    new RegExp(`^## ${heading}\n[^]*?^\`\`\`\\w+\n([^]*?)^\`\`\`$`, 'm').exec(page) ?? [];
  if (text === undefined) throw new RangeError(`no recipe below ${heading}`);
  return text;
}

/** A service, and the part of its recipe without which nothing is guarded. */
const SERVICES: readonly (readonly [
  heading: string,
  service: Service,
  armed: RegExp,
  bare: string,
])[] = [
  ['GitHub Actions', github, / >> "\$GITHUB_PATH"/, ''],
  ['GitLab CI', gitlab, /- export PATH=.*/, '- true'],
  ['Azure Pipelines', azure, /##vso\S*\]/, ''],
  ['CircleCI', circleci, / >> "\$BASH_ENV"/, ''],
  ['Jenkins', jenkins, /PATH\+TARWARDEN=/, 'PATH+TARWARDEN=/nowhere'],
  ['Docker', docker, /ENV PATH=.*/, 'ENV OTHER="x"'],
  ['Dev containers', devcontainer, /"PATH": "[^:]*:/, '"PATH": "'],
];

const bad = attacks.find(({ id }) => id === 'symlink-absolute') ?? attacks[0]!;

let caller: Caller;
let registry: Registry;

beforeEach(async () => {
  registry = await startRegistry();
  caller = makeCaller('npm-10');
  const { sandbox, env } = caller;
  sandbox.npmrc(`registry=${registry.url}/`);
  symlinkSync(TARWARDEN, join(sandbox.bin, 'tarwarden'));
  // A real shell has these.
  env['PATH'] = [env['PATH'], '/usr/bin', '/bin'].join(delimiter);
});

afterEach(async () => {
  await registry.close();
});

/** A project that depends on one package, with a lockfile. */
async function depend(on: string): Promise<void> {
  const { sandbox } = caller;
  sandbox.write({
    'package.json': { name: 'p', version: '1.0.0', dependencies: { [on]: '1.0.0' } },
  });
  const lock = await run('npm-10', ['install', '--package-lock-only'], { sandbox });
  expect(lock).toMatchObject({ code: 0 });
}

const job = async (service: Service, recipe: string): Promise<Ended> =>
  service(recipe, { sandbox: caller.sandbox, env: caller.env });

it('every recipe of the page is run here', () => {
  const sections = page.split(/^## /m).filter((section) => section.includes('\n```'));
  const headings = sections.map((section) => section.slice(0, section.indexOf('\n')));
  const elsewhere = 'GitHub Actions, by the action'; // action.test.ts
  expect(headings.filter((one) => one !== elsewhere)).toEqual(SERVICES.map(([heading]) => heading));
  expect(headings).toContain(elsewhere);
});

describe.each(SERVICES)('%s', (heading, service, armed, bare) => {
  it('installs a clean project', async () => {
    registry.publish({ name: 'clean' });
    await depend('clean');
    const ended = await job(service, recipeOf(heading));
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.output).toMatch(/^guarded +npm/m);
    expect(ended.output).toMatch(/added 1 package/);
  });

  it('stops at a hostile package', async () => {
    registry.publish({
      name: 'bad',
      tgz: bad.build({ name: 'bad', target: caller.sandbox.sentinel }),
    });
    await depend('bad');
    const ended = await job(service, recipeOf(heading));
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.output).toMatch(/^guarded +npm/m);
    expect(ended.output).toMatch(/tarwarden: refused bad@1\.0\.0/);
    caller.sandbox.assertSentinelUntouched();
  });

  it('stops before the install where the guard did not get into the way', async () => {
    registry.publish({ name: 'clean' });
    await depend('clean');
    const recipe = recipeOf(heading);
    expect(recipe).toMatch(armed);
    const ended = await job(service, recipe.replace(armed, bare));
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.output).toMatch(/^UNGUARDED +npm/m);
    expect(ended.output).not.toMatch(/added 1 package/);
  });
});

describe('on GitHub', () => {
  const first = /^ {2}- run: tarwarden shims .*$/m;

  it('the variable does not get past the runner', async () => {
    const old = '  - run: tarwarden npm --print-env --shell dotenv >> "$GITHUB_ENV"';
    const ended = await job(github, recipeOf('GitHub Actions').replace(first, old));
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.output).toMatch(/UNGUARDED npm[^]*takes no NODE_OPTIONS/);
  });

  it('a later step that installs another npm is noticed', async () => {
    const folder = caller.inFront('npm', starting('npm-11', 'bin/npm-cli.js'));
    caller.env['PATH'] = (caller.env['PATH'] ?? '').replace(`${folder}${delimiter}`, '');
    const later = `$&\n  - run: echo ${folder} >> "$GITHUB_PATH"`;
    const ended = await job(github, recipeOf('GitHub Actions').replace(first, later));
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.output).toMatch(/UNGUARDED npm[^]*comes before the guarded/);
  });

  it('BASH_ENV and YARN_PLUGINS get past it', async () => {
    const yarn = makeCaller('yarn-4');
    symlinkSync(TARWARDEN, join(yarn.sandbox.bin, 'tarwarden'));
    yarn.env['PATH'] = [yarn.env['PATH'], '/usr/bin', '/bin'].join(delimiter);
    const set = `  - run: echo "YARN_PLUGINS=${PLUGIN}" >> "$GITHUB_ENV"`;
    const recipe = `steps:\n${set}\n  - run: tarwarden verify --manager yarn\n`;
    const ended = await github(recipe, { sandbox: yarn.sandbox, env: yarn.env });
    expect(ended).toMatchObject({ code: 0 });

    const lines = [
      'tarwarden shims "$RUNNER_TEMP/s"',
      `echo 'export PATH="$RUNNER_TEMP/s:$PATH"' > "$RUNNER_TEMP/env.sh"`,
      'echo "BASH_ENV=$RUNNER_TEMP/env.sh" >> "$GITHUB_ENV"',
    ];
    const bash = `  - run: |\n${lines.map((line) => `      ${line}`).join('\n')}`;
    const verified = `steps:\n${bash}\n  - run: tarwarden verify --manager npm\n`;
    const second = await job(github, verified);
    expect(second).toMatchObject({ code: 0 });
  });
});
