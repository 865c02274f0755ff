/** A sandbox with one RubyGems and its Bundler in it, which `tarwarden gem` and `tarwarden bundle` run. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { execute, type Result } from '../execute.ts';
import { repository } from '../managers.ts';
import { makeSandbox, type Sandbox } from '../sandbox.ts';
import { tree } from '../tree.ts';
import { RULE, TRACE, type Offered } from './gems.ts';
import type { RubyGems } from './rubies.ts';

const TARWARDEN = join(repository, 'packages/cli/bin/tarwarden.js');

export interface RubyWorld {
  readonly sandbox: Sandbox;
  readonly env: NodeJS.ProcessEnv;
  /** Where gems are installed to, also by Bundler. */
  readonly gemHome: string;
  /** Writes a gem into the project. Returns its path there. */
  readonly put: (gem: Offered, folder?: string) => string;
  /** Writes a Gemfile. */
  readonly gemfile: (...lines: string[]) => void;
  /** `tarwarden <command> …`: `gem`, `bundle`. */
  readonly guarded: (command: string, ...args: string[]) => Promise<Result>;
  /** The same without tarwarden; also `ruby`. */
  readonly bare: (command: string, ...args: string[]) => Promise<Result>;
  /** Names of the gems whose code ran. */
  ran(): string[];
  /** Paths of files with the bytes of a gem, or of folders that it was unpacked to, below the sandbox. */
  traces(gem: Offered): string[];
  dispose(): void;
}

export function rubyWorld(rubygems: RubyGems): RubyWorld {
  const sandbox = makeSandbox({ project: {} });
  const { root, project, bin } = sandbox;
  const gemHome = join(root, 'gems');
  const trace = join(root, 'trace');
  mkdirSync(gemHome);
  const env: NodeJS.ProcessEnv = {
    ...sandbox.env,
    GEM_HOME: gemHome,
    GEM_SPEC_CACHE: join(root, 'specs'),
    BUNDLE_USER_HOME: join(root, 'bundle'),
    BUNDLE_SILENCE_ROOT_WARNING: '1',
    BUNDLE_IGNORE_FUNDING_REQUESTS: '1',
    [TRACE]: trace,
  };
  const script = (name: string, more: string): void => {
    const lib = rubygems.lib === undefined ? '' : `-I ${rubygems.lib} `;
    const file = join(bin, name);
    writeFileSync(file, `#!/bin/sh\nexec ${rubygems.ruby} ${lib}${more}"$@"\n`);
    chmodSync(file, 0o755);
  };
  script('ruby', '');
  script('gem', `-S /usr/bin/gem `);
  script('bundle', `-S /usr/bin/bundle `);
  const run = async (file: string, args: readonly string[]): Promise<Result> =>
    execute(file, args, { cwd: project, env });
  return {
    sandbox,
    env,
    gemHome,
    put({ fileName, bytes }, folder = '.') {
      mkdirSync(join(project, folder), { recursive: true });
      writeFileSync(join(project, folder, fileName), bytes);
      return join(folder, fileName);
    },
    gemfile: (...lines) => sandbox.write({ Gemfile: `${lines.join('\n')}\n` }),
    guarded: async (command, ...args) => run(process.execPath, [TARWARDEN, command, ...args]),
    bare: async (command, ...args) => run(join(bin, command), args),
    ran: () => (existsSync(trace) ? readFileSync(trace, 'utf8').trim().split('\n') : []),
    traces: ({ fileName }) =>
      ['gems', 'bundle', 'xdg', 'home', 'project'].flatMap((folder) =>
        tree(join(root, folder))
          .map((path) => join(folder, path))
          .filter((path) => path.includes(fileName.replace(/\.gem$/, ''))),
      ),
    dispose: () => sandbox.dispose(),
  };
}

/** The client stopped at this gem, by the guard's words, and nothing of it was unpacked, run or kept. */
export function expectRefused(
  world: RubyWorld,
  { code, stdout, stderr }: Result,
  refused: {
    readonly gem: Offered;
    readonly rule?: string;
    readonly before: readonly string[];
    readonly forgiven?: boolean;
  },
): void {
  const { gem, rule = RULE, before, forgiven = false } = refused;
  const { name, version, fileName } = gem;
  const said = stdout + stderr;
  expect([0, 97, 98, null]).not.toContain(code);
  // One line of the wrapper's own comes last, and is all there is where a client swallows the error.
  if (!forgiven)
    expect(said).toMatch(
      new RegExp(`tarwarden: refused (?:${name}@${version}|${fileName.replaceAll('.', '\\.')}):`),
    );
  expect(said).toContain(rule);
  // Behind it at most that the client ended with success.
  const last = stderr.trimEnd().split('\n').slice(-2);
  expect(last.join('\n')).toMatch(/^tarwarden: .* is refused: /m);
  expect(world.ran()).not.toContain(name);
  expect(world.traces(gem)).toEqual(before);
  expect(tree(world.sandbox.temp)).toEqual([]);
  world.sandbox.assertSentinelUntouched();
}
