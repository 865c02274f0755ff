/** A composite action as the runner reads it: inputs with their defaults, steps with their variables. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repository } from './managers.ts';

const { load } = createRequire(join(repository, 'packages/cli/package.json'))('js-yaml') as {
  load: (text: string) => unknown;
};

/** A step of a workflow. */
export interface WorkflowStep {
  readonly run?: string;
  readonly uses?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}

export interface ActionStep {
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { required?: boolean; default?: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly { run: string; shell: string; env?: Record<string, string> }[];
  };
}

export interface Workflow {
  readonly steps: readonly WorkflowStep[];
  readonly env: Readonly<Record<string, string>>;
}

/** A workflow with one job, or the steps of one. */
export function readWorkflow(recipe: string): Workflow {
  const read = load(recipe) as Partial<Workflow> & {
    readonly jobs?: Readonly<Record<string, Pick<Workflow, 'steps'>>>;
  };
  const steps = read.steps ?? Object.values(read.jobs ?? {})[0]?.steps ?? [];
  return { steps, env: read.env ?? {} };
}

/** The steps of the action in a folder. */
export function actionSteps(folder: string, given: WorkflowStep['with'] = {}): ActionStep[] {
  const { inputs, runs } = load(readFileSync(join(folder, 'action.yml'), 'utf8')) as Action;
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(inputs, name));
  if (unknown.length > 0) throw new RangeError(`no such input: ${unknown.join(', ')}`);
  const value = (name: string): string => {
    const found = given[name] ?? inputs[name]?.default;
    if (found === undefined) throw new RangeError(`the input ${name} is missing`);
    return found;
  };
  return runs.steps.map(({ run, shell, env = {} }) => {
    if (runs.using !== 'composite' || shell !== 'bash') throw new RangeError('not imitated');
    const variables = Object.entries(env).map(([name, text]): [string, string] => [
      name,
      text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => value(input)),
    ]);
    return { text: run, env: { ...Object.fromEntries(variables), GITHUB_ACTION_PATH: folder } };
  });
}
