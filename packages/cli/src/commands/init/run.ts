import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printable, printablePath } from '@tarwarden/core/text';
import { styleFor } from '../../colour.ts';
import { type Call, write, UsageError } from '@tarwarden/guard/command-line';
import type { definition } from './definition.ts';
import { resultsText, triedManagers, verifyExitCode } from '../../guard-trials/report.ts';
import type { Verified } from '../../guard-trials/verify.ts';
import type { Manager } from '../../guard-trials/managers.ts';
import { findGuard } from '../../pass-through/guard-files.ts';
import { NOTHING, ProjectFiles, type SetUpPlan } from './project-files.ts';
import { planPnpm, planPnpmUndo } from './pnpm.ts';
import {
  findManagers,
  detectedManager,
  rootOfProject,
  type DetectedManager,
  type ProjectManager,
} from './project.ts';
import { byHandLines, commitSteps, planLines } from './report.ts';
import { planYarn, planYarnUndo } from './yarn.ts';

/** Files of the pnpm hook in the `dist` of its package. */
const HOOK_FILES = [
  'THIRD-PARTY-LICENSES.txt',
  'fetch.cjs',
  'index.cjs',
  'inspect.cjs',
  'yaml.cjs',
] as const;

type InitCall = Call<typeof definition.options>;

/** `tarwarden init`: sets up the guards of a project's managers and shows that they work, or removes them. */
export async function init(call: InitCall): Promise<number> {
  const { values, operands } = call;
  if (operands.length > 1) throw new UsageError('name one folder', 'init');
  const root = rootOfProject(operands[0] ?? '.');
  await write(`project: ${printablePath(root)}\n`);
  return values.undo === true ? undo(call, root) : setUp(call, root);
}

async function setUp(call: InitCall, root: string): Promise<number> {
  const { values, mainUrl } = call;
  const style = styleFor(values.color, process.stdout);
  const detected = values.manager === undefined ? findManagers(root) : undefined;
  const namedManagers = [...new Set(values.manager)];
  const managers =
    detected?.managers ?? namedManagers.map((name) => detectedManager(name, root, '--manager'));
  const files = new ProjectFiles(root);
  const plans = await Promise.all(
    managers.map(async (manager) => [manager, await planOf(manager, files, mainUrl)] as const),
  );
  const byHand = (detected?.unguarded ?? []).map((files) => `tarwarden has no guard for ${files}`);
  if (managers.length === 0)
    byHand.push('init found no package manager that it can guard here. Name one: --manager NAME');
  for (const [manager, plan] of plans)
    await lines([
      `${style.bold(manager.manager)} (${printable(manager.by)})`,
      ...planLines(plan, style),
      ...limitLines(manager),
    ]);
  await lines(byHandLines(byHand, style));
  const otherFiles = detected?.others ?? [];
  await lines(
    otherFiles.map(
      (file) => `note: ${printable(file)} is there as well, and is not set up: --manager does that`,
    ),
  );
  await lines(ciLines(managers.filter(isUsable)));
  const isDone = byHand.length === 0 && plans.every(([, plan]) => plan.byHand.length === 0);
  const changes = plans.flatMap(([, plan]) => plan.changes);
  const isDry = values['dry-run'] === true;
  if (!isDry) files.apply(changes);
  const committed = plans.flatMap(([, plan]) => plan.committed);
  const steps = committed.length === 0 ? [] : commitSteps(root, committed);
  await lines(byHandLines(steps ?? [], style));
  if (steps === undefined)
    await lines([
      'note: there is no git repository here, or git did not answer: init does not know whether these files will be committed',
    ]);
  if (isDry) await lines(['nothing was written']);
  else if (changes.length > 0) await lines(['written: look at the changes, and commit them']);
  if (managers.length === 0) return 2;
  const isLeft = !isDone || (steps ?? []).length > 0;
  const verifyCode = isDry ? 0 : await verifyAll(managers, call, root);
  if (isLeft) await lines(['left to do: the steps marked "by hand" above']);
  return verifyCode === 0 && isLeft ? 2 : verifyCode;
}

