/* Finds Python, Ruby, uv and Go, with the libraries installed for them, by asking each program. */
import type { FoundComponents, OsvEcosystem } from '../component.ts';
import type { LocalMachine } from './machine.ts';

interface Answer {
  readonly version: string;
  readonly tarFilter?: boolean;
  /** The program itself comes first. */
  readonly packages: readonly (readonly [
    ecosystem: OsvEcosystem,
    name: string,
    version: string,
    path: string,
  ])[];
}

interface Interpreter {
  /** The name in reports. */
  readonly program: string;
  /** The commands, of which the first on the PATH counts. Default: the program. */
  readonly commands?: readonly string[];
  /** The arguments with which it prints an {@link Answer}, or its version in one line. */
  readonly args: (names: NamesOf) => readonly string[];
  /** Matches that line. */
  readonly line?: RegExp;
  /** The packages that have this version. */
  readonly packages?: readonly (readonly [OsvEcosystem, string])[];
}

export type NamesOf = (ecosystem: OsvEcosystem) => readonly string[];

/** Runs with -I, which ignores the current folder and the user's variables. The modules that it imports are those that pip would import. */
const PYTHON = `
import sys, json, tarfile
import importlib.metadata as metadata
number = "%d.%d.%d" % sys.version_info[:3]
stage = {"final": "", "alpha": "a%d", "beta": "b%d", "candidate": "rc%d"}.get(sys.version_info[3], "dev%d")
packages = [["cpython", "cpython", number + (stage % sys.version_info[4] if stage else ""), tarfile.__file__]]
for name in json.loads(sys.argv[1]):
    try:
        found = metadata.distribution(name)
        packages.append(["PyPI", name, found.version, str(found.locate_file("%s/__init__.py" % name.replace("-", "_")))])
    except metadata.PackageNotFoundError:
        pass
print(json.dumps({"version": number, "tarFilter": hasattr(tarfile, "data_filter"), "packages": packages}))
`;

/** RubyGems keeps several versions of a gem, and starts the newest. */
const RUBY = `
require "json"
packages = [["RubyGems", "rubygems-update", Gem::VERSION, Gem.method(:ruby_version).source_location.first]]
(JSON.parse(ARGV[0]) - ["rubygems-update"]).each do |name|
  newest = Gem::Specification.find_all_by_name(name).max_by(&:version)
  packages << ["RubyGems", name, newest.version.to_s, newest.loaded_from.to_s] if newest
end
puts JSON.generate({ "version" => RUBY_VERSION, "packages" => packages })
`;

export const INTERPRETERS: readonly Interpreter[] = [
  {
    program: 'python',
    commands: ['python3', 'python'],
    args: (names) => ['-I', '-c', PYTHON, JSON.stringify(names('PyPI'))],
  },
  { program: 'ruby', args: (names) => ['-e', RUBY, JSON.stringify(names('RubyGems'))] },
  {
    program: 'uv',
    args: () => ['--version'],
    line: /^uv (\d\S*)/,
    packages: [['PyPI', 'uv']],
  },
  {
    program: 'go',
    args: () => ['version'],
    line: /^go version (?:go)?(\d\S*)/,
    packages: ['toolchain', 'stdlib'].map((name) => ['Go', name]),
  },
];

/** The interpreter that starts from the PATH, with its libraries. */
export async function findInterpreter(
  machine: LocalMachine,
  { program, commands = [program], args, line, packages: versionedPackages = [] }: Interpreter,
  names: NamesOf,
): Promise<FoundComponents> {
  const command = commands
    .map((name) => machine.findProgram({ name, windowsScripts: [] }))
    .find((file) => file !== undefined);
  if (command === undefined) return { components: [], problems: [] };
  const printed = (await machine.run(command.file, args(names))) ?? '';
  const version = line?.exec(printed)?.[1];
  const answer =
    line === undefined
      ? answerIn(printed)
      : version && {
          version,
          packages: versionedPackages.map(
            (osvPackage) => [...osvPackage, version, command.real] as const,
          ),
        };
  if (!answer) {
    const message = `${program} does not print its version`;
    return { components: [], problems: [{ message, file: command.file }] };
  }
  const { version: programVersion, packages, tarFilter = false }: Answer = answer;
  return {
    components: packages.map(([ecosystem, name, version, path], index) => ({
      ecosystem,
      name,
      version,
      ...(tarFilter && { tarFilter }),
      origin: { kind: 'program', program, programVersion, path, itself: index === 0 },
    })),
    problems: [],
  };
}

function answerIn(printed: string): Answer | undefined {
  try {
    const { version, packages, ...otherFields } = JSON.parse(printed) as Partial<Answer>;
    return typeof version === 'string' && Array.isArray(packages)
      ? { ...otherFields, version, packages }
      : undefined;
  } catch {
    return undefined;
  }
}
