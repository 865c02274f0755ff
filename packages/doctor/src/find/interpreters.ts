/* Finds Python, Ruby, uv and Go, with the libraries installed for them, by asking each program. */
import type { Program } from '@tarwarden/guarded-run';
import * as v from 'valibot';
import { comparatorOf } from '../advisories/versions.ts';
import type { Component, OsvEcosystem, ProgramOrigin } from '../component.ts';
import { idleCopy, notRun, joinFound, type FoundComponents } from './found.ts';
import type { FoundProgram, LocalMachine } from './machine.ts';

/** The answer of an interpreter. Packages are `[ecosystem, name, version, file]`. */
const answer = v.object({
  key: v.string(),
  version: v.string(),
  tarFilter: v.optional(v.boolean(), false),
  packages: v.array(
    v.tuple([
      v.picklist(['PyPI', 'RubyGems', 'Go', 'cpython']),
      v.string(),
      v.string(),
      v.string(),
    ]),
  ),
});

type Answer = v.InferOutput<typeof answer>;

interface Interpreter {
  readonly names: readonly string[];
  /** The name in reports. */
  readonly program: string;
  ask(machine: LocalMachine, found: FoundProgram, names: NamesOf): Promise<unknown>;
}

/** The names of an ecosystem's packages that have records. */
export type NamesOf = (ecosystem: OsvEcosystem) => readonly string[];

/** Runs with -I, which ignores the current folder and the user's variables. The modules that it imports are those that pip would import. */
const PYTHON = `
import sys, json, os
import tarfile
packages = [["cpython", "cpython", "%d.%d.%d" % sys.version_info[:3] + {"final": ""}.get(sys.version_info[3], "%s%d" % ({"alpha": "a", "beta": "b", "candidate": "rc"}.get(sys.version_info[3], "dev"), sys.version_info[4])), tarfile.__file__]]
try:
    import importlib.metadata as metadata
    for name in json.loads(sys.argv[1]):
        try:
            found = metadata.distribution(name)
            packages.append(["PyPI", name, found.version, str(found.locate_file("%s/__init__.py" % name.replace("-", "_")))])
        except metadata.PackageNotFoundError:
            pass
except ImportError:
    for name in json.loads(sys.argv[1]):
        try:
            found = __import__(name)
            packages.append(["PyPI", name, found.__version__, found.__file__])
        except Exception:
            pass
print(json.dumps({"key": sys.prefix, "version": "%d.%d.%d" % sys.version_info[:3], "tarFilter": hasattr(tarfile, "data_filter"), "packages": packages}))
`;

const RUBY = `
require "json"
packages = [["RubyGems", "rubygems-update", Gem::VERSION, Gem.method(:ruby_version).source_location.first]]
JSON.parse(ARGV[0]).each do |name|
  Gem::Specification.find_all_by_name(name).each { |one| packages << ["RubyGems", name, one.version.to_s, one.loaded_from.to_s] }
end
puts JSON.generate({ "key" => RbConfig.ruby, "version" => RUBY_VERSION, "packages" => packages })
`;

const INTERPRETERS: readonly Interpreter[] = [
  {
    names: ['python3', 'python'],
    program: 'python',
    async ask(machine, { file }, names) {
      const program = ['-c', PYTHON, JSON.stringify(names('PyPI'))];
      // Python 2 has no -I, and imports from the current folder, which contains no modules.
      const printed =
        (await machine.run(file, ['-I', ...program])) ??
        (await machine.run(file, ['-E', '-s', ...program]));
      return json(printed);
    },
  },
  {
    names: ['ruby'],
    program: 'ruby',
    async ask(machine, { file }, names) {
      return json(await machine.run(file, ['-e', RUBY, JSON.stringify(names('RubyGems'))]));
    },
  },
  {
    names: ['uv'],
    program: 'uv',
    async ask(machine, { file, real }) {
      const printed = await machine.run(file, ['--version']);
      return oneVersion(/^uv (\d\S*)/.exec(printed ?? '')?.[1], real, [['PyPI', 'uv']]);
    },
  },
  {
    names: ['go'],
    program: 'go',
    async ask(machine, { file, real }) {
      const printed = await machine.run(file, ['version']);
      const version = /^go version (?:go)?(\d\S*)/.exec(printed ?? '')?.[1];
      return oneVersion(version, real, [
        ['Go', 'toolchain'],
        ['Go', 'stdlib'],
      ]);
    },
  },
];

