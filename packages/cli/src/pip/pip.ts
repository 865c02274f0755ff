import { isLeadingOption, runPip, type PipTool } from '@tarwarden/pip-gem-hooks/pip';
import { pip as pipCommand, pip3, python as pythonCommand, python3 } from '../commands/pip.ts';
import {
  CONFINE_NAMES,
  readConfine,
  runConfinable,
  type Confinable,
} from '../pass-through/confined.ts';
import { findGuard } from '../pass-through/guard-files.ts';
import { readLeading, showHelp, type Runner } from '../pass-through/leading-options.ts';

const PIP: Runner = {
  command: pipCommand,
  own: CONFINE_NAMES,
  isTheirs: isLeadingOption,
  hint: 'neither tarwarden nor pip is known to have it before a command: put it behind the command ("tarwarden pip install --option"), or all behind "--" ("tarwarden pip -- --option install")',
};

const PYTHON: Runner = {
  command: pythonCommand,
  own: [],
  isTheirs: () => ({ known: true, takesNext: false }),
  hint: '',
};

/** `tarwarden pip …`: everything goes to pip, unless an option before the command is not known to be its own. */
export async function pip(
  tool: 'pip' | 'pip3',
  given: readonly string[],
  mainUrl: string,
): Promise<number> {
  const runner = tool === 'pip' ? PIP : { ...PIP, command: pip3 };
  const { options, rest } = readConfine(tool, given);
  const reading = readLeading(runner, rest);
  return reading.help ? showHelp(runner) : run(tool, { options, args: reading.args, mainUrl });
}

/** `tarwarden python …`: everything goes to Python. */
export async function python(
  tool: 'python' | 'python3',
  given: readonly string[],
  mainUrl: string,
): Promise<number> {
  const { options, rest } = readConfine(tool, given);
  const [first = ''] = rest;
  if (first === '--help' || first === '-h')
    return showHelp(tool === 'python' ? PYTHON : { ...PYTHON, command: python3 });
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
    run: async ({ args, ...how }) =>
      runPip(client, args, { ...how, cwd: process.cwd(), guardPath }),
  });
}
