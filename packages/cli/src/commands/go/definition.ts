import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

export const go: Described = {
  name: 'go',
  summary: 'run go with the guard',
  group: 'Package managers, guarded',
  description: [
    'Runs the real go, and gives it one GOPROXY: a module proxy of tarwarden on the loopback address. This proxy downloads modules from the proxies and repositories that you have set, and inspects each module zip before go gets it. If the guard refuses a module, go stops.',
    'go unpacks zips of its module cache without a download. So tarwarden inspects these zips before it runs go.',
    'tarwarden passes all arguments to go unchanged. Before the command of go, it accepts only the option -C. After a leading "--", it checks nothing.',
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
    ['1', 'the guard refused a module, and go itself did not fail'],
    ['2', 'the command line of tarwarden is wrong'],
    ['97', 'tarwarden did not run go: it cannot guard or confine this go or its settings'],
    ['98', 'new modules are in the cache, and none of them came through the guard'],
    ['127', 'there is no go on the PATH'],
    ['other', 'the exit code of go'],
  ],
};
