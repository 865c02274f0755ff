/* The lines of docs/ci.md for the CI services of a project. Users add them, because they know which step installs. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedPreset } from '@tarwarden/core/policy';
import { projectPolicyTarget } from '@tarwarden/host';
import { readText } from '@tarwarden/settings';

export interface CiLines {
  /** Files of the service, below the project's root. */
  readonly files: readonly string[];
  readonly service: string;
  readonly lines: readonly string[];
}

export interface Commands {
  /** Options of `tarwarden setup`. Undefined if no manager needs a shim. */
  readonly setup: string | undefined;
  /** Options of `tarwarden shims`. */
  readonly shims: string;
  /** Options of `tarwarden verify`. */
  readonly verify: string;
}

type GuardCommands = Commands & { readonly setup: string };

interface Service {
  readonly name: string;
  readonly folder: string;
  readonly files: RegExp;
  /** Lines that put the guards first on the PATH. */
  readonly guard: (commands: GuardCommands) => readonly string[];
  readonly verify: (options: string) => string;
}

export const SERVICES: readonly Service[] = [
  {
    name: 'GitHub Actions',
    folder: '.github/workflows',
    files: /\.ya?ml$/,
    guard: ({ setup }) => [`- run: tarwarden setup${setup}`],
    verify: (options) => `- run: tarwarden verify${options}`,
  },
  {
    name: 'GitLab CI',
    folder: '.',
    files: /^\.gitlab-ci\.yml$/,
    guard: ({ setup }) => [`- guard=$(tarwarden setup${setup})`, '- eval "$guard"'],
    verify: (options) => `- trap 'tarwarden verify${options} || exit 1' EXIT`,
  },
  {
    name: 'Azure Pipelines',
    folder: '.',
    files: /^azure-pipelines\.ya?ml$/,
    guard: ({ setup }) => [`- bash: tarwarden setup${setup}`],
    verify: (options) => `- bash: tarwarden verify${options}`,
  },
  {
    name: 'CircleCI',
    folder: '.circleci',
    files: /^config\.yml$/,
    guard: ({ setup }) => [`- run: tarwarden setup${setup}`],
    verify: (options) => `- run: tarwarden verify${options}`,
  },
  {
    name: 'Docker',
    folder: '.',
    files: /^Dockerfile$/,
    guard: ({ shims }) => [
      `RUN tarwarden shims /opt/tarwarden-shims${shims}`,
      'ENV PATH="/opt/tarwarden-shims:$PATH"',
    ],
    verify: (options) => `RUN tarwarden verify${options}`,
  },
];

/** Services with a recipe that is not a list of lines. */
const OTHERS: readonly (readonly [folder: string, files: RegExp, service: string])[] = [
  ['.', /^Jenkinsfile$/, 'Jenkins'],
  ['.', /^\.devcontainer\.json$/, 'Dev containers'],
  ['.devcontainer', /^devcontainer\.json$/, 'Dev containers'],
];

/** The lines to add for each service. Files that run `tarwarden setup` or `tarwarden verify` are left out. */
export function ciLines(root: string, { setup, shims, verify }: Commands): CiLines[] {
  const known = SERVICES.map((service) => ({
    service: service.name,
    files: filesOf(root, service.folder, service.files),
    lines: [
      ...(setup === undefined ? [] : service.guard({ setup, shims, verify })),
      service.verify(verify),
    ],
  }));
  const others = OTHERS.map(([folder, pattern, service]) => ({
    service,
    files: filesOf(root, folder, pattern),
    lines: ['(its recipe is in docs/ci.md)'],
  }));
  return [...known, ...others].filter(({ files }) => files.length > 0);
}

function filesOf(root: string, folder: string, pattern: RegExp): string[] {
  const files = namesIn(join(root, folder))
    .filter((name) => pattern.test(name))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`));
  return files.filter((file) => !isSetUp(join(root, file)));
}

function isSetUp(file: string): boolean {
  return /\btarwarden (?:setup|verify)\b/.test(readText(file)?.text ?? '');
}

function namesIn(folder: string): string[] {
  try {
    const files = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => !entry.isDirectory(),
    );
    return files.map(({ name }) => name).toSorted();
  } catch {
    return [];
  }
}

/** A note about the preset. Empty if the project has a policy already. */
export function stricterNote(root: string): readonly string[] {
  if (existsSync(projectPolicyTarget(root).path)) return [];
  const preset = pinnedPreset('strict');
  return [
    `note: an application can be stricter, with { "preset": "${preset}" } in tarwarden.json: tarwarden rules --preset strict`,
  ];
}
