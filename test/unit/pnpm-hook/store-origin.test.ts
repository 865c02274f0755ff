/** Whether pnpm's store may have come with the repository. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { refuseCommittedStore } from '../../../packages/pnpm-hook/src/project/store-origin.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
let project: string;
freshFolder((made) => {
  root = made;
  project = join(root, 'project');
  mkdirSync(project);
});

/** A store with something in it. */
function store(path: string): string {
  const folder = join(root, path);
  mkdirSync(join(folder, 'files'), { recursive: true });
  writeFileSync(join(folder, 'files/one'), 'x');
  return folder;
}
const git = (cwd: string, ...args: string[]): void =>
  void execFileSync('git', args, { cwd, stdio: 'ignore' });
function commit(folder: string): void {
  git(folder, 'init', '-q');
  git(folder, 'add', '-f', '.');
}
const refused = (why: RegExp): unknown =>
  expect.objectContaining({ reason: 'NOT_INSPECTED', message: expect.stringMatching(why) });
const PART = refused(
  /is part of the repository.*: remove it from the repository, or have the store/,
);
const UNKNOWN = refused(
  /git cannot say that it did not come with it: remove it, or .*store-dir PATH/,
);

describe('a store in the project', () => {
  test.each([true, false])('that git tracks came with it (configured: %s)', (configured) => {
    const folder = store('project/.store');
    commit(project);
    expect(() => refuseCommittedStore(folder, project, configured)).toThrow(PART);
  });

  test('that git does not track is what a machine keeps between runs', () => {
    writeFileSync(join(project, 'package.json'), '{}');
    commit(project);
    const folder = store('project/.store');
    expect(() => refuseCommittedStore(folder, project, false)).not.toThrow();
  });

  test('is refused where nothing says that it did not come with it', () => {
    const folder = store('project/.store');
    expect(() => refuseCommittedStore(folder, project, false)).toThrow(UNKNOWN);
    expect(() => refuseCommittedStore(folder, project, true)).toThrow(JSON.stringify(folder));
  });

  test('may be empty, or not there', () => {
    const folder = join(project, '.store');
    expect(() => refuseCommittedStore(folder, project, false)).not.toThrow();
    mkdirSync(folder);
    expect(() => refuseCommittedStore(folder, project, false)).not.toThrow();
  });

  test('is not hidden by variables of git, and nothing of the repository is run', () => {
    const folder = store('project/.store');
    commit(project);
    const program = join(root, 'program');
    writeFileSync(program, `#!/bin/sh\ntouch ${root}/ran\n`);
    chmodSync(program, 0o755);
    git(project, 'config', 'core.fsmonitor', program);
    mkdirSync(join(root, 'other'));
    commit(join(root, 'other'));
    vi.stubEnv('GIT_DIR', join(root, 'other/.git'));
    vi.stubEnv('GIT_INDEX_FILE', join(root, 'none'));
    expect(() => refuseCommittedStore(folder, project, false)).toThrow(PART);
    expect(existsSync(join(root, 'ran'))).toBe(false);
  });
});

describe('a store elsewhere', () => {
  test('is not looked at where pnpm picked it', () => {
    const folder = store('elsewhere/store');
    commit(join(root, 'elsewhere'));
    expect(() => refuseCommittedStore(folder, project, false)).not.toThrow();
    expect(() => refuseCommittedStore(folder, project, true)).toThrow(PART);
  });

  test('that somebody configured may be in no repository', () => {
    expect(() => refuseCommittedStore(store('elsewhere/store'), project, true)).not.toThrow();
  });
});
