import type { Described } from '@tarwarden/host/command-line';
import { CONFINE_OPTIONS } from '../../pass-through/confine-options.ts';

const EXIT_CODES: Described['exitCodes'] = [
  ['1', 'a package was refused'],
  ['2', 'wrong usage of tarwarden'],
  ['97', 'this pip, or what it was asked to do, cannot be guarded or confined; it was not run'],
  ['98', 'pip ran without the guard'],
  ['127', 'there is no program of that name on the PATH'],
  ['other', "the program's own"],
];

const GUARD =
  'Each wheel and each source archive is inspected before pip unpacks, builds or installs it, also those that pip fetches for a build. A rejected one stops pip.';

export const pip: Described = {
  name: 'pip',
  summary: 'run pip, guarded',
  group: 'Package managers, guarded',
  description: [
    `Runs the real pip, guarded. ${GUARD}`,
    'Everything goes to pip unchanged. An option before the command that pip is not known to have there is an error. Behind a leading "--" nothing is checked.',
  ],
  usage: ['[--] [option...] <command> [argument...]'],
  examples: [
    'tarwarden pip install -r requirements.txt',
    'tarwarden pip --confine install -r requirements.txt',
    'tarwarden pip -- --help',
  ],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};

export const pip3: Described = {
  ...pip,
  name: 'pip3',
  summary: 'run pip3, guarded',
  description: ['As "tarwarden pip", for the program pip3.'],
  examples: ['tarwarden pip3 install -r requirements.txt'],
};

export const python: Described = {
  name: 'python',
  summary: 'run Python with pip guarded in it',
  group: 'Package managers, guarded',
  description: [
    `Runs the real Python, in which pip is guarded ("python -m pip …"), and what it starts. ${GUARD}`,
    'Everything goes to Python unchanged; behind a leading "--" also --help.',
  ],
  usage: ['[--] [option...] [-m module | file] [argument...]'],
  examples: ['tarwarden python -m pip install -r requirements.txt'],
  arguments: [],
  options: CONFINE_OPTIONS,
  exitCodes: EXIT_CODES,
};

export const python3: Described = {
  ...python,
  name: 'python3',
  summary: 'run Python 3 with pip guarded in it',
  description: ['As "tarwarden python", for the program python3.'],
  examples: ['tarwarden python3 -m pip install -r requirements.txt'],
};
