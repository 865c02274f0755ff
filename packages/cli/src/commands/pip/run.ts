import { isLeadingPipOption, runPip, type PipTool } from '@tarwarden/pip-gem-hooks/pip';
import type { PassOn } from '@tarwarden/host/command-line';
import {
  CONFINE_NAMES,
  readConfine,
  runConfinable,
  type Confinable,
} from '../../pass-through/confined.ts';
import { findGuard } from '../../pass-through/guard-files.ts';
import { readLeading, showHelp, type Runner } from '../../pass-through/leading-options.ts';
import * as definitions from './definition.ts';

const DEFINITIONS = {
  pip: definitions.pip,
  pip3: definitions.pip3,
  python: definitions.python,
  python3: definitions.python3,
} as const;

const PIP: Omit<Runner, 'command'> = {
  own: CONFINE_NAMES,
  isTheirs: isLeadingPipOption,
  hint: 'neither tarwarden nor pip is known to have it before a command: put it behind the command ("tarwarden pip install --option"), or all behind "--" ("tarwarden pip -- --option install")',
};

/** `tarwarden pip …`: everything goes to pip. An unknown option before the command is an error. */
export const pip: PassOn = async (given, mainUrl) => runPipCommand('pip', given, mainUrl);

/** `tarwarden pip3 …`: the same for pip3. */
export const pip3: PassOn = async (given, mainUrl) => runPipCommand('pip3', given, mainUrl);

/** `tarwarden python …`: everything goes to Python. */
export const python: PassOn = async (given, mainUrl) => runPythonCommand('python', given, mainUrl);

/** `tarwarden python3 …`: everything goes to Python 3. */
export const python3: PassOn = async (given, mainUrl) =>
  runPythonCommand('python3', given, mainUrl);

async function runPipCommand(
  tool: 'pip' | 'pip3',
  given: readonly string[],
  mainUrl: string,
): Promise<number> {
  const runner = { ...PIP, command: DEFINITIONS[tool] };
  const { options, rest } = readConfine(tool, given);
  const reading = readLeading(runner, rest);
  return reading.help ? showHelp(runner) : run(tool, { options, args: reading.args, mainUrl });
}

async function runPythonCommand(
  tool: 'python' | 'python3',
  given: readonly string[],
  mainUrl: string,
): Promise<number> {
  const { options, rest } = readConfine(tool, given);
  const [first = ''] = rest;
  if (first === '--help' || first === '-h') return showHelp({ command: DEFINITIONS[tool] });
  return run(tool, { options, args: first === '--' ? rest.slice(1) : rest, mainUrl });
}

async function run(
  client: PipTool,
  asked: Pick<Confinable, 'options' | 'args' | 'mainUrl'>,
): Promise<number> {
  const guardPath = await findGuard('pip', asked.mainUrl);
  return runConfinable({
    client,
    ...asked,
    run: async ({ args, ...start }) =>
      runPip(client, args, { ...start, cwd: process.cwd(), guardPath }),
  });
}
