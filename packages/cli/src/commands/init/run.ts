import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable, printablePath } from '@tarwarden/core/text';
import { styleFor } from '../../colour.ts';
import { type Call, write, UsageError } from '@tarwarden/host/command-line';
import type { INIT_OPTIONS } from './definition.ts';
import { verifyThese } from '../../guard-trials/report.ts';
import type { Manager } from '../../guard-trials/managers.ts';
import { ciLines } from './ci.ts';
import { findGuard } from '../../pass-through/guard-files.ts';
import { NOTHING, ProjectFiles, type SetUpPlan } from './project-files.ts';
import { planPnpm, planPnpmUndo, type HookFiles } from './pnpm.ts';
import {
  findManagers,
  foundOne,
  rootOfProject,
  type DetectedManager,
  type ProjectManager,
  isOfRoot,
} from './project.ts';
import { byHandLines, planLines } from './report.ts';
import { planYarn, planYarnUndo } from './yarn.ts';
import { folderEntries } from '@tarwarden/host';

/** The parts of a project are near its root. */
const MAX_DEPTH = 5;
/** The most folders that are listed. A large repository would take too long. */
const MAX_FOLDERS = 5000;

/** The content of these folders is not the project's own. */
const FOREIGN: ReadonlySet<string> = new Set(['node_modules', 'vendor', 'testdata', 'venv']);

interface Nested {
  /** Folders below the root, with `/`. */
  readonly folders: readonly string[];
  /** Whether all folders were looked at. */
  readonly isWhole: boolean;
}

