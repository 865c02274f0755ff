import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { goSum, moduleFiles, moduleZip } from '../../test/support/go/module-zip.ts';
import { startGoProxy } from '../../test/support/go/proxy.ts';
import { findProgram } from '../../test/support/programs.ts';
import { makeSandbox, type Sandbox } from '../../test/support/sandbox.ts';
import { built } from '../built.ts';
import { contest, wallRows, type Contender } from '../contest.ts';
import { COLD, WARM } from '../guarded.ts';
import { measure } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Goal, Row } from '../result.ts';
import { scratch } from '../installs/scratch.ts';

/** A project of some size: half of the modules of Debian's that were counted have fewer files (docs/survey-go.md). */
const MODULES = 60;
const FILES = 40;
const LINES = 150;

interface Scene {
  readonly name: string;
  readonly args: readonly string[];
  /** Folders below the sandbox that are taken away before each run. */
  readonly without: readonly string[];
  readonly goal?: Goal;
}

const scenes: readonly Scene[] = [
  {
    name: 'cold, nothing inspected before',
    args: ['mod', 'download'],
    without: ['modcache', 'xdg/cache/tarwarden'],
    goal: COLD,
  },
  {
    name: 'cold, all inspected before',
    args: ['mod', 'download'],
    without: ['modcache'],
    goal: COLD,
  },
  { name: 'warm', args: ['build', '-o', 'out', '.'], without: [], goal: WARM },
  { name: 'start-up', args: ['version'], without: [] },
];

/** `go mod download`, `go build` and `go version`, by `tarwarden go` and without, from a proxy on the loopback address. */
export async function go(context: Context): Promise<Row[]> {
  const program = findProgram('go');
  if (program === undefined) throw new Error('there is no go on the PATH');
  const { folder, title } = scratch(context.disk);
  const proxy = await startGoProxy();
  const sandbox = makeSandbox({ parent: folder });
  try {
    sandbox.command('go', program);
    const env = environment(sandbox, proxy.url);
    proxy.publish(...project(sandbox));
    const rows: Row[] = [];
    for (const scene of scenes) {
      const contender = (name: string, argv: readonly string[]): Contender => ({
        name,
        run: () => {
          for (const path of scene.without)
            rmSync(join(sandbox.root, path), { recursive: true, force: true });
          return measure({ argv: [...argv, ...scene.args], cwd: sandbox.project, env });
        },
      });
      const guarded = [process.execPath, built('cli/bin/tarwarden.js'), 'go'];
      const pair = [
        contender('go', [program]),
        { ...contender('tarwarden go', guarded), over: 'go' },
      ];
      const group = `go, ${MODULES} modules ${title}, ${scene.name}`;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const measured = wallRows(group, pair, await contest(pair, context.rounds));
      rows.push(
        ...measured.map((row) =>
          row.over === undefined || scene.goal === undefined ? row : { ...row, goal: scene.goal },
        ),
      );
    }
    return rows;
  } finally {
    sandbox.dispose();
    await proxy.close();
  }
}

function environment({ root, env }: Sandbox, url: string): NodeJS.ProcessEnv {
  mkdirSync(join(root, 'gopath'));
  return {
    ...env,
    GOPROXY: url,
    GOMODCACHE: join(root, 'modcache'),
    GOPATH: join(root, 'gopath'),
    GOCACHE: join(root, 'go-build'),
    GOSUMDB: 'off',
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
  };
}

/** Writes a project that needs every module, and returns them. */
function project(sandbox: Sandbox): { module: string; zip: Buffer }[] {
  const modules = Array.from({ length: MODULES }, (_, at) => {
    const path = `example.org/bench/m${at}`;
    const module = `${path}@v1.0.${at}`;
    return { module, path, zip: moduleZip({ module, files: filesOf(path, at) }) };
  });
  sandbox.write(
    {
      'go/telemetry/mode': 'off',
    },
    sandbox.env['XDG_CONFIG_HOME'],
  );
  sandbox.write({
    'go.mod': `module example.org/bench\n\ngo 1.21\n\nrequire (\n${modules.map(({ module }) => `\t${module.replace('@', ' ')}\n`).join('')})\n`,
    'go.sum': modules.map(({ module, zip }) => goSum(module, zip)).join(''),
    'main.go': `package main\n\nimport (\n${modules.map(({ path }) => `\t_ "${path}"\n`).join('')})\n\nfunc main() {}\n`,
  });
  return modules;
}

function filesOf(path: string, at: number): Record<string, string> {
  const files = moduleFiles(path);
  for (let file = 0; file < FILES; file++) {
    const lines = Array.from(
      { length: LINES },
      (_, line) =>
        `// line ${line} of ${path}: ${(line * 7919 * (file + 1) * (at + 3)).toString(36)}`,
    );
    files[`data/f${file}.txt`] = lines.join('\n');
  }
  return files;
}
