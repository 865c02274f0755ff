/** What runs on GitHub, as far as it can be checked without it. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { validateAction, validateWorkflow } from '@action-validator/core';
import { describe, expect, it } from 'vitest';
import { repository } from '../../support/managers.ts';
import { blocks } from '../../support/pages.ts';
import { findProgram } from '../../support/programs.ts';

const { load } = createRequire(join(repository, 'packages/cli/package.json'))('js-yaml') as {
  load: (text: string) => unknown;
};

interface Workflow {
  permissions?: Record<string, string>;
  jobs: Record<
    string,
    {
      environment?: string;
      permissions?: Record<string, string>;
      'timeout-minutes'?: number;
      steps: { uses?: string; run?: string; with?: Record<string, unknown> }[];
    }
  >;
}

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const list = (folder: string): string[] =>
  readdirSync(join(repository, folder)).map((name) => `${folder}/${name}`);
const workflows = list('.github/workflows');
const actions = ['action/action.yml', 'action/verify/action.yml'];
const PASTED = 'docs/ci.md';
/** The text of each workflow, with the one that users paste from the page. */
const texts: ReadonlyMap<string, string> = new Map([
  ...workflows.map((path) => [path, read(path)] as const),
  [PASTED, blocks(PASTED, 'yaml', 'GitHub Actions')[0] ?? ''],
]);
const parsed = [...texts].map(([path, text]) => [path, load(text) as Workflow] as const);

describe('the validator', () => {
  it.each([...texts])('takes %s', (_, text) => {
    // Its schema is older than this permission.
    const known = text.replace('      attestations: write\n', '');
    expect(validateWorkflow(known).errors).toEqual([]);
  });

  it.each(actions)('takes %s', (path) => {
    expect(validateAction(read(path)).errors).toEqual([]);
  });

  it('sees a step without a shell', () => {
    const broken = read(actions[0]!).replace('      shell: bash\n', '');
    expect(validateAction(broken).errors).not.toEqual([]);
  });
});

describe.each(parsed)('%s', (path, { permissions, jobs }) => {
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it('may read and no more, but for jobs that say so', () => {
    expect(permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(jobs)) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      if (job.permissions !== undefined) expect(job.environment).toBe('release');
    }
  });

  it('pins every action by commit, with its version beside it', () => {
    const text = texts.get(path);
    const used = steps.flatMap(({ uses }) => uses ?? []).filter((one) => !one.startsWith('./'));
    expect(used.length).toBeGreaterThan(0);
    for (const one of used) {
      expect(one).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(text).toMatch(new RegExp(`uses: ${one} # v\\d+\\.\\d+\\.\\d+\\n`));
    }
  });

  it('leaves no token in the checkout', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@') === true);
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual(
      checkouts.map(() => false),
    );
  });

  it('has no expression in a script', () => {
    expect(steps.map(({ run }) => run ?? '').join('\n')).not.toContain('${{');
  });
});

it('one version of each action', () => {
  const all = [...texts.values()].flatMap((text) => [...text.matchAll(/uses: ([\w/-]+)@(\w+)/g)]);
  const versions = new Map<string, Set<string>>();
  for (const [, name = '', commit = ''] of all)
    versions.set(name, (versions.get(name) ?? new Set()).add(commit));
  expect([...versions].filter(([, commits]) => commits.size > 1)).toEqual([]);
});

it('only the release publishes, from its environment and with provenance', () => {
  const publishing = parsed.flatMap(([path, { jobs }]) =>
    Object.entries(jobs)
      .filter(([, job]) => job.steps.some(({ run }) => /npm publish|gh release/.test(run ?? '')))
      .map(([name, job]) => [path, name, job.environment, job.permissions?.['id-token']]),
  );
  expect(publishing).toEqual([['.github/workflows/release.yml', 'publish', 'release', 'write']]);
  expect(read('.github/workflows/release.yml')).toContain('--provenance');
});

describe.skipIf(findProgram('bash') === undefined)('a script of the action', () => {
  it.each(['action/install.sh', 'action/verify.sh'])('%s is bash', (path) => {
    expect(execFileSync('bash', ['-n', join(repository, path)], { encoding: 'utf8' })).toBe('');
  });
});

it('the README of the action has its inputs and outputs', () => {
  const { inputs, outputs } = load(read(actions[0]!)) as Record<'inputs' | 'outputs', object>;
  const readme = read('action/README.md');
  for (const name of [...Object.keys(inputs), ...Object.keys(outputs)])
    expect(readme).toContain(`\`${name}\``);
});

describe('a form', () => {
  const forms = list('.github/ISSUE_TEMPLATE').filter((path) => !path.endsWith('config.yml'));

  it.each(forms)('%s asks for something, under ids of its own', (path) => {
    const form = load(read(path)) as {
      name: string;
      description: string;
      body: { type: string; id: string; attributes: { label: string } }[];
    };
    expect(form).toMatchObject({ name: expect.anything(), description: expect.anything() });
    const ids = form.body.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, attributes } of form.body) {
      expect(['checkboxes', 'dropdown', 'input', 'textarea']).toContain(type);
      expect(attributes.label).toMatch(/\S/);
    }
  });

  it('publishes only once the owner has filled in the address', () => {
    const release = read('.github/workflows/release.yml');
    expect(release).toMatch(/^ +- run: npx -y pnpm@12 release --for-publication$/m);
    expect(release).not.toContain('release --dry-run');
  });

  it('names no address of this repository, which package.json alone does', () => {
    const pages = ['README.md', 'SECURITY.md', 'DISCLOSURE.md', 'CODE_OF_CONDUCT.md'];
    const files = [...pages, ...list('.github/ISSUE_TEMPLATE'), 'docs/README.md'];
    for (const file of files) expect(read(file)).not.toMatch(/(?:github|gitlab)\.com\/tarwarden\b/);
  });
});