/**
 * Tries all managers. The exit code tells of those with a guard in the project. The guard of the others is on the machine of each
 * person, where `tarwarden setup` puts it.
 */
async function verifyAll(
  managers: readonly DetectedManager[],
  { values }: InitCall,
  root: string,
): Promise<number> {
  const style = styleFor(values.color, process.stdout);
  const usable = managers.filter(isUsable);
  const results = await triedManagers(usable.flatMap(verifiedCommands), root);
  const personal = usable.filter(isPersonal).flatMap(verifiedCommands);
  const isOff = ({ manager, status }: Verified): boolean =>
    status === 'unguarded' && personal.includes(manager);
  const shownResults = results.filter((result) => !isOff(result));
  await write(resultsText(shownResults, style));
  const off = results.filter(isOff).map(({ manager }) => manager);
  if (off.length > 0) {
    await lines([
      `${style.yellow('not yet')}   ${off.join(', ')}`,
      '          Each person turns this guard on once, on their own machine:',
      '              tarwarden setup',
    ]);
  }
  const projectResults = results.filter(({ manager }) => !personal.includes(manager));
  return projectResults.length === 0 ? 0 : verifyExitCode(projectResults);
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

async function planOf(
  detected: DetectedManager,
  files: ProjectFiles,
  mainUrl: string,
): Promise<SetUpPlan> {
  const { manager, isClassic, unsupported } = detected;
  if (unsupported !== undefined) return { ...NOTHING, byHand: [unsupported] };
  if (manager === 'pnpm') {
    const folder = dirname(await findGuard('pnpm', mainUrl));
    const hook = HOOK_FILES.map((name) => [name, readFileSync(join(folder, name))] as const);
    return planPnpm(files, new Map(hook));
  }
  if (manager !== 'yarn' || isClassic === true) return NOTHING;
  return planYarn(files, readFileSync(await findGuard('yarn', mainUrl)));
}

/** The commands that `verify` and `setup` have for a manager. */
function verifiedCommands({ manager }: DetectedManager): readonly Manager[] {
  return manager === 'npm' ? ['npm', 'npx'] : [manager];
}

function isUsable({ unsupported }: DetectedManager): boolean {
  return unsupported === undefined;
}

/** Whether the guard of a manager is on the machine of each person, because a project has no place for it. */
function isPersonal({ manager, isClassic }: DetectedManager): boolean {
  return manager !== 'pnpm' && (manager !== 'yarn' || isClassic === true);
}

/** The lines that a CI job of the project runs. Setup without names would guard everything. */
function ciLines(managers: readonly DetectedManager[]): string[] {
  const options = (listedManagers: readonly DetectedManager[]): string =>
    listedManagers
      .flatMap(verifiedCommands)
      .map((name) => ` --manager ${name}`)
      .join('');
  const personal = managers.filter(isPersonal);
  if (managers.length === 0) return [];
  return [
    'in CI   before the step that installs (docs/ci.md has the lines of each service):',
    ...(personal.length === 0 ? [] : [`            tarwarden setup${options(personal)}`]),
    `            tarwarden verify${options(managers)}`,
  ];
}

/** Commands that the guard in the project does not reach. */
const NOT_REACHED: Readonly<Partial<Record<ProjectManager, string>>> = {
  pnpm: '"pnpm dlx", "pnpm create" and installs with --global: pnpm loads no pnpmfile of a project for them',
  yarn: '"yarn dlx" outside of this project',
};

function limitLines(manager: DetectedManager): string[] {
  const { manager: name, unsupported } = manager;
  if (unsupported !== undefined) return [];
  if (isPersonal(manager))
    return [`  nothing is written: a project has no place for the guard of ${name}`];
  return [
    `  limits  This does not guard ${NOT_REACHED[name]}.`,
    '          Each person can guard that too, on their own machine: tarwarden setup',
  ];
}

async function lines(texts: readonly string[]): Promise<void> {
  await write(texts.map((line) => `${line}\n`).join(''));
}
