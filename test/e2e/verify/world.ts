/** A caller of `tarwarden verify`: a sandbox with a manager first on the PATH, and what the command then says of it. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import {
  available,
  envFor,
  managerFolder,
  nodePath,
  repository,
  type ManagerName,
  type NodeName,
} from '../../support/managers.ts';
import { makeSandbox, tree, type Sandbox } from '../../support/sandbox.ts';

export const TARWARDEN: string = join(repository, 'packages/cli/bin/tarwarden.js');
export const PRELOAD: string = join(repository, 'packages/npm-wrapper/dist/preload.cjs');
export const HOOK: string = join(repository, 'packages/pnpm-hook/dist/index.cjs');
export const PLUGIN: string = join(repository, 'packages/yarn-plugin/dist/plugin-tarwarden.cjs');

/** What arms every npm of an environment. */
export const ARMED_NPM: NodeJS.ProcessEnv = { NODE_OPTIONS: `--require ${PRELOAD}` };

export interface Caller {
  readonly sandbox: Sandbox;
  /** With the manager first on the PATH; for a test to change. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder below the project that the command is called in; the project itself unless given. */
  folder: string;
  /** Runs `verify`; the one that runs the tests unless given. */
  node: NodeName;
  /** Writes a program into a folder of its own, and puts that in front of the PATH. Returns the folder. */
  inFront(name: string, script: string): string;
  /** Has `tarwarden shims` write its commands, and puts them in front of the PATH. Returns their folder. */
  shims(): Promise<string>;
  verify(...args: string[]): Promise<Result & { report: Report }>;
}

export interface Report {
  readonly schema: number;
  readonly ok: boolean;
  readonly results: readonly {
    readonly manager: string;
    readonly status: string;
    readonly reason: string;
    readonly program: string | null;
    readonly message: string;
    readonly remedy: string | null;
    readonly output: string | null;
  }[];
}

export function makeCaller(name: ManagerName): Caller {
  // Nobody listens there: whoever asks the user's registry fails.
  const sandbox = makeSandbox({ registry: 'http://127.0.0.1:9' });
  onTestFinished(() => sandbox.dispose());
  const env = envFor(name, { sandbox });
  return {
    sandbox,
    env,
    folder: '.',
    node: 'system',
    inFront(program, script) {
      const folder = mkdtempSync(join(sandbox.root, 'front-'));
      writeFileSync(join(folder, program), script);
      chmodSync(join(folder, program), 0o755);
      env['PATH'] = [folder, env['PATH']].join(delimiter);
      return folder;
    },
    async shims() {
      const folder = mkdtempSync(join(sandbox.root, 'shims-'));
      const options = { cwd: sandbox.root, env };
      const written = await execute(process.execPath, [TARWARDEN, 'shims', folder], options);
      expect(written).toMatchObject({ code: 0, stdout: `${folder}\n`, stderr: '' });
      env['PATH'] = [folder, env['PATH']].join(delimiter);
      return folder;
    },
    async verify(...args) {
      const options = { cwd: join(sandbox.project, this.folder), env };
      const result = await execute(
        nodePath(this.node),
        [TARWARDEN, 'verify', '--json', ...args],
        options,
      );
      const report = (result.stdout === '' ? {} : JSON.parse(result.stdout)) as Report;
      return { ...result, report };
    },
  };
}

export interface Starting {
  /** Lines of the script before it. */
  readonly before?: string;
  /** Runs it instead of the Node that runs the tests. */
  readonly node?: NodeName;
}

/** A script that runs a manager by its path. */
export function starting(name: ManagerName, file: string, options: Starting = {}): string {
  const { before = '', node = 'system' } = options;
  return `#!/bin/sh\n${before}\nexec ${nodePath(node)} ${join(managerFolder(name), file)} "$@"\n`;
}

export interface Expected {
  readonly code: number;
  readonly status: string;
  readonly reason?: string;
  readonly remedy?: string | RegExp;
}

/** Runs verify for some managers and holds it against what has to come of each of them, and that nothing is left or changed. */
export async function expectVerified(
  caller: Caller,
  managers: readonly string[],
  expected: Expected,
): Promise<Report> {
  const { sandbox } = caller;
  const before = [tree(sandbox.home), tree(sandbox.project), tree(join(sandbox.root, 'xdg'))];
  const { code, stderr, report } = await caller.verify(
    ...managers.flatMap((manager) => ['--manager', manager]),
  );
  const { remedy, reason, status } = expected;
  const shown = report.results.map((one) => ({ ...one, output: one.output ?? '' }));
  const wanted = managers.map((manager) => ({ manager, status, ...(reason && { reason }) }));
  expect(stderr).toBe('');
  expect(shown).toMatchObject(wanted);
  expect(shown).toHaveLength(wanted.length);
  expect(code).toBe(expected.code);
  expect(report.ok).toBe(expected.code === 0);
  if (remedy !== undefined) expect(report.results[0]?.remedy).toMatch(remedy);
  expect(tree(sandbox.temp)).toEqual(tree(join(sandbox.root, 'no-such-folder')));
  expect([tree(sandbox.home), tree(sandbox.project), tree(join(sandbox.root, 'xdg'))]).toEqual(
    before,
  );
  sandbox.assertSentinelUntouched();
  return report;
}

export function has(name: ManagerName): boolean {
  return available(name).ok;
}
