/** The real pips of the machine: the system's, those that come with other Pythons (`ensurepip`), and checkouts. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { missingPrograms } from '../requirements.ts';

export interface Pip {
  /** `pip 25.1.1`. */
  readonly name: string;
  readonly version: string;
  readonly python: string;
  /** A wheel or a folder that it is run out of; absent where it is installed for that Python. */
  readonly wheel?: string;
}

const SYSTEM = '/usr/bin/python3';

/** Folders with a Python each, as pyenv has them. */
function otherPythons(): readonly string[] {
  const root = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  return existsSync(root)
    ? readdirSync(root)
        .toSorted()
        .map((name) => join(root, name))
    : [];
}

/** The wheel of pip in a Python, by the version of that. */
function bundled(folder: string): readonly (readonly [version: string, wheel: string])[] {
  const lib = join(folder, 'lib');
  const pythons = existsSync(lib)
    ? readdirSync(lib).filter((name) => /^python3\.(?:[89]|\d\d)$/.test(name))
    : [];
  return pythons.flatMap((name) => {
    const wheels = join(lib, name, 'ensurepip/_bundled');
    if (!existsSync(wheels)) return [];
    return readdirSync(wheels).flatMap((file) => {
      const version = /^pip-([\d.]+)-/.exec(file)?.[1];
      return version === undefined ? [] : [[version, join(wheels, file)] as const];
    });
  });
}

/** Those of `src` folders of checkouts of pip, which `TARWARDEN_PIPS` names; run by the system's Python. */
function checkouts(): readonly Pip[] {
  const folders = (process.env['TARWARDEN_PIPS'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => {
    const said = readFileSync(join(folder, 'pip/__init__.py'), 'utf8');
    const version = /^__version__ = "([^"]+)"$/m.exec(said)?.[1] ?? 'unknown';
    return { name: `pip ${version}`, version, python: SYSTEM, wheel: folder };
  });
}

/** Tests that use it have the tag `pip`, so none of them runs where this is only a name. */
function systemPip(): Pip {
  if (missingPrograms.includes('pip')) return { name: 'pip', version: '0', python: SYSTEM };
  const said = execFileSync(SYSTEM, ['-m', 'pip', '--version'], { encoding: 'utf8' });
  const version = /^pip (\S+)/.exec(said)?.[1] ?? 'unknown';
  return { name: `pip ${version}`, version, python: SYSTEM };
}

export const system: Pip = systemPip();

/** Each version once, the system's first. */
export const pips: readonly Pip[] = [
  ...new Map(
    [
      ...otherPythons().flatMap((folder) =>
        bundled(folder).map(([version, wheel]): Pip => ({
          name: `pip ${version}`,
          version,
          python: join(folder, 'bin/python3'),
          wheel,
        })),
      ),
      ...checkouts(),
      system,
    ].map((pip) => [pip.version, pip]),
  ).values(),
].toReversed();

/** Whether a pip has what came with a version, as `23.1`. */
export function since({ version }: Pip, [major, minor]: readonly [number, number]): boolean {
  const [own = 0, ownMinor = 0] = version.split('.').map(Number);
  return own > major || (own === major && ownMinor >= minor);
}
