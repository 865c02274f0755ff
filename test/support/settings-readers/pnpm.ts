/** Asks real pnpms what they make of settings files. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lookUp, pnpmLayers, clientContext } from '@tarwarden/settings';
import { execute } from '../execute.ts';
import { available, managerFolder, versionOf, type AnyPnpmName } from '../managers.ts';

/** A folder with `home` and `project` in it, and variables beside those that isolate pnpm. */
export interface AskedCase {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where pnpm is started: `project/packages/a`. */
  readonly cwd?: string;
}

/** Settings by name, as JSON. */
export type Answer = Readonly<Record<string, string>> | 'refused';

const READER = fileURLToPath(new URL('pnpm-config.cjs', import.meta.url));

export const isAvailable = (name: AnyPnpmName): boolean => available(name).ok;

/** `registry of @scope` is the registry of that scope, where a setting has one. */
export async function askPnpm(
  name: AnyPnpmName,
  cases: readonly AskedCase[],
  settings: readonly string[],
): Promise<Answer[]> {
  const found =
    name === 'pnpm-12' ? await askNative(name, cases) : askBundle(name, cases, settings);
  return found.map((answer, index) =>
    answer === 'refused' ? answer : picked(answer, settings, cases[index]!),
  );
}

/** The answers of `@tarwarden/settings` to the same question: two where it does not know which workspace counts. */
export function readPnpm(
  name: AnyPnpmName,
  asked: AskedCase,
  settings: readonly string[],
): readonly Answer[] {
  const { version, node } = versionOf(name);
  const where = clientContext({ ...placeOf(asked), ...(node !== undefined && { node }) });
  return pnpmLayers(version, where).map((layers) => {
    if (layers.some(({ unreadable }) => unreadable !== undefined)) return 'refused';
    const values: Record<string, unknown> = {};
    for (const setting of settings) {
      const found = lookUp(layers, setting);
      if (found !== undefined && found.unknown === undefined) values[setting] = found.value;
    }
    return picked(values, settings, asked);
  });
}

const DEFAULT_REGISTRY = 'https://registry.npmjs.org/';

/** What is set, without what pnpm fills in where nothing is. */
function picked(
  values: Readonly<Record<string, unknown>>,
  settings: readonly string[],
  { folder }: AskedCase,
): Answer {
  const project = join(folder, 'project');
  const plain = (setting: string): unknown => {
    const found = values[setting];
    const value = found instanceof Date ? found.toISOString() : found;
    // A day is what pnpm 11 waits unless told otherwise.
    if (typeof value === 'number' && (!Number.isFinite(value) || value === 1440)) return undefined;
    if (typeof value !== 'string') return value === false ? undefined : (value ?? undefined);
    if (setting === 'cacheDir' && value === '') return undefined;
    if (value === join(folder, 'home/.local/state/pnpm')) return undefined;
    if (/registry/.test(setting)) {
      const url = value.replace(/\/*$/, '/');
      return url === DEFAULT_REGISTRY ? undefined : url;
    }
    // pnpm 11 writes the home folder out.
    if (value.startsWith('~/') && setting !== 'lockfileDir')
      return join(folder, 'home', value.slice(2));
    if (setting === 'cacheDir' && value === join(folder, 'home/.cache/pnpm')) return undefined;
    if (setting !== 'lockfileDir') return value;
    const path = resolve(project, value);
    return path === project ? undefined : path;
  };
  return Object.fromEntries(
    settings.flatMap((setting) => {
      const value = plain(setting);
      return value === undefined ? [] : [[setting, JSON.stringify(value)]];
    }),
  );
}

const placeOf = ({ folder, cwd = 'project', env }: AskedCase) => ({
  folder: join(folder, cwd),
  env: {
    HOME: join(folder, 'home'),
    PATH: process.env['PATH'] ?? '',
    // pnpm 10 looks for the home folder once, when it is loaded.
    npm_config_userconfig: join(folder, 'home/.npmrc'),
    ...env,
  },
});

function askBundle(
  name: AnyPnpmName,
  cases: readonly AskedCase[],
  names: readonly string[],
): (Record<string, unknown> | 'refused')[] {
  const { node } = versionOf(name);
  const file = name === 'pnpm-11' ? 'dist/pnpm.mjs' : 'dist/pnpm.cjs';
  const { stdout, stderr } = spawnSync(node!, [READER, join(managerFolder(name), file)], {
    input: JSON.stringify(cases.map((one) => ({ ...placeOf(one), names }))),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  const [, answers] = stdout.split('\nANSWERS:');
  if (answers === undefined) throw new Error(`${name} gave no answers: ${stderr}`);
  return (JSON.parse(answers) as Record<string, unknown>[]).map((answer) =>
    'refused' in answer ? 'refused' : answer,
  );
}

async function askNative(
  name: AnyPnpmName,
  cases: readonly AskedCase[],
): Promise<(Record<string, unknown> | 'refused')[]> {
  const program = join(managerFolder(name), 'pnpm');
  const answers: (Record<string, unknown> | 'refused')[] = [];
  for (const one of cases) {
    const { folder: cwd, env } = placeOf(one);
    // oxlint-disable-next-line no-await-in-loop
    const { code, stdout } = await execute(program, ['config', 'list', '--json'], { cwd, env });
    answers.push(code === 0 ? (JSON.parse(stdout) as Record<string, unknown>) : 'refused');
  }
  return answers;
}