export async function findInterpreters(
  machine: LocalMachine,
  names: NamesOf,
): Promise<FoundComponents> {
  const found: FoundComponents[] = [];
  for (const interpreter of INTERPRETERS) found.push(await lookAt(machine, interpreter, names));
  return joinFound(found);
}

async function lookAt(
  machine: LocalMachine,
  interpreter: Interpreter,
  names: NamesOf,
): Promise<FoundComponents> {
  const answers = new Map<string, readonly [Answer, FoundProgram]>();
  const problems: FoundComponents['problems'][number][] = [];
  const commands = interpreter.names.map((name): Program => ({ name, windowsScripts: [] }));
  const programs = commands.flatMap((command) => machine.find(command));
  for (const program of programs) {
    const read = v.safeParse(answer, await interpreter.ask(machine, program, names));
    if (read.success) {
      // On Debian, Python 2 and 3 have the same prefix, /usr.
      const key = `${read.output.key}\n${read.output.version}`;
      if (!answers.has(key)) answers.set(key, [read.output, program]);
      continue;
    }
    problems.push({
      message: `${interpreter.program} does not say what it is`,
      file: program.file,
      program: interpreter.program,
      ...(program === programs[0] ? {} : { idle: true as const }),
    });
  }
  const copies = [...answers.values()].map(([answer, program]) => {
    const components = componentsOf(answer, { program: interpreter.program, file: program.file });
    const copy = { components: withIdleGems(components), problems: [] };
    return program === programs[0] ? copy : idleCopy(copy);
  });
  const unseen =
    programs.length > 0
      ? []
      : commands.map((command) =>
          notRun(command.name, machine.inProject(command), interpreter.program),
        );
  return joinFound([...copies, { components: [], problems }, ...unseen]);
}

function componentsOf(
  { version: programVersion, packages, tarFilter }: Answer,
  { program, file }: { program: string; file: string },
): Component[] {
  return packages.map(([ecosystem, name, version, path], index) => ({
    ecosystem,
    name,
    version,
    ...(tarFilter ? { tarFilter } : {}),
    origin: {
      kind: 'program',
      program,
      programVersion,
      path,
      ...commandOf(name, { file, programVersion, itself: index === 0 }),
      itself: index === 0,
    },
  }));
}

/**
 * RubyGems keeps several versions of a gem, and starts the newest. The gem `rubygems-update` is only what RubyGems was installed from.
 * Bundler also starts an older version of itself
 * if a Gemfile.lock names it.
 */
function withIdleGems(components: readonly Component[]): Component[] {
  return components.map((component) => {
    const { ecosystem, name, origin } = component;
    if (ecosystem !== 'RubyGems' || origin.kind !== 'program' || origin.itself) return component;
    const isNewest = components.every(
      (other) => other.name !== name || !isNewer(other.version, component.version),
    );
    return isNewest && name !== 'rubygems-update'
      ? component
      : { ...component, origin: { ...origin, idle: true } };
  });
}

function isNewer(version: string, than: string): boolean {
  try {
    return comparatorOf('RubyGems')(version, than) > 0;
  } catch {
    return false;
  }
}

/** Makes Python ignore the user's variables, and modules in the current folder. Python 2 can ignore only the variables. */
export function isolated(version: string): readonly string[] {
  return version.startsWith('2.') ? ['-E', '-s'] : ['-I'];
}

/** pip is a module, which Python starts. */
function commandOf(
  name: string,
  { file, programVersion, itself }: { file: string; programVersion: string; itself: boolean },
): Pick<ProgramOrigin, 'command'> {
  if (name === 'pip') return { command: [file, ...isolated(programVersion), '-m', 'pip'] };
  return itself ? { command: [file] } : {};
}

function oneVersion(
  version: string | undefined,
  path: string,
  names: readonly (readonly [OsvEcosystem, string])[],
): unknown {
  if (version === undefined) return undefined;
  const packages = names.map(([ecosystem, name]) => [ecosystem, name, version, path]);
  return { key: path, version, packages };
}

function json(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