/** Folders below the root with a lockfile or settings of their own. The guard of the root does not guard them. */
export function nestedProjects(root: string): Nested {
  const folders: string[] = [];
  let queue = [''];
  let listed = 0;
  for (let depth = 0; queue.length > 0; depth++) {
    if (depth > MAX_DEPTH) return { folders, isWhole: false };
    const next: string[] = [];
    for (const folder of queue) {
      if (++listed > MAX_FOLDERS) return { folders, isWhole: false };
      const entries = folderEntries(join(root, folder));
      if (folder !== '' && entries.some((entry) => entry.isFile() && isOfRoot(entry.name)))
        folders.push(folder);
      // Links do not count as folders.
      const below = entries.filter(
        (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !FOREIGN.has(entry.name),
      );
      next.push(...below.map(({ name }) => (folder === '' ? name : `${folder}/${name}`)));
    }
    queue = next;
  }
  return { folders, isWhole: true };
}

/** The shims for a manager that has no place for a guard in the project, by the names that `tarwarden shims` and `verify` use. */
const SHIMS: Readonly<Record<Exclude<ProjectManager, 'pnpm'>, readonly string[]>> = {
  npm: ['npm', 'npx'],
  // Only Yarn 1 needs them.
  yarn: ['yarn', 'yarnpkg'],
  bun: ['bun', 'bunx'],
  pip: ['pip', 'pip3'],
  gem: ['gem'],
  bundle: ['bundle', 'bundler'],
  go: ['go'],
};
const VERIFIED: Readonly<Record<ProjectManager, readonly Manager[]>> = {
  npm: ['npm', 'npx'],
  pnpm: ['pnpm'],
  yarn: ['yarn'],
  bun: ['bun'],
  pip: ['pip'],
  gem: ['gem'],
  bundle: ['bundle'],
  go: ['go'],
};
/** The shims that `tarwarden shims` writes if none are named. */
const BY_DEFAULT: ReadonlySet<string> = new Set(['npm', 'npx', 'yarn', 'yarnpkg']);

/** Files of the pnpm hook in the `dist` of its package. */
const HOOK_FILES = [
  'THIRD-PARTY-LICENSES.txt',
  'check.cjs',
  'fetch.cjs',
  'forced.cjs',
  'index.cjs',
  'inspect.cjs',
  'policy.cjs',
  'yaml.cjs',
] as const;

type InitCall = Call<typeof INIT_OPTIONS>;

/** `tarwarden init`: sets up the guards of a project's managers and shows that they work, or removes them. */
export async function init(call: InitCall): Promise<number> {
  const { values, operands } = call;
  if (operands.length > 1) throw new UsageError('name one folder', 'init');
  const root = rootOfProject(operands[0] ?? '.');
  await write(`project: ${printablePath(root)}\n`);
  return values.undo === true ? undo(call, root) : setUp(call, root);
}

async function setUp({ values, mainUrl }: InitCall, root: string): Promise<number> {
  const style = styleFor(values.color, process.stdout);
  const found = values.manager === undefined ? findManagers(root) : undefined;
  const managers = found?.managers ?? named(values.manager ?? [], root);
  const files = new ProjectFiles(root);
  const plans = await Promise.all(
    managers.map(async (manager) => [manager, await planOf(manager, files, mainUrl)] as const),
  );
  const byHand = (found?.unguarded ?? []).map((files) => `nothing here guards ${files}`);
  if (managers.length === 0)
    byHand.push('no manager was found that can be guarded: name one by --manager');
  for (const [{ manager, by }, plan] of plans)
    await lines([`${style.bold(manager)} (${printable(by)})`, ...planLines(plan, style)]);
  await lines(byHandLines(byHand, style));
  await lines(notes(found?.others ?? [], root));
  const usable = managers.filter(({ unsupported }) => unsupported === undefined);
  await lines(shimLines(usable, root));
  const isDone = byHand.length === 0 && plans.every(([, plan]) => plan.byHand.length === 0);
  if (values['dry-run'] === true) {
    await lines(['nothing was written']);
    return isDone ? 0 : 2;
  }
  files.apply(plans.flatMap(([, { changes }]) => changes));
  if (plans.some(([, { changes }]) => changes.length > 0))
    await lines(['written: look at it, and commit it']);
  if (managers.length === 0) return 2;
  const verified = await verifyThese({
    managers: managers.flatMap(({ manager }) => VERIFIED[manager]),
    cwd: root,
    color: values.color,
    json: false,
  });
  if (verified === 1 && managers.some(({ manager }) => manager !== 'pnpm' && manager !== 'yarn'))
    await lines(['left to do: the shims, as above, and then "tarwarden verify"']);
  return verified === 0 && !isDone ? 2 : verified;
}

async function undo({ values }: InitCall, root: string): Promise<number> {
  const style = styleFor(values.color, process.stdout);
  const files = new ProjectFiles(root);
  const isWanted = (manager: ProjectManager): boolean => values.manager?.includes(manager) ?? true;
  const plans: readonly SetUpPlan[] = [
    isWanted('pnpm') ? planPnpmUndo(files) : NOTHING,
    isWanted('yarn') ? planYarnUndo(files) : NOTHING,
  ];
  for (const plan of plans) await lines(planLines(plan, style));
  const changes = plans.flatMap((plan) => plan.changes);
  const dryRun = values['dry-run'] === true;
  if (!dryRun) files.apply(changes);
  const isDone = plans.every(({ byHand }) => byHand.length === 0);
  if (changes.length > 0) await lines([dryRun ? 'nothing was removed' : 'undone']);
  else if (isDone) await lines(['nothing of init is here']);
  return isDone ? 0 : 2;
}

function named(managers: readonly ProjectManager[], root: string): readonly DetectedManager[] {
  return [...new Set(managers)].map((manager) => foundOne(manager, root, '--manager'));
}

async function planOf(
  found: DetectedManager,
  files: ProjectFiles,
  mainUrl: string,
): Promise<SetUpPlan> {
  const { manager, isClassic, unsupported } = found;
  if (unsupported !== undefined) return { ...NOTHING, byHand: [unsupported] };
  if (manager === 'pnpm') return planPnpm(files, await hookFiles(mainUrl));
  if (manager === 'yarn' && isClassic !== true) return planYarn(files, await pluginFile(mainUrl));
  return NOTHING;
}

/** The lines about shims, and about CI. */
function shimLines(managers: readonly DetectedManager[], root: string): string[] {
  if (managers.length === 0) return [];
  const names = managers.flatMap(({ manager, isClassic }) =>
    manager === 'pnpm' || (manager === 'yarn' && isClassic !== true) ? [] : SHIMS[manager],
  );
  const options = (all: readonly string[]): string =>
    all.map((name) => ` --manager ${name}`).join('');
  const verify = options(managers.flatMap(({ manager }) => VERIFIED[manager]));
  const printed: string[] = [];
  if (names.length > 0)
    printed.push(
      `shims guard ${names.join(', ')}: the project has no place for their guard. Once for you, if it is not done yet:`,
      `          tarwarden shims ~/.local/share/tarwarden/shims${options(names)}`,
      '          export PATH="$HOME/.local/share/tarwarden/shims:$PATH"    # into your shell\'s profile as well',
    );
  const isDefault = names.every((name) => BY_DEFAULT.has(name));
  const shims = names.length === 0 ? undefined : isDefault ? '' : options(names);
  for (const { service, files, lines: all } of ciLines(root, { shims, verify }))
    printed.push(
      `${service} (${files.map((file) => printable(file)).join(', ')}): add, before the step that installs (docs/ci.md):`,
      ...all.map((line) => `          ${line}`),
    );
  return printed;
}

function notes(others: readonly string[], root: string): string[] {
  const { folders, isWhole } = nestedProjects(root);
  return [
    ...others.map(
      (file) => `note: ${printable(file)} is there as well, and is not set up: --manager does that`,
    ),
    ...folders.map(
      (folder) =>
        `note: ${printablePath(folder)} has a lockfile or settings of its own: run init there as well`,
    ),
    ...(isWhole ? [] : ['note: the project is too large for all of its folders to be looked at']),
  ];
}

async function lines(all: readonly string[]): Promise<void> {
  await write(all.map((line) => `${line}\n`).join(''));
}

async function hookFiles(mainUrl: string): Promise<HookFiles> {
  const folder = dirname(await findGuard('pnpm', mainUrl));
  return new Map(HOOK_FILES.map((name) => [name, readFileSync(join(folder, name))]));
}

async function pluginFile(mainUrl: string): Promise<Buffer> {
  return readFileSync(await findGuard('yarn', mainUrl));
}
