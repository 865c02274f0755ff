import type {
  ClientName,
  ConfinedStep,
  Confinement,
  ConfineOptions,
  ConfineRequest,
} from '@tarwarden/confine';
import { EXIT, fail, type Confine } from '@tarwarden/guard/run';
import { UsageError } from '@tarwarden/guard/command-line';
import { annotateRun } from './annotations.ts';

/** Options that come right behind the name of the client. `--confine` enables the others. */
const CONFINE = '--confine';
const WITH_VALUE = {
  '--confine-write': 'write',
  '--confine-env': 'env',
  '--hide': 'hide',
} as const;

/** The names for suggestions. */
export const CONFINE_NAMES: readonly string[] = [CONFINE, ...Object.keys(WITH_VALUE)];

/** The input of one run of the client. */
export interface ClientStart {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly confine?: Confine | undefined;
  /** Only for a confined run: the step, and the folder for temporary files of all steps. */
  readonly phase?: ConfinedStep['phase'];
  readonly temporary?: string;
}

export interface Confinable {
  readonly client: ClientName;
  /** Undefined if the user does not ask for confinement. */
  readonly options: ConfineOptions | undefined;
  readonly args: readonly string[];
  readonly mainUrl: string;
  readonly run: (started: ClientStart) => Promise<number>;
  /** The client that runs, if only the program itself can tell. */
  readonly settle?: (started: ClientStart) => ClientName;
}

/** Takes the options of confinement from the front. Further back they are an error: the client may ignore them. */
export function readConfine(
  command: string,
  args: readonly string[],
): Pick<Confinable, 'options'> & { readonly rest: readonly string[] } {
  const options = { write: [] as string[], env: [] as string[], hide: [] as string[] };
  let isOn = false;
  let at = 0;
  for (let arg = args[at]; arg !== undefined; arg = args[at]) {
    const [name = '', value] = arg.split(/=(.*)/s);
    if (arg === CONFINE) isOn = true;
    else if (Object.hasOwn(WITH_VALUE, name)) {
      const text = value ?? args[++at];
      if (text === undefined || text === '') throw new UsageError(`${name} needs a value`, command);
      const list = options[WITH_VALUE[name as keyof typeof WITH_VALUE]];
      list.push(...text.split(',').filter((part) => part !== ''));
    } else break;
    at++;
  }
  if (!isOn && at > 0) throw new UsageError(`${args[0] ?? ''} needs ${CONFINE}`, command);
  const clientArgs = args.slice(at);
  refuseBehind(command, clientArgs, isOn);
  return { options: isOn ? options : undefined, rest: clientArgs };
}

function refuseBehind(command: string, clientArgs: readonly string[], isOn: boolean): void {
  // Everything behind a leading "--" is the client's.
  const end = clientArgs.indexOf('--');
  for (const arg of end === -1 ? clientArgs : clientArgs.slice(0, end))
    if (/^--confine(?:-write|-env)?(?:=|$)/.test(arg) || (isOn && /^--hide(?:=|$)/.test(arg)))
      throw new UsageError(`${arg} has to come right behind "tarwarden ${command}"`, command);
}

/** Runs a client, and annotates what it was refused. If the user asks for confinement, it runs in several steps. */
export async function runConfinable(confinable: Confinable): Promise<number> {
  const { client, args } = confinable;
  try {
    return await runInSteps(confinable);
  } finally {
    await annotateRun({ client, args, env: process.env });
  }
}

async function runInSteps(confinable: Confinable): Promise<number> {
  const { client, options, args, run } = confinable;
  if (options === undefined) return run({ args, env: process.env });
  const { ConfineError } = await import('@tarwarden/confine');
  try {
    const confined = await settled(confinable, await request(confinable, options));
    for (const warning of confined.warnings) fail(0, `warning: ${warning}`);
    // Programs that tarwarden starts itself, such as git, must not be the project's.
    process.env['PATH'] = confined.path;
    try {
      return await runSteps(client, confined.steps(), run);
    } finally {
      confined.dispose();
    }
  } catch (error) {
    if (!(error instanceof ConfineError)) throw error;
    return fail(EXIT.UNSUPPORTED, `${client} was not run: --confine: ${error.message}`);
  }
}

async function settled(
  { settle }: Confinable,
  confineRequest: ConfineRequest,
): Promise<Confinement> {
  const { confinement } = await import('@tarwarden/confine');
  const firstConfinement = confinement(confineRequest);
  let client: ClientName | undefined;
  try {
    client = settle?.(firstConfinement.question());
    if (client === undefined || client === confineRequest.client) return firstConfinement;
  } catch (error) {
    firstConfinement.dispose();
    throw error;
  }
  firstConfinement.dispose();
  return confinement({ ...confineRequest, client });
}

async function request(
  { client, args, mainUrl }: Confinable,
  options: ConfineOptions,
): Promise<ConfineRequest> {
  const { fileURLToPath } = await import('node:url');
  const { loadPolicy } = await import('@tarwarden/guard');
  const { scriptNetwork: networkPackages } = loadPolicy({ env: process.env });
  return {
    client,
    args,
    cwd: process.cwd(),
    env: { ...process.env },
    options,
    main: fileURLToPath(mainUrl),
    networkPackages: () => networkPackages,
  };
}

async function runSteps(
  client: string,
  steps: Iterable<ConfinedStep>,
  run: Confinable['run'],
): Promise<number> {
  for (const { optional, hints, ...step } of steps) {
    const code = await run(step);
    if (code === 0) continue;
    if (optional !== undefined) {
      fail(0, `warning: ${optional}, which is optional, goes on without its scripts, which failed`);
      continue;
    }
    for (const hint of hints) fail(code, `${client} was confined: ${hint}`);
    return code;
  }
  return 0;
}
