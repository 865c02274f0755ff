import { runGo } from '@tarwarden/go-gateway';
import { go as goCommand } from './definition.ts';
import { CONFINE_NAMES } from '../../pass-through/confined.ts';
import { runClient, type Runner } from '../../pass-through/leading-options.ts';

const GO: Runner = {
  command: goCommand,
  own: CONFINE_NAMES,
  isTheirs: (arg) => ({ known: /^--?C(?:=.*)?$/s.test(arg), takesNext: /^--?C$/.test(arg) }),
  hint: 'neither tarwarden nor go is known to have it before a command: put it behind the command ("tarwarden go build -v"), or all behind "--" ("tarwarden go -- -option")',
};

/** `tarwarden go …`: everything goes to go. An unknown option before the command is an error. */
export async function go(given: readonly string[], mainUrl: string): Promise<number> {
  return runClient(GO, given, mainUrl, async () => ({
    client: 'go',
    run: async ({ args, ...start }) => runGo(args, { ...start, cwd: process.cwd() }),
  }));
}
