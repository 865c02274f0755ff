import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ciLines, SERVICES, stricterNote } from '../../../../packages/cli/src/commands/init/ci.ts';
import { repository } from '../../../support/managers.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
beforeEach(() => (world = makeWorld()));
afterEach(() => world.dispose());

describe('ciLines', () => {
  it.each(SERVICES.map((service) => [service.name, service] as const))(
    'has the lines of docs/ci.md for %s',
    (name, { guard, verify }) => {
      const page = readFileSync(join(repository, 'docs/ci.md'), 'utf8');
      const section = page.split(/^## /m).find((one) => one.startsWith(`${name}\n`)) ?? '';
      const written = section.split('\n').map((line) => line.trim());
      const options = name === 'Docker' ? ' --manager npm' : ' --manager npm --manager npx';
      const all = [...guard({ setup: options, shims: '', verify: options }), verify(options)];
      const lines = all.map((line) => line.trim());
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.filter((line) => !written.includes(line))).toEqual([]);
    },
  );

  it('lists services by their files, and leaves out what is set up', () => {
    world.put('.github/workflows/a.yml', 'jobs: {}\n');
    world.put('.github/workflows/b.yaml', '- run: tarwarden verify --manager npm\n');
    world.put('.gitlab-ci.yml', 'x: 1\n');
    world.put('Jenkinsfile', 'node {}\n');
    const found = ciLines(world.root, { setup: undefined, shims: '', verify: ' --manager yarn' });
    expect(found.map(({ service, files }) => [service, files])).toEqual([
      ['GitHub Actions', ['.github/workflows/a.yml']],
      ['GitLab CI', ['.gitlab-ci.yml']],
      ['Jenkins', ['Jenkinsfile']],
    ]);
    expect(found[0]?.lines).toEqual(['- run: tarwarden verify --manager yarn']);
    const bun = {
      setup: ' --manager bun',
      shims: ' --manager bun --manager bunx',
      verify: ' --manager bun --manager pnpm',
    };
    expect(ciLines(world.root, bun)[0]?.lines).toEqual([
      '- run: tarwarden setup --manager bun',
      '- run: tarwarden verify --manager bun --manager pnpm',
    ]);
  });
});

describe('the note about the preset', () => {
  it('is there for a project without a policy, and names a preset that counts', () => {
    const note = expect.stringContaining('{ "preset": "strict@1" } in tarwarden.json') as string;
    expect(stricterNote(world.root)).toEqual([note]);
    world.put('package.json', '{ "tarwarden": {} }');
    expect(stricterNote(world.root)).toEqual([]);
  });
});
