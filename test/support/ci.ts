/**
 * What CI services do to the environment and the PATH between the steps of a job, as far as a recipe of docs/ci.md depends on
 * it. Each takes the text of a recipe and runs its commands one after the other, in the shell and with the options that
 * the service has. A job ends with the first step that fails.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { shellWord } from '@tarwarden/core/text';
import { actionSteps, readWorkflow } from './composite-action.ts';
import { execute, type Result } from './execute.ts';
import { repository } from './managers.ts';
import type { Sandbox } from './sandbox.ts';

const { load } = createRequire(join(repository, 'packages/cli/package.json'))('js-yaml') as {
  load: (text: string) => unknown;
};

export interface Job {
  readonly sandbox: Sandbox;
  /** What the machine has before the first step. */
  readonly env: NodeJS.ProcessEnv;
  /** The values of expressions in the variables of a step: `secrets.NAME` on GitHub, `NAME` on Azure. */
  readonly expressions?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** Commands that were run, the failed one last. */
  readonly steps: readonly string[];
}

export type Service = (recipe: string, job: Job) => Promise<Ended>;

interface Step {
  readonly text: string;
  readonly shell: readonly string[];
  /** Its own variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs also after one that failed. */
  readonly always?: boolean;
}

/** Runs steps until one fails. `before` makes the environment of each, `after` sees what it printed. */
async function runSteps(
  steps: readonly Step[],
  { sandbox }: Job,
  hooks: { before: () => NodeJS.ProcessEnv; after?: (result: Result) => void },
): Promise<Ended> {
  const done: string[] = [];
  let output = '';
  let code: number | null = 0;
  for (const { text, shell, env, always = false } of steps) {
    if (code !== 0 && !always) continue;
    const script = join(sandbox.root, `step-${done.length}`);
    writeFileSync(script, `${text}\n`);
    done.push(text);
    const [program = '', ...args] = shell;
    const options = { cwd: sandbox.project, env: { ...hooks.before(), ...env } };
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const result = await execute(program, [...args, script], options);
    output += result.stdout + result.stderr;
    hooks.after?.(result);
    if (code === 0) code = result.code;
  }
  return { code, output, steps: done };
}

/** Actions and tasks that bring what the sandbox has already, or keep it: the project, a Node, and a cache. */
const BROUGHT = /^(?:actions\/(?:checkout|setup-node|cache\/restore|cache\/save)|UseNode|Cache)@/;

/** The variables of a step, with the values of the expressions in them. */
function valuesOf(
  env: Readonly<Record<string, string>>,
  form: RegExp,
  expressions: Job['expressions'] = {},
): Record<string, string> {
  const value = (_: string, name: string): string => {
    if (expressions[name] === undefined) throw new RangeError(`no value for ${name}`);
    return expressions[name];
  };
  return Object.fromEntries(
    Object.entries(env).map(([name, text]) => [name, text.replaceAll(form, value)]),
  );
}

function withPath(env: NodeJS.ProcessEnv, front: readonly string[]): NodeJS.ProcessEnv {
  return { ...env, PATH: [...front, env['PATH']].join(delimiter) };
}

/** Lines of `$GITHUB_ENV`. The runner drops NODE_OPTIONS, with an annotation and no error. */
export function readGithubEnv(text: string): Record<string, string> {
  const pairs = text.split('\n').flatMap((line): [string, string][] => {
    const at = line.indexOf('=');
    return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
  });
  return Object.fromEntries(pairs.filter(([name]) => name.toUpperCase() !== 'NODE_OPTIONS'));
}

