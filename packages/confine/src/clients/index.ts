import { ConfineError } from '../paths.ts';
import { bun, bunx } from './bun.ts';
import { has, optionValue, type Client, type ClientStep, type Project } from './client.ts';
import { npm, npx } from './npm.ts';
import { bundle, gem, go, pip } from './one-step.ts';
import { pnpm } from './pnpm.ts';
import { yarn, yarnClassic } from './yarn.ts';

/** The commands that can be confined, and Yarn 1: the `yarn` command shows its version only when it runs. */
const CLIENTS = {
  npm,
  npx,
  pnpm,
  yarn,
  'yarn-classic': yarnClassic,
  pip,
  pip3: pip,
  python: pip,
  python3: pip,
  gem,
  bundle,
  go,
  bun,
  bunx,
};

export type ClientName = keyof typeof CLIENTS;

export function clientOf(name: ClientName): Client {
  return CLIENTS[name];
}

/**
 * The runs of a client for a command line.
 * @throws ConfineError if it is not known whether the command can run confined.
 */
export function* stepsOf(name: ClientName, project: Project): Generator<ClientStep> {
  const { commands, commandIn, check, install } = clientOf(name);
  const { args } = project;
  const [command, at] = commandIn?.(args) ?? [args[0] ?? '', 0];
  check?.(project, at);
  const isIn = (names = ''): boolean => command !== '' && names.split(' ').includes(command);
  const program = name.replace('-classic', '');
  if (isIn(commands?.refused))
    throw new ConfineError(
      `"${program} ${command}" cannot be split into downloads and scripts; run its parts`,
    );
  const changes = isIn(commands?.install) || isIn(commands?.scripts);
  if (changes && (has(args, '-g', '--global') || optionValue(args, '--location') === 'global'))
    throw new ConfineError(
      'a global install writes where programs are looked for; it cannot be confined',
    );
  if (install !== undefined && isIn(commands?.install)) yield* install(project, at);
  else if (isIn(commands?.scripts)) yield { args, phase: 'scripts' };
  else if (commands?.others === undefined || isIn(commands.others) || /^(?:-|$)/.test(command))
    yield { args, phase: 'whole' };
  else throw new ConfineError(`"${program} ${command}" is not known to be possible so`);
}
