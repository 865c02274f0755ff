/* Finds npm, pnpm, Yarn and bun, with the bundled packages that unpack archives. */
import type { Program } from '@tarwarden/guarded-run';
import type { Component, ProgramOrigin } from '../component.ts';
import type { FoundProgram, LocalMachine } from './machine.ts';
import {
  besides,
  broughtAlong,
  packageOf,
  requiredNames,
  type InstalledPackage,
} from './package-root.ts';
import { idleCopy, NOTHING_FOUND, notRun, joinFound, type FoundComponents } from './found.ts';

interface Manager extends Program {
  /** The packages that contain it. Records have it under the first name. */
  readonly packages: readonly [string, ...string[]];
  /** It may load libraries from folders above its own. */
  readonly looksAbove?: true;
}

/** Matches the version in the output of `--version`. */
const VERSION = /^\s*v?(\d+\.\d+\.\d+\S*)/m;

const MANAGERS: readonly Manager[] = [
  {
    name: 'npm',
    packages: ['npm'],
    windowsScripts: ['node_modules/npm/bin/npm-cli.js'],
    looksAbove: true,
  },
  {
    name: 'pnpm',
    packages: ['pnpm', '@pnpm/exe'],
    windowsScripts: [
      'node_modules/pnpm/bin/pnpm.cjs',
      'node_modules/pnpm/bin/pnpm.mjs',
      'node_modules/@pnpm/exe/pnpm.exe',
      'node_modules/corepack/dist/pnpm.js',
    ],
  },
  {
    name: 'yarn',
    packages: ['yarn', '@yarnpkg/cli-dist'],
    windowsScripts: ['node_modules/yarn/bin/yarn.js', 'node_modules/corepack/dist/yarn.js'],
  },
  {
    name: 'bun',
    packages: ['bun'],
    windowsScripts: ['node_modules/bun/bin/bun.exe'],
  },
];

/** @param libraries The names of npm packages that have records. */
export async function findNodeManagers(
  machine: LocalMachine,
  libraries: ReadonlySet<string>,
): Promise<FoundComponents> {
  const found: FoundComponents[] = [];
  for (const manager of MANAGERS) {
    found.push(notRun(manager.name, machine.inProject(manager)));
    for (const [index, program] of machine.find(manager).entries()) {
      const copy = await lookAt(machine, { manager, program, libraries });
      found.push(index === 0 ? copy : idleCopy(copy));
    }
  }
  return joinFound(found);
}

interface FoundManager {
  readonly manager: Manager;
  readonly program: FoundProgram;
  readonly libraries: ReadonlySet<string>;
}

async function lookAt(
  machine: LocalMachine,
  { manager, program, libraries }: FoundManager,
): Promise<FoundComponents> {
  const installed = packageOf(program.real, manager.packages);
  if (installed !== undefined)
    return { components: parts({ manager, program, libraries }, installed), problems: [] };
  const printed = await machine.run(program.file, [...program.args, '--version']);
  const version = VERSION.exec(printed ?? '')?.[1];
  if (version === undefined) {
    return {
      ...NOTHING_FOUND,
      problems: [
        {
          message: `the version of ${manager.name} is not known`,
          file: program.file,
          program: manager.name,
        },
      ],
    };
  }
  const itself = { name: manager.packages[0], version, folder: program.real };
  return { components: parts({ manager, program, libraries: new Set() }, itself), problems: [] };
}

function parts(
  { manager, program, libraries }: FoundManager,
  installed: InstalledPackage,
): Component[] {
  const inside = broughtAlong(installed.folder, libraries);
  const known = new Set(inside.map(({ name }) => name));
  const missing = new Set([...libraries].filter((name) => !known.has(name)));
  const above = manager.looksAbove === true ? besides(installed.folder, missing) : [];
  // npm has its own copies, and loads none of the packages that somebody installed beside it. Debian's npm loads all of them from there.
  const loaded = above.length === 0 ? new Set<string>() : requiredNames(installed.folder);
  const component = (installedPackage: InstalledPackage, itself: boolean): Component => ({
    ecosystem: 'npm',
    name: itself ? manager.packages[0] : installedPackage.name,
    version: installedPackage.version,
    origin: {
      kind: 'program',
      program: manager.name,
      programVersion: installed.version,
      path: installedPackage.folder,
      ...(itself ? { command: [program.file, ...program.args] as const } : {}),
      itself,
    },
  });
  return [
    component(installed, true),
    ...inside.map((library) => component(library, false)),
    ...above
      .filter(({ name }) => !manager.packages.includes(name))
      .map((library) => {
        const { origin, ...rest } = component(library, false);
        const idle = loaded.has(library.name) ? {} : { idle: true as const };
        return { ...rest, origin: { ...origin, ...idle } as ProgramOrigin };
      }),
  ];
}
