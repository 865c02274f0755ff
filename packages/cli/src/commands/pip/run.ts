import { isLeadingPipOption, runPip, type PipTool } from '@tarwarden/pip-gem-hooks/pip';
import type { PassOn } from '@tarwarden/host/command-line';
import { CONFINE_NAMES } from '../../pass-through/confined.ts';
import { findGuard } from '../../pass-through/guard-files.ts';
import {
  runClient,
  runUnread,
  type Runner,
  type StartedClient,
} from '../../pass-through/leading-options.ts';
import * as definitions from './definition.ts';

const PIP: Omit<Runner, 'command'> = {
  own: CONFINE_NAMES,
  isTheirs: isLeadingPipOption,
  hint: 'neither tarwarden nor pip is known to have it before a command: put it behind the command ("tarwarden pip install --option"), or all behind "--" ("tarwarden pip -- --option install")',
};

/** `tarwarden pip …`: everything goes to pip. An unknown option before the command is an error. */
export const pip: PassOn = async (given, mainUrl) =>
  runClient({ ...PIP, command: definitions.pip }, given, mainUrl, async () =>
    start('pip', mainUrl),
  );

/** `tarwarden pip3 …`: the same for pip3. */
export const pip3: PassOn = async (given, mainUrl) =>
  runClient({ ...PIP, command: definitions.pip3 }, given, mainUrl, async () =>
    start('pip3', mainUrl),
  );

/** `tarwarden python …`: everything goes to Python. */
export const python: PassOn = async (given, mainUrl) =>
  runUnread(definitions.python, given, mainUrl, async () => start('python', mainUrl));

/** `tarwarden python3 …`: everything goes to Python 3. */
export const python3: PassOn = async (given, mainUrl) =>
  runUnread(definitions.python3, given, mainUrl, async () => start('python3', mainUrl));

async function start(client: PipTool, mainUrl: string): Promise<StartedClient> {
  const guardPath = await findGuard('pip', mainUrl);
  const cwd = process.cwd();
  return {
    client,
    run: async ({ args, ...step }) => runPip(client, args, { ...step, cwd, guardPath }),
  };
}
