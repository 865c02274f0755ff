import type {
  ClientName,
  ConfinedStep,
  Confinement,
  ConfineOptions,
  ConfineRequest,
} from '@tarwarden/confine';
import { EXIT, fail, type Confine } from '@tarwarden/guarded-run';
import { UsageError } from '@tarwarden/host/command-line';

/** Options that come right behind the name of the client. `--confine` switches the others on. */
const CONFINE = '--confine';
const WITH_VALUE = {
  '--confine-write': 'write',
  '--confine-env': 'env',
  '--hide': 'hide',
} as const;

/** For suggestions. */
export const CONFINE_NAMES: readonly string[] = [CONFINE, ...Object.keys(WITH_VALUE)];

/** What one run of the client gets. */
export interface Started {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly confine?: Confine | undefined;
  /** Where it is confined: which step it is, and the folder for temporary files of all of them. */
  readonly phase?: ConfinedStep['phase'];
  readonly temporary?: string;
}

export interface Confinable {
  readonly client: ClientName;
  /** Undefined where the user does not ask for it. */
  readonly options: ConfineOptions | undefined;
  /** For the client. */
  readonly args: readonly string[];
  readonly mainUrl: string;
  readonly run: (started: Started) => Promise<number>;
  /** Which client it is, where only the program itself can say so. */
  readonly settle?: (started: Started) => ClientName;
}

interface Read {
  readonly options: ConfineOptions | undefined;
  readonly rest: readonly string[];
}

/**
 * Takes the options of confinement from the front of a command line. Further back they would be the client's, which may ignore
 * them, so that they are an error there.
 */
export function readConfine(command: string, given: readonly string[]): Read {
  const options = { write: [] as string[], env: [] as string[], hide: [] as string[] };
  let on = false;
  let at = 0;
  for (let arg = given[at]; arg !== undefined; arg = given[at]) {
    const [name, value] = split(arg);
    if (arg === CONFINE) on = true;
    else if (Object.hasOwn(WITH_VALUE, name)) {
      const text = value ?? given[++at];
      if (text === undefined || text === '') throw new UsageError(`${name} needs a value`, command);
      const list = options[WITH_VALUE[name as keyof typeof WITH_VALUE]];
      list.push(...text.split(',').filter((one) => one !== ''));
    } else break;
    at++;
  }
  if (!on && at > 0) throw new UsageError(`${given[0] ?? ''} needs ${CONFINE}`, command);
  const rest = given.slice(at);
  refuseBehind(command, rest, on);
  return { options: on ? options : undefined, rest };
}

function split(arg: string): [string, string?] {
  const at = arg.indexOf('=');
  return at === -1 ? [arg] : [arg.slice(0, at), arg.slice(at + 1)];
}

function refuseBehind(command: string, rest: readonly string[], on: boolean): void {
  // All that is behind a leading "--" is the client's, unseen.
  const end = rest.indexOf('--');
  for (const arg of end === -1 ? rest : rest.slice(0, end))
    if (/^--confine(?:-write|-env)?(?:=|$)/.test(arg) || (on && /^--hide(?:=|$)/.test(arg)))
      throw new UsageError(`${arg} has to come right behind "tarwarden ${command}"`, command);
}

/** Runs a client, confined where the user asks for it: then in as many steps as that takes. */
export async function runConfinable(confinable: Confinable): Promise<number> {
  const { client, options, args, run } = confinable;
  if (options === undefined) return run({ args, env: process.env });
  const { ConfineError } = await import('@tarwarden/confine');
  try {
    const confined = await settled(confinable, await request(confinable, options));
    for (const warning of confined.warnings) fail(0, `warning: ${warning}`);
    // What is started from here, as git, is not the project's.
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

async function settled({ settle }: Confinable, asked: ConfineRequest): Promise<Confinement> {
  const { confinement } = await import('@tarwarden/confine');
  const first = confinement(asked);
  let client: ClientName | undefined;
  try {
    client = settle?.(first.question());
    if (client === undefined || client === asked.client) return first;
  } catch (error) {
    first.dispose();
    throw error;
  }
  first.dispose();
  return confinement({ ...asked, client });
}

async function request(
  { client, args, mainUrl }: Confinable,
  options: ConfineOptions,
): Promise<ConfineRequest> {
  const { fileURLToPath } = await import('node:url');
  const { loadPolicy } = await import('@tarwarden/host');
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
