import { startProgram } from '@tarwarden/host/command-line';
import { TARWARDEN } from './command-line/tarwarden.ts';

/** Runs the command that the arguments of this process name. `mainUrl` is the address of the main file. */
export function start(mainUrl: string): void {
  startProgram(TARWARDEN, mainUrl);
}
