import { Archives } from './archives.ts';
import { Downloads } from './downloads.ts';
import { Fetches } from './fetches.ts';
import { Guards } from './guards.ts';
import { Tarballs } from './tarballs.ts';

/** The state of the plugin in a process. index.ts creates it once, and each test creates its own. */
export class PluginState {
  readonly guards: Guards = new Guards();
  readonly fetches: Fetches = new Fetches();
  readonly downloads: Downloads = new Downloads(this);
  readonly tarballs: Tarballs = new Tarballs(this);
  readonly archives: Archives = new Archives(this);
}