/** Each step a fresh bash, those of the action among them; what it adds to the files of the runner holds from the next one on, the last path first. */
export const github: Service = async (recipe, job) => {
  const { sandbox } = job;
  const files = {
    GITHUB_PATH: join(sandbox.root, 'gh-path'),
    GITHUB_ENV: join(sandbox.root, 'gh-env'),
    GITHUB_OUTPUT: join(sandbox.root, 'gh-output'),
    GITHUB_STEP_SUMMARY: join(sandbox.root, 'gh-summary'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  mkdirSync(join(sandbox.root, 'gh-temp'), { recursive: true });
  const workflow = readWorkflow(recipe);
  const machine = {
    ...job.env,
    ...workflow.env,
    ...files,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: sandbox.project,
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: join(sandbox.root, 'gh-temp'),
  };
  const steps = workflow.steps.flatMap(({ run, uses = '', if: condition, with: given, env }) => {
    const always = condition === 'always()';
    const own = valuesOf(env ?? {}, /\$\{\{ (.+?) \}\}/g, job.expressions);
    // The shell of a step that names none. It has no pipefail.
    if (run !== undefined) return [{ text: run, shell: ['/bin/bash', '-e'], always, env: own }];
    if (BROUGHT.test(uses)) return [];
    const folder = uses.replace('./.github/tarwarden', join(repository, 'action'));
    const shell = ['/bin/bash', '--noprofile', '--norc', '-eo', 'pipefail'];
    return actionSteps(folder, given).map((step) => ({ ...step, shell, always }));
  });
  return runSteps(steps, job, {
    before() {
      const added = readFileSync(files.GITHUB_PATH, 'utf8')
        .split('\n')
        .filter((one) => one !== '');
      const env = { ...machine, ...readGithubEnv(readFileSync(files.GITHUB_ENV, 'utf8')) };
      return withPath(env, added.toReversed());
    },
  });
};

/** `before_script` and `script` are one text, which is evaluated at the end of a pipe. Files are made without a umask. */
export const gitlab: Service = async (recipe, job) => {
  const read = load(recipe) as {
    variables: Readonly<Record<string, string>>;
    install: { before_script: readonly string[]; script: readonly string[] };
  };
  const lines = [...read.install.before_script, ...read.install.script];
  const script = `: | eval ${shellWord(lines.join('\n'))}\nexit 0`;
  const text = ['umask 0000', 'set -eo pipefail', 'set +o noclobber', script].join('\n');
  const env = { ...job.env, ...read.variables, CI: 'true', GITLAB_CI: 'true' };
  return runSteps([{ text, shell: ['/bin/bash'] }], job, { before: () => env });
};

/** Steps are bash without `-e`, and talk to the agent by lines that they print. */
export const azure: Service = async (recipe, job) => {
  const temp = join(job.sandbox.root, 'agent-temp');
  mkdirSync(temp, { recursive: true });
  const read = load(recipe) as {
    variables: Readonly<Record<string, string>>;
    steps: readonly {
      bash?: string;
      task?: string;
      condition?: string;
      env?: Readonly<Record<string, string>>;
    }[];
  };
  const workspace = join(job.sandbox.root, 'agent-workspace');
  mkdirSync(workspace, { recursive: true });
  const macros = /\$\(([\w.]+)\)/g;
  const expressions = { ...job.expressions, 'Pipeline.Workspace': workspace };
  let env: NodeJS.ProcessEnv = {
    ...job.env,
    ...valuesOf(read.variables, macros, expressions),
    PIPELINE_WORKSPACE: workspace,
    TF_BUILD: 'True',
    AGENT_TEMPDIRECTORY: temp,
    BUILD_SOURCESDIRECTORY: job.sandbox.project,
  };
  const shell = ['/bin/bash', '--noprofile', '--norc'];
  const steps = read.steps.flatMap(({ bash: text, task = '', condition, env: given = {} }) => {
    const own = valuesOf(given, macros, expressions);
    if (text !== undefined) return [{ text, shell, always: condition === 'always()', env: own }];
    if (BROUGHT.test(task)) return [];
    throw new RangeError(`not imitated: ${task}`);
  });
  return runSteps(steps, job, {
    before: () => env,
    after({ stdout }) {
      for (const line of stdout.split('\n')) {
        const [, path] = /^##vso\[task\.prependpath\](.+)$/.exec(line) ?? [];
        if (path !== undefined) env = withPath(env, [path]);
        const [, name = '', value] =
          /^##vso\[task\.setvariable variable=([\w.]+)\](.*)$/.exec(line) ?? [];
        if (value !== undefined) env = { ...env, [name.toUpperCase().replaceAll('.', '_')]: value };
      }
    },
  });
};

/** Each step a fresh bash, which reads the file that `$BASH_ENV` names. */
export const circleci: Service = async (recipe, job) => {
  const file = join(job.sandbox.root, 'bash-env');
  if (!existsSync(file)) writeFileSync(file, '');
  const env = { ...job.env, CI: 'true', CIRCLECI: 'true', BASH_ENV: file };
  const shell = ['/bin/bash', '-eo', 'pipefail'];
  const { steps: read } = load(recipe) as { steps: readonly { run: string }[] };
  const steps = read.map(({ run: text }) => ({ text, shell }));
  return runSteps(steps, job, { before: () => env });
};

/** `sh` is `sh -xe`; `withEnv` with `PATH+NAME` puts a folder in front as long as its block lasts. */
export const jenkins: Service = async (recipe, job) => {
  const temp = join(job.sandbox.root, 'workspace@tmp');
  mkdirSync(temp, { recursive: true });
  const machine: NodeJS.ProcessEnv = {
    ...job.env,
    WORKSPACE: job.sandbox.project,
    WORKSPACE_TMP: temp,
  };
  const blocks: (readonly string[])[] = [];
  const steps: (Step & { readonly front: readonly string[] })[] = [];
  for (const line of recipe.split('\n').map((one) => one.trim())) {
    const [, command] = /^sh '(.*)'$/.exec(line) ?? [];
    const [, added] = /^withEnv\(\["PATH\+\w+=(.*)"\]\) \{$/.exec(line) ?? [];
    const path = added?.replaceAll(/\$\{env\.(\w+)\}/g, (_, name: string) => machine[name] ?? '');
    if (command !== undefined)
      steps.push({ text: command, shell: ['/bin/sh', '-xe'], front: blocks.flat() });
    else if (path !== undefined) blocks.unshift([path]);
    else if (line === 'node {') blocks.unshift([]);
    else if (line === '}') blocks.shift();
    else if (line !== '') throw new RangeError(`not understood: ${line}`);
  }
  let at = -1;
  return runSteps(steps, job, { before: () => withPath(machine, steps[(at += 1)]?.front ?? []) });
};

/** Each `RUN` a fresh sh with what `ENV` has said so far. What a recipe puts into /opt lies in the sandbox. */
export const docker: Service = async (recipe, job) => {
  let env = job.env;
  const commands = recipe.replaceAll('/opt/', `${job.sandbox.root}/opt/`).trim().split('\n');
  const environments: NodeJS.ProcessEnv[] = [];
  const steps = commands.flatMap((line): Step[] => {
    const [, name = '', value] = /^ENV (\w+)="(.*)"$/.exec(line) ?? [];
    if (value !== undefined) {
      const now = env;
      env = { ...env, [name]: value.replaceAll(/\$(\w+)/g, (_, one: string) => now[one] ?? '') };
      return [];
    }
    const [, text] = /^RUN (.*)$/.exec(line) ?? [];
    if (text === undefined) throw new RangeError(`not understood: ${line}`);
    environments.push(env);
    return [{ text, shell: ['/bin/sh'] }];
  });
  return runSteps(steps, job, { before: () => environments.shift() ?? env });
};

/** Every command of a container's life has `remoteEnv`. What a recipe puts into /var/tmp lies in the sandbox. */
export const devcontainer: Service = async (recipe, job) => {
  const text = recipe.replaceAll('/var/tmp/', `${job.sandbox.root}/var/`);
  const read = JSON.parse(text) as Record<string, string> & { remoteEnv: Record<string, string> };
  const own = Object.entries(read.remoteEnv).map(([name, value]) => [
    name,
    value.replaceAll(/\$\{containerEnv:(\w+)\}/g, (_, one: string) => job.env[one] ?? ''),
  ]);
  const env = { ...job.env, ...(Object.fromEntries(own) as NodeJS.ProcessEnv) };
  const order = ['onCreateCommand', 'updateContentCommand', 'postCreateCommand'];
  const steps = order.flatMap((name) => {
    const command = read[name];
    return command === undefined ? [] : [{ text: command, shell: ['/bin/sh'] }];
  });
  return runSteps(steps, job, { before: () => env });
};
