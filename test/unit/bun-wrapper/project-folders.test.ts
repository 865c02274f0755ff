import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkOutOfProject } from '../../../packages/bun-wrapper/src/local-dependencies.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFiles } from '../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const files = (all: Readonly<Record<string, string>>): void => putFiles(root, all);

describe('linkOut', () => {
  const link = (path: string): void => {
    mkdirSync(join(root, 'outside'), { recursive: true });
    mkdirSync(dirname(join(root, path)), { recursive: true });
    symlinkSync(join(root, 'outside'), join(root, path));
  };

  it.each([['["a/*"]'], ['["other"]']])(
    'looks at the package itself and at its workspaces, below %s',
    (workspaces) => {
      files({ 'w/package.json': `{ "workspaces": ${workspaces} }`, 'w/a/b/package.json': '{}' });
      expect(linkOutOfProject(join(root, 'w/a/b'))).toBeUndefined();
      link('w/a/b/node_modules');
      expect(linkOutOfProject(join(root, 'w/a/b'))?.problem).toContain('leads out of the project');
    },
  );

  it('reads a package.json with comments', () => {
    files({
      'w/package.json': '{ /* one */ "workspaces": ["a"], // two\n }',
      'w/a/package.json': '{}',
    });
    link('w/a/node_modules');
    expect(linkOutOfProject(join(root, 'w'))?.name).toBe('a/node_modules');
  });

  it('takes all of a key that is there twice', () => {
    files({
      'w/package.json': '{ "workspaces": ["a"], "workspaces": ["b"] }',
      'w/a/package.json': '{}',
    });
    link('w/a/node_modules');
    expect(linkOutOfProject(join(root, 'w'))?.name).toBe('a/node_modules');
  });
});
