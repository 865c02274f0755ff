import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

export const go: Described = {
  name: 'go',
  summary: 'run go, guarded',
  group: 'Package managers, guarded',
  description: [
    'Runs the real go with a module proxy on the loopback address as its only GOPROXY. It fetches from the proxies and origins that you have set, and inspects each module zip before go has it; a rejected one stops go. Zips in the module cache, which go unpacks without asking anybody, are inspected before the run.',
    'Everything goes to go unchanged. An option before the command that is not -C is an error. Behind a leading "--" nothing is checked.',
  ],
  usage: ['[--] [-C <dir>] <command> [argument...]'],
  examples: [
    'tarwarden go build ./...',
    'tarwarden go --confine generate ./...',
    'tarwarden go -- help build',
  ],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: [
    ['1', 'a module was refused, where go itself did not fail'],
    ['2', 'wrong usage of tarwarden'],
    ['97', 'this go, or its settings, cannot be guarded or confined; it was not run'],
    ['98', 'modules came into the cache, and none of them by the guard'],
    ['127', 'there is no go on the PATH'],
    ['other', "go's own"],
  ],
};
