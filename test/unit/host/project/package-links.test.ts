import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectLink } from '@tarwarden/host';
import { describe, expect, it } from 'vitest';
import { freshFolder } from '../../../support/fresh-folder.ts';

let top: string;
let project: string;
freshFolder((made) => {
  top = made;
  project = join(top, 'project');
  for (const folder of [project, join(top, 'outside')]) mkdirSync(folder);
  writeFileSync(join(project, 'package.json'), '{}');
});

describe('a link out of the project at a package', () => {
  it.each(['one', '@s/one', 'one/node_modules/two'])(
    'is found where git tracks it and the client writes below it first: %s',
    (name) => {
      const path = `node_modules/${name}`;
      mkdirSync(dirname(join(project, path)), { recursive: true });
      symlinkSync(join(top, 'outside'), join(project, path));
      const found = (packages: boolean): string | undefined =>
        projectLink({ root: project, folders: ['.'], nested: true, packages })?.name;
      // As `yarn link` makes it.
      expect(found(true)).toBeUndefined();
      const git = (...args: string[]): Buffer => execFileSync('git', ['-C', project, ...args]);
      git('init', '--quiet');
      git('add', '--force', '--', 'package.json', path);
      expect(found(false)).toBeUndefined();
      expect(found(true)).toBe(path);
    },
  );
});
